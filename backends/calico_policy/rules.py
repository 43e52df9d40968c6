"""Rules: permits and denials as the entries of a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from reqc.backends.calico_policy.names import Names
from reqc.backends.firewall.admission import Permit
from reqc.backends.firewall.narrowing import EVERY_PORT, without_port_zero
from reqc.backends.firewall.posture import FAILSAFE_ICMP
from reqc.backends.firewall.services import ICMP_OF, PORT_PROTOCOLS, VERSIONS, Service, Version
from reqc.backends.firewall.text import cut, one_line
from reqc.compiler.flows import ICMP, ICMPV6, SCTP, TCP, UDP, Ports

Rule: TypeAlias = dict[str, object]
"""An entry of `ingress` in a policy."""

PROTOCOLS: Final[Mapping[int, str]] = {
    TCP: "TCP",
    UDP: "UDP",
    ICMP: "ICMP",
    ICMPV6: "ICMPv6",
    SCTP: "SCTP",
    136: "UDPLite",
}
"""The names that Calico knows; it takes every other protocol by number."""

WITH_PORTS: Final = frozenset({TCP, UDP, SCTP})
"""The protocols whose ports a rule can name."""

HIGHEST_ICMP_TYPE: Final = 254
PORTS_OF_A_RULE: Final = 50
REASONS_LENGTH: Final = 4096
"""Bytes of an annotation, far from the 256 KiB that all annotations of a rule may have."""

REQUIREMENTS: Final = "reqc.io/requirements"
FAILSAFE: Final = "reqc.io/failsafe"

_LOOPBACK: Final[Mapping[Version, str]] = {4: "127.0.0.0/8", 6: "::1/128"}
_DHCP: Final[Mapping[Version, tuple[int, Rule]]] = {
    4: (68, {"ports": [67]}),
    6: (546, {"nets": ["fe80::/10"], "ports": [547]}),
}
"""To which port a server answers, and from where (RFC 2131, RFC 8415)."""

Needed: TypeAlias = Callable[[Service], bool]
"""Tells whether a service has to be kept open."""


def narrow(permit: Permit, *, guard: bool) -> tuple[Permit | None, str]:
    """Return what rules can say of a permit, and what they cannot."""
    service = permit.service
    if service.icmp_type is not None and service.icmp_type > HIGHEST_ICMP_TYPE:
        return None, f"rules of Calico know ICMP types up to {HIGHEST_ICMP_TYPE}"
    if not service.ports or service.ports == EVERY_PORT:
        if guard and service.protocol in WITH_PORTS and permit.peers:
            return permit, f"rules of Calico know no port 0, so that one is open to all: {permit}"
        return permit, ""
    if service.protocol not in WITH_PORTS:
        name = PORT_PROTOCOLS[service.protocol]
        return None, f"rules of Calico know no ports of {name}"
    if service.ports[0].first == 0:
        return without_port_zero(permit), "rules of Calico know no port 0"
    return permit, ""


def allowed(permit: Permit, names: Names) -> Iterator[Rule]:
    """Yield the rules that let a permit's sources in."""
    source: Rule = {"selector": names.selector(permit.peers.role)} if permit.peers else {}
    for match in _matches(permit.service):
        yield _rule("Allow", {REQUIREMENTS: permit.reasons}, match, source)


def denied(service: Service, permits: Iterable[Permit]) -> Iterator[Rule]:
    """Yield the rules that keep a service from everyone whom no permit has let in."""
    about = [item for item in permits if item.peers and item.service.overlaps(service)]
    reasons = ", ".join(dict.fromkeys(item.reasons for item in about))
    for match in _matches(service):
        yield _rule("Deny", {REQUIREMENTS: reasons}, match, {})


def everything_else() -> Rule:
    """Return the rule that leaves alone what no requirement is about."""
    return _rule("Allow", {FAILSAFE: "what no requirement is about"}, {}, {})


def loopback() -> Iterator[Rule]:
    """Yield the rules for what a host sends to itself."""
    for version in VERSIONS:
        known: Rule = {"ipVersion": version}
        yield _rule("Allow", {FAILSAFE: "loopback"}, known, {"nets": [_LOOPBACK[version]]})


def failsafe(ssh_port: int, needed: Needed) -> Iterator[Rule]:
    """Yield the rules for what no host can do without: ssh, DHCP, and some of ICMP."""
    ssh = Service(TCP, _one(ssh_port))
    if needed(ssh):
        yield _rule("Allow", {FAILSAFE: "ssh"}, _match(ssh), {})
    for version, (client, server) in _DHCP.items():
        answer = Service(UDP, _one(client))
        if needed(answer):
            match = {"ipVersion": version, **_match(answer)}
            yield _rule("Allow", {FAILSAFE: "DHCP"}, match, server)
    for version in VERSIONS:
        for number, words in FAILSAFE_ICMP[version].items():
            service = Service(ICMP_OF[version], icmp_type=number)
            if needed(service):
                yield _rule("Allow", {FAILSAFE: words}, _match(service), {})


def _rule(
    action: str, annotations: Mapping[str, str], match: Mapping[str, object], source: Rule
) -> Rule:
    shown = {key: cut(one_line(text), REASONS_LENGTH) for key, text in annotations.items()}
    rule: Rule = {"action": action, "metadata": {"annotations": shown}}
    rule |= {key: value for key, value in match.items() if key != "destination"}
    if source:
        rule["source"] = source
    if "destination" in match:
        rule["destination"] = match["destination"]
    return rule


def _matches(service: Service) -> Iterator[Rule]:
    """Yield what matches a service, in parts where it has more ports than a rule may have."""
    match: Rule = {}
    if len(service.versions) == 1:
        match["ipVersion"] = service.versions[0]
    match["protocol"] = PROTOCOLS.get(service.protocol, service.protocol)
    if service.icmp_type is not None:
        match["icmp"] = {"type": service.icmp_type}
    if not service.ports or service.ports == EVERY_PORT:
        yield match
        return
    ports = [_port(item) for item in service.ports]
    for first in range(0, len(ports), PORTS_OF_A_RULE):
        yield {**match, "destination": {"ports": ports[first : first + PORTS_OF_A_RULE]}}


def _match(service: Service) -> Rule:
    (match,) = _matches(service)
    return match


def _one(port: int) -> tuple[Ports]:
    return (Ports(port, port),)


def _port(ports: Ports) -> int | str:
    """Return a port as a number, several as a range, which begins with 1 at the earliest."""
    first = max(ports.first, 1)
    return first if first == ports.last else f"{first}:{ports.last}"
