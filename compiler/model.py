"""The document: what a specification means before the choices of a deployment are applied."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reqc.compiler.conditions import Condition, Value
from reqc.compiler.inputs import Input
from reqc.compiler.kinds.base import Predicate
from reqc.compiler.lowered import Citation, Identity, Level, LoweredSource
from reqc.compiler.source import Place, Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.values import OptionType


class Option(Struct, frozen=True):
    """A choice of a deployment; without a default somebody has to choose."""

    name: str
    type: OptionType
    default: Value | None
    help: str
    span: Span


class Role(Struct, frozen=True):
    """A group of hosts."""

    name: str
    help: str
    condition: Condition | None
    span: Span


class Erratum(Struct, frozen=True):
    """What the page prints but its authors did not mean; `intended` replaces it, if anything."""

    text: str
    intended: Predicate | None
    condition: Condition | None


class Places(Struct, frozen=True):
    """Where the parts of a requirement are written; `citations` are in the order of its own."""

    id: Span
    predicate: Span
    condition: Span | None
    citations: tuple[Span, ...]


class Requirement(Struct, frozen=True):
    """One requirement with its typed predicate; `was` are ids it had in earlier versions.

    `span` goes from the id to the last clause. `place` is the line that artefacts name: that of
    the id, or the one it had before `reqc show` resolved its document.
    """

    id: str
    level: Level
    predicate: Predicate
    roles: tuple[str, ...]
    condition: Condition | None
    guard: Predicate | None
    citations: tuple[Citation, ...]
    title: str
    because: str | None
    notes: tuple[str, ...]
    fix: str | None
    see: tuple[str, ...]
    erratum: Erratum | None
    was: tuple[str, ...]
    deprecated: str | None
    span: Span
    places: Places
    place: Place


class Section(Struct, frozen=True):
    """Requirements in the order of the page."""

    name: str
    title: str
    requirements: tuple[Requirement, ...]
    span: Span


class Allowance(Struct, frozen=True):
    """A lint that shall not speak up, about one requirement or, without an id, about anything."""

    code: str
    reason: str
    requirement: str | None
    span: Span


class IgnoredLines(Struct, frozen=True):
    """Lines of a source that ask for nothing, so that nothing has to cite them."""

    lines: Citation
    reason: str
    span: Span


class Document(Struct, frozen=True):
    """A specification with everything it uses.

    `texts` are what was read, the main file first. `statements` say the same as they do, in one
    file that takes in no other.
    `inputs` are the files behind it, empty where they cannot be read again.
    `identity_span` is where the document says what it is of, `source_spans` tell by name where a
    source is declared.
    """

    identity: Identity
    identity_span: Span
    sources: tuple[LoweredSource, ...]
    source_spans: Mapping[str, Span]
    options: Mapping[str, Option]
    roles: Mapping[str, Role]
    sections: tuple[Section, ...]
    allowances: tuple[Allowance, ...]
    ignored: tuple[IgnoredLines, ...]
    texts: tuple[Source, ...]
    statements: tuple[tree.Statement, ...]
    inputs: tuple[Input, ...] = ()

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """All requirements in the order of the page."""
        return tuple(item for section in self.sections for item in section.requirements)
