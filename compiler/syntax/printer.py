"""The canonical text of a syntax tree: what `reqc fmt` writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from reqc.compiler.syntax import tree
from reqc.compiler.syntax.comments import Node, Notes, attached
from reqc.compiler.syntax.layout import (
    CONTINUATION,
    INDENT,
    Cell,
    Pieces,
    Row,
    aligned,
    filled,
    remarked,
    wide,
    width,
)
from reqc.compiler.syntax.rows import chunks, clause_cell, requirement_row, row
from reqc.compiler.syntax.spelling import clause, clauses, inline, leaf, value, words

DETAILS: Final = (
    *("title", "where", "because", "note", "fix", "see"),
    *("erratum", "was", "deprecated", "allow", "at"),
)
"""The details of a requirement in their canonical order."""

_FAMILIES: Final = (
    {tree.Identity, tree.Fragment, tree.Revision},
    {tree.Use, tree.Amends},
    {tree.Default, tree.Remove, tree.Retitle, tree.Replace},
    {tree.Allow, tree.Ignore},
)
"""Statements that may stand together without an empty line."""

_CONTINUING: Final = frozenset({"when", "on", "and", "or", "intended"})
"""Before these words a line end does not count, so it cannot separate two parts of a group."""


def canonical(file: tree.File) -> str:
    """Return the canonical text of a file that has no mistakes, with its comments.

    Parsed again it is the same tree, but for the order of clauses and details.
    """
    return _Printer(attached(file)).text(file.statements, file)


def canonical_statements(statements: Sequence[tree.Statement]) -> str:
    """Return the canonical text of statements, wherever they come from, without comments."""
    return _Printer({}).text(statements)


def detail_word(node: tree.Detail) -> str:
    """Return the word that a detail begins with."""
    match node:
        case tree.Remark(word):
            return word
        case tree.ErratumDetail():
            return "erratum"
        case tree.Placed():
            return "at"
        case _:
            return type(node).__name__.lower()


@dataclass(frozen=True, slots=True)
class _Item:
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


class _Printer:
    def __init__(self, notes: Mapping[int, Notes]) -> None:
        self.notes = notes

    def text(self, statements: Sequence[tree.Statement], file: tree.File | None = None) -> str:
        items = _spaced([self._statement(node) for node in statements])
        lines = _block(items, self._around(file).within if file else (), 0)
        return "".join(f"{line}\n" for line in lines)

    def _around(self, node: Node | tree.File) -> Notes:
        return self.notes.get(id(node)) or Notes()

    def _item(
        self,
        node: Node,
        row: Row = (),
        lines: Sequence[str] = (),
        body: Sequence[str] | None = None,
    ) -> _Item:
        notes = self._around(node)
        comment = notes.behind if body is None else notes.opening
        return _Item(type(node), notes.before, row, lines, comment, body)

    def _body(self, node: Node, items: Sequence[_Item], indent: int) -> list[str] | None:
        """Return the lines behind the opening brace of a node, or None if there is nothing."""
        notes = self._around(node)
        if not items and not notes.inside:
            return None
        within = notes.within if isinstance(node, tree.Section) else filter(None, notes.within)
        closing = remarked(f"{' ' * indent}}}", notes.behind)
        return [*_block(items, within, indent + INDENT), closing]

    # --- statements ---------------------------------------------------------------------------

    def _statement(self, node: tree.Statement) -> _Item:
        match node:
            case tree.Replace(requirement):
                return self._requirement(node, requirement, 0)
            case tree.Section(requirements=requirements):
                items = [self._requirement(item, item, INDENT) for item in requirements]
                body = self._body(node, items, 0)
                (cell,) = row(node)
                cells = (cell if body else Cell(f"{cell.text} {{}}"),)
                return self._row(node, cells, 0, body)
            case tree.SourceStatement(fields=fields):
                items = [_tight(self._row(item, row(item), INDENT)) for item in fields]
                return self._row(node, row(node), 0, self._body(node, items, 0))
        return self._row(node, row(node), 0)

    def _row(
        self,
        node: tree.Statement | tree.SourceField,
        cells: Row,
        indent: int,
        body: Sequence[str] | None = None,
    ) -> _Item:
        """Return the item of a node that is a row wherever possible."""
        if wide(cells, indent) or _has_lines(cells):
            return self._item(node, (), filled(chunks(node, cells), indent), body)
        return self._item(node, cells, (), body)

    def _requirement(
        self, node: tree.Requirement | tree.Replace, requirement: tree.Requirement, indent: int
    ) -> _Item:
        word = "" if node is requirement else "replace "
        cells = requirement_row(requirement, word, indent + CONTINUATION)
        body = self._body(node, self._details(requirement, indent + INDENT), indent)
        if self._plain(requirement.predicate) and not wide(cells, indent) and not _has_lines(cells):
            return self._item(node, cells, (), body)
        lead = f"{word}{requirement.level} {requirement.id.text}: "
        said = [clause(item, indent + CONTINUATION) for item in clauses(requirement)]
        return self._item(node, (), self._spread(lead, requirement.predicate, said, indent), body)

    # --- details ------------------------------------------------------------------------------

    def _details(self, requirement: tree.Requirement, indent: int) -> list[_Item]:
        details = sorted(requirement.details, key=lambda node: DETAILS.index(detail_word(node)))
        column = max((len(detail_word(node)) for node in details), default=0)
        return [
            _tight(self._item(node, (), self._detail(node, column, indent))) for node in details
        ]

    def _detail(self, node: tree.Detail, column: int, indent: int) -> list[str]:
        lead = f"{detail_word(node):{column}} "
        margin = indent + INDENT
        match node:
            case tree.Where(predicate):
                return self._spread(lead, predicate, (), indent)
            case tree.Was(ids):
                first, *others = words(ids)
                return filled([[lead + first, *others]], indent)
            case tree.Allow(code, reason):
                text = f"{code.text} {value(reason, margin)}"
            case tree.Placed(said) | tree.Deprecated(said):
                text = value(said, margin) if said else ""
            case tree.ErratumDetail(text=said) | tree.Remark(text=said):
                text = value(said, margin)
        lines = filled([[f"{lead}{text}".rstrip()]], indent)
        if isinstance(node, tree.ErratumDetail) and node.intended:
            when = [clause(node.when, margin + CONTINUATION)] if node.when else []
            lines += self._spread("intended ", node.intended, when, margin)
        return lines

    # --- predicates ---------------------------------------------------------------------------

    def _spread(
        self, lead: str, predicate: tree.Predicate, said: Sequence[Pieces], indent: int
    ) -> list[str]:
        """Return the lines of a predicate between its lead and its clauses."""
        margin = indent + CONTINUATION
        match predicate:
            case tree.Negation(part):
                return self._spread(f"{lead}not ", part, said, indent)
            case tree.Leaf():
                first, *others = leaf(predicate, margin)
                return filled([[lead + first, *others], *said], indent)
        text = lead + inline(predicate, margin)
        cells = (Cell(text), *(clause_cell(pieces) for pieces in said))
        if self._plain(predicate) and not wide(cells, indent) and not _has_lines(cells):
            return filled([[text], *said], indent)
        opening = f"{' ' * indent}{lead}{predicate.word} {{"
        return [
            remarked(opening, self._around(predicate).opening),
            *self._parts(predicate, indent + INDENT),
            *filled([["}"], *said], indent),
        ]

    def _parts(self, group: tree.Group, indent: int) -> list[str]:
        items = []
        for part, following in zip_longest(group.parts, group.parts[1:]):
            *lines, last = self._spread("", part, (), indent)
            last += ";" if isinstance(following, tree.Leaf) and _continues(following) else ""
            items.append(_tight(self._item(part, (), [*lines, last])))
        return _block(items, filter(None, self._around(group).within), indent)

    def _plain(self, predicate: tree.Predicate) -> bool:
        """Tell whether no comments stand in the groups of a predicate."""
        match predicate:
            case tree.Negation(part):
                return self._plain(part)
            case tree.Group(parts=parts):
                around = [self._around(part) for part in parts]
                return (
                    not self._around(predicate).inside
                    and not any(notes.behind or any(notes.before) for notes in around)
                    and all(self._plain(part) for part in parts)
                )
        return True


# --- blocks -----------------------------------------------------------------------------------


def _block(items: Iterable[_Item], within: Iterable[str], indent: int) -> list[str]:
    """Return the lines of items and of what stands at the end of their block."""
    lines: list[str] = []
    for run in _runs(items):
        for item, head in zip(run, _heads(run, indent), strict=True):
            lines += _beside(item.before, indent)
            lines += head
            lines += item.body or ()
    lines += _beside(within, indent)
    while lines and not lines[-1]:
        lines.pop()
    return lines[1:] if lines and not lines[0] else lines


def _runs(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Yield rows that stand together, and each item with lines of its own alone.

    A row with a body is the last of its run.
    """
    run: list[_Item] = []
    for item in items:
        last = run[-1] if run else None
        if last and (item.lines or last.lines or last.body is not None or _parted(last, item)):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _parted(earlier: _Item, later: _Item) -> bool:
    return earlier.sort is not later.sort or "" in later.before


def _heads(run: Sequence[_Item], indent: int) -> Iterator[list[str]]:
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
        column = max((width(text) + 2 for text, comment in rows if comment), default=0)
        yield from ([remarked(text, comment, column)] for text, comment in rows)


def _opened(line: str, item: _Item) -> str:
    return line if item.body is None else f"{line} {{"


def _beside(lines: Iterable[str], indent: int) -> list[str]:
    return [f"{' ' * indent}{line}" if line else "" for line in lines]


def _tight(item: _Item) -> _Item:
    """Return an item without the empty lines before it."""
    return replace(item, before=list(filter(None, item.before)))


def _spaced(items: Sequence[_Item]) -> Iterator[_Item]:
    """Yield statements with an empty line where other statements or blocks begin."""
    for earlier, item in zip([None, *items], items, strict=False):
        forced = earlier and _apart(earlier, item) and "" not in item.before
        yield replace(item, before=["", *item.before]) if forced else item


def _apart(earlier: _Item, later: _Item) -> bool:
    sorts = {earlier.sort, later.sort}
    if tree.Section in sorts or (sorts == {tree.SourceStatement} and (earlier.body or later.body)):
        return True
    return len(sorts) > 1 and not any(sorts <= family for family in _FAMILIES)


def _has_lines(cells: Row) -> bool:
    return any("\n" in cell.text or "\n" in cell.tail for cell in cells)


def _continues(leaf: tree.Leaf) -> bool:
    return leaf.kind.text in _CONTINUING
