"""The syntax tree: what a file says, word for word, with the place of everything.

Spans do not take part in comparison, so two texts that say the same are equal trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from reqc.compiler.source import Source, Span


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word: a name, a number, a version, a range of ports and the like."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class String:
    """A quoted text, with its escapes resolved; `long` texts stand in three quotes."""

    text: str
    long: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sign:
    """A comparison, an equals sign or an arrow."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ListTerm:
    """Terms in brackets."""

    items: tuple[Term, ...]
    span: Span = field(compare=False, repr=False)


Term: TypeAlias = Word | String | Sign | ListTerm
Phrase: TypeAlias = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A kind with its arguments, which are phrases separated by commas."""

    kind: Word
    arguments: tuple[Phrase, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """`all { … }` or `any { … }`."""

    word: str
    parts: tuple[Predicate, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """`not …`."""

    part: Predicate
    span: Span = field(compare=False, repr=False)


Predicate: TypeAlias = Leaf | Group | Negation


@dataclass(frozen=True, slots=True)
class OptionTest:
    """An option alone, compared with a value, or looked for among several (`sign` is `in`)."""

    option: Word
    sign: str
    values: tuple[Word | String, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by `and` or by `or`."""

    word: str
    parts: tuple[ConditionTree, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Inversion:
    """`not` before a condition."""

    part: ConditionTree
    span: Span = field(compare=False, repr=False)


ConditionTree: TypeAlias = OptionTest | Junction | Inversion


@dataclass(frozen=True, slots=True)
class On:
    """`on ROLE, …`."""

    roles: tuple[Word, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class When:
    """`when CONDITION`."""

    condition: ConditionTree
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cite:
    """`@source`, `@source:12` or `@source:12-14`."""

    source: str
    first: int | None
    last: int | None
    span: Span = field(compare=False, repr=False)


Clause: TypeAlias = On | When | Cite


@dataclass(frozen=True, slots=True)
class Where:
    """`where KIND …`: a fact of the node without which the requirement is not applicable."""

    predicate: Predicate
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """`title`, `because`, `note`, `fix` or `see` with a text."""

    word: str
    text: String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ErratumDetail:
    """`erratum "…" intended KIND … when …`."""

    text: String
    intended: Predicate | None
    when: When | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Was:
    """`was OLD-ID, …`."""

    ids: tuple[Word, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Deprecated:
    """`deprecated "…"`."""

    text: String | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Allow:
    """`allow CODE "reason"`: a lint does not speak up, in the whole file or for a requirement."""

    code: Word
    reason: String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Placed:
    """`at "file:line"`: where the requirement stood before its document was resolved."""

    place: String
    span: Span = field(compare=False, repr=False)


Detail: TypeAlias = Where | Remark | ErratumDetail | Was | Deprecated | Allow | Placed

DETAILS: Final = (
    *("title", "where", "because", "note", "fix", "see"),
    *("erratum", "was", "deprecated", "allow", "at"),
)
"""The words that details begin with, in their canonical order."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """`LEVEL ID: KIND ARGUMENT… CLAUSE… { DETAIL… }`."""

    level: str
    id: Word
    predicate: Predicate
    clauses: tuple[Clause, ...]
    details: tuple[Detail, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """`req VERSION`."""

    version: Word
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """`spec PRODUCT VERSION on PLATFORM "title"`."""

    product: Word
    version: Word
    platform: Word | None
    title: String | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fragment:
    """`fragment NAME "title"`."""

    name: Word
    title: String | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Revision:
    """`revision DATE-OR-WORD`."""

    value: Word | String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Use:
    """`use "path"`."""

    path: String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SourceField:
    """A field of a source document."""

    name: Word
    value: Word | String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SourceStatement:
    """`source NAME "file" { FIELD… }`."""

    name: Word
    file: String | None
    fields: tuple[SourceField, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Option:
    """`option NAME: TYPE = DEFAULT "help"`; several types are the words of an enumeration."""

    name: Word
    types: tuple[Word, ...]
    default: Word | String | None
    help: String | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Role:
    """`role NAME "help" when CONDITION`."""

    name: Word
    help: String | None
    when: When | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """`section NAME "title" { REQUIREMENT… }`."""

    name: Word
    title: String | None
    requirements: tuple[Requirement, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Amends:
    """`amends "path"`: the document begins as another one."""

    path: String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Remove:
    """`remove SECTION.ID, …`."""

    ids: tuple[Word, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Replace:
    """`replace LEVEL SECTION.ID: …`; the id of the requirement is the full one."""

    requirement: Requirement
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Default:
    """`default OPTION = VALUE`."""

    option: Word
    value: Word | String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Retitle:
    """`retitle SECTION "title"` or `retitle SECTION.ID "title"`."""

    id: Word
    title: String
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ignore:
    """`ignore @source:12-14 "reason"`: lines of a source that ask for nothing."""

    lines: tuple[Cite, ...]
    reason: String
    span: Span = field(compare=False, repr=False)


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


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, from its `#` to the end of its line."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """One file: its statements, and beside them its comments, both in the order of the text.

    `lost` are names whose declarations were begun but not understood. A file is not `complete`
    where a statement was lost that may have declared any name.
    """

    source: Source = field(compare=False, repr=False)
    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]
    lost: frozenset[str] = frozenset()
    complete: bool = True
