"""Narrowing: what a target has words for in an admission, with a report of the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec.structs import replace

from reqc.backends.base import Reason, Unsupported
from reqc.backends.firewall.admission import Admission, Permit, in_page_order
from reqc.backends.firewall.services import HIGHEST_PORT
from reqc.compiler.flows import Ports
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.port_ranges import without

Narrow: TypeAlias = Callable[[Permit], tuple[Permit | None, str]]
"""Returns what is left of a permit, None for nothing, and a sentence about the rest, if any."""

EVERY_PORT: Final = (Ports(0, HIGHEST_PORT),)
"""What a rule without ports says of a protocol that has them."""


def narrowed(document: LoweredDocument, admitted: Admission, narrow: Narrow) -> Admission:
    """Return what is left of an admission when each of its permits is narrowed."""
    permits: list[Permit] = []
    reports: list[Unsupported] = []
    for item in admitted.permits:
        left, problem = narrow(item)
        permits.extend([left] if left else [])
        if problem:
            reports.extend(
                Unsupported(origin.id, Reason.INEXPRESSIBLE, problem) for origin in item.origins
            )
    rows = dict.fromkeys((*admitted.unsupported, *reports))
    return Admission(tuple(permits), in_page_order(document, rows))


def without_port_zero(permit: Permit) -> Permit | None:
    """Return the permit without port 0, None where it has no other port."""
    ports = without(permit.service.ports, [Ports(0, 0)])
    return replace(permit, service=replace(permit.service, ports=ports)) if ports else None
