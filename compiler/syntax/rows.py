"""The columns of statements that stand on one line each, and how such a line may be broken."""

from __future__ import annotations

from functools import singledispatch

from reqc.compiler.syntax import tree
from reqc.compiler.syntax.layout import INDENT, Cell, Pieces, Row
from reqc.compiler.syntax.spelling import (
    citation,
    clause,
    clauses,
    statement_cell,
    titled,
    value,
    words,
)


def requirement_row(node: tree.Requirement, words_before: str, margin: int) -> Row:
    """Return level, name, kind and clauses of a requirement; the citations are one column."""
    texts: dict[type[tree.Clause], list[str]] = {tree.On: [], tree.When: [], tree.Cite: []}
    for item in clauses(node):
        texts[type(item)].append(" ".join(clause(item, margin)))
    on, when, cited = texts.values()
    return (
        Cell(f"{words_before}{node.level}"),
        Cell(f"{node.id.text}:"),
        statement_cell(node.predicate, margin),
        Cell(" ".join(on)),
        Cell(" ".join(when)),
        Cell(" ".join(cited), outside=cited[-1] if cited else ""),
    )


def clause_cell(pieces: Pieces) -> Cell:
    """Return a clause as a column."""
    text = " ".join(pieces)
    return Cell(text, outside=text if text.startswith("@") else "")


@singledispatch
def row(node: tree.Statement | tree.SourceField) -> Row:
    """Return the columns of a statement, of one with a block without its block."""
    message = f"{type(node).__name__} has no columns"
    raise TypeError(message)


@row.register
def _(node: tree.Header) -> Row:
    return (Cell(f"req {node.version.text}"),)


@row.register
def _(node: tree.Identity) -> Row:
    platform = f" on {node.platform.text}" if node.platform else ""
    said = f"spec {node.product.text} {node.version.text}{platform}"
    return (Cell(titled(said, node.title, INDENT)),)


@row.register
def _(node: tree.Fragment) -> Row:
    return (Cell(titled(f"fragment {node.name.text}", node.title, INDENT)),)


@row.register
def _(node: tree.Revision) -> Row:
    return (Cell(f"revision {value(node.value, INDENT)}"),)


@row.register
def _(node: tree.Use) -> Row:
    return (Cell(titled("use", node.path, INDENT)),)


@row.register
def _(node: tree.Amends) -> Row:
    return (Cell(titled("amends", node.path, INDENT)),)


@row.register
def _(node: tree.SourceStatement) -> Row:
    return (Cell(f"source {node.name.text}"), _unbreakable(node.file))


@row.register
def _(node: tree.SourceField) -> Row:
    return (Cell(node.name.text), _unbreakable(node.value, 2 * INDENT))


@row.register
def _(node: tree.Option) -> Row:
    return (
        Cell(f"option {node.name.text}:"),
        Cell(" | ".join(word.text for word in node.types)),
        Cell(f"= {value(node.default, INDENT)}" if node.default else ""),
        _unbreakable(node.help),
    )


@row.register
def _(node: tree.Role) -> Row:
    when = " ".join(clause(node.when, INDENT)) if node.when else ""
    return (Cell(f"role {node.name.text}"), _unbreakable(node.help), Cell(when))


@row.register
def _(node: tree.Default) -> Row:
    return (Cell(f"default {node.option.text}"), Cell(f"= {value(node.value, INDENT)}"))


@row.register
def _(node: tree.Remove) -> Row:
    return (Cell(" ".join(["remove", *words(node.ids)])),)


@row.register
def _(node: tree.Retitle) -> Row:
    return (Cell(f"retitle {node.id.text}"), _unbreakable(node.title))


@row.register
def _(node: tree.Allow) -> Row:
    return (Cell(f"allow {node.code.text}"), _unbreakable(node.reason))


@row.register
def _(node: tree.Ignore) -> Row:
    lines = ", ".join(citation(item) for item in node.lines)
    return (Cell(f"ignore {lines}"), _unbreakable(node.reason))


@row.register
def _(node: tree.Section) -> Row:
    return (Cell(titled(f"section {node.name.text}", node.title, INDENT)),)


def chunks(node: tree.Statement | tree.SourceField, cells: Row) -> list[Pieces]:
    """Return the row of a statement as pieces for several lines, broken where the syntax allows."""
    match node:
        case tree.Remove(ids):
            first, *others = words(ids)
            return [[f"remove {first}", *others]]
        case tree.Ignore(lines, reason):
            *cited, last = words([tree.Word(citation(item), item.span) for item in lines])
            pieces = [*cited, f"{last} {value(reason, INDENT)}"]
            return [[f"ignore {pieces[0]}", *pieces[1:]]]
        case tree.Role(name, text, when) if when is not None:
            return [[titled(f"role {name.text}", text, INDENT)], clause(when, INDENT)]
    return [[" ".join(cell.text for cell in cells if cell.text)]]


def _unbreakable(node: tree.Word | tree.String | None, margin: int = INDENT) -> Cell:
    text = value(node, margin) if node else ""
    return Cell(text, outside=text)
