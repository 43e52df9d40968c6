"""The document: what a specification means before the choices of a deployment are applied."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from reqc.compiler.conditions import Condition, Value
from reqc.compiler.inputs import Input
from reqc.compiler.kinds.base import Predicate
from reqc.compiler.lowered import Citation, Identity, Level, LoweredSource
from reqc.compiler.source import Place, Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.values import OptionType

_PLACE: Final = struct.Struct("=II")
"""A start and an end, in bytes; no file is as large as these numbers can be."""


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


class Places(Struct, frozen=True, gc=False):
    """Where a requirement and its parts are written, all in one file.

    `offsets` are where the places start and end, in bytes, because a large file has many: the whole
    requirement, its id, the predicate, the condition or nothing, and the citations.
    """

    source: Source
    offsets: bytes

    @classmethod
    def of(
        cls, whole: Span, id_: Span, predicate: Span, condition: Span | None, *citations: Span
    ) -> Places:
        """Return the places of a requirement; `citations` are in the order of its own."""
        nowhere = Span(whole.source, 0, 0)
        spans = (whole, id_, predicate, condition or nowhere, *citations)
        offsets = b"".join(_PLACE.pack(span.start, span.end) for span in spans)
        return cls(whole.source, offsets)

    @property
    def whole(self) -> Span:
        """From the id to the last clause."""
        return self._span(0)

    @property
    def id(self) -> Span:
        """The id."""
        return self._span(1)

    @property
    def predicate(self) -> Span:
        """The kind with its arguments, or what joins several."""
        return self._span(2)

    @property
    def condition(self) -> Span | None:
        """The clause with the condition, if there is one."""
        found = self._span(3)
        return found if found.end else None

    @property
    def citations(self) -> tuple[Span, ...]:
        """The citations, in the order of the requirement's own."""
        places = len(self.offsets) // _PLACE.size
        return tuple(self._span(number) for number in range(4, places))

    def _span(self, number: int) -> Span:
        return Span(self.source, *_PLACE.unpack_from(self.offsets, number * _PLACE.size))


class Requirement(Struct, frozen=True, gc=False):
    """One requirement with its typed predicate; `was` are ids it had in earlier versions.

    `moved` is the line of the id before `reqc show` resolved the document, if it did.
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
    places: Places
    moved: Place | None = None

    @property
    def place(self) -> Place:
        """The line that artefacts name."""
        return self.moved or self.places.id.place


class Wholes:
    """Where requirements are written as a whole, by their numbers, in a few bytes for each."""

    def __init__(self, requirements: Sequence[Requirement]) -> None:
        self._sources = tuple(item.places.source for item in requirements)
        self._offsets = b"".join(item.places.offsets[: _PLACE.size] for item in requirements)

    def __getitem__(self, number: int) -> Span:
        """Return the place of a requirement, from its id to its last clause."""
        found = _PLACE.unpack_from(self._offsets, number * _PLACE.size)
        return Span(self._sources[number], *found)


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
