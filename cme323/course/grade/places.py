"""Words for the place of a value, where it is not what a test can use."""

from cme323.course.grade.handles import Class, Handle


def placed(operation, operands):
    """Where a value comes from that is no data: a sentence for {what} it is."""
    if operation == "getattr":
        return f"`{operands[1]}` is {{what}}; make it {{instead}}"
    if type(operands[0]) is Class:
        return "your class made {what}, which is no data: ask it for some"
    if operation == "call":
        return "your function returned {what}; return {instead}"
    return "your object gave {what}; give {instead}"


def argument(key, operands):
    """Which argument of what: by number, or by name."""
    name = key if type(key) is int else f"`{key}`"
    return f"argument {name} of `{subject(operands)}`"


def subject(operands):
    """The name of what the first handle stands for."""
    handle = next(operand for operand in operands if isinstance(operand, Handle))
    told = handle.__told__
    return told.name or (*told.names, told.kind)[0]
