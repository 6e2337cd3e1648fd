"""StorageLevel: where the blocks of an RDD are kept; PySpark's, with its constants."""

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class StorageLevel:
    """In memory, on disk, or in memory until that is full; on how many workers.

    In memory a block is a list of Python objects, so `deserialized` makes no
    difference. There is no memory off the heap, so OFF_HEAP means disk, as it
    does in a Spark that was given none.

    >>> print(StorageLevel.MEMORY_AND_DISK_2)
    Disk Memory Serialized 2x Replicated
    """

    useDisk: bool
    useMemory: bool
    useOffHeap: bool
    deserialized: bool
    replication: int = 1

    def __repr__(self):
        return (
            f"StorageLevel({self.useDisk}, {self.useMemory}, {self.useOffHeap}, "
            f"{self.deserialized}, {self.replication})"
        )

    def __str__(self):
        places = [
            "Disk " * self.useDisk,
            "Memory " * self.useMemory,
            "OffHeap " * self.useOffHeap,
            "Deserialized " if self.deserialized else "Serialized ",
        ]
        return "".join(places) + f"{self.replication}x Replicated"


StorageLevel.NONE = StorageLevel(False, False, False, False)
StorageLevel.DISK_ONLY = StorageLevel(True, False, False, False)
StorageLevel.DISK_ONLY_2 = StorageLevel(True, False, False, False, 2)
StorageLevel.DISK_ONLY_3 = StorageLevel(True, False, False, False, 3)
StorageLevel.MEMORY_ONLY = StorageLevel(False, True, False, False)
StorageLevel.MEMORY_ONLY_2 = StorageLevel(False, True, False, False, 2)
StorageLevel.MEMORY_AND_DISK = StorageLevel(True, True, False, False)
StorageLevel.MEMORY_AND_DISK_2 = StorageLevel(True, True, False, False, 2)
StorageLevel.MEMORY_AND_DISK_DESER = StorageLevel(True, True, False, True)
StorageLevel.OFF_HEAP = StorageLevel(True, True, True, False)
