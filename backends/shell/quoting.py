"""How text of a specification enters a shell script, a comment, a terminal, XML or a label."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from msgspec import Struct

_BARE = re.compile(r"[A-Za-z0-9_./:,+-]+")

# as html.escape would, which is slow to import
_XML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_HIDDEN: Final = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTIONS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def quote(text: str) -> str:
    """Return the text as one word of the shell that stands for exactly these characters.

    Raise ValueError for a NUL character, which no word can hold.
    """
    if "\0" in text:
        message = "a word of the shell cannot hold a NUL character"
        raise ValueError(message)
    if _BARE.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def sayable(value: object) -> bool:
    """Tell whether every text in a record can be a word of the shell."""
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, Struct):
        return all(sayable(getattr(value, name)) for name in value.__struct_fields__)
    return not isinstance(value, tuple) or all(map(sayable, value))


def printable(text: str) -> str:
    r"""Return the text with everything that would steer a terminal made visible: `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def comment(text: str) -> str:
    """Return the text as it may stand behind a comment sign: on one line, without its blanks."""
    return printable(text).strip()


def xml(text: str) -> str:
    """Return the text as it may stand in an attribute of XML or between its tags."""
    return printable(text).translate(_XML)


def label(text: str) -> str:
    """Return the text as the inside of a label's value in the format of Prometheus."""
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')


def _visible(character: str) -> str:
    code = ord(character)
    hidden = unicodedata.category(character) in _HIDDEN or character in _DIRECTIONS
    # The last two characters of each plane are none, and XML refuses them.
    if not hidden and code & 0xFFFE != 0xFFFE:  # noqa: PLR2004
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004  # one byte
