"""Lists that show themselves as tables: in text, or as HTML in a notebook.

Table       a list; a subclass says what `cells` of an item are shown
text_table  headings and rows in columns; None, which nobody counted, is a dash
html_table  the same as an HTML table with a caption
"""

from html import escape

MOST = 40  # rows; of more, the first and the last are shown


class Table(list):
    """A list in every respect; a slice of it is a Table too.

    places: how its items are numbered, 0, 1, ... by default.
    """

    caption = ""

    def __init__(self, items=(), places=None):
        super().__init__(items)
        self._places = places

    def cells(self, place, item):
        """{heading: value} of one row."""
        raise NotImplementedError

    def __getitem__(self, at):
        found = super().__getitem__(at)
        return (
            type(self)(found, self._numbers()[at]) if isinstance(at, slice) else found
        )

    def __repr__(self):
        return text_table(*self._shown()) if self else f"{self.caption}: none"

    def _repr_html_(self):
        if not self:
            return f"<p>{self.caption}: none</p>"
        return html_table(self.caption, *self._shown())

    def _numbers(self):
        return range(len(self)) if self._places is None else self._places

    def _shown(self):
        """The headings, and the rows."""
        rows = [self.cells(place, item) for place, item in zip(self._numbers(), self)]
        cells = [list(row.values()) for row in rows]
        if len(cells) > MOST:
            dots = ["…"] * len(cells[0])
            cells = [*cells[: MOST // 2], dots, *cells[-MOST // 2 :]]
        return list(rows[0]), cells


def text_table(headings, rows):
    """Numbers to the right, words to the left.

    >>> print(text_table(["action", "records"], [["count", 1200], ["take", None]]))
    action  records
    count     1,200
    take          -
    """
    lines = [headings, *([_cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    words = [
        any(isinstance(v, str) and v != "…" for v in column) for column in zip(*rows)
    ]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(line, widths, words)
        ).rstrip()
        for line in lines
    )


def html_table(caption, headings, rows):
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_cell(value))}</td>' for value in row)}</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(value):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
