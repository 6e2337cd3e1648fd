import pytest

from cme323.errors import BadInput
from cme323.mapreduce.record_files import DataSet, RecordFile, pickled

RECORDS = ["a", (1, 2.5), None, {"k": [1]}]


def test_what_is_appended_is_read_again_part_by_part(tmp_path):
    with RecordFile(tmp_path / "x") as file:
        first, empty, second = (
            file.append(map(pickled, records)) for records in (RECORDS, [], RECORDS[1:])
        )
    assert list(first.read()) == RECORDS
    assert list(second.read()) == RECORDS[1:]
    assert (list(empty.read()), empty.bytes, empty.records) == ([], 0, 0)
    assert first.bytes + second.bytes == (tmp_path / "x").stat().st_size


def test_a_data_set_tells_its_sizes(tmp_path):
    with RecordFile(tmp_path / "x") as file:
        part = file.append(map(pickled, RECORDS))
    data = DataSet(tmp_path, (part, part))
    assert (data.records, data.bytes) == (8, 2 * part.bytes)
    assert "parts=2, records=8" in repr(data)


def test_no_file_is_overwritten(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(FileExistsError), RecordFile(tmp_path / "x"):
        pass


def test_refuses_what_pickle_cannot_write():
    with pytest.raises(BadInput, match="records that pickle can write"):
        pickled(lambda: 1)
