"""The canonical text of a syntax tree: what `reqc fmt` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Final

from msgspec.structs import replace

from reqc.compiler.syntax import tree
from reqc.compiler.syntax.blocks import Item, block, spaced, tight
from reqc.compiler.syntax.comments import Node, Notes, attached
from reqc.compiler.syntax.layout import (
    CONTINUATION,
    INDENT,
    Cell,
    Pieces,
    Row,
    filled,
    fits,
    one_line,
    remarked,
)
from reqc.compiler.syntax.packed import unpacked
from reqc.compiler.syntax.rows import chunks, clause_cell, requirement_row, row
from reqc.compiler.syntax.spelling import clause, clauses, inline, leaf, value, words

_CONTINUING: Final = frozenset({"when", "on", "and", "or", "intended"})
"""Before these words a line end does not count, so it cannot separate two parts of a group."""


def canonical(file: tree.File) -> str:
    """Return the canonical text of a file that has no mistakes, with its comments.

    Parsed again it is the same tree, but for the order of clauses and details.
    """
    # Comments belong to nodes by their identity.
    whole = replace(file, statements=unpacked(file.statements))
    return _Printer(attached(whole)).text(whole.statements, whole)


def canonical_statements(statements: Iterable[tree.Statement]) -> str:
    """Return the canonical text of statements, wherever they come from, without comments."""
    return _Printer({}).text(statements)


def unaligned(
    statements: Iterable[tree.Statement],
    change: Callable[[tree.Requirement], tree.Requirement] = lambda requirement: requirement,
) -> Iterator[str]:
    """Yield the lines of statements without comments and columns, each row on one line.

    They are the same tree as the canonical text, and stay the same when its layout gets better.
    Of the requirements of a section is printed what `change` makes of them, one after the other.
    """
    printer = _Printer({})
    for node in statements:
        match node:
            case tree.Replace(requirement):
                yield from printer.unaligned(requirement, "replace ")
            case tree.Section(requirements=requirements):
                within = map(printer.unaligned, map(change, requirements))
                yield from _braced(one_line(row(node)), chain.from_iterable(within))
            case tree.SourceStatement(fields=fields) if fields:
                yield from _braced(one_line(row(node)), (one_line(row(item)) for item in fields))
            case _:
                yield one_line(row(node))


def _braced(head: str, within: Iterable[str]) -> Iterator[str]:
    yield f"{head} {{"
    yield from within
    yield "}"


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


class _Printer:
    def __init__(self, notes: Mapping[int, Notes]) -> None:
        self.notes = notes

    def text(self, statements: Iterable[tree.Statement], file: tree.File | None = None) -> str:
        items = spaced([self._statement(node) for node in statements])
        lines = block(items, self._around(file).within if file else (), 0)
        return "".join(f"{line}\n" for line in lines)

    def _around(self, node: Node | tree.File) -> Notes:
        return self.notes.get(id(node)) or Notes()

    def _item(
        self,
        node: Node,
        row: Row = (),
        lines: Sequence[str] = (),
        body: Sequence[str] | None = None,
    ) -> Item:
        notes = self._around(node)
        comment = notes.behind if body is None else notes.opening
        return Item(type(node), notes.before, row, lines, comment, body)

    def _body(self, node: Node, items: Sequence[Item], indent: int) -> list[str] | None:
        """Return the lines behind the opening brace of a node, or None if there is nothing."""
        notes = self._around(node)
        if not items and not notes.inside:
            return None
        within = notes.within if isinstance(node, tree.Section) else filter(None, notes.within)
        closing = remarked(f"{' ' * indent}}}", notes.behind)
        return [*block(items, within, indent + INDENT), closing]

    # --- statements ---------------------------------------------------------------------------

    def _statement(self, node: tree.Statement) -> Item:
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
                items = [tight(self._row(item, row(item), INDENT)) for item in fields]
                return self._row(node, row(node), 0, self._body(node, items, 0))
        return self._row(node, row(node), 0)

    def _row(
        self,
        node: tree.Statement | tree.SourceField,
        cells: Row,
        indent: int,
        body: Sequence[str] | None = None,
    ) -> Item:
        """Return the item of a node that is a row wherever possible."""
        if fits(cells, indent):
            return self._item(node, cells, (), body)
        return self._item(node, (), filled(chunks(node, cells), indent), body)

    def _requirement(
        self, node: tree.Requirement | tree.Replace, requirement: tree.Requirement, indent: int
    ) -> Item:
        word = "" if node is requirement else "replace "
        cells = requirement_row(requirement, word, indent + CONTINUATION)
        body = self._body(node, self._details(requirement, indent + INDENT), indent)
        if self._plain(requirement.predicate) and fits(cells, indent):
            return self._item(node, cells, (), body)
        lead = f"{word}{requirement.level} {requirement.id.text}: "
        said = [clause(item, indent + CONTINUATION) for item in clauses(requirement)]
        return self._item(node, (), self._spread(lead, requirement.predicate, said, indent), body)

    def unaligned(self, requirement: tree.Requirement, word: str = "") -> Iterator[str]:
        """Yield the lines of a requirement, of which the first holds all but the details."""
        head = one_line(requirement_row(requirement, word, CONTINUATION))
        details = [line for item in self._details(requirement, INDENT) for line in item.lines]
        yield from _braced(head, details) if details else (head,)

    # --- details ------------------------------------------------------------------------------

    def _details(self, requirement: tree.Requirement, indent: int) -> list[Item]:
        details = sorted(
            requirement.details, key=lambda node: tree.DETAILS.index(detail_word(node))
        )
        leads = (len(detail_word(node)) for node in details if not _stands_alone(node))
        column = max(leads, default=0)
        return [tight(self._item(node, (), self._detail(node, column, indent))) for node in details]

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
        if self._plain(predicate) and fits(cells, indent):
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
            last += ";" if _continues(following) else ""
            items.append(tight(self._item(part, (), [*lines, last])))
        return block(items, filter(None, self._around(group).within), indent)

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


def _continues(part: tree.Predicate | None) -> bool:
    return isinstance(part, tree.Leaf) and part.kind.text in _CONTINUING


def _stands_alone(node: tree.Detail) -> bool:
    return isinstance(node, tree.Deprecated) and node.text is None
