"""What the firewall targets share: which traffic reaches the hosts of a rule set, and from whom.

Only incoming traffic is ruled. A stateful firewall lets replies through by itself, and a host that
does not deny outgoing traffic needs no rule for it, so the sending half of a flow is never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final, Literal, TypeAlias

from reqc.backends.base import Reason, Setting, SettingError, Unsupported, left_out
from reqc.backends.port_ranges import united, without
from reqc.compiler.flows import (
    ANYONE,
    EXTERNAL,
    ICMP,
    ICMPV6,
    PROTOCOL_NAMES,
    SCTP,
    TCP,
    UDP,
    Flow,
    Ports,
    merged,
)
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement, LoweredRole, Origin

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
FAILSAFE_ICMP: Final[Mapping[Version, Mapping[int, str]]] = {
    4: {
        3: "destination unreachable",
        8: "echo request",
        11: "time exceeded",
        12: "parameter problem",
    },
    6: {
        1: "destination unreachable",
        2: "packet too big",
        3: "time exceeded",
        4: "parameter problem",
        128: "echo request",
        130: "multicast listener query",
        131: "multicast listener report",
        132: "multicast listener done",
        133: "router solicitation",
        134: "router advertisement",
        135: "neighbour solicitation",
        136: "neighbour advertisement",
        143: "multicast listener report, version 2",
    },
}
"""What IPv6 cannot live without (RFC 4890), and what path MTU discovery and a ping need."""


class Mode(StrEnum):
    """Restrict only the services that requirements name, or everything else as well."""

    GUARD = "guard"
    ENFORCE = "enforce"


SETTINGS: Final = (
    Setting(
        "mode",
        "guard",
        "guard restricts the required services to their peers; enforce denies all else",
        values=("guard", "enforce"),
    ),
    Setting("ssh-port", "22", "TCP port of ssh, which is never restricted"),
    Setting(
        "trial",
        "60",
        "seconds after which an enforced deny opens again unless it is confirmed; 0 confirms it",
    ),
)


@dataclass(frozen=True, slots=True)
class Posture:
    """How a rule set treats what no requirement names; `trial` is in seconds, 0 for no trial."""

    mode: Mode
    ssh_port: int
    trial: int

    @property
    def enforced(self) -> bool:
        """Whether everything else is denied."""
        return self.mode is Mode.ENFORCE


def posture(settings: Mapping[str, str]) -> Posture:
    """Return the settings as values; raise SettingError where one is out of its range."""
    if settings["mode"] not in set(Mode):
        message = f"mode must be guard or enforce, not {settings['mode']!r}"
        raise SettingError(message)
    return Posture(
        Mode(settings["mode"]),
        _number(settings, "ssh-port", 1, HIGHEST_PORT),
        _number(settings, "trial", 0, 86400),
    )


def _number(settings: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = settings[name]
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        message = f"{name} must be a whole number from {least} to {most}, not {text!r}"
        raise SettingError(message)
    return int(text)


@dataclass(frozen=True, slots=True)
class Peers:
    """The hosts of a role as networks that neither overlap nor touch, by version."""

    role: str
    v4: tuple[str, ...]
    v6: tuple[str, ...]

    def of(self, version: Version) -> tuple[str, ...]:
        """Return the networks of one version."""
        return self.v4 if version == 4 else self.v6  # noqa: PLR2004  # it is the version's name


@dataclass(frozen=True, slots=True, order=True)
class Service:
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


@dataclass(frozen=True, slots=True)
class Permit:
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


@dataclass(frozen=True, slots=True)
class Admission:
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


def _peers(role: LoweredRole) -> Peers:
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


def guarded(permits: Iterable[Permit], ssh_port: int) -> tuple[Service, ...]:
    """Return the services that only peers may use, one for each protocol with ports.

    A service that anyone may use is not among them, nor is ssh, nor the ICMP of the failsafe.
    """
    rows = tuple(permits)
    known = [item.service for item in rows if item.peers]
    anyone = [item.service for item in rows if not item.peers]
    result = []
    for protocol in dict.fromkeys(item.protocol for item in known):
        mine, theirs = (
            [one for one in side if one.protocol == protocol] for side in (known, anyone)
        )
        if protocol in PORT_PROTOCOLS:
            ssh = [Ports(ssh_port, ssh_port)] if protocol == TCP else []
            holes = [part for one in theirs for part in one.ports] + ssh
            ports = without((part for one in mine for part in one.ports), holes)
            result.extend([Service(protocol, ports)] if ports else [])
        else:
            types = {one.icmp_type for one in theirs}
            result.extend(
                one
                for one in dict.fromkeys(mine)
                if not types & {None, one.icmp_type} and not _failsafe(one)
            )
    return tuple(result)


def _failsafe(service: Service) -> bool:
    return any(
        service.protocol == ICMP_OF[version] and service.icmp_type in types
        for version, types in FAILSAFE_ICMP.items()
    )


def ruled(admitted: Admission, stance: Posture) -> tuple[tuple[Permit, ...], tuple[Service, ...]]:
    """Return the permits to write and the services to deny to everyone else.

    When all else is denied no service has to be, and every permit counts. Otherwise a permit
    counts only where it lets its sources past such a denial.
    """
    if stance.enforced:
        return admitted.permits, ()
    denied = guarded(admitted.permits, stance.ssh_port)
    return tuple(
        item for item in admitted.permits if any(item.service.overlaps(one) for one in denied)
    ), denied
