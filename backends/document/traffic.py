"""The traffic of a document as a diagram: who talks to whom, before any drawing."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from reqc.backends.document.page import ports, protocol
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement


class Arrow(Struct, frozen=True):
    """Traffic between two roles, both ways where they are one, and the requirements that ask.

    `conditional` tells that none of them always applies.
    """

    source: str
    destination: str
    service: str
    requirements: tuple[str, ...]
    conditional: bool

    @property
    def both_ways(self) -> bool:
        """Whether either end may open the traffic."""
        return self.source == self.destination


class Diagram(Struct, frozen=True):
    """The roles that have traffic, in the document's order, and the arrows between them."""

    roles: tuple[str, ...]
    arrows: tuple[Arrow, ...]


def diagram(document: LoweredDocument, requirements: Iterable[LoweredRequirement]) -> Diagram:
    """Return the traffic of the requirements, equal traffic once."""
    asked: dict[tuple[str, str, str], list[LoweredRequirement]] = {}
    for item in requirements:
        for flow in dict.fromkeys(item.flows):
            key = flow.source, flow.destination, _service(flow)
            asked.setdefault(key, []).append(item)
    arrows = tuple(_arrow(*key, items) for key, items in asked.items())
    ends = dict.fromkeys(end for arrow in arrows for end in (arrow.source, arrow.destination))
    declared = [role.name for role in document.roles if role.name in ends]
    return Diagram(tuple(dict.fromkeys((*declared, *ends))), arrows)


def _arrow(
    source: str, destination: str, service: str, items: Iterable[LoweredRequirement]
) -> Arrow:
    asking = tuple(items)
    return Arrow(
        source=source,
        destination=destination,
        service=service,
        requirements=tuple(dict.fromkeys(item.origin.id for item in asking)),
        conditional=all(item.condition is not None for item in asking),
    )


def _service(flow: Flow) -> str:
    numbers = ports(flow)
    return protocol(flow) if numbers == "no ports" else f"{protocol(flow)} {numbers}"
