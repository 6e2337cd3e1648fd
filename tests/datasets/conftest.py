import pytest


@pytest.fixture
def tree(tmp_path):
    """Write {name: content} as files, and return their root."""

    def write(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return tmp_path

    return write
