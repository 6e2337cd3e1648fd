"""Packing: records as bytes, with the memory of large arrays beside the pickle.

    apart(data)      [the pickle, memory of an array, memory of another, ...]
    together(parts)  the data

Within a pickle, an array of megabytes is copied each time that the pickle grows, and
once more where it is read. Beside it, it goes into a file or to another process as
it lies in memory.
Source: Pitrou, PEP 574, Pickle protocol 5 with out-of-band data, 2018.
"""

import pickle

import numpy as np

LARGE = 2**16  # bytes; smaller ones are cheaper within


def apart(data, elsewhere=True):
    """The parts of `data`; the large ones are the memory of its arrays, not copies.

    elsewhere: another process has to understand them, so what is defined in
    `__main__` comes along.

    >>> import numpy as np
    >>> [len(part) for part in apart(["small", np.zeros((100, 100))])][1:]
    [80000]
    """
    large = []

    def within(buffer):  # true keeps it in the pickle
        memory = buffer.raw()
        if memory.nbytes < LARGE:
            return True
        large.append(memory)

    if not elsewhere:
        return [pickle.dumps(data, 5, buffer_callback=within), *large]
    told = _dumps(data, buffer_callback=within)
    if b"__main__" in told:
        large.clear()
        told = _told_whole(data, buffer_callback=within)
    return [told, *large]


def copied(parts):
    """Parts with large ones of their own."""
    told, *large = parts
    return [told, *(np.frombuffer(memory, np.uint8).copy() for memory in large)]


def room(size):
    """Memory for a part, in numpy's large pages: where the system's small ones come
    as they are first written, that takes longer than the writing."""
    return np.empty(size, np.uint8)


def together(parts):
    """The data; its large arrays lie in the parts' memory, and can change it.

    >>> import numpy as np
    >>> float(together(copied(apart(np.ones(9999)))).sum())
    9999.0
    """
    told, *large = parts
    return pickle.loads(told, buffers=large)


def pickled(data):
    """The same as one piece of bytes, for pickle.loads."""
    told = _dumps(data)
    return _told_whole(data) if b"__main__" in told else told


def send(connection, parts):
    """Send parts to another process: the pickle with the sizes of the large ones, and
    how many they are, behind it; then each of them."""
    told, *large = parts
    sizes = np.array([*map(len, large), len(large)], "<u8")
    connection.send_bytes(told + sizes.tobytes())
    for memory in large:
        connection.send_bytes(memory)


def receive(connection):
    """The parts, the large ones as memory that can be changed."""
    told = connection.recv_bytes()  # a pickle ends itself: what follows does no harm
    (many,) = np.frombuffer(told[-8:], "<u8")
    parts = [told]
    for size in np.frombuffer(told[-8 * int(many) - 8 : -8], "<u8"):
        parts.append(room(size))
        connection.recv_bytes_into(parts[-1])
    return parts


def _dumps(data, **options):
    """pickle is the fastest, but what it takes from `__main__`, the driver's own
    script or notebook, it only mentions, and no other process has it."""
    try:
        return pickle.dumps(data, 5, **options)
    except (pickle.PicklingError, TypeError, AttributeError):
        return b"__main__"


def _told_whole(data, **options):
    """cloudpickle tells what is in `__main__`."""
    # Not at the top: a serial context has no use for it.
    from cme323.engine.closures import dumps

    return dumps(data, **options)
