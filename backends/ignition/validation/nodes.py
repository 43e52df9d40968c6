"""Nodes: what a JSON or YAML document says, and where in the text it says it."""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct

DEEPEST: Final = 100
"""How deep a document may be nested; a configuration needs less than a tenth of it."""

MOST_NODES: Final = 300_000
"""How many nodes a document may have; what a cluster stores cannot have so many.

Aliases of YAML make more of them than a text is long.
"""


class Place(Struct, frozen=True):
    """The characters of a text from offset `start` up to, but without, `end`."""

    start: int
    end: int


class UnreadableError(ValueError):
    """A text is not what it should be at `place`; the message says what is wrong."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


class Fraction(float):
    """A number that is no integer of 64 bits; nothing that is judged asks for one."""


class Scalar(Struct, frozen=True):
    """A text, an integer, another number, a truth value or null.

    `ambiguous` says what other readers of YAML take it for.
    """

    place: Place
    value: str | int | Fraction | bool | None
    ambiguous: str = ""


class Sequence(Struct, frozen=True):
    """A list."""

    place: Place
    items: tuple[Node, ...]


class Entry(Struct, frozen=True):
    """A key and its value; `place` is the key's."""

    key: str
    place: Place
    value: Node


class Mapping(Struct, frozen=True):
    """An object; a key may be there twice."""

    place: Place
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Node | None:
        """Return the last value of a key, None where it is missing."""
        return next((entry.value for entry in reversed(self.entries) if entry.key == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def integer(digits: str, base: int = 10) -> int | Fraction:
    """Return a number that is written as an integer; one of more than 64 bits is a fraction."""
    value = int(digits, base) if len(digits) <= _MOST_DIGITS else _TOO_LARGE
    return value if -_TOO_LARGE <= value < _TOO_LARGE else Fraction("nan")


_TOO_LARGE: Final = 1 << 63
_MOST_DIGITS: Final = 70  # of base 2, with a sign, a prefix and some zeros
