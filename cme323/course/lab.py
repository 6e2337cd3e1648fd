"""`cme323 lab`: JupyterLab on the student's own copy of the course.

    lab  =  fill the working copy, say what could not be updated, serve

The server is Jupyter's own, started in this process: its kernel is this Python, and
Ctrl-C ends both. It asks no questions, fetches no news and looks for no updates.
"""

import errno
import os
import socket
import sysconfig
from contextlib import suppress
from pathlib import Path

import cme323
from cme323.course.home import home
from cme323.course.working_copy import deliver
from cme323.errors import BadInput


def lab(work="work", *, browser=True, port=None, say=print):
    """Fill the working copy, `say` what went beside the student's files, and serve.

    Returns when the server has ended. Raises BadInput, before a server starts, where
    the port is taken or the working copy cannot be written.
    """
    for sentence in fill(work, material()):
        say(sentence)
    say(f"Your copy of the course is in {Path(work).resolve()}. Ctrl-C ends the lab.")
    serve(work, browser=browser, port=port)


def material() -> Path:
    """The folder with `lectures/` and `assignments/`, in a wheel or in a checkout."""
    package = Path(cme323.__file__).parent
    for folder in (package / "course" / "material", package.parent):
        if (folder / "lectures").is_dir() and (folder / "assignments").is_dir():
            return folder
    raise BadInput(
        f"the course's lectures/ and assignments/ must be in {folder}, but one is "
        "missing: reinstall cme323, or clone the whole repository"
    )


def fill(work, material, release=cme323.__version__) -> list[str]:
    """Bring the working copy up to this release, and never touch what a student wrote.

    Returns one sentence for each file that could not be updated in place.
    """
    work = Path(work).resolve()
    page = {"Home.ipynb": home(material, work)}
    return deliver(work, page | contents(material), release)


def contents(material) -> dict[str, bytes]:
    """What students get of the material, by path: notebooks and what they show.

    Sources (`.py`), checkpoints and other hidden files stay behind.
    """
    files = [
        file
        for folder in ("lectures", "assignments")
        for file in sorted(Path(material, folder).rglob("*"))
        if file.is_file()
    ]
    paths = {file.relative_to(material): file for file in files}
    return {p.as_posix(): file.read_bytes() for p, file in paths.items() if released(p)}


def released(path):
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    return path.suffix != ".py" and not hidden


def refuse_taken(port):
    """Raise BadInput unless Jupyter could listen on `port` of this machine."""
    if not 1 <= port <= 65535:
        raise BadInput(
            f"a port is a number from 1 to 65535, not {port}: choose another"
        )
    for family, *_, address in socket.getaddrinfo(
        "localhost", port, type=socket.SOCK_STREAM
    ):
        try:
            socket.create_server(address, family=family).close()
        except OSError as error:
            # A machine without IPv6 still resolves localhost to ::1.
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise BadInput(
                    f"port {port} must be free, but it is taken ({error.strerror}): "
                    "choose another with --port, or leave --port out"
                ) from error


def serve(work, *, browser=True, port=None):
    """Run JupyterLab on the folder `work`, at Home.ipynb, until Ctrl-C.

    Without a `port`, Jupyter takes the first free one from 8888 up.
    """
    if port is not None:
        refuse_taken(port)
    os.environ.update(environment())
    # Only a server needs JupyterLab, and it takes a second to import.
    from jupyterlab.labapp import LabApp

    with suppress(KeyboardInterrupt):
        LabApp.launch_instance(arguments(Path(work).resolve(), browser, port))


def environment():
    """This Python's commands and kernel, and our settings, before all others.

    The settings in jupyter/ are those that JupyterLab takes from files alone: no
    question about news, and none of nbgrader's panels, which are for teachers.
    """
    settings = Path(__file__).parent / "jupyter"
    return {
        "PATH": before(sysconfig.get_path("scripts"), "PATH"),
        "JUPYTER_CONFIG_PATH": before(settings, "JUPYTER_CONFIG_PATH"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def before(folder, variable):
    """A search path: `folder`, then what the environment's `variable` holds."""
    return os.pathsep.join(filter(None, [str(folder), os.environ.get(variable)]))


def arguments(work, browser, port):
    """JupyterLab's command line."""
    options = {
        "ServerApp.root_dir": work,
        "LabApp.default_url": "/lab/tree/Home.ipynb",
        # The open tabs belong to this working copy, not to all that this user opens.
        "LabApp.workspaces_dir": work / ".jupyter" / "workspaces",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "ServerApp.answer_yes": True,
        "Application.log_level": "ERROR",
    }
    if port is not None:
        options |= {"ServerApp.port": port, "ServerApp.port_retries": 0}
    if not browser:
        options |= {"ServerApp.open_browser": False}
    # Jupyter refuses to run as root, which is what a container has.
    if getattr(os, "geteuid", lambda: 1)() == 0:
        options |= {"ServerApp.allow_root": True}
    return [f"--{name}={value}" for name, value in options.items()]
