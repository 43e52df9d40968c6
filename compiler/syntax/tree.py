"""The syntax tree: what a file says, word for word, with the place of everything.

Spans do not take part in comparison, so two texts that say the same are equal trees.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from reqc.compiler.source import Source, Span

_PLACES: Final = frozenset({"span", "source"})


class Node(Struct, frozen=True, eq=False, array_like=True, tag=True):
    """A part of the tree, equal to every part that says the same wherever it stands."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in _PLACES)


class Word(Node, frozen=True, gc=False):
    """A bare word: a name, a number, a version, a range of ports and the like."""

    text: str
    span: Span


class String(Node, frozen=True, gc=False):
    """A quoted text, with its escapes resolved; `long` texts stand in three quotes."""

    text: str
    long: bool
    span: Span


class Sign(Node, frozen=True, gc=False):
    """A comparison, an equals sign or an arrow."""

    text: str
    span: Span


class ListTerm(Node, frozen=True):
    """Terms in brackets."""

    items: tuple[Term, ...]
    span: Span


Term: TypeAlias = Word | String | Sign | ListTerm
Phrase: TypeAlias = tuple[Term, ...]


class Leaf(Node, frozen=True):
    """A kind with its arguments, which are phrases separated by commas."""

    kind: Word
    arguments: tuple[Phrase, ...]
    span: Span


class Group(Node, frozen=True):
    """`all { … }` or `any { … }`."""

    word: str
    parts: tuple[Predicate, ...]
    span: Span


class Negation(Node, frozen=True):
    """`not …`."""

    part: Predicate
    span: Span


Predicate: TypeAlias = Leaf | Group | Negation


class OptionTest(Node, frozen=True):
    """An option alone, compared with a value, or looked for among several (`sign` is `in`)."""

    option: Word
    sign: str
    values: tuple[Word | String, ...]
    span: Span


class Junction(Node, frozen=True):
    """Conditions joined by `and` or by `or`."""

    word: str
    parts: tuple[ConditionTree, ...]
    span: Span


class Inversion(Node, frozen=True):
    """`not` before a condition."""

    part: ConditionTree
    span: Span


ConditionTree: TypeAlias = OptionTest | Junction | Inversion


class On(Node, frozen=True):
    """`on ROLE, …`."""

    roles: tuple[Word, ...]
    span: Span


class When(Node, frozen=True):
    """`when CONDITION`."""

    condition: ConditionTree
    span: Span


class Cite(Node, frozen=True):
    """`@source`, `@source:12` or `@source:12-14`."""

    source: str
    first: int | None
    last: int | None
    span: Span


Clause: TypeAlias = On | When | Cite


class Where(Node, frozen=True):
    """`where KIND …`: a fact of the node without which the requirement is not applicable."""

    predicate: Predicate
    span: Span


class Remark(Node, frozen=True):
    """`title`, `because`, `note`, `fix` or `see` with a text."""

    word: str
    text: String
    span: Span


class ErratumDetail(Node, frozen=True):
    """`erratum "…" intended KIND … when …`."""

    text: String
    intended: Predicate | None
    when: When | None
    span: Span


class Was(Node, frozen=True):
    """`was OLD-ID, …`."""

    ids: tuple[Word, ...]
    span: Span


class Deprecated(Node, frozen=True):
    """`deprecated "…"`."""

    text: String | None
    span: Span


class Allow(Node, frozen=True):
    """`allow CODE "reason"`: a lint does not speak up, in the whole file or for a requirement."""

    code: Word
    reason: String
    span: Span


class Placed(Node, frozen=True):
    """`at "file:line"`: where the requirement stood before its document was resolved."""

    place: String
    span: Span


Detail: TypeAlias = Where | Remark | ErratumDetail | Was | Deprecated | Allow | Placed

DETAILS: Final = (
    *("title", "where", "because", "note", "fix", "see"),
    *("erratum", "was", "deprecated", "allow", "at"),
)
"""The words that details begin with, in their canonical order."""


class Requirement(Node, frozen=True):
    """`LEVEL ID: KIND ARGUMENT… CLAUSE… { DETAIL… }`."""

    level: str
    id: Word
    predicate: Predicate
    clauses: tuple[Clause, ...]
    details: tuple[Detail, ...]
    span: Span


class Header(Node, frozen=True):
    """`req VERSION`."""

    version: Word
    span: Span


class Identity(Node, frozen=True):
    """`spec PRODUCT VERSION on PLATFORM "title"`."""

    product: Word
    version: Word
    platform: Word | None
    title: String | None
    span: Span


class Fragment(Node, frozen=True):
    """`fragment NAME "title"`."""

    name: Word
    title: String | None
    span: Span


class Revision(Node, frozen=True):
    """`revision DATE-OR-WORD`."""

    value: Word | String
    span: Span


class Use(Node, frozen=True):
    """`use "path"`."""

    path: String
    span: Span


class SourceField(Node, frozen=True):
    """A field of a source document."""

    name: Word
    value: Word | String
    span: Span


class SourceStatement(Node, frozen=True):
    """`source NAME "file" { FIELD… }`."""

    name: Word
    file: String | None
    fields: tuple[SourceField, ...]
    span: Span


class Option(Node, frozen=True):
    """`option NAME: TYPE = DEFAULT "help"`; several types are the words of an enumeration."""

    name: Word
    types: tuple[Word, ...]
    default: Word | String | None
    help: String | None
    span: Span


class Role(Node, frozen=True):
    """`role NAME "help" when CONDITION`."""

    name: Word
    help: String | None
    when: When | None
    span: Span


class Section(Node, frozen=True):
    """`section NAME "title" { REQUIREMENT… }`; each look at a requirement may unpack it anew."""

    name: Word
    title: String | None
    requirements: Sequence[Requirement]
    span: Span


class Amends(Node, frozen=True):
    """`amends "path"`: the document begins as another one."""

    path: String
    span: Span


class Remove(Node, frozen=True):
    """`remove SECTION.ID, …`."""

    ids: tuple[Word, ...]
    span: Span


class Replace(Node, frozen=True):
    """`replace LEVEL SECTION.ID: …`; the id of the requirement is the full one."""

    requirement: Requirement
    span: Span


class Default(Node, frozen=True):
    """`default OPTION = VALUE`."""

    option: Word
    value: Word | String
    span: Span


class Retitle(Node, frozen=True):
    """`retitle SECTION "title"` or `retitle SECTION.ID "title"`."""

    id: Word
    title: String
    span: Span


class Ignore(Node, frozen=True):
    """`ignore @source:12-14 "reason"`: lines of a source that ask for nothing."""

    lines: tuple[Cite, ...]
    reason: String
    span: Span


Statement: TypeAlias = (
    Header
    | Identity
    | Fragment
    | Revision
    | Use
    | SourceStatement
    | Option
    | Role
    | Section
    | Amends
    | Remove
    | Replace
    | Default
    | Retitle
    | Allow
    | Ignore
)


class Comment(Node, frozen=True):
    """A comment, from its `#` to the end of its line."""

    text: str
    span: Span


class File(Node, frozen=True):
    """One file: its statements, and beside them its comments, both in the order of the text.

    `lost` are names whose declarations were begun but not understood. A file is not `complete`
    where a statement was lost that may have declared any name.
    """

    source: Source
    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]
    lost: frozenset[str] = frozenset()
    complete: bool = True
