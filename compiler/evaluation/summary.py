"""What judging many nodes gave, counted: by node, and by requirement with the odd ones out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from reqc.compiler.evaluation.collected import Unreadable
from reqc.compiler.evaluation.fleet import Finding, JudgedNode
from reqc.compiler.evaluation.results import Result, State, status
from reqc.compiler.evaluation.waivers import Waiver
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement

SEVERITY: Final = (
    State.FAIL,
    State.UNKNOWN,
    State.WARN,
    State.INFO,
    State.WAIVED,
    State.PASS,
    State.MANUAL,
    State.NOT_APPLICABLE,
    State.SKIPPED,
)
"""The states, the one that needs most attention first."""

MISSES: Final = frozenset({State.FAIL, State.UNKNOWN, State.WARN, State.INFO})
"""The states that a person should look at."""

UNVERIFIED: Final = 3
VERDICTS: Final = {1: State.FAIL, UNVERIFIED: State.UNKNOWN, 0: State.PASS}
"""What the exit status of a node says in a word, the worst first."""


class Evaluation(Struct, frozen=True):
    """Nodes that were judged by one document.

    `requirements` are in the order of the nodes' findings. `unreadable` are the facts that are no
    part of any count.
    """

    document: LoweredDocument
    requirements: tuple[LoweredRequirement, ...]
    nodes: Sequence[JudgedNode]
    unreadable: Sequence[Unreadable]
    strict: bool
    waivers: Mapping[str, Waiver]
    today: date

    @property
    def exit(self) -> int:
        """The exit status of all nodes: 1 where one fails, else 3 where one is unverified."""
        return worst(node.judgements[0].exit for node in self.nodes)

    @property
    def verdicts(self) -> Counter[State]:
        """How many nodes have which verdict."""
        return Counter(verdict(node) for node in self.nodes)

    def outliers_first(self) -> list[JudgedNode]:
        """Return the nodes, failing ones first and then unverified ones, each in their order."""
        order = list(VERDICTS.values())
        return sorted(self.nodes, key=lambda node: order.index(verdict(node)))

    def binding(self, requirement: LoweredRequirement) -> bool:
        """Tell whether a requirement must be verified, so that it counts if it is unknown."""
        return status([Result(requirement, State.UNKNOWN)], strict=self.strict) == UNVERIFIED

    def unverified(self, node: JudgedNode) -> int:
        """Return how many required items could not be verified on a node."""
        pairs = zip(self.requirements, findings(node), strict=True)
        return sum(found.state is State.UNKNOWN and self.binding(item) for item, found in pairs)

    def unused(self) -> list[Waiver]:
        """Return the waivers of requirements that pass on every node that they are asked of."""
        return [
            self.waivers[item.origin.id]
            for number, item in enumerate(self.requirements)
            if item.origin.id in self.waivers
            and {State.PASS}
            == {findings(node)[number].state for node in self.nodes} - {State.NOT_APPLICABLE}
        ]


class Group(Struct, frozen=True):
    """Nodes on which the same was found of one requirement, in one state."""

    state: State
    found: str
    nodes: tuple[str, ...]


class Agreement(Struct, frozen=True):
    """How nodes agree about one requirement.

    `groups` begin with the state that needs most attention, and in a state with the most nodes.
    `common` is the state of most nodes.
    """

    requirement: LoweredRequirement
    counts: Mapping[State, int]
    groups: tuple[Group, ...]
    common: State

    @property
    def state(self) -> State:
        """The state that needs most attention."""
        return next(state for state in SEVERITY if self.counts.get(state))

    @property
    def notable(self) -> bool:
        """Whether a person should look: at a miss, or at nodes that disagree."""
        return self.state in MISSES or len(self.counts) > 1


def verdict(node: JudgedNode) -> State:
    """Return what the exit status of a node says."""
    return VERDICTS[node.judgements[0].exit]


def findings(node: JudgedNode) -> tuple[Finding, ...]:
    """Return the findings of a node that was judged by one document."""
    return node.judgements[0].findings


def worst(exits: Iterable[int]) -> int:
    """Return the exit status of several nodes."""
    seen = set(exits)
    return next((status for status in VERDICTS if status in seen), 0)


def counts(found: Iterable[Finding]) -> dict[State, int]:
    """Return how often each state occurs, every state in the order in which reports tell them."""
    counted = Counter(item.state for item in found)
    return {state: counted[state] for state in State}


def agreements(evaluation: Evaluation) -> list[Agreement]:
    """Return for every requirement, in the order of the page, what was found on which nodes."""
    return [
        _agreement(item, number, evaluation.nodes)
        for number, item in enumerate(evaluation.requirements)
    ]


def _agreement(
    requirement: LoweredRequirement, number: int, nodes: Sequence[JudgedNode]
) -> Agreement:
    found: dict[tuple[State, str], list[str]] = {}
    for node in nodes:
        finding = findings(node)[number]
        found.setdefault((finding.state, finding.found), []).append(node.name)
    groups = [Group(state, text, tuple(names)) for (state, text), names in found.items()]
    groups.sort(key=lambda group: (SEVERITY.index(group.state), -len(group.nodes)))
    counted: Counter[State] = Counter()
    for group in groups:
        counted[group.state] += len(group.nodes)
    return Agreement(requirement, counted, tuple(groups), counted.most_common(1)[0][0])
