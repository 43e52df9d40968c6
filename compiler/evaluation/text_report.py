"""What judging nodes gave, for people: a list for one node, tables and outliers for many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from reqc.compiler.conditions import written
from reqc.compiler.evaluation.fleet import Finding, JudgedNode
from reqc.compiler.evaluation.results import State
from reqc.compiler.evaluation.summary import (
    MISSES,
    SEVERITY,
    VERDICTS,
    Agreement,
    Evaluation,
    Group,
    agreements,
    counts,
    findings,
    verdict,
)
from reqc.compiler.evaluation.tables import (
    Cell,
    Style,
    counted,
    enumerated,
    folded,
    line,
    table,
)
from reqc.compiler.lowered import LoweredRequirement
from reqc.compiler.prose import plain

MOST_NODES: Final = 40
"""How many nodes the table names unless everything is asked for."""

_MOST_NAMES: Final = 8
_MOST_GROUPS: Final = 3  # different findings in one state
_IN: Final = len(State.UNKNOWN) + 1
_MORE: Final = "--format json has them all"
_TOLD: Final = frozenset({*MISSES, State.WAIVED, State.NOT_APPLICABLE})
"""The states of which it matters what was found."""


def lines(evaluation: Evaluation, style: Style, *, verbose: bool) -> Iterator[str]:
    """Yield the lines of the report; `verbose` leaves nothing out."""
    identity = evaluation.document.identity
    yield from folded(line(f"{identity.title} ({identity})"), style, indent=0, hanging=2)
    if len(evaluation.nodes) == 1:
        yield from _One(evaluation, style, verbose=verbose).lines()
    else:
        yield from _Many(evaluation, style, verbose=verbose).lines()


def _notes(evaluation: Evaluation) -> Iterator[str]:
    """Yield what should be known besides the findings."""
    for waiver in evaluation.unused():
        name = waiver.requirement
        yield f"note: the waiver of {name} is stale: every node that it is asked of passes"
    if evaluation.unreadable:
        files = counted(len(evaluation.unreadable), "node")
        yield f"note: the facts of {files} could not be read; they are not counted here"


class _One(Struct, frozen=True):
    """The report about one node, as the check script writes it."""

    evaluation: Evaluation
    style: Style
    verbose: bool

    def lines(self) -> Iterator[str]:
        (node,) = self.evaluation.nodes
        yield from self._limits(node)
        yield from _notes(self.evaluation)
        pairs = zip(self.evaluation.requirements, findings(node), strict=True)
        for requirement, finding in pairs:
            yield from self._requirement(requirement, finding)
        told = counts(findings(node))
        hidden = "" if self.verbose or not told[State.NOT_APPLICABLE] else " (-v shows what is n/a)"
        said = ", ".join(f"{count} {state}" for state, count in told.items())
        yield f"summary: {said}{hidden}"
        yield f"verdict: {self.style.state(verdict(node))} - {_why(self.evaluation, node)}"

    def _limits(self, node: JudgedNode) -> Iterator[str]:
        yield line(f"node: {node.name}")
        if node.container is not None:
            yield line(
                f"note: this is a container ({node.container}): the kernel is the host's, "
                "files are those of the image"
            )
        if not node.root:
            yield "note: not collected as root: what only root can read stays unknown"
        if not node.running:
            yield line(f"note: judged for kernel {node.release}, which is not the one that runs")

    def _requirement(self, item: LoweredRequirement, finding: Finding) -> Iterator[str]:
        if finding.state is State.NOT_APPLICABLE and not self.verbose:
            return
        yield from _heading(finding.state, item, self.style)
        if self.verbose or finding.state in {*MISSES, State.MANUAL, State.WAIVED}:
            yield from _detail("expected", plain(item.statement), self.style)
            yield from _detail("found", finding.found, self.style)
            yield from _detail("looked at", finding.looked, self.style)
            if self.verbose:
                condition = written(item.condition) if item.condition is not None else ""
                yield from _detail("asked when", condition, self.style)
            if finding.state in MISSES:
                yield from _advice(item, self.style)
            yield from _source(item, self.style)


def _why(evaluation: Evaluation, node: JudgedNode) -> str:
    """Return why a node has its verdict."""
    found = counts(findings(node))
    match verdict(node):
        case State.FAIL:
            return f"{found[State.FAIL]} required item(s) not met"
        case State.UNKNOWN:
            required = evaluation.unverified(node)
            return f"{required} required item(s) could not be verified"
        case _:
            return "every required item that can be checked is met"


class _Many(Struct, frozen=True):
    """The report about many nodes."""

    evaluation: Evaluation
    style: Style
    verbose: bool

    def lines(self) -> Iterator[str]:
        total = len(self.evaluation.nodes)
        verdicts = self.evaluation.verdicts
        said = ", ".join(
            f"{self.style.painted(f'{verdicts[state]:,}', state)} {state}"
            for state in VERDICTS.values()
            if verdicts[state]
        )
        yield f"{counted(total, 'node')}: {said}"
        yield from _notes(self.evaluation)
        about = agreements(self.evaluation)
        states = [state for state in SEVERITY if any(item.counts.get(state) for item in about)]
        yield ""
        yield from self._nodes(states)
        yield ""
        yield from self._requirements(about, states)
        for item in about:
            if item.notable or self.verbose:
                yield ""
                yield from self._agreement(item)

    def _nodes(self, states: Sequence[State]) -> Iterator[str]:
        ordered = self.evaluation.outliers_first()
        shown = ordered if self.verbose else ordered[:MOST_NODES]
        rows = [[Cell("NODE"), Cell("VERDICT"), *_headings(states)]]
        for node in shown:
            said, found = verdict(node), counts(findings(node))
            rows.append([Cell(line(node.name)), Cell(said.upper(), said), *_numbers(found, states)])
        yield from table(rows, self.style)
        rest = ordered[len(shown) :]
        if rest:
            left = ", ".join(
                f"{count:,} {state}"
                for state in VERDICTS.values()
                if (count := sum(verdict(node) is state for node in rest))
            )
            yield f"and {len(rest):,} more ({left}); {_MORE}"

    def _requirements(self, about: Sequence[Agreement], states: Sequence[State]) -> Iterator[str]:
        rows = [[Cell("REQUIREMENT"), *_headings(states)]]
        rows += [
            [Cell(line(item.requirement.origin.id)), *_numbers(item.counts, states)]
            for item in about
        ]
        yield from table(rows, self.style)

    def _agreement(self, item: Agreement) -> Iterator[str]:
        yield from _heading(item.state, item.requirement, self.style)
        for group_state in SEVERITY:
            groups = [group for group in item.groups if group.state is group_state]
            if group_state not in _TOLD and not self.verbose:
                groups = _merged(groups)
            yield from self._groups(item, groups)
        if item.state in MISSES:
            yield from _detail("expected", plain(item.requirement.statement), self.style)
            yield from _advice(item.requirement, self.style)
            yield from _source(item.requirement, self.style)

    def _groups(self, item: Agreement, groups: Sequence[Group]) -> Iterator[str]:
        shown = groups if self.verbose else groups[:_MOST_GROUPS]
        for group in shown:
            said = f": {line(group.found)}" if group.found else ""
            text = f"{group.state} on {self._where(item, group)}{said}"
            yield from folded(text, self.style, indent=_IN, hanging=2)
        rest = groups[len(shown) :]
        if rest:
            nodes = counted(sum(len(group.nodes) for group in rest), "more node")
            text = f"{rest[0].state} on {nodes} with {len(rest):,} other findings; {_MORE}"
            yield from folded(text, self.style, indent=_IN, hanging=2)

    def _where(self, item: Agreement, group: Group) -> str:
        number, total = len(group.nodes), len(self.evaluation.nodes)
        if number == total:
            return f"all {total:,} nodes"
        where = f"{number:,} of {total:,} nodes"
        if group.state is item.common and not self.verbose:
            return where
        return f"{where} ({enumerated(group.nodes, None if self.verbose else _MOST_NAMES)})"


def _merged(groups: Sequence[Group]) -> list[Group]:
    """Return groups of one state as one, where it does not matter what was found."""
    names = tuple(name for group in groups for name in group.nodes)
    return [Group(groups[0].state, "", names)] if groups else []


def _heading(state: State, item: LoweredRequirement, style: Style) -> Iterator[str]:
    """Yield the state of a requirement, its id and title."""
    named = f"{line(item.origin.id)}  {line(item.origin.title)}"
    first, *rest = folded(named, style, indent=_IN, hanging=2)
    yield style.state(state, width=_IN) + first[_IN:]
    yield from rest


def _headings(states: Sequence[State]) -> list[Cell]:
    return [Cell(state.upper(), right=True) for state in states]


def _numbers(found: Mapping[State, int], states: Sequence[State]) -> list[Cell]:
    return [
        Cell(f"{found[state]:,}", state, right=True)
        if found.get(state)
        else Cell("-", State.SKIPPED, right=True)
        for state in states
    ]


def _detail(label: str, text: str, style: Style) -> Iterator[str]:
    if text:
        yield from folded(f"{label}: {line(text)}", style, indent=_IN, hanging=2)


def _advice(item: LoweredRequirement, style: Style) -> Iterator[str]:
    yield from _detail("because", item.because or "", style)
    yield from _detail("fix", item.fix or "", style)
    yield from _detail("see", ", ".join(item.see), style)
    if item.erratum is not None:
        yield from _detail("erratum", item.erratum.text, style)


def _source(item: LoweredRequirement, style: Style) -> Iterator[str]:
    cited = ", ".join(map(str, item.origin.citations))
    yield from _detail("source", f"{item.origin.place}" + (f" ({cited})" if cited else ""), style)
