"""What two documents say about real nodes, and through which change a node fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.supplement import Effect, NodeChange
from reqc.compiler.evaluation.fleet import JudgedNode, judged
from reqc.compiler.evaluation.results import State
from reqc.compiler.lowered import Level, LoweredDocument

_REQUIRED = frozenset({Level.MUST, Level.MUST_NOT})


def node_changes(
    old: LoweredDocument, new: LoweredDocument, nodes: Sequence[JudgedNode]
) -> tuple[NodeChange, ...]:
    """Return each node that was judged by both documents, in this order."""
    ids = [
        [(item.origin.id, item.origin.level) for item in judged(document)]
        for document in (old, new)
    ]
    found = []
    for node in nodes:
        before, after = (
            [
                (name, finding.state)
                for (name, level), finding in zip(known, judgement.findings, strict=True)
                if level in _REQUIRED
            ]
            for known, judgement in zip(ids, node.judgements, strict=True)
        )
        found.append(
            NodeChange(
                node.name,
                *(_in(side, State.FAIL) for side in (before, after)),
                *(_in(side, State.UNKNOWN) for side in (before, after)),
            )
        )
    return tuple(found)


def _in(side: Sequence[tuple[str, State]], state: State) -> tuple[str, ...]:
    return tuple(name for name, found in side if found is state)


def effects(comparison: Comparison, nodes: Sequence[NodeChange]) -> Iterator[Effect]:
    """Yield what each change does to the nodes, where it does anything."""
    for item in comparison.differences:
        olds, news = {side.id for side in item.old}, {side.id for side in item.new}
        failing, mended = [], []
        for node in nodes:
            failed = not olds.isdisjoint(node.old_fails)
            fails = not news.isdisjoint(node.new_fails)
            if fails and not failed:
                failing.append(node.name)
            elif failed and not fails:
                mended.append(node.name)
        if failing or mended:
            yield Effect(item.id, tuple(failing), tuple(mended))
