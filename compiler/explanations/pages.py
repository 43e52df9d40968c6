"""Reads the pages: each begins with its code and its title, and goes on in one fixed order."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

HEADINGS: Final = ("Why it matters", "Wrong", "Right", "Notes")
"""What follows the first paragraph of every page, in this order; only the notes may be missing.

`Wrong` and `Right` hold examples that tests run. A block of `req` is a specification, or the file
that is named behind it; so is a block of `yaml` or `text` the file named. A block of `console` are
commands to run beside them. A block of `json` are states as a kind could ask for them.
"""


class Page(Struct, frozen=True):
    """What a code means; `summary` is the first paragraph, on one line, and `text` is Markdown."""

    code: str
    title: str
    summary: str
    text: str


def page(code: str) -> Page | None:
    """Return the page of a code, or None for a code that reqc itself does not have."""
    return pages().get(code)


@cache
def pages() -> dict[str, Page]:
    """Return all pages by code, sorted."""
    folder = files(__package__)
    texts = sorted(item.name for item in folder.iterdir() if item.name.endswith(".md"))
    found = (_page((folder / name).read_text(encoding="utf-8")) for name in texts)
    return {item.code: item for item in found}


def _page(text: str) -> Page:
    heading, summary, _ = text.split("\n\n", 2)
    code, _, title = heading.removeprefix("# ").partition(": ")
    return Page(code, title, " ".join(summary.split()), text)
