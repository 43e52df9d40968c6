"""What fits, for people and for tickets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reqc.compiler.evaluation.fit import Fit, Obstacle, Verdict
from reqc.compiler.evaluation.markdown_report import escaped, grid
from reqc.compiler.evaluation.results import State
from reqc.compiler.evaluation.tables import (
    Cell,
    Style,
    counted,
    enumerated,
    folded,
    line,
    table,
)
from reqc.compiler.prose import plain

_IN: Final = 4
_MOST_NAMES: Final = 8
_STATES: Final = {
    Verdict.FITS: State.PASS,
    Verdict.DOES_NOT: State.FAIL,
    Verdict.UNDECIDED: State.UNKNOWN,
}
_BLOCKED: Final = {State.FAIL: "blocked by", State.UNKNOWN: "undecided by"}
_HEADS: Final = ("SPECIFICATION", "VERDICT", "FITS", "FAIL", "UNKNOWN", "WHAT")


def text(found: Sequence[Fit], style: Style) -> Iterator[str]:
    """Yield a table of the specifications, and below it what stands in the way of each."""
    rows = [[Cell(head, right=head in {"FAIL", "UNKNOWN"}) for head in _HEADS]]
    rows += [
        [
            Cell(line(item.file)),
            Cell(item.verdict, _STATES[item.verdict]),
            Cell(f"{item.fitting:,} of {item.total:,}"),
            Cell(f"{item.failing:,}", right=True),
            Cell(f"{item.undecided:,}", right=True),
            Cell(line(str(item.document.identity))),
        ]
        for item in found
    ]
    yield from table(rows, style)
    for item in found:
        if item.obstacles:
            yield ""
            named = line(f"{item.document.identity} ({item.file})")
            yield from folded(named, style, indent=0, hanging=2)
        for obstacle in item.obstacles:
            yield from _obstacle(obstacle, item, style)


def _obstacle(item: Obstacle, fit: Fit, style: Style) -> Iterator[str]:
    origin = item.requirement.origin
    said = _BLOCKED[item.state]
    named = f"{said} {line(origin.id)}  {line(origin.title)}"
    first, *rest = folded(named, style, indent=_IN, hanging=2)
    yield first.replace(said, style.painted(said, item.state), 1)
    yield from rest
    where = f"on all {fit.total:,} nodes" if fit.total > 1 else "on the one node"
    if len(item.nodes) < fit.total:
        names = enumerated(item.nodes, _MOST_NAMES)
        where = f"on {len(item.nodes):,} of {fit.total:,} nodes ({names})"
    details = (
        ("level", f"{origin.level}, {where}"),
        ("expected", plain(item.requirement.statement)),
        ("found", item.found),
        ("fix", item.requirement.fix or ""),
        ("source", str(origin.place)),
    )
    for label, told in details:
        if told:
            yield from folded(f"{label}: {line(told)}", style, indent=2 * _IN, hanging=2)


def markdown(found: Sequence[Fit]) -> str:
    """Return all of it as Markdown."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Sequence[Fit]) -> Iterator[str]:
    nodes = counted(found[0].total, "node") if found else counted(0, "node")
    yield from ("# What fits", "", f"{nodes}, {counted(len(found), 'specification')}.", "")
    yield from grid(
        ["Specification", "Verdict", "Fits", "Fail", "Unknown"],
        (
            [
                escaped(str(item.document.identity)),
                item.verdict.value,
                *(f"{number:,}" for number in (item.fitting, item.failing, item.undecided)),
            ]
            for item in found
        ),
        numbers=3,
    )
    for item in found:
        if item.obstacles:
            yield from ("", f"## {escaped(str(item.document.identity))}", "")
            yield from grid(
                ["Requirement", "Level", "State", "Nodes", "Found", "Fix"],
                (_cells(obstacle) for obstacle in item.obstacles),
            )


def _cells(item: Obstacle) -> list[str]:
    origin = item.requirement.origin
    return [
        f"{escaped(origin.id)}: {escaped(origin.title)}",
        str(origin.level),
        str(item.state),
        f"{len(item.nodes):,}",
        escaped(item.found),
        escaped(item.requirement.fix or ""),
    ]
