"""Prose: what a person reads, as text with a little structure and no markup of any target."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct


class Text(Struct, frozen=True, gc=False, tag_field="type", tag="text"):
    """Plain words."""

    text: str


class Code(Struct, frozen=True, gc=False, tag_field="type", tag="code"):
    """A name that a machine reads, set in a code font."""

    text: str


Inline: TypeAlias = Text | Code
Sentence: TypeAlias = tuple[Inline, ...]


def sentence(*parts: str | Inline) -> Sentence:
    """Return a sentence of which the strings are plain words."""
    return tuple(_text(part) if isinstance(part, str) else part for part in parts)


@lru_cache(maxsize=256)
def _text(text: str) -> Text:
    """Return the same words for the same text: the requirements of a kind share most of them."""
    return Text(text)


def joined(items: tuple[Sentence, ...], last: str = "and") -> Sentence:
    """Return the items as one enumeration: `a, b and c`."""
    parts: list[Inline] = []
    for number, item in enumerate(items):
        if number:
            parts.append(Text(f" {last} " if number == len(items) - 1 else ", "))
        parts.extend(item)
    return tuple(parts)


def plain(words: Sentence) -> str:
    """Return the words without any structure, for logs and scripts."""
    return "".join(part.text for part in words)
