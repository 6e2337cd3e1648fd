"""JupyterLab as `serve` starts it, asked over HTTP and ended from a terminal."""

import json
import signal
import sys
import urllib.request
from contextlib import suppress

import psutil
import pytest

pytestmark = pytest.mark.xdist_group("browser")


def ask(server, path, method="GET"):
    """The server's answer to a request to its API, as data."""
    request = urllib.request.Request(f"{server.url}/api/{path}", method=method)
    request.add_header("Authorization", f"token {server.token}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_the_server_shows_the_working_copy(course):
    names = {entry["name"] for entry in ask(course, "contents")["content"]}
    assert names == {"Home.ipynb", "assignments", "lectures"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_ends_the_server_and_its_kernels(tmp_path, serving):
    (tmp_path / "work").mkdir()
    with serving(tmp_path / "work", tmp_path) as server:
        ask(server, "kernels", method="POST")
        family = psutil.Process(server.process.pid).children(recursive=True)
        assert any("ipykernel_launcher" in " ".join(p.cmdline()) for p in family)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=30) == 0
        assert psutil.wait_procs(family, timeout=10)[1] == []


def test_the_kernel_is_this_python(tmp_path, serving):
    (tmp_path / "work").mkdir()
    with serving(tmp_path / "work", tmp_path) as server:
        ask(server, "kernels", method="POST")
        family = psutil.Process(server.process.pid).children(recursive=True)
        (kernel,) = [c for c in commands(family) if "ipykernel_launcher" in c]
        assert kernel[0] == sys.executable


def commands(processes):
    """Their command lines; what has ended meanwhile has none."""
    for process in processes:
        with suppress(psutil.Error):
            yield process.cmdline()
