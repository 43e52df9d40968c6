"""Probes: single packets that a rule set is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from reqc.compiler.flows import ICMP, ICMPV6, SCTP, TCP, UDP

Version: TypeAlias = Literal[4, 6]
"""A version of the Internet Protocol."""

DCCP: Final = 33
UDP_LITE: Final = 136
WITH_PORTS: Final = frozenset({TCP, UDP, DCCP, SCTP, UDP_LITE})
"""The protocols whose header begins with the ports of sender and receiver."""

EXTENSION_HEADERS: Final = frozenset({0, 43, 44, 51, 60})
"""Numbers that name no protocol in IPv6 but a header in front of one (RFC 8200)."""

ICMP_OF: Final[dict[Version, int]] = {4: ICMP, 6: ICMPV6}
ECHO_REQUEST: Final[dict[Version, int]] = {4: 8, 6: 128}
ECHO_REPLY: Final[dict[Version, int]] = {4: 0, 6: 129}
LOOPBACK: Final[dict[Version, str]] = {4: "127.0.0.1", 6: "::1"}
TARGET: Final[dict[Version, str]] = {4: "10.99.0.2", 6: "fd00:99::2"}
"""The addresses of the host that carries the rule set."""

EPHEMERAL: Final = 40000
"""The port of a sender whose port says nothing."""


class Way(StrEnum):
    """How a packet comes to the host.

    `NEW` opens traffic from the wire, `REPLY` answers what the host has sent to the source,
    `RELATED` is an ICMP error about such a packet, `LOOPBACK` never leaves the host.
    """

    NEW = "new"
    REPLY = "reply"
    RELATED = "related"
    LOOPBACK = "loopback"


@dataclass(frozen=True, slots=True)
class Probe:
    """One packet to the host: what a rule can match in it.

    `port` is the host's port and `source_port` the other one, for protocols with ports;
    `icmp_type` is for ICMP and ICMPv6. `options` puts destination options in front of the
    protocol's header, which IPv6 allows anywhere.
    """

    protocol: int
    source: str
    port: int = 0
    icmp_type: int | None = None
    source_port: int = EPHEMERAL
    way: Way = Way.NEW
    options: bool = False

    @property
    def version(self) -> Version:
        """The version of the Internet Protocol that the source speaks."""
        return 6 if ":" in self.source else 4
