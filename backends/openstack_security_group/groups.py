"""Groups and rules of Neutron, before they take the form of a tool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from reqc.backends.firewall.admission import Admission, Permit
from reqc.backends.firewall.narrowing import EVERY_PORT, without_port_zero
from reqc.backends.firewall.services import Service, Version
from reqc.backends.firewall.text import cut, object_name, one_line
from reqc.compiler.flows import ICMP, ICMPV6, TCP, UDP, Ports
from reqc.compiler.lowered import LoweredDocument

TEXT_LENGTH: Final = 255
"""The longest name or description of a group or a rule."""

PROTOCOLS: Final[Mapping[int, str]] = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "ipv6-icmp"}
"""The names that mean the same everywhere; `ipip` is 94 to some and 4 to others."""

ANY: Final[Mapping[Version, str]] = {4: "0.0.0.0/0", 6: "::/0"}


class Source(Struct, frozen=True):
    """Members of the group of a role, or addresses of a network where `role` is None."""

    role: str | None
    network: str | None

    def __str__(self) -> str:
        return self.role or str(self.network)


class Match(Struct, frozen=True):
    """What a rule lets in: no two rules of one group may have the same."""

    version: Version
    protocol: int
    ports: Ports | None
    icmp_type: int | None
    source: Source

    @property
    def protocol_text(self) -> str:
        """The protocol as Neutron keeps it: a name that nobody mistakes, or a number in a text."""
        return PROTOCOLS.get(self.protocol, str(self.protocol))

    @property
    def ethertype(self) -> str:
        """The version as Neutron calls it."""
        return f"IPv{self.version}"

    def __str__(self) -> str:
        ports = (self.ports,) if self.ports else ()
        service = Service(self.protocol, ports, self.icmp_type)
        return f"{service} from {self.source}, {self.ethertype}"


class SecurityRule(Struct, frozen=True):
    """A rule of a role's group, with the requirements that ask for it, by id.

    The description holds nothing that changes without the rule: Terraform replaces the rule for a
    new one, and Ansible looks for a rule with it.
    """

    role: str
    match: Match
    requirements: tuple[str, ...]

    @property
    def description(self) -> str:
        """The requirements, in the length that Neutron takes."""
        return cut(one_line(f"reqc: {', '.join(self.requirements)}"), TEXT_LENGTH)


class Group(Struct, frozen=True):
    """The group of a role; one that is only a source has no rules."""

    role: str
    name: str
    description: str


class Groups(Struct, frozen=True):
    """All that is written, in any form."""

    groups: tuple[Group, ...]
    rules: tuple[SecurityRule, ...]

    def name(self, role: str) -> str:
        """Return the name of a role's group."""
        return next(item.name for item in self.groups if item.role == role)


def group_name(document: LoweredDocument, role: str) -> str:
    """Return the name of a role's group, which no other document of the project has."""
    return object_name(f"{document.identity.slug}-{role}", TEXT_LENGTH)


def narrow(permit: Permit, *, type_zero: bool) -> tuple[Permit | None, str]:
    """Return what rules can say of a permit; `type_zero` tells whether ICMP type 0 is sayable."""
    service = permit.service
    if service.icmp_type == 0 and not type_zero:
        return None, "Terraform's provider takes ICMP type 0 for every type; use form=ansible"
    if not service.ports or service.ports == EVERY_PORT or service.ports[0].first:
        return permit, ""
    return without_port_zero(permit), "security groups know no port 0"


def security_rules(
    role: str, admitted: Admission, outside: frozenset[str]
) -> Iterator[SecurityRule]:
    """Yield the rules of a role's group, each once with all its reasons.

    Neutron refuses a rule that is there already, and two permits may share a range of ports.
    """
    reasons: dict[Match, dict[str, None]] = {}
    for permit in admitted.permits:
        for match in _matches(permit, outside):
            found = reasons.setdefault(match, {})
            found.update((origin.id, None) for origin in permit.origins)
    for match, names in reasons.items():
        yield SecurityRule(role, match, tuple(names))


def _matches(permit: Permit, outside: frozenset[str]) -> Iterator[Match]:
    service = permit.service
    whole = not service.ports or service.ports == EVERY_PORT
    ranges: Iterable[Ports | None] = (None,) if whole else service.ports
    for version in permit.versions:
        for ports in ranges:
            for source in _sources(permit, version, outside):
                yield Match(version, service.protocol, ports, service.icmp_type, source)


def _sources(permit: Permit, version: Version, outside: frozenset[str]) -> Iterator[Source]:
    peers = permit.peers
    if peers is None:
        # without it Ansible would take a rule for some group to be the one for everyone
        yield Source(None, ANY[version])
    elif peers.role in outside:
        yield from (Source(None, item) for item in peers.with_prefixes(version))
    else:
        yield Source(peers.role, None)
