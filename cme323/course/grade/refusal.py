"""The words for an object that is not plain data: what it is, and what to give instead.

It is told as "returned a list with an RDD inside; return its collect()".
"""

PLAIN = (str, int, float, complex, bytes, list, tuple, set, frozenset, dict)


class Refused(TypeError):
    """Not plain data: `what` it is, and what to give `instead`."""

    def __init__(self, what, instead):
        super().__init__(f"{what}; give {instead}")
        self.what, self.instead = what, instead


def refusal(kind, outer):
    """Refused, for an object of type `kind` in the containers named in `outer`."""
    # By the name that people know: every RDD of an engine is of some subclass.
    known = [base.__name__ for base in kind.__mro__ if base.__name__ in SUBSTITUTES]
    if known:
        return Refused(within(outer, a(known[0])), SUBSTITUTES[known[0]])
    return Refused(within(outer, a(kind.__name__)), substitute(kind))


def within(outer, what):
    return f"{a(outer[0])} with {what} inside" if outer else what


def a(name):
    """`name` with its article.

    >>> a("list"), a("int"), a("RDD")
    ('a list', 'an int', 'an RDD')
    """
    spelled = name[:2].isupper() and name[0] in "AEFHILMNORSX"
    return f"an {name}" if spelled or name[0] in "aeioAEIO" else f"a {name}"


def substitute(kind):
    """What plain data to give in place of an object of type `kind`."""
    for base in PLAIN:
        if issubclass(kind, base):
            return f"{base.__name__}(...)"
    if hasattr(kind, "__next__"):
        return "list(...)"
    return "plain data: numbers, strings, lists, tuples, dicts, sets or arrays"


SUBSTITUTES = {
    "RDD": "its collect()",
    "DataFrame": "its to_numpy()",
    "Series": "its to_numpy()",
    "Tensor": "its numpy()",
    "csr_matrix": "its toarray()",
    "csr_array": "its toarray()",
    "matrix": "np.asarray(...)",
    "function": "what it returns: call it",
    "range": "list(...)",
    "dict_keys": "list(...)",
    "dict_values": "list(...)",
    "dict_items": "list(...)",
    "bytearray": "bytes(...)",
    "Cost": "one of its numbers",
    "Fraction": "float(...)",
    "Decimal": "float(...)",
}
