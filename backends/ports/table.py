"""The table of ports: who talks to whom about what, each row with all its requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_network

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.document.page import applicability, remarks
from reqc.backends.document.remark import Remark
from reqc.backends.firewall.services import (
    HIGHEST_PORT,
    IPV4_ONLY,
    PORT_PROTOCOLS,
    VERSIONS,
    Service,
    Version,
)
from reqc.compiler.conditions import written
from reqc.compiler.flows import ANYONE, ICMPV6, Flow, Ports
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement, LoweredRole
from reqc.compiler.port_ranges import united
from reqc.compiler.prose import Code, Sentence, sentence

ALL_PORTS = (Ports(0, HIGHEST_PORT),)


class Endpoint(Struct, frozen=True):
    """One end of the traffic.

    `addresses` are those in which the protocol exists, None where the inventory knows none at all.
    """

    role: str
    addresses: tuple[str, ...] | None

    @property
    def known(self) -> str:
        """The addresses in words; any host has any of them."""
        if self.role == ANYONE:
            return ANYONE
        if self.addresses is None:
            return ""
        return ", ".join(self.addresses) or "none that this protocol can use"


class Reason(Struct, frozen=True):
    """A requirement that asks for a row, when it does, and what else it says."""

    requirement: LoweredRequirement
    condition: Sentence
    remarks: tuple[Remark, ...]


class Row(Struct, frozen=True):
    """Traffic that is to be let through; the reasons of a row apply alike.

    `applies` is None where an option that decides it has no value.
    """

    flow: Flow
    source: Endpoint
    destination: Endpoint
    applies: bool | None
    reasons: tuple[Reason, ...]

    @property
    def both_ways(self) -> bool:
        """Whether either end may open the traffic."""
        return self.flow.source == self.flow.destination

    @property
    def protocol(self) -> str:
        """The protocol by a name that is safe, or as a number: `IP protocol 4`."""
        return str(Service(self.flow.protocol, icmp_type=self.flow.icmp_type))

    @property
    def ports(self) -> str:
        """The ports at the destination, in words where they are all or none."""
        if self.flow.ports == ALL_PORTS:
            return "all"
        return ", ".join(str(part) for part in self.flow.ports) or "no ports"

    @property
    def direction(self) -> str:
        """Who opens the traffic, and where it comes in; replies are implied."""
        source, destination = self.flow.source, self.flow.destination
        if self.both_ways:
            ends = "any two hosts" if source == ANYONE else f"any two hosts of {source}"
            return f"both ways between {ends}"
        return f"from {source} to {destination}, incoming at {destination}"


def table(document: LoweredDocument, *, complete: bool) -> tuple[Row, ...]:
    """Return what applies, or everything where it is to be complete, in the page's order.

    Equal traffic is one row, but never traffic that applies with traffic that does not.
    """
    found: dict[tuple[Flow, bool | None], dict[str, LoweredRequirement]] = {}
    for item in document.requirements:
        if item.applies or complete:
            for flow in shown(document, item):
                asked = found.setdefault((_normal(flow), item.applies), {})
                asked[item.origin.id] = item
    known = _known(document)
    return tuple(
        Row(
            flow,
            _endpoint(flow.source, flow.protocol, known.get(flow.source)),
            _endpoint(flow.destination, flow.protocol, known.get(flow.destination)),
            applies,
            tuple(_reason(document, item, flow) for item in asked.values()),
        )
        for (flow, applies), asked in found.items()
    )


def shown(document: LoweredDocument, item: LoweredRequirement) -> tuple[Flow, ...]:
    """Return the flows of a requirement that reach or leave hosts of `document.host_roles`.

    Those are all flows where no declared role is missing among them.
    """
    if {role.name for role in document.roles} <= set(document.host_roles):
        return item.flows
    ours = {ANYONE, *document.host_roles}
    return tuple(flow for flow in item.flows if ours & {flow.source, flow.destination})


def _normal(flow: Flow) -> Flow:
    """Return the flow as every other that lets the same traffic through is written."""
    everything = ALL_PORTS if flow.protocol in PORT_PROTOCOLS else ()
    return replace(flow, ports=united(flow.ports) or everything)


def _known(document: LoweredDocument) -> Mapping[str, Mapping[Version, tuple[str, ...]]]:
    """Return the addresses of each role that the inventory knows."""
    return {role.name: _by_version(role) for role in document.roles if role.addresses}


def _by_version(role: LoweredRole) -> Mapping[Version, tuple[str, ...]]:
    networks = [ip_network(address, strict=False) for address in dict.fromkeys(role.addresses)]
    return {
        version: tuple(
            str(item.network_address if item.prefixlen == item.max_prefixlen else item)
            for item in networks
            if item.version == version
        )
        for version in VERSIONS
    }


def _endpoint(
    role: str, protocol: int, known: Mapping[Version, tuple[str, ...]] | None
) -> Endpoint:
    if known is None:
        return Endpoint(role, None)
    return Endpoint(role, tuple(text for one in _versions(protocol) for text in known[one]))


def _versions(protocol: int) -> tuple[Version, ...]:
    if protocol in IPV4_ONLY:
        return (4,)
    return (6,) if protocol == ICMPV6 else VERSIONS


def _reason(document: LoweredDocument, item: LoweredRequirement, flow: Flow) -> Reason:
    # what is printed is what the row says
    said = (one for one in remarks(document.reading, item) if one.label != "Printed")
    return Reason(item, applicability(document, item), (*said, *_missing(document, flow)))


def _missing(document: LoweredDocument, flow: Flow) -> Iterator[Remark]:
    """Name the ends that have no hosts under the choices made, or may have none."""
    for name in dict.fromkeys((flow.source, flow.destination)):
        role = document.role(name)
        if role is not None and role.condition is not None and not role.applies:
            words = sentence(
                "There are hosts of ", Code(name), " only when ", Code(written(role.condition))
            )
            yield Remark("Hosts", words)
