"""The student's working copy: filled at every start, and nothing they wrote is lost.

A file goes under the first of these names that is free, or that holds a text
which we put there and nobody has changed since:

    a5_graphs.ipynb
    a5_graphs (release 0.2.0).ipynb
    a5_graphs (release 0.2.0, 2).ipynb ...

`.cme323.json` keeps two hashes for a file: what was delivered under that name, and
which release of it the student has been offered, so that nobody is told twice. It is
written last: after a crash half-way, a file of ours may count as the student's, never
one of theirs as ours.

Left out: a student who saves in the instant between our look and our write.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath

from cme323.errors import BadInput
from cme323.replace import replace_file

MANIFEST = ".cme323.json"


def deliver(work, files: dict[str, bytes], release: str) -> list[str]:
    """Put `files`, by their path in the folder `work`, where the student has them.

    Returns one sentence for each file that went beside one of the student's, and one
    if the manifest was damaged. Raises BadInput where `work` cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as work:
    ...     first = deliver(work, {"a.txt": b"exercise"}, "0.1.0")
    ...     _ = Path(work, "a.txt").write_bytes(b"my answer")
    ...     second = deliver(work, {"a.txt": b"better exercise"}, "0.2.0")
    ...     names = sorted(os.listdir(work))
    >>> first, names
    ([], ['.cme323.json', 'a (release 0.2.0).txt', 'a.txt'])
    >>> second
    ['You keep your a.txt; release 0.2.0 of it is beside it: a (release 0.2.0).txt.']
    """
    work = Path(work)
    if work.exists() and not work.is_dir():
        raise BadInput(
            f"the working copy must be a folder, but {work} is a file: "
            "choose another with --work"
        )
    try:
        return deliver_all(work, files, release)
    except OSError as error:
        raise BadInput(
            f"the working copy {work} must be writable, but {error}: "
            "mend that, or choose another folder with --work"
        ) from error


def deliver_all(work, files, release):
    """Deliver file by file, then write down what was delivered."""
    work.mkdir(parents=True, exist_ok=True)
    stored = work / MANIFEST
    try:
        manifest, said = read_manifest(stored), []
    except (ValueError, RecursionError):
        manifest, said = Manifest(), [damaged(stored)]
    for path, content in files.items():
        said += deliver_one(work, path, content, release, manifest)
    if not stored.exists() or stored.read_bytes() != manifest.text():
        write(stored, manifest.text())
    return said


@dataclass(frozen=True)
class Manifest:
    """For each path, the hash of what we put there and of what we last offered."""

    delivered: dict[str, str] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)

    def text(self) -> bytes:
        return json.dumps(vars(self), indent=1, sort_keys=True).encode()


def read_manifest(file):
    """The manifest in `file`, empty if there is none; ValueError if it is damaged."""
    if not file.exists():
        return Manifest()
    parts = json.loads(file.read_bytes())
    if not isinstance(parts, dict) or parts.keys() != {"delivered", "offered"}:
        raise ValueError(f"{file} is not a manifest")
    if not all(isinstance(part, dict) for part in parts.values()):
        raise ValueError(f"{file} is not a manifest")
    return Manifest(**parts)


def damaged(file):
    return (
        f"{file} is damaged, so every file counts as changed by you "
        "and none is overwritten."
    )


def deliver_one(work, path, content, release, manifest):
    """Put one file under the first name that is not the student's."""
    new = digest(path, content)
    if theirs(work, path, new, manifest) and manifest.offered.get(path) == new:
        return []
    names = names_for(path, release)
    name = next(name for name in names if not theirs(work, name, new, manifest))
    if fingerprint(work / name) != new:
        write(work / name, content)
    manifest.delivered[name] = manifest.offered[path] = new
    if name == path:
        return []
    beside = PurePosixPath(name).name
    return [f"You keep your {path}; release {release} of it is beside it: {beside}."]


def names_for(path, release):
    """The file's own name, then the names that it takes beside a student's."""
    yield path
    path = PurePosixPath(path)
    yield str(path.with_stem(f"{path.stem} (release {release})"))
    for number in count(2):
        yield str(path.with_stem(f"{path.stem} (release {release}, {number})"))


def theirs(work, name, new, manifest):
    """Does `name` hold something that is neither this release nor what we put there?"""
    found = fingerprint(work / name)
    return found is not None and found not in (new, manifest.delivered.get(name))


def fingerprint(file):
    """The digest of a file; None if there is none; "" for what is not a file."""
    if not os.path.lexists(file):
        return None
    return digest(file.name, file.read_bytes()) if file.is_file() else ""


def digest(name, content):
    """The hash of all that a person may have changed in a file of this name."""
    if str(name).endswith(".ipynb"):
        with suppress(ValueError, AttributeError, TypeError, RecursionError):
            content = unstamped(json.loads(content))
    return hashlib.sha256(content).hexdigest()


def unstamped(notebook):
    """A notebook as bytes, without layout and without the kernel that it last met."""
    metadata = {**notebook.get("metadata", {})}
    for stamp in ("kernelspec", "language_info"):
        metadata.pop(stamp, None)
    return json.dumps(notebook | {"metadata": metadata}, sort_keys=True).encode()


def write(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, content)
