"""Grades on a Spark cluster: the results of pool.py, from many machines.

    graded(todo, start, lost, jobs=None, patience=600, master="spark://host:7077")

What is to do is a list of (notebook, folder, ended). Each is a Spark job of one task,
to which the notebooks of the folder travel as bytes. There a process like those of
pool.py grades it, in the kind of sandbox that this machine has, and stays for the next.
If a machine is lost, Spark runs its tasks on another.

Every machine needs this package, the same Python, and bubblewrap.
"""

import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import urlsplit

import cloudpickle
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext

import cme323
from cme323.course.grade.notebook import LARGEST
from cme323.course.pool import Again, Step, Worker
from cme323.engine.context_pyspark import gateway
from cme323.errors import BadInput

PAUSES = (1, 5, 15)  # seconds between tries of a job
WITHIN = 60  # seconds until the cluster must have given us a machine
SETTINGS = {
    "spark.app.name": "cme323 grade",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def graded(todo, start, lost, *, jobs, patience, master):
    """The results of all that is to do, as they come; raises BadInput.

    As in_processes of pool.py; jobs: how many cores to take, all there are if None.
    """
    package = cloudpickle.dumps((cme323.__version__, start, lost, patience))
    with cluster(master, jobs) as sc, closing_pool(sc) as pool:
        one = partial(grade_there, sc, partial(grade_here, package), lost)
        for done in as_completed([pool.submit(one, job) for job in todo]):
            yield done.result()


@contextmanager
def cluster(master, jobs):
    """A SparkContext with at least one executor."""
    address = driver_address(master)
    conf = SparkConf().setAll(SETTINGS.items()).setMaster(master)
    conf.set("spark.driver.host", address).set("spark.driver.bindAddress", address)
    if jobs is not None:
        conf.set("spark.cores.max", str(jobs))
    try:
        sc = SparkContext(conf=conf, gateway=gateway("1g"))
    except (Py4JError, ValueError) as error:
        raise BadInput(f"Spark does not start on {master}: {first(error)}") from error
    try:
        sc.pythonExec = os.environ.get("PYSPARK_PYTHON", sys.executable)
        sc.setLogLevel("OFF")
        await_executor(sc, master)
        yield sc
    finally:
        sc.stop()


def driver_address(master):
    """The address of this machine, as the machines of the cluster see it."""
    place = urlsplit(master.split(",")[0])
    if place.scheme != "spark" or not place.hostname or not place.port:
        raise BadInput(f"--spark must be spark://HOST:PORT, not {master}")
    try:
        with socket.create_connection((place.hostname, place.port), WITHIN) as master_:
            return master_.getsockname()[0]
    except OSError as error:
        raise BadInput(
            f"no Spark master answers at {master} ({error.strerror or error}): start "
            "one, or grade without --spark"
        ) from error


def await_executor(sc, master):
    """Spark itself would wait for ever."""
    deadline = monotonic() + WITHIN
    while len(sc._jsc.sc().statusTracker().getExecutorInfos()) < 2:  # one is the driver
        if monotonic() > deadline:
            raise BadInput(
                f"{master} gave no worker within {WITHIN} s: start one, or wait until "
                "another application has ended"
            )
        sleep(0.1)


@contextmanager
def closing_pool(sc):
    """Threads that each wait for a job: twice as many as there are cores."""
    pool = ThreadPoolExecutor(max(8, 2 * sc.defaultParallelism))
    try:
        yield pool
    finally:
        sc.cancelAllJobs()
        pool.shutdown(cancel_futures=True)


def grade_there(sc, grade, lost, job):
    """The result of one (notebook, folder, ended), from wherever Spark sends it."""
    notebook, folder, ended = job
    try:
        packed = notebook, pack(folder), ended
    except OSError as error:
        return lost(job, f"{Path(error.filename).name} cannot be read", None)
    try:
        (result,) = patiently(sc.parallelize([packed], 1).map(grade).collect)
    except Py4JError as error:
        raise BadInput(
            f"Spark could not grade {folder.name}: {first(error)}; its machines need "
            f"cme323 {cme323.__version__}, this Python and bubblewrap; --resume grades "
            "the rest"
        ) from error
    if isinstance(result, BadInput):
        raise result
    return result


def patiently(collect):
    """What comes of a job; a new one after a pause, if a machine could not start it.

    A machine without free memory cannot fork ("Python daemon failed to launch worker").
    Spark tries each task four times, but at once, and then gives up.
    """
    for pause in PAUSES:
        try:
            return collect()
        except Py4JError as error:
            if "cancelled" in str(error):  # by us: the grading has ended
                raise
            sleep(pause)
    return collect()


def first(error):
    """The line of a long Java error that says what happened."""
    lines = str(error).splitlines()
    python = [line for line in lines if "Error: " in line]
    java = [line for line in lines if "Exception: " in line]
    return (python or java or lines or [type(error).__name__])[-1].strip()


def pack(folder):
    """What a grader looks at: (name, [(notebook, its bytes, or its size, or None)]).

    A link stays a link, and what is too large to grade need not travel.
    """
    paths = sorted(path for path in folder.glob("*.ipynb") if path.is_file())
    return folder.name, [(path.name, content(path)) for path in paths]


def content(path):
    if path.is_symlink():
        return None
    size = path.stat().st_size
    return size if size > LARGEST else path.read_bytes()


def unpack(packed, place):
    """The folder that was packed, below `place`."""
    name, files = packed
    folder = Path(place, "handed-in", name)
    folder.mkdir(parents=True)
    for file, content in files:
        if content is None:
            Path(place, "elsewhere").touch()
            (folder / file).symlink_to(Path(place, "elsewhere"))
        else:
            (folder / file).write_bytes(b"" if type(content) is int else content)
        if type(content) is int:
            os.truncate(folder / file, content)  # holes, which take no room
    return folder


def grade_here(package, job):
    """On a machine of the cluster: grade what was packed; BadInput is a result too."""
    notebook, packed, ended = job
    version, start, lost, patience = cloudpickle.loads(package)
    if version != cme323.__version__:
        return BadInput(f"a worker has cme323 {cme323.__version__}, not {version}")
    with TemporaryDirectory(prefix="cme323-") as place:
        found = Again((notebook, unpack(packed, place), ended))
        try:
            while isinstance(found, Again):
                worker = warm(package).worker(start)
                worker.begin(found.job)
                found = heard(worker, lost, monotonic() + patience)
        except BadInput as error:
            return error
        return found


def heard(worker, lost, deadline):
    """What the worker finds, or what `lost` says, at the deadline too."""
    while True:
        wait([worker.connection], max(0, deadline - monotonic()))
        found = worker.hear(lost)
        if not isinstance(found, Step):
            return found


@cache
def warm(package):
    """What lives as long as Spark's process, which many tasks share."""
    return Warm()


class Warm:
    """A process that grades; a new one where the last has died."""

    def __init__(self):
        self._worker = None

    def worker(self, start):
        if self._worker is None or not self._worker.alive:
            self._worker = Worker(start, ExitStack())
        return self._worker
