"""Admission: which traffic reaches the hosts of a rule set, and from whom.

Only incoming traffic is ruled. A stateful firewall lets replies through by itself, and a host that
does not deny outgoing traffic needs no rule for it, so the sending half of a flow is never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Reason, Unsupported, left_out
from reqc.backends.firewall.services import (
    EXTENSION_HEADERS,
    HIGHEST_PORT,
    HIGHEST_PROTOCOL,
    PORT_PROTOCOLS,
    Service,
    Version,
)
from reqc.compiler.flows import ANYONE, EXTERNAL, ICMP, ICMPV6, Flow, Ports, merged
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement, LoweredRole, Origin
from reqc.compiler.port_ranges import united


class Peers(Struct, frozen=True):
    """The hosts of a role as networks that neither overlap nor touch, by version."""

    role: str
    v4: tuple[str, ...]
    v6: tuple[str, ...]

    def of(self, version: Version) -> tuple[str, ...]:
        """Return the networks of one version."""
        return self.v4 if version == 4 else self.v6  # noqa: PLR2004  # it is the version's name

    def with_prefixes(self, version: Version) -> Iterator[str]:
        """Yield the networks of one version for who wants a prefix at single addresses too."""
        longest = 32 if version == 4 else 128  # noqa: PLR2004  # the same
        return (item if "/" in item else f"{item}/{longest}" for item in self.of(version))


class Permit(Struct, frozen=True):
    """A service and who may use it, anyone where `peers` is None, with all its reasons."""

    service: Service
    peers: Peers | None
    origins: tuple[Origin, ...]

    @property
    def reasons(self) -> str:
        """The requirements by id and place, as a comment at a rule carries them."""
        return ", ".join(f"{item.id} ({item.place})" for item in self.origins)

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions with a rule: those of the service that peers have networks in."""
        peers = self.peers
        if peers is None:
            return self.service.versions
        return tuple(version for version in self.service.versions if peers.of(version))

    def __str__(self) -> str:
        return f"{self.service} from {self.peers.role if self.peers else 'any source'}"


class Admission(Struct, frozen=True):
    """What reaches the hosts of a rule set, and which requirements are not, or not wholly, in."""

    permits: tuple[Permit, ...]
    unsupported: tuple[Unsupported, ...]

    @property
    def peers(self) -> tuple[Peers, ...]:
        """The groups of sources that permits name, each once, in the order they are named."""
        return tuple(dict.fromkeys(item.peers for item in self.permits if item.peers))


def admission(document: LoweredDocument) -> Admission:
    """Return what reaches hosts of `document.host_roles`, whichever hosts a requirement binds.

    What counts is where the traffic goes: a requirement of all hosts may be about one role's ports.
    """
    where = "it lets no traffic in; other targets carry it"
    rows = list(left_out(document, lambda item: bool(item.flows), where, binds=lambda _: True))
    asked: list[tuple[str, Flow]] = []
    for item in document.requirements:
        if item.applies:
            rows.extend(_reports(document, item))
            asked.extend((item.origin.id, flow) for flow in incoming(document, item))
    origins = {item.origin.id: item.origin for item in document.requirements}
    groups = {role.name: _peers(role) for role in document.roles if role.addresses}
    permits = tuple(
        Permit(
            Service(rule.flow.protocol, rule.flow.ports, rule.flow.icmp_type),
            groups.get(rule.flow.source),
            tuple(origins[name] for name in rule.requirements),
        )
        for rule in merged((name, _normal(flow, groups)) for name, flow in asked)
    )
    rows.extend(_without_peers(permits))
    return Admission(
        tuple(item for item in permits if item.versions), in_page_order(document, rows)
    )


def in_page_order(
    document: LoweredDocument, rows: Iterable[Unsupported]
) -> tuple[Unsupported, ...]:
    """Return the reports in the order of the requirements they are about."""
    order = {item.origin.id: number for number, item in enumerate(document.requirements)}
    return tuple(sorted(rows, key=lambda row: order[row.requirement]))


def _normal(flow: Flow, groups: Mapping[str, Peers]) -> Flow:
    """Return the flow as these hosts see it, so that equal rules become one."""
    everything = (Ports(0, HIGHEST_PORT),) if flow.protocol in PORT_PROTOCOLS else ()
    return replace(
        flow,
        ports=united(flow.ports or everything),
        source=flow.source if flow.source in groups else ANYONE,
        destination=ANYONE,
    )


def _here(document: LoweredDocument, flow: Flow) -> bool:
    return flow.destination == ANYONE or flow.destination in document.host_roles


def incoming(document: LoweredDocument, item: LoweredRequirement) -> tuple[Flow, ...]:
    """Return the flows of a requirement that reach these hosts and can be a rule."""
    return tuple(flow for flow in item.flows if _here(document, flow) and not _refusal(flow))


def _refusal(flow: Flow) -> str | None:
    """Return why no rule can be written for a flow, None where one can."""
    if not 0 < flow.protocol <= HIGHEST_PROTOCOL:
        return f"protocol {flow.protocol} stands for every protocol, or for none, in a rule"
    if flow.ports and flow.protocol not in PORT_PROTOCOLS:
        return f"{flow.protocol_name} has no ports"
    if flow.icmp_type is not None and flow.protocol not in {ICMP, ICMPV6}:
        return f"{flow.protocol_name} has no ICMP types"
    return None


def _reports(document: LoweredDocument, item: LoweredRequirement) -> Iterable[Unsupported]:
    """Name what a requirement says about traffic and these rules do not."""
    name = item.origin.id
    others = [flow.destination for flow in item.flows if not _here(document, flow)]
    for role in dict.fromkeys(others):
        hint = "no rule set of these hosts" if role == EXTERNAL else f"compile with --role {role}"
        yield Unsupported(name, Reason.ELSEWHERE, f"it is traffic to {role}; {hint}")
    here = [flow for flow in item.flows if _here(document, flow)]
    for problem in dict.fromkeys(filter(None, map(_refusal, here))):
        yield Unsupported(name, Reason.INEXPRESSIBLE, problem)
    for number in dict.fromkeys(flow.protocol for flow in here):
        if number in EXTENSION_HEADERS:
            detail = f"in IPv6 protocol {number} is an extension header; the rule is for IPv4 only"
            yield Unsupported(name, Reason.INEXPRESSIBLE, detail)
    if item.guard is not None and here:
        detail = "it depends on a fact of the node; the rule is written whatever the fact"
        yield Unsupported(name, Reason.INEXPRESSIBLE, detail)


def _without_peers(permits: Iterable[Permit]) -> Iterable[Unsupported]:
    for item in permits:
        if item.peers is not None and not item.versions:
            family = f"IPv{item.service.versions[0]}"
            detail = (
                f"{item.service} exists in {family} only and {item.peers.role} has no address there"
            )
            yield from (
                Unsupported(origin.id, Reason.INEXPRESSIBLE, detail) for origin in item.origins
            )


@lru_cache(maxsize=64)
def _peers(role: LoweredRole) -> Peers:
    """Return the hosts of a role; all targets of one compilation ask for the same."""
    networks = [ip_network(address, strict=False) for address in role.addresses]
    return Peers(
        role.name,
        _texts(collapse_addresses(item for item in networks if isinstance(item, IPv4Network))),
        _texts(collapse_addresses(item for item in networks if isinstance(item, IPv6Network))),
    )


def _texts(networks: Iterable[IPv4Network | IPv6Network]) -> tuple[str, ...]:
    """Return the networks as rule sets take them: ipset knows no prefix 0, but its two halves."""
    parts = (
        part
        for network in networks
        for part in (network.subnets() if network.prefixlen == 0 else [network])
    )
    return tuple(
        str(part.network_address if part.prefixlen == part.max_prefixlen else part)
        for part in parts
    )
