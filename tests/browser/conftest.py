"""Chromium on a JupyterLab that serves a fresh working copy of the real course."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from types import SimpleNamespace

import psutil
import pytest

from cme323.course import lab

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERVE = (
    "import sys; from cme323.course.lab import serve; "
    "serve(sys.argv[1], browser=False, port=int(sys.argv[2]))"
)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests; they skip where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    try:
        driver = playwright.sync_playwright().start()
    except Exception as error:  # playwright raises nothing more special
        pytest.skip(f"playwright does not start ({error}): apt-get install libatomic1")
    try:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    finally:
        driver.stop()


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """The course on a server: `work`, `url`, `token`."""
    root = tmp_path_factory.mktemp("lab")
    lab.fill(root / "work", lab.material())
    with start(root / "work", root) as server:
        yield server


@pytest.fixture
def serving():
    """Starts a server of a test's own: `with serving(work, root) as server`."""
    return start


@pytest.fixture
def page(chromium, course):
    """A new browser window; `page.seen` is what a student should never meet."""
    # JupyterLab brings back the tabs of the test before.
    shutil.rmtree(course.work / ".jupyter", ignore_errors=True)
    context = chromium.new_context(viewport={"width": 1300, "height": 900})
    page = context.new_page()
    page.seen = SimpleNamespace(external=[], errors=[], failed=[])
    watch(page, course.url)
    yield page
    context.close()


@contextmanager
def start(work, root):
    """JupyterLab on `work` in a process of its own, ended with its kernels."""
    port, token, log = free_port(), "a-token-for-tests", root / "jupyter.log"
    command = [sys.executable, "-c", SERVE, str(work), str(port)]
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, env=secluded(root, token), stdout=output, stderr=output
        )
    try:
        url = f"http://localhost:{port}"
        wait_for(f"{url}/api/status?token={token}", process, log)
        yield SimpleNamespace(work=work, url=url, token=token, process=process)
    finally:
        stop(process)


def free_port():
    with socket.create_server(("localhost", 0)) as server:
        return server.getsockname()[1]


def secluded(root, token):
    """An environment without the settings and kernels of this machine's user."""
    folders = {
        f"JUPYTER_{kind}_DIR": str(root / kind)
        for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    return (
        os.environ
        | folders
        | {
            "IPYTHONDIR": str(root / "ipython"),
            "JUPYTER_TOKEN": token,
        }
    )


def wait_for(url, process, log, seconds=90):
    """Return once `url` answers; fail with the server's own words if it never does."""
    for _ in range(5 * seconds):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


def stop(process):
    """End the server, and then whatever it failed to end."""
    family = []
    if process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
    try:
        process.wait(timeout=30)
    finally:
        for survivor in psutil.wait_procs(family, timeout=10)[1]:
            survivor.kill()
        process.kill()
        process.wait()


def watch(page, url):
    """Record requests to other machines, failed requests and errors on the console."""

    def local(address):
        return address.replace("ws://", "http://").startswith(
            (url, "data:", "blob:", "about:")
        )

    def request(request):
        if not local(request.url):
            page.seen.external.append(request.url)

    def response(response):
        if response.status >= 400:
            page.seen.failed.append(f"{response.status} {response.url}")

    def console(message):
        if message.type == "error":
            page.seen.errors.append(message.text)

    page.on("request", request)
    page.on("websocket", request)
    page.on("response", response)
    page.on("console", console)
