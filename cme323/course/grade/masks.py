"""The files of modules that answer a task: in a sandbox something empty lies over them.

A hidden module cannot be imported. But a program can also read its file, or what
Python has compiled of it, so both are taken away: wherever Python may have a copy.
"""

import sys
from functools import cache
from pathlib import Path

# What `check` compares with; a child's `check` does nothing, and needs no answers.
ALWAYS = ("cme323.course.exercises",)
INSTALLED = "lib*/python3*/*-packages"
PACKED = ("pkgs", "envs")  # conda's own copies of what it has installed


@cache
def masked(hidden):
    """The paths of all that holds these modules, and those that nobody may read."""
    bases = {Path(p) for p in (sys.prefix, sys.base_prefix, "/usr", "/usr/local")}
    places = {Path(path) for path in sys.path if path}
    places |= {place for base in bases for place in base.glob(INSTALLED)}
    found = {path for base in bases for path in map(base.joinpath, PACKED)}
    for name in (*hidden, *ALWAYS):
        found |= {path for place in places for path in files(place, name)}
    found |= {path.resolve() for path in found}
    needed = [Path(path) for path in (sys.prefix, sys.base_prefix)]
    return sorted(
        str(path)
        for path in found
        if path.exists() and not any(n.is_relative_to(path) for n in needed)
    )


def files(place, name):
    """What a module may be, in this folder of modules: source, compiled, or package."""
    *packages, last = name.split(".")
    folder = place.joinpath(*packages)
    yield folder / last
    yield from folder.glob(f"{last}.*")
    yield from folder.glob(f"__pycache__/{last}.*")
