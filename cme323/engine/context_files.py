"""Files that travel with a context: for tasks to read, to import, to checkpoint in.

They are copied once, into a temporary folder that `stop()` removes; SparkFiles tells
tasks where. Left out, compared with Spark: files that are not on this machine.
"""

import filecmp
import importlib
import os
import re
import shutil
import sys
import tempfile
import uuid
from pathlib import Path
from urllib.parse import unquote, urlsplit

FOLDER = "files"  # in the context's scratch
ARCHIVES = {
    ".zip": "zip",
    ".jar": "zip",
    ".tar": "tar",
    ".tar.gz": "tar",
    ".tgz": "tar",
}


class AddedFiles:
    """The part of Context that holds files."""

    PACKAGE_EXTENSIONS = (".zip", ".egg", ".jar")

    def __init__(self):
        super().__init__()
        self._added_files = []
        self._added_archives = []
        self._import_paths = []
        self._checkpoint_folder = None

    @property
    def listFiles(self):
        """The files and folders that were added, as `file:/...`."""
        return list(self._added_files)

    @property
    def listArchives(self):
        """The archives that were added, as `file:/...`."""
        return list(self._added_archives)

    def addFile(self, path, recursive=False):
        """Copy a file to where tasks find it: SparkFiles.get(its name).

        A folder needs `recursive`. Adding a path again changes nothing. Raises
        FileNotFoundError, IsADirectoryError, or FileExistsError where another file
        was added under this name.
        """
        source = _local(path)
        if source.is_dir() and not recursive:
            raise IsADirectoryError(
                f"expected a file, but {source} is a folder: pass recursive=True"
            )
        uri = _uri(source)
        if uri not in self._added_files:
            _copy(source, self._files_folder() / source.name)
            self._added_files.append(uri)

    def addPyFile(self, path):
        """addFile, and tasks can import it: a .py file, or packages in a .zip."""
        self.addFile(path)
        name = _local(path).name
        if name[-4:].lower() in self.PACKAGE_EXTENSIONS:
            self._import_from(self._files_folder() / name)
        importlib.invalidate_caches()

    def addArchive(self, path):
        """Unpack a .zip, .jar, .tar, .tar.gz or .tgz to SparkFiles.get(its name).

        `path#name` unpacks it under another name. Adding a path again changes nothing.
        Raises FileNotFoundError, ValueError, shutil.ReadError, or FileExistsError.
        """
        path, _, name = str(path).partition("#")
        source = _local(path)
        uri = _uri(source) + (name and f"#{name}")
        if uri not in self._added_archives:
            self._unpack(source, self._files_folder() / (name or source.name))
            self._added_archives.append(uri)

    def setCheckpointDir(self, dirName):
        """Checkpoints go to a new folder inside `dirName`; None takes it away."""
        if dirName is None:
            self._checkpoint_folder = None
            return
        folder = Path(os.path.abspath(_without_scheme(dirName))) / str(uuid.uuid4())
        folder.mkdir(parents=True)
        self._checkpoint_folder = folder

    def getCheckpointDir(self):
        """The new folder, as `file:/...`; None before setCheckpointDir."""
        return self._checkpoint_folder and _uri(self._checkpoint_folder).rstrip("/")

    def stop(self):
        """The temporary folder goes; what setCheckpointDir made stays, as in Spark."""
        for path in self._import_paths:
            if path in sys.path:
                sys.path.remove(path)
        self._import_paths.clear()
        self.scratch.remove()
        super().stop()

    def _files_folder(self):
        """Where files are, made when first needed; modules in it can be imported."""
        if self._stopped:
            raise RuntimeError("files for a stopped context: make a new Context()")
        folder = self.scratch.folder(FOLDER)
        self._import_from(folder)
        return folder

    def _import_from(self, path):
        if str(path) not in self._import_paths:
            self._import_paths.append(str(path))
            sys.path.insert(1, str(path))

    def _unpack(self, source, target):
        kinds = [kind for end, kind in ARCHIVES.items() if source.name.endswith(end)]
        if not kinds:
            raise ValueError(
                f"expected an archive that ends in one of {', '.join(ARCHIVES)}, "
                f"not {source.name}"
            )
        if target.exists():
            raise FileExistsError(
                f"{target.name} was added before: add {source} as {source}#another-name"
            )
        # In a folder beside, so that a broken archive leaves nothing behind.
        unpacked = tempfile.mkdtemp(dir=self.scratch.path)
        safely = {"filter": "data"} if kinds == ["tar"] else {}
        shutil.unpack_archive(source, unpacked, kinds[0], **safely)
        os.rename(unpacked, target)


def import_added(scratch):
    """In a worker process: what addPyFile put into the scratch can be imported."""
    folder = scratch / FOLDER
    ends = AddedFiles.PACKAGE_EXTENSIONS
    packages = [path for path in folder.glob("*") if path.name[-4:].lower() in ends]
    for path in map(str, [folder, *sorted(packages)]):
        if path not in sys.path:
            sys.path.insert(1, path)
    importlib.invalidate_caches()


def _local(path):
    """The absolute path of a file or folder on this machine."""
    source = Path(os.path.abspath(_without_scheme(path)))
    if not source.exists():
        raise FileNotFoundError(f"File {source} does not exist")
    return source


def _without_scheme(path):
    text = os.fspath(path)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):/", text)
    if scheme is None:
        return text
    if scheme[1] != "file":
        raise ValueError(f"expected a file on this machine, not {text}: fetch it first")
    return unquote(urlsplit(text).path)


def _uri(path):
    """As Spark writes it: `file:/...`, and a slash at the end of a folder."""
    return "file:/" + path.as_uri().removeprefix("file:///") + "/" * path.is_dir()


def _copy(source, target):
    if not target.exists():
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, target)
    elif source.is_dir() or target.is_dir() or not filecmp.cmp(source, target, False):
        raise FileExistsError(
            f"expected another name than {target.name} for {source}: a file of other "
            "contents was added under it"
        )
