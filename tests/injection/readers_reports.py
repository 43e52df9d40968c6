"""Reports and diagnostics as their readers understand them: lines, XML, commands of a runner."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from tests.injection.readers import Leaf, solid

OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""The categories of characters that terminals obey, or that change what is seen."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def obeyed(text: str) -> list[str]:
    """Return the characters of a report that a terminal would obey, but for ends of lines."""
    return [mark for mark in text if mark not in "\n\t" and unicodedata.category(mark) in OBEYED]


def visible(text: str) -> str:
    r"""Return a text on one line of a terminal, without blanks: what it would obey is `\u{…}`."""
    return "".join(map(_visible, " ".join(re.split("[ \t\r\n]+", text)).replace(" ", "")))


def _visible(mark: str) -> str:
    return f"\\u{{{ord(mark):x}}}" if unicodedata.category(mark) in OBEYED else mark


def line_leaves(lines: Iterable[str]) -> Iterator[Leaf]:
    """Yield the lines of a text for people."""
    for number, line in enumerate(lines):
        yield Leaf((str(number),), "".join(line.split(" ")), visible)


def in_xml(text: str) -> str:
    """Return a text as documents of XML can hold it, without blanks."""
    return solid(_NOT_IN_XML.sub("\ufffd", text))


def xml_leaves(text: str) -> Iterator[Leaf]:
    """Yield the elements, attributes and texts of a document."""
    yield from _element(ET.fromstring(text), ())  # noqa: S314  # our own


def _element(element: ET.Element, at: tuple[str, ...]) -> Iterator[Leaf]:
    here = (*at, element.tag)
    yield Leaf(here, solid(element.text or ""), in_xml)
    for name, value in element.attrib.items():
        yield Leaf((*here, f"@{name}"), solid(value), in_xml)
    for inner in element:
        assert not (inner.tail or "").strip()
        yield from _element(inner, here)
