"""The graph of a computation, as text and as a picture: what came from what.

    show(loss)         in a notebook: a box for each tensor, from parameters to the loss
    repr(show(loss))   the same as lines, the last operation first

Blue boxes are parameters, grey ones constants, white ones operations; each names its
shape. A tensor that is used twice has two arrows, and backward adds up two gradients.
"""

from collections import Counter
from html import escape

from cme323.errors import BadInput
from cme323.nn.tape import Recorded

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 150, 38, 172, 72, 14
FILL = {"parameter": "#cfe8f7", "constant": "#e4e4e4"}
MOST = 200


class Graph:
    """The tensors that one was computed from, in an order in which they can be."""

    def __init__(self, last):
        self.tensors = _all(last)
        self.number = {tensor: i for i, tensor in enumerate(self.tensors)}

    def __repr__(self):
        """A line for each tensor, the last first.

        >>> from cme323.nn.tensor import Tensor
        >>> x = Tensor([1.0, 2.0])
        >>> show((x * x).sum())
        2  sum        ()     from 1
        1  multiply   (2,)   from 0, 0
        0  parameter  (2,)
        """
        rows = [self._row(tensor) for tensor in reversed(self.tensors)]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths))
            for row in rows
        )
        return "\n".join(line.rstrip() for line in lines)

    def _row(self, tensor):
        parents = ", ".join(str(self.number[p]) for p, _ in tensor.parents)
        told = f" from {parents}" if parents else ""
        return str(self.number[tensor]), _name(tensor), str(tensor.value.shape), told

    def _repr_svg_(self):
        """The picture, with its title and description in words."""
        places = self._places()
        wide = max(x for x, _ in places.values()) + WIDTH + MARGIN
        high = max(y for _, y in places.values()) + HEIGHT + MARGIN
        arrows = [
            _arrow(places[parent], places[tensor])
            for tensor in self.tensors
            for parent, _ in tensor.parents
        ]
        boxes = [_box(tensor, *places[tensor]) for tensor in self.tensors]
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">\n'
            f"<title>{escape(self.title)}</title>\n<desc>{escape(repr(self))}</desc>\n"
            f'<rect width="{wide}" height="{high}" fill="#ffffff"/>\n'
            f"{HEAD}{''.join(arrows)}{''.join(boxes)}</svg>\n"
        )

    @property
    def title(self):
        kinds = Counter(_kind(tensor) for tensor in self.tensors)
        return (
            f"The graph of a computation: {kinds['operation']} operations on "
            f"{kinds['parameter']} parameters and {kinds['constant']} constants"
        )

    def _places(self):
        """Each tensor a row below its parents; those with none just above their use."""
        rows = {tensor: tensor.level for tensor in self.tensors}
        for tensor in reversed(self.tensors):
            for parent, _ in tensor.parents:
                if not parent.parents:
                    rows[parent] = max(rows[parent], rows[tensor] - 1)
        taken, places = Counter(), {}
        # Operations first, in a column of their own: the spine of the picture.
        for tensor in sorted(self.tensors, key=lambda t: not t.parents):
            row = rows[tensor]
            places[tensor] = MARGIN + ACROSS * taken[row], MARGIN + DOWN * row
            taken[row] += 1
        return places


def show(last):
    """The graph of a tensor, which shows itself."""
    if not isinstance(last, Recorded):
        raise BadInput(
            f"show() needs a tensor, such as a loss, not {type(last).__name__}"
        )
    graph = Graph(last)
    if len(graph.tensors) > MOST:
        raise BadInput(
            f"a graph of {len(graph.tensors):,} tensors is too large to look at: "
            f"compute the loss of a smaller net, of at most {MOST}"
        )
    return graph


def _all(last):
    """Constants too, unlike the tape; parents come before their children."""
    found, waiting = {last: None}, [last]
    while waiting:
        for parent, _ in waiting.pop().parents:
            if parent not in found:
                found[parent] = None
                waiting.append(parent)
    backwards = reversed(list(found))
    return sorted(backwards, key=lambda tensor: tensor.level)


def _kind(tensor):
    if tensor.parents:
        return "operation"
    return "constant" if tensor.constant else "parameter"


def _name(tensor):
    return tensor.operation or _kind(tensor)


HEAD = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#595959"/></marker>'
    "</defs>\n"
)


def _arrow(source, to):
    """From the bottom of one box to the top of another."""
    (x, y), (u, v) = source, to
    x, y, u = x + WIDTH / 2, y + HEIGHT, u + WIDTH / 2
    return (
        f'<path d="M{x} {y}C{x} {y + 20} {u} {v - 24} {u} {v - 1}" fill="none" '
        'stroke="#595959" marker-end="url(#head)"/>\n'
    )


def _box(tensor, x, y):
    fill = FILL.get(_kind(tensor), "#ffffff")
    style = 'font-family="system-ui, sans-serif" font-size="12" text-anchor="middle"'
    middle = x + WIDTH / 2
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5" '
        f'fill="{fill}" stroke="#808080"/>'
        f'<text x="{middle}" y="{y + 16}" {style} fill="#1b1b1b">'
        f"{escape(_name(tensor))}</text>"
        f'<text x="{middle}" y="{y + 31}" {style} fill="#595959">'
        f"{escape(str(tensor.value.shape))}</text>\n"
    )
