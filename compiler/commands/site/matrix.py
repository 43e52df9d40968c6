"""The versions of a page side by side: what became of each requirement from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.document.choices import is_withdrawn
from reqc.compiler.comparison.changes import Change, Comparison, Difference
from reqc.compiler.conditions import Condition, written
from reqc.compiler.lowered import Level, LoweredDocument, LoweredRequirement, LoweredSection
from reqc.compiler.prose import plain

MEANING: Final = {
    "new": "not asked for in the version before",
    "gone": "no longer asked for",
    "stricter": "a host that satisfied the version before may fail",
    "looser": "every host that satisfied the version before still does, and others may",
    "different": "stricter for some hosts or choices, looser for others",
    "moved to a condition": "asked for only for some choices of options from now on",
    "renamed": "the same under another id",
    "page only": "what the page prints changed, not the product",
}
"""The marks of a matrix, and what each says of a version and the one before."""

_WORDS: Final = {Change.ADDED: "new", Change.REMOVED: "gone", Change.EQUIVALENT: "renamed"}
_MOST_LETTERS: Final = 110


class Mark(Struct, frozen=True):
    """What happened to a requirement; `change` is the id that tells it on the page of changes."""

    words: tuple[str, ...]
    change: str


class Said(Struct, frozen=True):
    """What one version asks for. `id` is empty where it is that of the row."""

    anchor: str
    id: str
    level: Level
    statement: str
    condition: str


class Cell(Struct, frozen=True):
    """A row in one version; `as_before` says that it reads like the version before."""

    said: tuple[Said, ...]
    marks: tuple[Mark, ...] = ()
    as_before: bool = False


class Row(Struct, frozen=True):
    """A requirement through all versions, under its newest id and those it had before."""

    id: str
    was: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def changed(self) -> bool:
        """Whether anything happened to it."""
        return any(cell.marks for cell in self.cells)


class Part(Struct, frozen=True):
    """The rows of a section, as the newest version that has it calls it."""

    id: str
    title: str
    rows: tuple[Row, ...]


def matrix(documents: Sequence[LoweredDocument], steps: Sequence[Comparison]) -> tuple[Part, ...]:
    """Return the matrix of documents, the oldest first, and the comparisons of neighbours.

    Rows are in the order of the newest document; what it has no more comes last in its section.
    """
    threads = _threads(steps)
    asked: dict[str, list[list[LoweredRequirement]]] = {}
    home: dict[str, LoweredSection] = {}
    # From the newest on, so that it decides about order, names and sections.
    for number, document in reversed(list(enumerate(documents))):
        for section in document.sections:
            for item in section.requirements:
                if is_withdrawn(document, item):
                    continue
                thread = threads[item.origin.id]
                home.setdefault(thread, section)
                columns = asked.setdefault(thread, [[] for _ in documents])
                columns[number].append(item)
    happened = [
        _marks(pair, step, threads) for pair, step in zip(pairwise(documents), steps, strict=True)
    ]
    parts: dict[str, Part] = {}
    for thread, columns in asked.items():
        section = home[thread]
        part = parts.setdefault(
            section.id, Part(section.id, section.title.strip() or section.id, ())
        )
        row = _row(columns, [(), *(marks.get(thread, ()) for marks in happened)])
        parts[section.id] = replace(part, rows=(*part.rows, row))
    return tuple(parts.values())


def counts(parts: Sequence[Part], column: int) -> Mapping[str, int]:
    """Return how often each mark is in a column, without those that are not."""
    found = dict.fromkeys(MEANING, 0)
    for part in parts:
        for row in part.rows:
            for word in dict.fromkeys(
                word for mark in row.cells[column].marks for word in mark.words
            ):
                found[word] += 1
    return {word: count for word, count in found.items() if count}


def _threads(steps: Sequence[Comparison]) -> Mapping[str, str]:
    """Return by id what stands for all ids that are one requirement, over all versions."""
    leader: dict[str, str] = {}

    def found(name: str) -> str:
        leader.setdefault(name, name)
        while leader[name] != name:
            leader[name] = name = leader[leader[name]]
        return name

    for step in steps:
        for item in (*step.old.requirements, *step.new.requirements):
            found(item.id)
        for change in step.differences:
            first, *others = change.ids
            for other in others:
                leader[found(other)] = found(first)
    return {name: found(name) for name in leader}


def _marks(
    documents: tuple[LoweredDocument, LoweredDocument],
    step: Comparison,
    threads: Mapping[str, str],
) -> dict[str, tuple[Mark, ...]]:
    before, after = (
        {item.origin.id: item.condition for item in document.requirements} for document in documents
    )
    marks: dict[str, tuple[Mark, ...]] = {}
    for item in step.differences:
        moved = _is_moved(
            [before[side.id] for side in item.old], [after[side.id] for side in item.new]
        )
        mark = Mark(tuple(_happened(item, moved=moved)), item.id)
        thread = threads[item.id]
        marks[thread] = (*marks.get(thread, ()), mark)
    return marks


def _happened(item: Difference, *, moved: bool) -> Iterator[str]:
    if not (moved and item.change is Change.LOOSER):
        yield _WORDS.get(item.change, item.change.value)
    if moved:
        yield "moved to a condition"
    if item.erratum:
        yield "page only"


def _is_moved(before: Sequence[Condition | None], after: Sequence[Condition | None]) -> bool:
    """Tell whether what was asked for always is so only for some choices now."""
    return None in before and bool(after) and None not in after


def _row(columns: Sequence[Sequence[LoweredRequirement]], marks: Sequence[tuple[Mark, ...]]) -> Row:
    newest, *others = dict.fromkeys(
        item.origin.id for column in reversed(columns) for item in column
    )
    told = [tuple(_said(item, newest) for item in column) for column in columns]
    cells = [
        Cell(said, happened, as_before=bool(said) and said == before)
        for said, before, happened in zip(told, ((), *told), marks, strict=False)
    ]
    return Row(newest, tuple(others), tuple(cells))


def _said(item: LoweredRequirement, row: str) -> Said:
    return Said(
        anchor=item.origin.id,
        id="" if item.origin.id == row else item.origin.id,
        level=item.origin.level,
        statement=_cut(plain(item.statement)),
        condition="" if item.condition is None else _cut(written(item.condition)),
    )


def _cut(text: str) -> str:
    """Return as many words as a cell has room for."""
    line = " ".join(text.split())
    if len(line) <= _MOST_LETTERS:
        return line
    kept = line[:_MOST_LETTERS].rpartition(" ")[0] or line[:_MOST_LETTERS]
    return f"{kept.rstrip(' ,;')}\u2026"
