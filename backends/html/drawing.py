"""The layout of the diagram: roles side by side, a line down from each, an arrow in each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from reqc.backends.document.traffic import Arrow, Diagram

COLUMN: Final = 230
ROW: Final = 52
TOP: Final = 76
BOX: Final = (190, 36)
MARGIN: Final = 16
LOOP: Final = 30

_BOX_LETTERS: Final = 21
_COLUMN_LETTERS: Final = 30


class Box(Struct, frozen=True):
    """A role; `x` is its middle."""

    name: str
    shown: str
    x: int


class Row(Struct, frozen=True):
    """An arrow from `start` to `end`, which are equal where it goes both ways within a role.

    `y` is where the row begins. `service` and `requirements` are cut to the room that there is.
    """

    arrow: Arrow
    start: int
    end: int
    y: int
    service: str
    requirements: str

    @property
    def loop(self) -> bool:
        """Whether the arrow comes back to where it starts."""
        return self.start == self.end

    @property
    def text_x(self) -> int:
        """Where the text is: in the middle of an arrow, beside a loop."""
        return self.start + LOOP + 8 if self.loop else (self.start + self.end) // 2

    @property
    def back(self) -> int:
        """How far the head of the arrow reaches back from its end."""
        return -9 if self.end > self.start else 9


class Drawing(Struct, frozen=True):
    """The diagram with its places, in CSS pixels; `middles` are those of the roles."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    middles: Mapping[str, int]

    @property
    def rows(self) -> Iterator[Row]:
        """The arrows from above, each made when it is drawn."""
        for number, arrow in enumerate(self.arrows):
            start, end = self.middles[arrow.source], self.middles[arrow.destination]
            yield _row(arrow, start, end, TOP + ROW * number)

    @property
    def sentences(self) -> Iterator[str]:
        """What says the same as the picture, arrow by arrow."""
        return map(sentence_of, self.arrows)


def drawing(diagram: Diagram) -> Drawing:
    """Return the layout, which depends on nothing but the diagram."""
    places = {
        role: MARGIN + BOX[0] // 2 + number * COLUMN for number, role in enumerate(diagram.roles)
    }
    last = diagram.roles[-1:]
    loops_at_the_end = any(arrow.both_ways and (arrow.source,) == last for arrow in diagram.arrows)
    return Drawing(
        width=2 * MARGIN + BOX[0] + (len(places) - 1 + loops_at_the_end) * COLUMN,
        height=TOP + ROW * len(diagram.arrows) + MARGIN,
        boxes=tuple(Box(role, _cut(role, _BOX_LETTERS), x) for role, x in places.items()),
        arrows=diagram.arrows,
        middles=places,
    )


def sentence_of(arrow: Arrow) -> str:
    """Return an arrow in words."""
    ends = f"{arrow.source} to {arrow.destination}"
    if arrow.both_ways:
        ends = f"both ways between hosts of {arrow.source}"
    condition = ", on a condition" if arrow.conditional else ""
    return f"{ends}: {arrow.service}{condition} ({', '.join(arrow.requirements)})"


def _row(arrow: Arrow, start: int, end: int, y: int) -> Row:
    columns = max(1, abs(end - start) // COLUMN)
    room = columns * _COLUMN_LETTERS - (6 if start == end else 2)
    smaller = room * 5 // 4
    names = ", ".join(arrow.requirements)
    return Row(arrow, start, end, y, _cut(arrow.service, room), _cut(names, smaller))


def _cut(text: str, letters: int) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= letters else f"{one_line[: letters - 1]}\u2026"
