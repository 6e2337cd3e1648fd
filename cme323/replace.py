"""Put a new text in the place of a file, all of it or nothing."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes):
    """Write beside, then rename: a reader never sees half a file. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
