"""The lint for tunnels that no row of the network lets through."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.conditions import Choices, spelled
from reqc.compiler.kinds.base import Reference
from reqc.compiler.kinds.kernel_features import KernelKind
from reqc.compiler.kinds.network import Allow
from reqc.compiler.knowledge.tunnels import TUNNELS, Tunnel
from reqc.compiler.lint.overlap import Overlap
from reqc.compiler.lint.parts import wishes
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document, Requirement

_Row = tuple[Requirement, Allow]


def find(document: Document) -> Iterator[Finding]:
    """Find tunnels that a node must be able to open and that some choice of options leaves closed.

    A document without any row of traffic is not about the network.
    """
    rows = list(_rows(document))
    if not rows:
        return
    overlap = Overlap(document.options)
    opened = {
        key: [row.condition for row, part in rows if _opens(part, tunnel, document)]
        for key, tunnel in TUNNELS.items()
    }
    for item in document.requirements:
        for tunnel in _tunnels(item):
            closed = overlap.uncovered(item.condition, opened[tunnel.key])
            if closed is not None:
                yield _finding(item, tunnel, closed, opened=bool(opened[tunnel.key]))


def _rows(document: Document) -> Iterator[_Row]:
    for item in document.requirements:
        for wish in wishes(item):
            if wish.wanted and isinstance(wish.part, Allow):
                yield item, wish.part


def _tunnels(item: Requirement) -> Iterator[Tunnel]:
    wanted = dict.fromkeys(wish.part for wish in wishes(item) if wish.wanted)
    needs = (need for part in wanted if isinstance(part, KernelKind) for need in part.needs())
    yield from (TUNNELS[key] for key in dict.fromkeys(need.key for need in needs) if key in TUNNELS)


def _opens(row: Allow, tunnel: Tunnel, document: Document) -> bool:
    if isinstance(row.number, Reference) or row.protocol_number != tunnel.protocol:
        return False
    if tunnel.port is None or row.ports is None:
        return tunnel.port is None
    if isinstance(row.ports, Reference):
        # A port that somebody has to choose can be this one.
        return document.options[row.ports.option].default in {tunnel.port, None}
    return not isinstance(row.ports, int) and row.ports.first <= tunnel.port <= row.ports.last


def _finding(item: Requirement, tunnel: Tunnel, closed: Choices, *, opened: bool) -> Finding:
    values = ((name, value) for name, value in closed.items() if value is not None)
    chosen = ", ".join(f"{name} = {spelled(value)}" for name, value in values)
    when = f" with {chosen}" if opened and chosen else ""
    return Finding(
        item.places.predicate,
        f"`{item.id}` needs {tunnel.title}, but no requirement lets {tunnel.row} through{when}",
        help=f"add a row such as `allow {tunnel.row} host <-> host` under the same condition",
        requirements=(item.id,),
    )


RULE = Rule("REQ708", "missing-port", "No row of the network lets a tunnel through", find)
