"""A cache of M words over a memory, which counts the words that move between them.

A word that is read moves into the cache, unless it is there. One that is written stays
there and moves out when it has to make room. What was used longest ago goes first.

Left out, compared with a CPU: lines of several words, several levels, sets.
Source: Hong, Kung, I/O complexity: the red-blue pebble game, STOC 1981.
"""

from collections import OrderedDict

from cme323.cost import Cost
from cme323.errors import BadInput


class Cache:
    """A cache of `words` words, by least recent use.

    >>> cache = Cache(words=2)
    >>> x = cache.matrix([[1, 2, 3]])
    >>> x[0][0] + x[0][1] + x[0][1] + x[0][2] + x[0][0]   # 1 had to make room for 3
    9
    >>> cache.cost
    Cost(records=4)
    """

    def __init__(self, words):
        if words < 1:
            raise BadInput(f"a cache needs at least 1 word, not {words}")
        self.words = words
        self._moved = 0
        self._dirty = OrderedDict()  # place -> was it written? the oldest first

    def matrix(self, rows):
        """A matrix in memory; its entries are x[i][j]."""
        return [Row(self, list(row)) for row in rows]

    @property
    def cost(self):
        """Words moved so far, with those that are still to be written back."""
        return Cost(records=self._moved + sum(self._dirty.values()))

    def touch(self, place, written):
        """Bring a word in, and make room for it."""
        if place in self._dirty:
            written = self._dirty.pop(place) or written
        elif not written:
            self._moved += 1
        self._dirty[place] = written
        if len(self._dirty) > self.words:
            _, was_written = self._dirty.popitem(last=False)
            self._moved += was_written


class Row:
    """A row of a matrix in memory: what is read or written passes the cache."""

    def __init__(self, cache, values):
        self._cache, self._values = cache, values

    def __len__(self):
        return len(self._values)

    def __getitem__(self, j):
        self._cache.touch((self, j), written=False)
        return self._values[j]

    def __setitem__(self, j, value):
        self._cache.touch((self, j), written=True)
        self._values[j] = value

    def tolist(self):
        """The values, without passing the cache."""
        return list(self._values)
