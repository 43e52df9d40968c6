"""The two forms of quoted texts and what stands in them."""

from __future__ import annotations

import re
from textwrap import dedent

from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.source import Span

_ESCAPE = re.compile(r"\\(?:u\{(?P<hex>[0-9A-Fa-f]{1,6})\}|(?P<letter>[\s\S]))")
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)"
)
"""Control characters, and marks that change the order in which a line is shown."""

_LETTERS = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def unescaped(inner: Span, report: Report) -> str:
    """Return the text between the quotes with its escapes resolved; report unknown ones.

    The escapes are a quote, a backslash, `n`, `t`, and `u{…}` with a code point in hexadecimal.
    """
    text = inner.source.text[inner.start : inner.end]
    if "\\" not in text:
        return text

    def resolved(found: re.Match[str]) -> str:
        if found["letter"] in _LETTERS:
            return _LETTERS[found["letter"]]
        code = int(found["hex"], 16) if found["hex"] else -1
        if 0 < code <= _LAST_CHARACTER and code not in _SURROGATES:
            return chr(code)
        start = inner.start + found.start()
        report.error(
            Code.UNKNOWN_ESCAPE,
            f"unknown escape `{found[0]}` in a text",
            Span(inner.source, start, start + len(found[0])),
            help=r"the escapes are \" \\ \n \t and \u{…}; write \\ for a backslash",
        )
        return found[0]

    return _ESCAPE.sub(resolved, text)


def refuse_hidden(place: Span, report: Report, help: str) -> None:  # noqa: A002  # what is printed
    """Report every character that makes a text look like another one on a screen."""
    text = place.source.text[place.start : place.end]
    for found in _HIDDEN.finditer(text):
        start = place.start + found.start()
        report.error(
            Code.CONTROL_CHARACTER,
            f"control character U+{ord(found[0]):04X}",
            Span(place.source, start, start + 1),
            help=help.format(f"\\u{{{ord(found[0]):x}}}"),
        )


def dedented(text: str) -> str:
    """Return a long text without its first empty line and without its common indent.

    The closing quotes on a line of their own leave the text ending with a newline.
    """
    return dedent(text.replace("\r\n", "\n").removeprefix("\n"))
