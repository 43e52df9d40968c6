"""The oracle: what the flows of a document say about a packet, without looking at any target.

Ask it with a lowered document and a probe:

    passes(document, Probe(6, "10.98.0.9", 179), Mode.GUARD)            True: the packet must arrive
    passes(document, Probe(1, "10.98.0.9", icmp_type=8), Mode.ENFORCE, ssh_port=2222)
    permitted(document, probe)      True where a requirement lets it in: all that a target says
                                    that only permits, and leaves the rest to the host's firewall
    named(document, probe)          True where a requirement keeps the service to listed sources

Whoever asks about many packets makes an `Oracle` of the document once and asks its methods.
`permitted` says nothing about replies and loopback, which every firewall lets through by itself.
It shares no code with the targets, so that an error has to be made twice to go unseen.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from reqc.compiler.flows import ICMP, ICMPV6, TCP, UDP, Flow
from reqc.compiler.lowered import LoweredDocument
from tests.real.probes import EXTENSION_HEADERS, ICMP_OF, WITH_PORTS, Probe, Version, Way

FAILSAFE_ICMP: Final[dict[Version, frozenset[int]]] = {
    4: frozenset({3, 8, 11, 12}),
    6: frozenset({1, 2, 3, 4, 128, 130, 131, 132, 133, 134, 135, 136, 143}),
}
"""Errors, echo requests, and the neighbour and listener discovery of IPv6 (RFC 4890)."""

DHCP: Final[dict[Version, tuple[int, int, IPv4Network | IPv6Network]]] = {
    4: (67, 68, ip_network("0.0.0.0/0")),
    6: (547, 546, ip_network("fe80::/10")),
}
"""From which port to which a server answers a client, and from where (RFC 2131, RFC 8415)."""

ONE_VERSION: Final[dict[int, Version]] = {ICMP: 4, 2: 4, 4: 4, ICMPV6: 6}
"""Protocols of one version only: both ICMPs, IGMP, and IP-in-IP, which carries and crosses IPv4."""


Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]


class Mode(StrEnum):
    """What a rule set does to a packet that no requirement lets in.

    `GUARD` drops it where a requirement keeps its service to listed sources, `ENFORCE` always.
    """

    GUARD = "guard"
    ENFORCE = "enforce"


class Oracle:
    """What a document says about packets to hosts of `document.host_roles`."""

    def __init__(self, document: LoweredDocument) -> None:
        self._flows = [
            (flow, networks)
            for item in document.requirements
            for flow in item.flows
            if item.applies
            and (flow.destination == "any" or flow.destination in document.host_roles)
            and _sensible(flow)
            and _usable(flow, networks := _networks(document, flow.source))
        ]

    def passes(self, probe: Probe, mode: Mode, ssh_port: int = 22) -> bool:
        """Tell whether a packet arrives."""
        if probe.way is not Way.NEW or _failsafe(probe, ssh_port) or self.permitted(probe):
            return True
        return mode is Mode.GUARD and not self.named(probe)

    def permitted(self, probe: Probe) -> bool:
        """Tell whether a requirement lets this packet in from this source."""
        return any(
            _about(flow, probe)
            and (networks is None or any(_address(probe.source) in one for one in networks))
            for flow, networks in self._flows
        )

    def named(self, probe: Probe) -> bool:
        """Tell whether a requirement says which sources may use the service of this packet."""
        return any(networks is not None and _about(flow, probe) for flow, networks in self._flows)


def passes(document: LoweredDocument, probe: Probe, mode: Mode, ssh_port: int = 22) -> bool:
    """Tell whether a packet arrives at hosts of `document.host_roles`."""
    return Oracle(document).passes(probe, mode, ssh_port)


def permitted(document: LoweredDocument, probe: Probe) -> bool:
    """Tell whether a requirement lets this packet in from this source."""
    return Oracle(document).permitted(probe)


def named(document: LoweredDocument, probe: Probe) -> bool:
    """Tell whether a requirement says which sources may use the service of this packet."""
    return Oracle(document).named(probe)


def _sensible(flow: Flow) -> bool:
    """Leave out what no packet can be, which targets report instead of writing it."""
    return (
        0 < flow.protocol < 256
        and not (flow.ports and flow.protocol not in WITH_PORTS)
        and not (flow.icmp_type is not None and flow.protocol not in {ICMP, ICMPV6})
    )


def _networks(document: LoweredDocument, role: str) -> Networks | None:
    """Return where hosts of a role are, None for anywhere: nobody said, or anyone is meant."""
    found = [text for item in document.roles if item.name == role for text in item.addresses]
    return tuple(ip_network(text, strict=False) for text in found) or None


def _usable(flow: Flow, networks: Networks | None) -> bool:
    """Leave out a service of one version for sources of the other, which is reported as well."""
    return networks is None or any(
        _has_version(flow, 6 if isinstance(one, IPv6Network) else 4) for one in networks
    )


_address = cache(ip_address)


def _has_version(flow: Flow, version: Version) -> bool:
    if flow.protocol in EXTENSION_HEADERS:
        return version == 4
    return ONE_VERSION.get(flow.protocol, version) == version


def _about(flow: Flow, probe: Probe) -> bool:
    """Tell whether a packet belongs to the service of a flow, wherever it comes from."""
    return (
        flow.protocol == probe.protocol
        and _has_version(flow, probe.version)
        and flow.icmp_type in {None, probe.icmp_type}
        and (not flow.ports or any(part.first <= probe.port <= part.last for part in flow.ports))
    )


def _failsafe(probe: Probe, ssh_port: int) -> bool:
    """Tell whether a host must get this packet whatever a document says."""
    version = probe.version
    if probe.protocol == UDP:
        server, client, where = DHCP[version]
        ports = (probe.source_port, probe.port) == (server, client)
        return ports and _address(probe.source) in where
    if probe.protocol == ICMP_OF[version]:
        return probe.icmp_type in FAILSAFE_ICMP[version]
    return (probe.protocol, probe.port) == (TCP, ssh_port)
