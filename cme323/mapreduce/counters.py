"""Counters: what a job did, by the names that Hadoop gives.

Records and bytes pass these places, in this order:

    bytes_read                     the input, from its part files
    map_input_records
    map_output_records, _bytes     what the mappers gave
    combine_input_records          each time a combiner runs: after the sort of a
    combine_output_records         buffer, and again if several spills are merged
    map_output_materialized_bytes  what the reducers will fetch
    reduce_shuffle_bytes           what they fetched
    reduce_input_records, _groups  what the reducers got: pairs, and distinct keys
    reduce_output_records
    bytes_written                  the output, to its part files

    spilled_records                written to disk between mappers and reducers: by each
                                   spill, each merge of spills, and each fetch
    file_bytes_written, _read      the same in bytes, and what was read of it

NB: Hadoop's FILE_BYTES_* also hold the input and the output, where these are local.
"""

from dataclasses import astuple, dataclass, fields


@dataclass
class Counters:
    """Of one task, or of all tasks of a job.

    >>> Counters(map_output_records=3) + Counters(map_output_records=4, bytes_read=50)
    Map output records=7
    Bytes read=50
    """

    map_input_records: int = 0
    map_output_records: int = 0
    map_output_bytes: int = 0
    map_output_materialized_bytes: int = 0
    combine_input_records: int = 0
    combine_output_records: int = 0
    reduce_input_groups: int = 0
    reduce_shuffle_bytes: int = 0
    reduce_input_records: int = 0
    reduce_output_records: int = 0
    spilled_records: int = 0
    bytes_read: int = 0
    bytes_written: int = 0
    file_bytes_read: int = 0
    file_bytes_written: int = 0

    def __add__(self, other):
        return Counters(*map(sum, zip(astuple(self), astuple(other))))

    @property
    def known(self):
        """Those that are not 0, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}

    def __repr__(self):
        """As Hadoop's log shows them."""
        names = {name: name.replace("_", " ").capitalize() for name in self.known}
        return "\n".join(f"{names[n]}={value:,}" for n, value in self.known.items())
