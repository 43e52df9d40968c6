"""Reads JSON (RFC 8259) into nodes that know their places."""

from __future__ import annotations

import re
from typing import Final

from reqc.backends.ignition.validation.nodes import (
    DEEPEST,
    MOST_NODES,
    Entry,
    Fraction,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    UnreadableError,
    integer,
)

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+)"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None}
_WORD: Final = re.compile("true|false|null")
_ESCAPE: Final = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|u(?P<single>.{4})|(?P<short>.))"
)
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATES: Final = range(0xD800, 0xE000)


def read_json(text: str) -> Node:
    """Return the one value of a text; raise `UnreadableError` where it is no JSON."""
    reader = _Reader(text)
    node, end = reader.value(reader.skip(0), 0)
    end = reader.skip(end)
    if end != len(text):
        raise reader.unexpected(end, "the end of the document")
    return node


class _Reader:
    """Reads values from a text; each method takes an offset and returns where it came to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.nodes = 0

    def skip(self, at: int) -> int:
        """Skip blanks."""
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at

    def unexpected(self, at: int, wanted: str) -> UnreadableError:
        """Return the error for a text that goes on in another way than it should."""
        found = f"`{self.text[at]}`" if at < len(self.text) else "the end of the text"
        return UnreadableError(f"expected {wanted} and found {found}", Place(at, at + 1))

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        """Read any value."""
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            message = "the document is nested too deep or has too many values"
            raise UnreadableError(message, Place(at, at + 1))
        match self.text[at : at + 1]:
            case "{":
                return self.mapping(at, depth + 1)
            case "[":
                return self.sequence(at, depth + 1)
            case '"':
                text, end = self.string(at)
                return Scalar(Place(at, end), text), end
            case _:
                return self.literal(at)

    def literal(self, at: int) -> tuple[Node, int]:
        """Read a number or one of the three words."""
        word = _WORD.match(self.text, at)
        if word:
            return Scalar(Place(at, word.end()), _WORDS[word[0]]), word.end()
        number = _NUMBER.match(self.text, at)
        if number is None:
            raise self.unexpected(at, "a value")
        whole = number[1] is None and number[2] is None
        value = integer(number[0]) if whole else Fraction(number[0])
        return Scalar(Place(at, number.end()), value), number.end()

    def string(self, at: int) -> tuple[str, int]:
        """Read a text in quotes."""
        found = _STRING.match(self.text, at)
        if found is None:
            message = "the text is not closed, or has a control character or an unknown escape"
            raise UnreadableError(message, Place(at, at + 1))
        inner = found[1]
        return (_ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner), found.end()

    def sequence(self, start: int, depth: int) -> tuple[Node, int]:
        """Read a list from its bracket on."""
        items: list[Node] = []
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "]":
            if items:
                at = self.comma(at, "`,` or `]`")
            item, at = self.value(at, depth)
            items.append(item)
            at = self.skip(at)
        return Sequence(Place(start, at + 1), tuple(items)), at + 1

    def mapping(self, start: int, depth: int) -> tuple[Node, int]:
        """Read an object from its brace on."""
        entries: list[Entry] = []
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "}":
            if entries:
                at = self.comma(at, "`,` or `}`")
            if self.text[at : at + 1] != '"':
                raise self.unexpected(at, "a key in quotes")
            key, end = self.string(at)
            place = Place(at, end)
            at = self.skip(end)
            if self.text[at : at + 1] != ":":
                raise self.unexpected(at, "`:`")
            value, at = self.value(self.skip(at + 1), depth)
            entries.append(Entry(key, place, value))
            at = self.skip(at)
        return Mapping(Place(start, at + 1), tuple(entries)), at + 1

    def comma(self, at: int, wanted: str) -> int:
        """Read what separates two values."""
        if self.text[at : at + 1] != ",":
            raise self.unexpected(at, wanted)
        return self.skip(at + 1)


def _unescaped(found: re.Match[str]) -> str:
    """Return what an escape stands for; half of a surrogate pair stands for nothing, U+FFFD."""
    high, low, single, short = found.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if single:
        number = int(single, 16)
        return "\ufffd" if number in _SURROGATES else chr(number)
    return _SHORT.get(short, short)
