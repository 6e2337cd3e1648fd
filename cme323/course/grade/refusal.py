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
    known = [name for name in map(name_of, bases(kind)) if name in SUBSTITUTES]
    if known:
        return Refused(within(outer, a(known[0])), SUBSTITUTES[known[0]])
    return Refused(within(outer, a(name_of(kind))), substitute(kind))


def bases(kind):
    """The class and what it inherits from, whatever its metaclass says."""
    return type.__dict__["__mro__"].__get__(kind)


def name_of(kind):
    return type.__dict__["__name__"].__get__(kind)


def within(outer, what):
    return f"{a(outer[0])} with {what} inside" if outer else what


def a(name):
    """`name` with its article.

    >>> a("list"), a("int"), a("RDD")
    ('a list', 'an int', 'an RDD')
    """
    spelled = name[:2].isupper() and name[0] in "AEFHILMNORSX"
    return f"an {name}" if spelled or name[:1] in "aeioAEIO" else f"a {name}"


def substitute(kind):
    """What plain data to give in place of an object of type `kind`."""
    for base in PLAIN:
        if base in bases(kind):
            return f"{base.__name__}(...)"
    if gives_items(kind):
        return "list(...)"
    return "plain data: numbers, strings, lists, tuples, dicts, sets or arrays"


def gives_items(kind):
    return any("__next__" in vars(base) for base in bases(kind))


SUBSTITUTES = {
    "RDD": "its collect()",
    "DataFrame": "its to_numpy()",
    "Series": "its to_numpy()",
    "Tensor": "its numpy()",
    "csr_matrix": "its toarray()",
    "csr_array": "its toarray()",
    "matrix": "np.asarray(...)",
    "function": "what it returns: call it",
    "method": "what it returns: call it",
    "range": "list(...)",
    "dict_keys": "list(...)",
    "dict_values": "list(...)",
    "dict_items": "list(...)",
    "Cost": "one of its numbers",
    "Fraction": "float(...)",
    "Decimal": "float(...)",
}
