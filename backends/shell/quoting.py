"""How text of a specification enters a shell script, a comment, a terminal or a TAP line."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BARE = re.compile(r"[A-Za-z0-9_./:,+-]+")

_HIDDEN: Final = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTIONS: Final = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
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


def printable(text: str) -> str:
    r"""Return the text with everything that would steer a terminal made visible: `\x1b`."""
    return "".join(_visible(character) for character in text)


def comment(text: str) -> str:
    """Return the text as it may stand behind a comment sign: on one line, without its blanks."""
    return printable(text).strip()


def tap(text: str) -> str:
    """Return the text as the description of a TAP 14 test point."""
    return printable(text).replace("\\", "\\\\").replace("#", "\\#")


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN and character not in _DIRECTIONS:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004  # one byte
