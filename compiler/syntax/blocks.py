"""Lays out blocks: what stands together is aligned, what does not has empty lines between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.compiler.source import display_width
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.layout import Row, aligned, remarked

_FAMILIES: Final = (
    {tree.Identity, tree.Fragment, tree.Revision},
    {tree.Use, tree.Amends},
    {tree.Default, tree.Remove, tree.Retitle, tree.Replace},
    {tree.Allow, tree.Ignore},
)
"""Statements that may stand together without an empty line."""


class Item(Struct, frozen=True):
    """What a node is printed as: a row or else lines, and what follows them.

    `before` are comments and empty lines before it, `comment` ends its row or the last of its
    lines. `body` is the rest, from behind an opening brace to the line of the closing one.
    """

    sort: type
    before: Sequence[str]
    row: Row
    lines: Sequence[str]
    comment: str
    body: Sequence[str] | None


def block(items: Iterable[Item], within: Iterable[str], indent: int) -> Iterator[str]:
    """Yield the lines of items and of what stands at the end of their block."""
    begun, empty = False, 0
    for line in _lines(items, within, indent):
        if not line:
            empty += 1
            continue
        yield from [""] * (empty if begun else empty - 1)
        yield line
        begun, empty = True, 0


def _lines(items: Iterable[Item], within: Iterable[str], indent: int) -> Iterator[str]:
    """Yield the lines of a block with all empty ones, also the first and the last."""
    for run in _runs(items):
        for item, head in zip(run, _heads(run, indent), strict=True):
            yield from _beside(item.before, indent)
            yield from head
            yield from item.body or ()
    yield from _beside(within, indent)


def tight(item: Item) -> Item:
    """Return an item without the empty lines before it."""
    return replace(item, before=list(filter(None, item.before)))


def spaced(items: Iterable[Item]) -> Iterator[Item]:
    """Yield statements with an empty line where other statements or blocks begin."""
    earlier: Item | None = None
    for item in items:
        forced = earlier and _apart(earlier, item) and "" not in item.before
        yield replace(item, before=["", *item.before]) if forced else item
        earlier = item


def _runs(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield rows that stand together, and each item with lines of its own alone.

    A row with a body is the last of its run.
    """
    run: list[Item] = []
    for item in items:
        last = run[-1] if run else None
        if last and (item.lines or last.lines or last.body is not None or _parted(last, item)):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _parted(earlier: Item, later: Item) -> bool:
    return earlier.sort is not later.sort or "" in later.before


def _heads(run: Sequence[Item], indent: int) -> Iterator[list[str]]:
    """Yield the lines of each item of a run up to its body; comments begin in one column."""
    if run[0].lines:
        (item,) = run
        *lines, last = item.lines
        yield [*lines, remarked(_opened(last, item), item.comment)]
        return
    items = iter(run)
    for texts in aligned((item.row for item in run), indent):
        rows = [
            (_opened(" " * indent + text, item), item.comment)
            for text, item in zip(texts, items, strict=False)
        ]
        column = max((display_width(text) + 2 for text, comment in rows if comment), default=0)
        yield from ([remarked(text, comment, column)] for text, comment in rows)


def _opened(line: str, item: Item) -> str:
    return line if item.body is None else f"{line} {{"


def _beside(lines: Iterable[str], indent: int) -> list[str]:
    return [f"{' ' * indent}{line}" if line else "" for line in lines]


def _apart(earlier: Item, later: Item) -> bool:
    sorts = {earlier.sort, later.sort}
    if tree.Section in sorts or (sorts == {tree.SourceStatement} and (earlier.body or later.body)):
        return True
    return len(sorts) > 1 and not any(sorts <= family for family in _FAMILIES)
