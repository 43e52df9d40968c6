"""Flows: who may talk to whom, with protocol numbers and never with protocol names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMPV6: Final = 58
SCTP: Final = 132

PROTOCOL_NAMES: Final = {ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMPV6: "icmpv6", SCTP: "sctp"}
"""The protocols that every target may write by name; all others are written as numbers."""

ANYONE: Final = "any"
"""The built-in role of every host, inside the deployment or outside it."""

EXTERNAL: Final = "external"
"""The built-in role of hosts that have no other role."""


class Ports(Struct, frozen=True, gc=False, order=True):
    """An inclusive range of ports; one port where both ends are equal."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


class Flow(Struct, frozen=True, gc=False, tag_field="type", tag="flow", order=True):
    """Hosts of role `source` may open traffic to hosts of role `destination`.

    Replies are implied. `ports` are destination ports and empty for protocols without ports;
    `icmp_type` is set for ICMP only, and None means every type. A requirement that allows both
    directions between two roles is two flows, between one role and itself it is one.
    """

    protocol: int
    ports: tuple[Ports, ...]
    source: str
    destination: str
    icmp_type: int | None = None

    @property
    def protocol_name(self) -> str:
        """The name of the protocol where it is unambiguous, its number elsewhere."""
        return PROTOCOL_NAMES.get(self.protocol, str(self.protocol))


class Rule(Struct, frozen=True, gc=False):
    """A flow once, with the ids of every requirement that asks for it."""

    flow: Flow
    requirements: tuple[str, ...]


def merged(asked: Iterable[tuple[str, Flow]]) -> tuple[Rule, ...]:
    """Return each different flow once, in the order first asked for, with all its reasons."""
    reasons: dict[Flow, list[str]] = {}
    for requirement, flow in asked:
        ids = reasons.setdefault(flow, [])
        if requirement not in ids:
            ids.append(requirement)
    return tuple(Rule(flow, tuple(ids)) for flow, ids in reasons.items())
