"""Diagnostics as text for people: the line, the place underlined, and how to mend it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from reqc.compiler.diagnostics import Diagnostic, Label, Severity
from reqc.compiler.source import Span, display_width

OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""The categories of characters that a terminal would obey instead of showing them."""

_TAB = 4
_LONGEST_LINE = 160
_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}


def render(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Return all diagnostics as text, separated by empty lines, with a final newline."""
    blocks = [_block(item, colour=colour) for item in diagnostics]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def visible(text: str) -> str:
    r"""Return the text with every character that a terminal would obey made visible.

    Control characters, bidirectional controls, line separators and lone surrogates become
    `\u{…}`, because texts of a specification are shown to people who may not trust it.
    """
    return "".join(
        character
        if character == "\t" or unicodedata.category(character) not in OBEYED
        else f"\\u{{{ord(character):x}}}"
        for character in text
    )


def _block(item: Diagnostic, *, colour: bool) -> str:
    head = _painted(f"{item.severity}[{item.code}]", _COLOURS[item.severity], colour=colour)
    lines = [f"{head}: {visible(item.message)}"]
    places = [Label(item.span, item.here)] if item.span else []
    if places:
        width = max(len(str(label.span.line)) for label in (*places, *item.labels))
        for number, label in enumerate((*places, *item.labels)):
            paint = _COLOURS[item.severity] if number == 0 else "1;34"
            lines += _excerpt(label, width, paint, first=number == 0, colour=colour)
    if item.help:
        lines.append(f"{_painted('help', '1;32', colour=colour)}: {visible(item.help)}")
    return "\n".join(lines)


def _excerpt(label: Label, width: int, paint: str, *, first: bool, colour: bool) -> list[str]:
    span = label.span
    place = f"{visible(span.source.path)}:{span.line}:{span.column}"
    margin = " " * width
    lead, under = _underline(span)
    text = visible(label.text)
    mark = _painted(under + (f" {text}" if text else ""), paint, colour=colour)
    return [
        f"{margin} {'-->' if first else ':::'} {place}",
        f"{margin} |",
        f"{span.line:>{width}} | {lead[0]}",
        f"{margin} | {lead[1]}{mark}",
    ]


def _underline(span: Span) -> tuple[tuple[str, str], str]:
    """Return the line as shown with the blanks before the mark, and the mark itself."""
    line = span.source.line(span.line)
    start = span.column - 1
    end = max(start + 1, min(len(line), start + span.end - span.start))
    begin = max(0, start - _LONGEST_LINE // 2) if len(line) > _LONGEST_LINE else 0
    window = line[begin : begin + _LONGEST_LINE]
    prefix = "..." if begin else ""
    shown = prefix + _expanded(window) + ("..." if begin + _LONGEST_LINE < len(line) else "")
    before = prefix + _expanded(line[begin:start])
    marked = _expanded(line[start : min(end, begin + _LONGEST_LINE)])
    return (shown, " " * display_width(before)), "^" * max(1, display_width(marked))


def _expanded(text: str) -> str:
    return visible(text).replace("\t", " " * _TAB)


def _painted(text: str, paint: str, *, colour: bool) -> str:
    return f"\x1b[{paint}m{text}\x1b[0m" if colour else text
