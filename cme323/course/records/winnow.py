"""Fingerprints of a code, by winnowing: what stays if one renames and reformats it.

    normalise   names, numbers and texts become V, N and S; comments go
    hash        every K tokens in a row
    winnow      of each W hashes in a row keep the smallest, the last of equals

Whoever shares K + W - 1 tokens in a row shares a hash; who shares fewer than K shares
none. No code is run or parsed, so a cell that is no Python has fingerprints too.

Schleimer, Wilkerson, Aiken, Winnowing, SIGMOD 2003.
"""

import keyword
import re
from zlib import crc32

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

K, W = 16, 8
TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|\s+|\\\n)
    | (?P<S>[A-Za-z]{0,2}(\"{3}.*?(\"{3}|\Z)|'{3}.*?('{3}|\Z)
        |\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?))
    | (?P<N>\.?\d[\w.]*)
    | (?P<word>\w+)
    | (?P<mark>[-+*/%@&|^<>=!:]=|\*\*|//|->|<<|>>|.)""",
    re.VERBOSE | re.DOTALL,
)


def tokens(code):
    """The words of a code, without what a copyist changes first.

    >>> tokens("def mean(x):  # of x\\n    return sum(x) / 2")
    ['def', 'V', '(', 'V', ')', ':', 'return', 'V', '(', 'V', ')', '/', 'N']
    """
    found = []
    for match in TOKEN.finditer(code):
        kind, text = match.lastgroup, match.group()
        if kind == "word":
            found.append(text if keyword.iskeyword(text) else "V")
        elif kind != "skip":
            found.append(text if kind == "mark" else kind)
    return found


def hashes(words):
    """A hash of every K words in a row: a polynomial in 64 bits, well mixed."""
    ids = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    if len(ids) < K:
        return np.empty(0, dtype=np.uint64)
    value = np.zeros(len(ids) - K + 1, dtype=np.uint64)
    for place in range(K):
        value = value * np.uint64(0x100000001B3) + ids[place : place + len(value)]
    # The finaliser of splitmix64: without it small words would win every window.
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def winnow(values):
    """The smallest of each W values in a row, the last of equals.

    >>> winnow(np.array([3, 9, 7, 8, 8, 8, 8, 8, 8, 8])).tolist()
    [3, 7]
    """
    if not len(values):
        return values
    windows = sliding_window_view(values, min(W, len(values)))
    from_end = windows[:, ::-1].argmin(axis=1)
    places = np.arange(len(windows)) + windows.shape[1] - 1 - from_end
    return values[np.unique(places)]


def fingerprints(texts, base):
    """{hash: number of the first code cell that has it}, without those of `base`."""
    found = {}
    for number, text in enumerate(texts, 1):
        for value in winnow(hashes(tokens(text))).tolist():
            if value not in base:
                found.setdefault(value, number)
    return found
