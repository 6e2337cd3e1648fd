import subprocess
import sys

import pytest

from cme323.datasets import import_graph, imports, read_edges

SMALL = [("a", "b"), ("b", "sys")]


@pytest.fixture
def small(tree, tmp_path, monkeypatch):
    """A small library in place of the standard one, and a cache folder of our own."""
    library = tree({"lib/a.py": "import b", "lib/b.py": "import sys"}) / "lib"
    monkeypatch.setattr(imports, "_folders", lambda installed: [str(library)])
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda app: tmp_path / app)
    return library


def only_file(folder):
    (path,) = folder.iterdir()
    return path


def test_the_standard_library_imports_what_its_source_says():
    edges = set(import_graph(cache=False))
    assert {
        ("json", "json.decoder"),
        ("json.decoder", "re"),
        ("os", "sys"),
        ("os", "ntpath"),
        ("xml.dom.minidom", "xml.dom.expatbuilder"),
    } <= edges
    assert not [e for e in edges if e[0].split(".")[0] in ("test", "idlelib", "numpy")]
    sources = {source for source, _ in edges}
    assert {"sys", "itertools", "_thread"}.isdisjoint(sources)
    assert len(sources) > 400


@pytest.mark.parametrize("cache", [False, True])
@pytest.mark.parametrize("installed", [False, True])
@pytest.mark.parametrize("progress", [False, True])
def test_only_what_is_installed_shows_a_bar(small, capsys, installed, cache, progress):
    import_graph(installed, cache, progress)
    shown = "".join(capsys.readouterr())  # a notebook's bar goes to stdout
    assert bool(shown) == (installed and progress)


def test_what_is_installed_holds_the_standard_library():
    assert set(imports._folders(False)) < set(imports._folders(True))


def test_a_second_call_reads_the_cache(small, tmp_path, monkeypatch):
    assert import_graph() == SMALL
    monkeypatch.setattr(imports, "read_imports", None)
    assert import_graph() == SMALL
    assert only_file(tmp_path / "cme323").name.endswith(".txt.gz")


def test_the_cache_is_an_edge_list_for_other_programs(small, tmp_path):
    import_graph()
    assert read_edges(only_file(tmp_path / "cme323")) == SMALL


def test_without_the_cache_nothing_is_read_or_written(small, tmp_path):
    assert import_graph(cache=False) == SMALL
    assert not (tmp_path / "cme323").exists()


def test_what_is_newly_installed_is_seen(small):
    import_graph()
    (small / "c.py").write_text("import a")
    assert import_graph() == [*SMALL, ("c", "a")]


def test_another_python_has_another_cache(small, monkeypatch):
    before = imports._cache_file([str(small)])
    monkeypatch.setattr(sys, "version", "4.0.0")
    assert imports._cache_file([str(small)]) != before


@pytest.mark.parametrize("damage", ["cut", "empty", "junk", "folder"])
def test_a_damaged_cache_is_rebuilt(small, tmp_path, damage):
    import_graph()
    saved = only_file(tmp_path / "cme323")
    if damage == "folder":
        saved.unlink()
        saved.mkdir()
    else:
        whole = saved.read_bytes()
        saved.write_bytes({"cut": whole[:-5], "empty": b"", "junk": b"\xff x"}[damage])
    assert import_graph() == SMALL
    assert damage == "folder" or read_edges(saved) == SMALL


def test_a_cache_that_cannot_be_written_is_no_failure(small, tmp_path):
    (tmp_path / "cme323").write_text("a file where the folder should be")
    assert import_graph() == SMALL


def test_a_cache_is_written_whole_or_not_at_all(small, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    assert import_graph() == SMALL
    assert list((tmp_path / "cme323").iterdir()) == []


def test_datasets_load_nothing_but_numpy():
    code = (
        "import sys, cme323.datasets\n"
        "print({'tqdm', 'platformdirs', 'networkx', 'scipy', 'pyspark', 'torch'}"
        " & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
