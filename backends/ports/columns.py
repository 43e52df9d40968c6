"""The columns of the table for people: what each cell says of a row, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from reqc.backends.citations import cited
from reqc.backends.document.remark import Remark
from reqc.backends.ports.table import Reason, Row
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import Code, Inline, Sentence, sentence

Cell: TypeAlias = tuple[Sentence, ...]
"""The lines of a cell: one, or one for each reason of the row."""

APPLIES: Final[Mapping[bool | None, str]] = {True: "yes", False: "no", None: "undecided"}

_OF_THE_ROW: Final[Mapping[str, Callable[[Row], Sentence]]] = {
    "Source": lambda row: (Code(row.source.role),),
    "Source addresses": lambda row: sentence(row.source.known),
    "Destination": lambda row: (Code(row.destination.role),),
    "Destination addresses": lambda row: sentence(row.destination.known),
    "Protocol": lambda row: sentence(row.protocol),
    "Protocol number": lambda row: sentence(str(row.flow.protocol)),
    "Ports": lambda row: sentence(row.ports),
    "Direction": lambda row: sentence(row.direction),
    "Applies": lambda row: sentence(APPLIES[row.applies]),
}

_OF_A_REASON: Final[Mapping[str, Callable[[LoweredDocument, Reason], Sentence]]] = {
    "Purpose": lambda _, reason: sentence(reason.requirement.origin.title),
    "Level": lambda _, reason: sentence(reason.requirement.origin.level.upper()),
    "Condition": lambda _, reason: reason.condition,
    "Requirement": lambda _, reason: (Code(reason.requirement.origin.id),),
    "Specification": lambda _, reason: (Code(str(reason.requirement.origin.place)),),
    "Stated in": lambda document, reason: sentence(
        cited(document, reason.requirement.origin.citations)
    ),
    "Notes": lambda _, reason: _notes(reason.remarks),
}

HEAD: Final = (*_OF_THE_ROW, *_OF_A_REASON)
"""The titles. The columns before `Purpose` have one line in every row.

The others have as many lines as the row has reasons, in the same order.
"""


def cells(document: LoweredDocument, row: Row) -> tuple[Cell, ...]:
    """Return what a row says in each column."""
    of_row = (((say(row)),) for say in _OF_THE_ROW.values())
    of_reasons = (
        tuple(say(document, reason) for reason in row.reasons) for say in _OF_A_REASON.values()
    )
    return (*of_row, *of_reasons)


def _notes(remarks: tuple[Remark, ...]) -> Sentence:
    return tuple(_enumerated(remarks))


def _enumerated(remarks: tuple[Remark, ...]) -> Iterator[Inline]:
    for number, remark in enumerate(remarks):
        words = sentence(remark.text) if isinstance(remark.text, str) else remark.text
        yield from sentence(" / " if number else "", f"{remark.label}: ", *words)
