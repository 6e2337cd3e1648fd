"""Deadlock: nobody can go on. Who waits for whom, and why, in a sentence."""


class Deadlock(RuntimeError):
    """Ranks that wait for what will not come.

    waits: {rank: the ranks that it waits for}; circle: ranks of which each waits for
    the next, and the last for the first, or [] where they wait for one that has ended.
    """

    def __init__(self, waiting, ended, lost, clock):
        self.waits = {
            number: _awaited(posted) for number, posted in sorted(waiting.items())
        }
        self.circle = _circle(self.waits)
        said = [
            _sentence(number, posted, ended, lost)
            for number, posted in sorted(waiting.items())
        ]
        if self.circle:
            around = " -> ".join(map(str, [*self.circle, self.circle[0]]))
            said.append(f"each of {around} waits for the next")
            if advice := _advice([waiting[number] for number in self.circle], lost):
                said.append(advice)
        super().__init__(f"deadlock at second {clock:.6g}: {'; '.join(said)}")

    def _repr_markdown_(self):
        """For a notebook that has caught it: a line for each rank."""
        head, said = str(self).split(": ", 1)
        return "\n".join([f"**{head}**", "", *(f"- {s}" for s in said.split("; "))])


def _awaited(posted):
    return [other for other in posted if other is not None]


def _advice(posted, lost):
    if all(source is None for _, source in posted):
        return "let one of them receive first, or all of them exchange"
    if all(to is None for to, _ in posted) and not any(lost.values()):
        return "let one of them send first"


def _sentence(number, posted, ended, lost):
    to, source = posted
    parts = []
    if to is not None:
        parts.append(f"to send to rank {to}{_has_ended(to, ended)}")
    if source is not None:
        gone = lost.get((source, number), 0)
        told = f" ({gone} of whose messages were lost on the way)" if gone else ""
        parts.append(f"to receive from rank {source}{told}{_has_ended(source, ended)}")
    return f"rank {number} waits {' and '.join(parts)}"


def _has_ended(other, ended):
    return ", which has ended" if other in ended else ""


def _circle(waits):
    """A circle of waiting ranks, from its lowest; [] if there is none."""
    for first in waits:
        path, seen = [first], {first}
        while path:
            onward = [n for n in waits.get(path[-1], ()) if n in waits]
            if first in onward:
                return path
            fresh = [n for n in onward if n not in seen and n > first]
            if fresh:
                path.append(fresh[0])
                seen.add(fresh[0])
            else:
                path.pop()
    return []
