"""The two forms of quoted texts and what stands in them."""

from __future__ import annotations

import re
from textwrap import dedent

from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.source import Span

_ESCAPE = re.compile(r"\\(?:u\{(?P<hex>[0-9A-Fa-f]{1,6})\}|(?P<letter>[\s\S]))")
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


def dedented(text: str) -> str:
    """Return a long text without its first empty line and without its common indent.

    The closing quotes on a line of their own leave the text ending with a newline.
    """
    body = text.replace("\r\n", "\n").removeprefix("\n")
    head, newline, last = body.rpartition("\n")
    if newline and not last.strip():
        body = head + newline
    return dedent(body)


def quoted(text: str) -> str:
    """Return the text as a specification writes it between simple quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(map(_printable, escaped)) + '"'


def _printable(character: str) -> str:
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
