"""Packets in bytes: the questions of probes, the answers to them, and errors about them."""

from __future__ import annotations

import struct
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final

from reqc.compiler.flows import ICMP, ICMPV6, SCTP, TCP, UDP
from tests.real.probes import (
    DCCP,
    ECHO_REPLY,
    ECHO_REQUEST,
    EPHEMERAL,
    ICMP_OF,
    LOOPBACK,
    TARGET,
    UDP_LITE,
    WITH_PORTS,
    Probe,
    Version,
    Way,
)

SYN: Final = 2
SYN_ACK: Final = 18
INIT: Final = 1
INIT_ACK: Final = 2
DESTINATION_OPTIONS: Final = 60
TAG: Final = 7
"""The tag of an SCTP association, and the identifier of an echo."""

CHECKSUM_AT: Final = {TCP: 16, UDP: 6, UDP_LITE: 6, ICMP: 2, ICMPV6: 2}
"""Where a header has the Internet checksum; SCTP has another one, which nobody checks here."""


@lru_cache(1 << 15)
def incoming(probe: Probe, token: bytes) -> bytes:
    """Return the packet of a probe; it ends with the token."""
    source = probe.source
    target = LOOPBACK[probe.version] if probe.way is Way.LOOPBACK else TARGET[probe.version]
    if probe.way is Way.RELATED:
        quoted = outgoing(probe)[: (28 if probe.version == 4 else 48)]
        return _packet(probe, source, target, _icmp(probe.icmp_type or 0, 0, quoted + token))
    reply = probe.way is Way.REPLY
    return _packet(probe, source, target, _body(probe, token, reply=reply))


def outgoing(probe: Probe) -> bytes:
    """Return the packet of the host that a reply answers or that an error is about."""
    asked = probe
    if probe.way is Way.RELATED:
        asked = Probe(UDP, probe.source, EPHEMERAL, source_port=EPHEMERAL)
    mirrored = Probe(asked.protocol, asked.source, asked.source_port, source_port=asked.port)
    version = probe.version
    if asked.protocol == ICMP_OF[version]:
        body = _icmp(ECHO_REQUEST[version], TAG, b"question")
    else:
        body = _body(mirrored, b"question", reply=False)
    return _packet(mirrored, TARGET[version], probe.source, body)


def _body(probe: Probe, payload: bytes, *, reply: bool) -> bytes:
    """Return what follows the IP header, without checksum."""
    ports = struct.pack("!HH", probe.source_port, probe.port)
    if reply and probe.protocol == ICMP_OF[probe.version]:
        return _icmp(ECHO_REPLY[probe.version], TAG, payload)
    if probe.icmp_type is not None:
        return _icmp(probe.icmp_type, TAG, payload)
    if probe.protocol in WITH_PORTS:
        return ports + _after_ports(probe.protocol, payload, reply=reply)
    return bytes(4) + payload


def _after_ports(protocol: int, payload: bytes, *, reply: bool) -> bytes:
    match protocol:
        case number if number == TCP:
            flags = SYN_ACK if reply else SYN
            head = struct.pack("!IIBBHHH", 0, int(reply), 5 << 4, flags, 1024, 0, 0)
        case number if number == SCTP:
            start = struct.pack("!IIHHI", TAG, 1500, 1, 1, 0)
            # the payload is part of the chunk: connection tracking takes no second one after it
            chunk = (INIT_ACK if reply else INIT, 0, 4 + len(start) + len(payload))
            head = struct.pack("!IIBBH", TAG * reply, 0, *chunk) + start
        case number if number == DCCP:
            # a request with long sequence numbers; 5 words of 32 bits stand before the data
            head = struct.pack("!BBHBBHII", 5, 0, 0, 1, 0, 0, 0, 0)
        case _:
            covered = 8 if protocol == UDP_LITE else 8 + len(payload)
            head = struct.pack("!HH", covered, 0)
    return head + payload


def _icmp(kind: int, identifier: int, payload: bytes) -> bytes:
    return struct.pack("!BBHHH", kind, 0, 0, identifier, 0) + payload


def _packet(probe: Probe, source: str, target: str, body: bytes) -> bytes:
    """Return a whole packet with the checksum of its protocol."""
    version = probe.version
    family = {4: AF_INET, 6: AF_INET6}[version]
    ends = inet_pton(family, source) + inet_pton(family, target)
    body = _sealed(version, probe.protocol, ends, body)
    if version == 4:
        head = struct.pack("!BBHHHBBH", 69, 0, 20 + len(body), 1, 0, 64, probe.protocol, 0)
        return _with_checksum(head + ends, 10, b"") + body
    following = probe.protocol
    if probe.options:
        body = struct.pack("!BBBB4x", following, 0, 1, 4) + body
        following = DESTINATION_OPTIONS
    return struct.pack("!IHBB", 6 << 28, len(body), following, 64) + ends + body


def _sealed(version: Version, protocol: int, ends: bytes, body: bytes) -> bytes:
    if protocol not in CHECKSUM_AT or (protocol in {ICMP, ICMPV6} and protocol != ICMP_OF[version]):
        return body
    pseudo = b"" if protocol == ICMP else ends + struct.pack("!II", len(body), protocol)
    return _with_checksum(body, CHECKSUM_AT[protocol], pseudo, covered=_covered(protocol, body))


def _covered(protocol: int, body: bytes) -> int:
    """Return how much of the body a checksum is about: of UDP-Lite only the header."""
    return 8 if protocol == UDP_LITE else len(body)


def _with_checksum(body: bytes, at: int, pseudo: bytes, covered: int | None = None) -> bytes:
    """Return the body with its Internet checksum (RFC 1071) at an offset."""
    summed = pseudo + body[:covered]
    summed += bytes(len(summed) % 2)
    total = sum(struct.unpack(f"!{len(summed) // 2}H", summed))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return body[:at] + struct.pack("!H", (~total & 0xFFFF) or 0xFFFF) + body[at + 2 :]
