import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from cme323 import Context
from cme323.engine import SparkFiles
from cme323.engine.context_session import Session


@pytest.fixture
def sc():
    with Context(partitions=3) as sc:
        yield sc


@pytest.fixture
def one(tmp_path):
    """A file with the number 100."""
    path = tmp_path / "one.txt"
    path.write_text("100")
    return path


def read(name):
    return Path(SparkFiles.get(name)).read_text()


def zipped(path, *members):
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.write(member, member.name)
    return path


def test_tasks_read_a_file_that_was_added(sc, one):
    sc.addFile(one)
    assert sc.range(2).map(lambda x: x * int(read("one.txt"))).collect() == [0, 100]
    assert SparkFiles.get("one.txt").startswith(SparkFiles.getRootDirectory())


def test_a_path_counts_once(sc, one):
    sc.addFile(one)
    one.write_text("200")
    sc.addFile(str(one))
    sc.addFile(one.as_uri())
    assert sc.listFiles == ["file:/" + str(one).lstrip("/")]
    assert read("one.txt") == "100"


def test_a_name_is_taken_unless_the_contents_are_the_same(sc, one, tmp_path):
    other = tmp_path / "other" / "one.txt"
    other.parent.mkdir()
    other.write_text("100")
    sc.addFile(one)
    sc.addFile(other)
    assert len(sc.listFiles) == 2
    third = tmp_path / "third" / "one.txt"
    third.parent.mkdir()
    third.write_text("300")
    with pytest.raises(FileExistsError, match="expected another name than one"):
        sc.addFile(third)
    assert len(sc.listFiles) == 2


def test_a_folder_is_added_with_all_that_is_in_it(sc, one, tmp_path):
    with pytest.raises(IsADirectoryError, match="pass recursive=True"):
        sc.addFile(tmp_path)
    sc.addFile(tmp_path, recursive=True)
    assert read(f"{tmp_path.name}/one.txt") == "100"
    assert sc.listFiles == [f"file:/{str(tmp_path).lstrip('/')}/"]


def test_a_file_must_be_on_this_machine(sc, tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing does not exist"):
        sc.addFile(tmp_path / "nothing")
    with pytest.raises(ValueError, match="a file on this machine, not https://"):
        sc.addFile("https://example.org/one.txt")
    assert sc.listFiles == []


def test_a_module_can_be_imported_until_the_context_stops(sc, tmp_path):
    before = list(sys.path)
    module = tmp_path / "cme323_test_module.py"
    module.write_text("x = 5")
    sc.addPyFile(str(module))

    def value(_):
        import cme323_test_module

        return cme323_test_module.x

    assert sc.range(1).map(value).collect() == [5]
    assert sc.listFiles == ["file:/" + str(module).lstrip("/")]
    del sys.modules["cme323_test_module"]
    sc.stop()
    assert sys.path == before


def test_a_package_can_be_imported_from_a_zip(sc, tmp_path):
    module = tmp_path / "cme323_test_zipped.py"
    module.write_text("x = 7")
    path = zipped(tmp_path / "package.ZIP", module)
    module.unlink()
    sc.addPyFile(path)

    import cme323_test_zipped

    assert cme323_test_zipped.x == 7
    assert str(sc._files_folder()) in cme323_test_zipped.__file__
    del sys.modules["cme323_test_zipped"]


@pytest.mark.parametrize("end", [".zip", ".jar", ".tar", ".tar.gz", ".tgz"])
def test_an_archive_is_unpacked(sc, one, tmp_path, end):
    path = tmp_path / f"archive{end}"
    if end in (".zip", ".jar"):
        zipped(path, one)
    else:
        with tarfile.open(path, "w:gz" if end.endswith("gz") else "w") as archive:
            archive.add(one, one.name)
    sc.addArchive(path)
    sc.addArchive(path)
    sc.addArchive(f"{path}#named")
    assert read(f"archive{end}/one.txt") == read("named/one.txt") == "100"
    uri = "file:/" + str(path).lstrip("/")
    assert sc.listArchives == [uri, f"{uri}#named"]
    assert sc.listFiles == []


def test_refuses_what_is_no_archive(sc, one, tmp_path):
    with pytest.raises(ValueError, match="expected an archive that ends in one of"):
        sc.addArchive(one)
    broken = tmp_path / "broken.zip"
    broken.write_text("no zip")
    with pytest.raises(OSError, match="is not a zip file"):
        sc.addArchive(broken)
    assert sc.listArchives == []
    sc.addArchive(zipped(broken, one))
    other = tmp_path / "other" / "broken.zip"
    other.parent.mkdir()
    with pytest.raises(FileExistsError, match="was added before"):
        sc.addArchive(zipped(other, one))


def test_a_task_sees_the_files_of_its_own_context(sc, one, tmp_path):
    sc.addFile(one)
    with Context() as last:
        other = tmp_path / "other" / "one.txt"
        other.parent.mkdir()
        other.write_text("200")
        last.addFile(other)
        assert read("one.txt") == "200", "on the driver it is the last context's"
        assert sc.range(1).map(lambda x: read("one.txt")).collect() == ["100"]
    assert read("one.txt") == "100"


def test_spark_files_is_no_object_and_needs_a_context(monkeypatch):
    with pytest.raises(NotImplementedError, match="Do not construct SparkFiles"):
        SparkFiles()
    monkeypatch.setattr(Session, "_open", {})
    with pytest.raises(RuntimeError, match="files belong to a context"):
        SparkFiles.getRootDirectory()


def test_files_go_when_the_context_stops(sc, one):
    sc.addFile(one)
    root = Path(SparkFiles.getRootDirectory())
    assert root.is_dir()
    sc.stop()
    assert not root.exists()
    with pytest.raises(RuntimeError, match="files for a stopped context"):
        sc.addFile(one.rename(one.with_name("two.txt")))


def test_files_go_when_python_ends(one):
    program = f"""
from cme323 import Context
from cme323.engine import SparkFiles
sc = Context()
sc.addFile({str(one)!r})
print(SparkFiles.getRootDirectory())
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not Path(ran.stdout.strip()).exists()


def test_a_checkpoint_folder_is_new_each_time_and_stays(sc, tmp_path):
    assert sc.getCheckpointDir() is None
    sc.setCheckpointDir(str(tmp_path / "kept"))
    first = sc.getCheckpointDir()
    sc.setCheckpointDir(tmp_path / "kept")
    assert first != sc.getCheckpointDir()
    assert first.startswith("file:/" + str(tmp_path / "kept").lstrip("/") + "/")
    sc.setCheckpointDir(None)
    assert sc.getCheckpointDir() is None
    sc.stop()
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_files_and_modules_reach_other_processes(one, tmp_path):
    module = tmp_path / "cme323_test_sent.py"
    module.write_text("x = 5")
    inside = tmp_path / "cme323_test_packed.py"
    inside.write_text("x = 7")

    def task(_):
        from cme323_test_packed import x as packed
        from cme323_test_sent import x as sent

        with open(SparkFiles.get("one.txt")) as f:
            return int(f.read()), sent, packed

    with Context(executor="processes", workers=2) as sc:
        sc.range(4).count()
        sc.addFile(one)
        sc.addPyFile(module)
        sc.addPyFile(zipped(tmp_path / "packed.zip", inside))
        assert set(sc.range(4).map(task).collect()) == {(100, 5, 7)}
