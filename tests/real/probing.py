"""Which packets a document calls for: its services and sources, and what is next to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import product
from typing import Final

from reqc.compiler.flows import ICMP, ICMPV6, SCTP, TCP, UDP, Flow
from reqc.compiler.lowered import LoweredDocument
from tests.real.probes import (
    DCCP,
    EXTENSION_HEADERS,
    ICMP_OF,
    LOOPBACK,
    UDP_LITE,
    WITH_PORTS,
    Probe,
    Version,
    Way,
)

IP_IN_IP: Final = 4
CALLED_IPIP: Final = 94
"""The protocol that /etc/protocols calls ipip."""

MOBILITY: Final = 135
"""A header of IPv6 that the kernel itself drops where it is not well-formed."""

STRANGERS: Final = (
    *("203.0.113.77", "2001:db8:ffff::77"),
    # one for each half of each half of all addresses, and for each kind of local ones
    *("100.64.7.7", "172.31.7.7", "5f00::77", "fe80::77", "febf::77", "fec0::77"),
)
PORTLESS: Final = (2, IP_IN_IP, 41, 47, 50, CALLED_IPIP, 115, 255)
ICMP_TYPES: Final = {ICMP: (*range(19), 255), ICMPV6: (*range(1, 6), *range(127, 145), 255)}
DHCP_PORTS: Final = (
    *((67, 68), (68, 67), (67, 69), (66, 68), (67, 546)),
    *((547, 546), (547, 547), (546, 546), (547, 68)),
)
"""From port to port: the answers of both versions, and what is not quite one."""

SOURCE_QUENCH: Final = 4
UNREACHABLE: Final = 1
SENDABLE: Final = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"),
            *("2000::/3", "4000::/2", "fc00::/7", "fe80::/9"),
        ),
    )
)
"""Unicast addresses, of which some blocks are the host's own or never come by wire."""

UNSENDABLE: Final = tuple(
    ip_network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "10.99.0.0/24", "fd00:99::/64")
)


def probes_for(document: LoweredDocument, ssh_port: int = 22) -> list[Probe]:
    """Return the packets that tell whether hosts let in what the document says, and only that.

    Every service is asked for from one address in each network and from strangers, and what the
    document names from the first and last address in each network and those just outside as well.
    """
    named = list(dict.fromkeys(_named(document)))
    services = list(dict.fromkeys([*_of_flows(document), *_always(ssh_port)]))
    within, edges = _within(document), _edges_of_networks(document)
    found = [
        replace(one, source=source)
        for one, source in (*product(services, within), *product(named, edges))
    ]
    found += [
        replace(one, source=source, options=True)
        for one, source in product(dict.fromkeys([*named, *_always(ssh_port)]), within)
        if ":" in source
    ]
    found += [
        replace(one, source=source, way=Way.LOOPBACK)
        for one, source in product(services, LOOPBACK.values())
    ]
    found += [
        replace(one, source=source, way=Way.REPLY)
        for one, source in product(services, STRANGERS[:2])
        if one.protocol not in {DCCP, ICMP, ICMPV6}
    ]
    found += _icmp_about_packets_of_the_host()
    return [one for one in dict.fromkeys(found) if _possible(one)]


def _icmp_about_packets_of_the_host() -> Iterator[Probe]:
    """Yield answers to an echo request, and errors about another packet, one no failsafe names."""
    for source in STRANGERS[:2]:
        version = Probe(UDP, source).version
        yield Probe(ICMP_OF[version], source, way=Way.REPLY)
        error = {4: SOURCE_QUENCH, 6: UNREACHABLE}[version]
        yield Probe(ICMP_OF[version], source, icmp_type=error, way=Way.RELATED)


def _of_flows(document: LoweredDocument) -> Iterator[Probe]:
    """Yield the services of all flows, also of those that do not apply or go elsewhere."""
    for item in document.requirements:
        for flow in item.flows:
            yield from _of_flow(flow)


def _named(document: LoweredDocument) -> Iterator[Probe]:
    """Yield one packet for each port range, type or protocol of all flows."""
    for item in document.requirements:
        for flow in item.flows:
            ports = [part.last for part in flow.ports] or [0]
            yield from (Probe(flow.protocol, "", port, flow.icmp_type) for port in ports)


def _of_flow(flow: Flow) -> Iterator[Probe]:
    if flow.protocol in WITH_PORTS:
        yield from (Probe(flow.protocol, "", port) for port in _edges(flow))
        for part in flow.ports:
            yield from (Probe(other, "", part.first) for other in (TCP, UDP, SCTP))
    elif flow.protocol in {ICMP, ICMPV6}:
        kind = flow.icmp_type or 0
        for number in {kind - 1, kind, kind + 1} & set(range(256)):
            yield from (Probe(other, "", icmp_type=number) for other in (ICMP, ICMPV6))
    else:
        yield from (Probe(flow.protocol + offset, "") for offset in (-1, 0, 1))


def _edges(flow: Flow) -> Iterator[int]:
    """Yield ports in and beside the ranges of a flow."""
    if not flow.ports:
        yield from (0, 1, 1024, 65535)
    for part in flow.ports:
        middle = (part.first + part.last) // 2
        near = {part.first - 1, part.first, middle, part.last, part.last + 1}
        yield from near & set(range(65536))


def _always(ssh_port: int) -> Iterator[Probe]:
    """Yield what a rule set of its own must let in, and what is close to it."""
    for port in {22, ssh_port - 1, ssh_port, ssh_port + 1, 80} & set(range(65536)):
        yield from (Probe(protocol, "", port) for protocol in (TCP, UDP))
    for source, port in DHCP_PORTS:
        yield Probe(UDP, "", port, source_port=source)
        yield Probe(TCP, "", port, source_port=source)
    for protocol, kinds in ICMP_TYPES.items():
        yield from (Probe(protocol, "", icmp_type=kind) for kind in kinds)
    yield from (Probe(protocol, "") for protocol in PORTLESS)
    yield from (Probe(protocol, "", 4242) for protocol in (SCTP, DCCP, UDP_LITE))


def _within(document: LoweredDocument) -> tuple[str, ...]:
    """Return an address in each network of each role, and strangers."""
    middles = [
        address
        for first, last, version in _networks(document)
        for address in _addresses([(first + last) // 2], version)
    ]
    return _sendable([*map(ip_address, STRANGERS), *middles])


def _edges_of_networks(document: LoweredDocument) -> tuple[str, ...]:
    """Return the first and last address in each network of each role, and those just outside."""
    return _sendable(
        address
        for first, last, version in _networks(document)
        for address in _addresses([first - 1, first, last, last + 1], version)
    )


def _networks(document: LoweredDocument) -> Iterator[tuple[int, int, Version]]:
    for role in document.roles:
        for text in role.addresses:
            network = ip_network(text, strict=False)
            yield int(network[0]), int(network[-1]), 6 if ":" in text else 4


def _addresses(numbers: Iterable[int], version: Version) -> Iterator[IPv4Address | IPv6Address]:
    most = {4: 1 << 32, 6: 1 << 128}[version]
    for number in numbers:
        if 0 <= number < most:
            yield IPv4Address(number) if version == 4 else IPv6Address(number)


def _sendable(addresses: Iterable[IPv4Address | IPv6Address]) -> tuple[str, ...]:
    return tuple(
        str(one)
        for one in dict.fromkeys(addresses)
        if any(one in block for block in SENDABLE) and not any(one in block for block in UNSENDABLE)
    )


def _possible(probe: Probe) -> bool:
    """Tell whether such a packet exists, and whether a kernel without rules takes it."""
    if probe.version == 6 and probe.protocol in EXTENSION_HEADERS | {MOBILITY}:
        return False
    return 0 < probe.protocol < 256
