"""How the parts of a statement are written: words, texts, predicates, conditions and clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reqc.compiler.conditions import quoted
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.layout import Cell, Pieces
from reqc.compiler.syntax.strings import dedented

CLAUSES: Final = (tree.On, tree.When, tree.Cite)
"""The clauses of a requirement in their canonical order."""

_ARROWS: Final = frozenset({"->", "<->"})
_BLANKS: Final = re.compile(r"[ \t](?=\n)")
_QUOTES: Final = re.compile('"{3,}')


def value(node: tree.Word | tree.String, margin: int) -> str:
    """Return a word or a text; the lines of a long text begin at column `margin`."""
    match node:
        case tree.Word(text):
            return text
        case tree.String(text, long):
            return _long(text, margin) if long else quoted(text)


def titled(said: str, title: tree.String | None, margin: int) -> str:
    """Return what is said and the text behind it, if there is one."""
    return said if title is None else f"{said} {value(title, margin)}"


def inline(predicate: tree.Predicate, margin: int) -> str:
    """Return a predicate on one line, unless it holds long texts."""
    match predicate:
        case tree.Negation(part):
            return f"not {inline(part, margin)}"
        case tree.Group(word, parts):
            inner = "; ".join(inline(part, margin) for part in parts)
            return f"{word} {{ {inner} }}" if inner else f"{word} {{}}"
        case tree.Leaf():
            return " ".join(leaf(predicate, margin))


def leaf(node: tree.Leaf, margin: int) -> Pieces:
    """Return the pieces of a kind with its arguments, which end at commas."""
    phrases = [_phrase(phrase, margin) for phrase in node.arguments]
    return _glued([[node.kind.text], _listed(phrases)])


def statement_cell(predicate: tree.Predicate, margin: int) -> Cell:
    """Return a predicate for a column in which the ends of arrows stand below each other."""
    text = inline(predicate, margin)
    match predicate:
        case tree.Leaf(kind, (phrase,)):
            arrows = [at for at, term in enumerate(phrase) if _is_arrow(term)]
            if arrows and arrows[0] > 0:
                ends = " ".join(_phrase(phrase[arrows[0] - 1 :], margin))
                said = " ".join(_phrase(phrase[: arrows[0] - 1], margin))
                return Cell(f"{kind.text} {said}".rstrip(), ends)
    return Cell(text)


def clauses(requirement: tree.Requirement) -> list[tree.Clause]:
    """Return the clauses of a requirement in their canonical order."""
    return sorted(requirement.clauses, key=lambda clause: CLAUSES.index(type(clause)))


def clause(node: tree.Clause, margin: int) -> Pieces:
    """Return the pieces of a clause, which end at commas and before `and` and `or`."""
    match node:
        case tree.On(roles):
            return _glued([["on"], words(roles)])
        case tree.When(condition):
            return _glued([["when"], _condition(condition, margin)])
        case tree.Cite():
            return [citation(node)]


def words(nodes: Iterable[tree.Word]) -> Pieces:
    """Return words with commas between them."""
    return _listed([node.text] for node in nodes)


def citation(node: tree.Cite) -> str:
    """Return a citation with its lines."""
    if node.first is None:
        return f"@{node.source}"
    last = "" if node.last == node.first else f"-{node.last}"
    return f"@{node.source}:{node.first}{last}"


def _is_arrow(term: tree.Term) -> bool:
    return isinstance(term, tree.Sign) and term.text in _ARROWS


def _term(term: tree.Term, margin: int) -> Pieces:
    match term:
        case tree.ListTerm(items):
            return _bracketed("[", _listed(_term(item, margin) for item in items), "]")
        case tree.Sign(text):
            return [text]
        case _:
            return [value(term, margin)]


def _phrase(phrase: Iterable[tree.Term], margin: int) -> Pieces:
    return _glued(_term(term, margin) for term in phrase)


def _condition(condition: tree.ConditionTree, margin: int) -> Pieces:
    """Return the pieces of a condition, with those parentheses that its tree needs."""
    match condition:
        case tree.OptionTest(option, sign, values):
            found = _listed([value(item, margin)] for item in values)
            if sign == "in":
                return _glued([[option.text], ["in"], _bracketed("[", found, "]")])
            return _glued([[option.text], [sign] if sign else [], found])
        case tree.Inversion(part):
            return _glued([["not"], _operand(part, "not", margin)])
        case tree.Junction(word, parts):
            operands = [_operand(part, word, margin) for part in parts]
            others = (_glued([[word], operand]) for operand in operands[1:])
            return operands[0] + [piece for pieces in others for piece in pieces]


def _operand(part: tree.ConditionTree, operator: str, margin: int) -> Pieces:
    """Return a part of a condition; only `and` within `or` needs no parentheses."""
    pieces = _condition(part, margin)
    if isinstance(part, tree.Junction) and (operator, part.word) != ("or", "and"):
        return _bracketed("(", pieces, ")")
    return pieces


def _glued(parts: Iterable[Pieces]) -> Pieces:
    """Return rows of pieces as one row, where no line ends between the rows."""
    pieces: Pieces = []
    words: list[str] = []
    for part in parts:
        for number, piece in enumerate(part):
            if number:
                pieces.append(" ".join(words))
                words = []
            words.append(piece)
    return [*pieces, " ".join(words)] if words else pieces


def _listed(items: Iterable[Pieces]) -> Pieces:
    """Return rows of pieces with commas between them, behind which a line may end."""
    pieces: Pieces = []
    for item in items:
        if pieces:
            pieces[-1] += ","
        pieces += item
    return pieces


def _bracketed(opening: str, pieces: Pieces, closing: str) -> Pieces:
    first, *rest = pieces or [""]
    *most, last = [opening + first, *rest]
    return [*most, last + closing]


def _long(text: str, margin: int) -> str:
    """Return a text between three quotes, or between simple ones where only they can hold it.

    A text of several lines is indented as a whole. A reader takes that indent away again.
    """
    if "\n" not in text:
        raw = text
    else:
        *lines, last = text.replace("\r\n", "\r\r\n").split("\n")
        indent = " " * margin
        indented = [indent + line if line else "" for line in lines]
        raw = "\n".join(["", *indented, indent + last])
    return f'"""{_escaped(raw)}"""' if dedented(raw) == text else quoted(text)


def _escaped(raw: str) -> str:
    """Return what stands between three quotes for a text; quotes may not end it too early."""
    body = raw.removesuffix('"')
    text = _QUOTES.sub(_escaped_quotes, "".join(map(_character, body)))
    # A quote before the closing ones would be taken for one of them, even behind a backslash.
    return _BLANKS.sub(_by_number, text) + ("" if body == raw else "\\u{22}")


def _character(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable() or character in "\n\t":
        return character
    return f"\\u{{{ord(character):x}}}"


def _escaped_quotes(found: re.Match[str]) -> str:
    return found[0].replace('"', '\\"')


def _by_number(found: re.Match[str]) -> str:
    return f"\\u{{{ord(found[0]):x}}}"
