"""Which specifications nodes fit, and what stands in the way of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from reqc.compiler.evaluation.fleet import JudgedNode, judged
from reqc.compiler.evaluation.results import Result, State, status
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement


class Verdict(StrEnum):
    """Whether nodes fit a specification; `UNDECIDED` where none fails but some are unverified."""

    FITS = "fits"
    DOES_NOT = "does not fit"
    UNDECIDED = "undecided"


class Obstacle(Struct, frozen=True):
    """A required item that is missed, or cannot be verified, on some nodes.

    `found` is what was found on most of them.
    """

    requirement: LoweredRequirement
    state: State
    nodes: tuple[str, ...]
    found: str


class Fit(Struct, frozen=True):
    """How nodes fit one specification: how many do, do not, and cannot be told.

    `file` is how the specification was named. The obstacles begin with what is missed, and on most
    nodes.
    """

    file: str
    document: LoweredDocument
    fitting: int
    failing: int
    undecided: int
    obstacles: tuple[Obstacle, ...]

    @property
    def total(self) -> int:
        """How many nodes were judged."""
        return self.fitting + self.failing + self.undecided

    @property
    def verdict(self) -> Verdict:
        """Whether all nodes fit."""
        if self.failing:
            return Verdict.DOES_NOT
        return Verdict.UNDECIDED if self.undecided else Verdict.FITS


def fits(
    files: Sequence[str], documents: Sequence[LoweredDocument], nodes: Sequence[JudgedNode]
) -> list[Fit]:
    """Return for each specification how the nodes fit it; nodes were judged by all of them."""
    return [
        _fit(file, document, number, nodes)
        for number, (file, document) in enumerate(zip(files, documents, strict=True))
    ]


def exit_status(found: Iterable[Fit]) -> int:
    """Return 0 where all nodes fit some specification, else 3 where they may fit one, else 1."""
    verdicts = {item.verdict for item in found}
    if Verdict.FITS in verdicts:
        return 0
    return 3 if Verdict.UNDECIDED in verdicts else 1


def _fit(file: str, document: LoweredDocument, number: int, nodes: Sequence[JudgedNode]) -> Fit:
    exits = Counter(node.judgements[number].exit for node in nodes)
    obstacles = sorted(
        _obstacles(document, number, nodes),
        key=lambda item: (item.state is not State.FAIL, -len(item.nodes)),
    )
    return Fit(file, document, exits[0], exits[1], exits[3], tuple(obstacles))


def _obstacles(
    document: LoweredDocument, number: int, nodes: Sequence[JudgedNode]
) -> Iterator[Obstacle]:
    for at, requirement in enumerate(judged(document)):
        for state in (State.FAIL, State.UNKNOWN):
            if status([Result(requirement, state)]) == 0:
                continue
            met = [
                (node.name, finding.found)
                for node in nodes
                if (finding := node.judgements[number].findings[at]).state is state
            ]
            if met:
                found = Counter(text for _, text in met).most_common(1)[0][0]
                yield Obstacle(requirement, state, tuple(name for name, _ in met), found)
