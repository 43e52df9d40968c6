"""Text for terminals: tables and paragraphs that fit a width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from reqc.compiler.evaluation.results import State
from reqc.compiler.render import visible
from reqc.compiler.source import display_width

PAINT: Final = {
    State.PASS: "32",
    State.FAIL: "31",
    State.WARN: "33",
    State.INFO: "33",
    State.UNKNOWN: "35",
}
"""The colours of states, as the check script paints them; others are dimmed."""

_DIM: Final = "2"
_GAP: Final = "  "
_NARROWEST: Final = 12  # what is left of a name must still tell nodes apart
_ELLIPSIS: Final = "..."


class Style(Struct, frozen=True):
    """How to write: in how many columns, None for any number, and whether with colours."""

    width: int | None = None
    colour: bool = False

    def state(self, state: State, *, width: int = 0) -> str:
        """Return a state in its colour, padded with blanks."""
        return self.painted(state.upper(), state) + " " * (width - len(state))

    def painted(self, text: str, state: State) -> str:
        """Return a text in the colour of a state."""
        return f"\x1b[{PAINT.get(state, _DIM)}m{text}\x1b[0m" if self.colour else text


class Cell(Struct, frozen=True):
    """What stands in a table: in the colour of a state, at the right for a number."""

    text: str
    state: State | None = None
    right: bool = False


def line(text: str) -> str:
    """Return a text as one line that a terminal shows and does not obey."""
    return visible(re.sub(r"[ \t\r\n]+", " ", text.strip()))


def table(rows: Sequence[Sequence[Cell]], style: Style) -> Iterator[str]:
    """Yield the lines of a table: names in the first column, then words or numbers.

    The first row are the headings. In a narrow terminal the columns at the right give way first,
    then the names are cut in their middle. Colours do not count.
    """
    widths = [max(display_width(row[at].text) for row in rows) for at in range(len(rows[0]))]
    if style.width is not None:
        while len(widths) > 1 and _taken(_NARROWEST, widths) > style.width:
            widths.pop()
        widths[0] = min(widths[0], max(_NARROWEST, style.width - _taken(0, widths)))
    for row in rows:
        name = shortened(row[0].text, widths[0])
        cells = [name + " " * (widths[0] - display_width(name))]
        cells += [
            _padded(cell, width, style) for cell, width in zip(row[1:], widths[1:], strict=False)
        ]
        yield _GAP.join(cells).rstrip()


def _taken(first: int, widths: Sequence[int]) -> int:
    return min(first, widths[0]) + sum(width + len(_GAP) for width in widths[1:])


def _padded(cell: Cell, width: int, style: Style) -> str:
    text = style.painted(cell.text, cell.state) if cell.state is not None else cell.text
    blanks = " " * (width - display_width(cell.text))
    return blanks + text if cell.right else text + blanks


def shortened(text: str, width: int) -> str:
    """Return a text in so many columns; names of nodes differ at both ends, so the middle goes."""
    if display_width(text) <= width:
        return text
    kept = max(0, width - len(_ELLIPSIS))
    head, tail = _head(text, kept - kept // 2), _head(text[::-1], kept // 2)[::-1]
    return f"{head}{_ELLIPSIS}{tail}"


def _head(text: str, width: int) -> str:
    taken = 0
    for at, character in enumerate(text):
        taken += display_width(character)
        if taken > width:
            return text[:at]
    return text


def folded(text: str, style: Style, *, indent: int, hanging: int = 0) -> Iterator[str]:
    """Yield a text as lines that fit, behind `indent` blanks, and further in from the second on."""
    margin = " " * indent
    if style.width is None:
        yield margin + text
        return
    written = ""
    for word in text.split(" "):
        if written and display_width(margin + written) + 1 + display_width(word) > style.width:
            yield margin + written
            margin, written = " " * (indent + hanging), word
        else:
            written = f"{written} {word}" if written else word
    yield margin + written


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 node`, `10,000 nodes`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def enumerated(names: Iterable[str], most: int | None) -> str:
    """Return names behind each other; of more than `most` only the first and how many follow."""
    every = [line(name) for name in names]
    if most is None or len(every) <= most:
        return ", ".join(every)
    return f"{', '.join(every[:most])} and {len(every) - most:,} more"
