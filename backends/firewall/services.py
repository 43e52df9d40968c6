"""Services: what a rule matches besides the source of a packet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from reqc.compiler.flows import ICMP, ICMPV6, PROTOCOL_NAMES, SCTP, TCP, UDP, Ports
from reqc.compiler.port_ranges import united, without

Version: TypeAlias = Literal[4, 6]
"""A version of the Internet Protocol."""

VERSIONS: Final[tuple[Version, ...]] = (4, 6)

HIGHEST_PORT: Final = 65535
HIGHEST_PROTOCOL: Final = 255
PORT_PROTOCOLS: Final = {TCP: "tcp", UDP: "udp", 33: "dccp", SCTP: "sctp", 136: "udplite"}
"""The protocols whose header begins with two ports, by number."""

IPV4_ONLY: Final = frozenset({ICMP, 2, 4})
"""ICMP, IGMP and IP-in-IP, which is IPv4 inside; IPv6 has its own ICMP and no IGMP."""

EXTENSION_HEADERS: Final = frozenset({43, 44, 51, 60})
"""Numbers that are extension headers in IPv6 (RFC 8200): every rule set looks past them there."""

ICMP_OF: Final[Mapping[Version, int]] = {4: ICMP, 6: ICMPV6}


class Service(Struct, frozen=True, order=True):
    """What a rule matches besides the source; no `ports` where the protocol has none."""

    protocol: int
    ports: tuple[Ports, ...] = ()
    icmp_type: int | None = None

    def __str__(self) -> str:
        name = PORT_PROTOCOLS.get(self.protocol) or PROTOCOL_NAMES.get(self.protocol)
        words = name or f"IP protocol {self.protocol}"
        if self.ports:
            return f"{words} {', '.join(str(part) for part in self.ports)}"
        return words if self.icmp_type is None else f"{words} type {self.icmp_type}"

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions of the Internet Protocol in which a rule can see this service."""
        if self.protocol in IPV4_ONLY | EXTENSION_HEADERS:
            return (4,)
        return (6,) if self.protocol == ICMPV6 else (4, 6)

    def overlaps(self, other: Service) -> bool:
        """Tell whether some packet belongs to both services."""
        if self.protocol != other.protocol:
            return False
        if self.ports:
            return without(self.ports, other.ports) != united(self.ports)
        return self.icmp_type is None or other.icmp_type in {None, self.icmp_type}
