"""Render flows as one chain of iptables for each IP version, with ipsets of the sources.

The files are for `iptables-restore --noflush`, which replaces the chain in one step and touches
no other; one jump from INPUT leads to it. The verdict of a permit is RETURN where only the required
services are restricted, so that the rules behind the jump still count, and ACCEPT where all else
is denied or where the permits are to go past those rules.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Final

from jinja2 import Environment
from msgspec import Struct

from reqc.backends.base import Artifact, Drift, Language, Output, Target
from reqc.backends.firewall.admission import Peers, Permit, admission
from reqc.backends.firewall.conflicts import cautions
from reqc.backends.firewall.explanation import Handling, explain_own_rules
from reqc.backends.firewall.posture import FAILSAFE_ICMP, SETTINGS, Posture, posture
from reqc.backends.firewall.ruling import ruled
from reqc.backends.firewall.services import HIGHEST_PORT, ICMP_OF, VERSIONS, Service, Version
from reqc.backends.firewall.text import (
    cut,
    header,
    identity_line,
    notes,
    one_line,
)
from reqc.backends.iptables.names import (
    chain_name,
    lasting_set_name,
    set_name,
    set_pattern,
    switch_name,
)
from reqc.backends.templates import environment
from reqc.compiler.flows import ICMP, TCP, UDP, Ports
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.port_ranges import without

COMMENT_BYTES: Final = 255
"""The longest comment of a rule: iptables cuts a longer one without a word."""

MULTIPORT_PLACES: Final = 15
"""How many ports one rule can list; a range takes two places."""

DHCP: Final[Mapping[Version, str]] = {
    4: "-p udp -m udp --sport 67 --dport 68",
    6: "-s fe80::/10 -p udp -m udp --sport 547 --dport 546",
}


class Line(Struct, frozen=True):
    """A rule of the chain without its verdict: what it matches, and why it is there."""

    match: str
    comment: str


class AddressSet(Struct, frozen=True):
    """An ipset of one IP version and its members."""

    name: str
    version: Version
    members: tuple[str, ...]

    @property
    def limit(self) -> int:
        """How many members the set may have: as ipset has it, or with as much room again."""
        return max(65536, 2 * len(self.members))


def quoted(text: str) -> str:
    """Return the text as one argument of iptables-restore, cut to a comment's length."""
    return f'"{cut(one_line(text), COMMENT_BYTES)}"'


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return the rules of each IP version, the ipsets, and scripts to apply and remove them."""
    stance = posture(settings)
    found = cautions(document, "iptables")
    admitted = admission(document)
    permits, denied = ruled(admitted, stance)
    context = {
        "header": tuple(header(document, admitted, notes(admitted, stance), found)),
        "identity": f"{identity_line(document)}, mode {stance.mode}",
        "chain": chain_name(document),
        "stance": stance,
        "sets": _address_sets(document, permits),
        "ours": set_pattern(document),
        "armed": {one: switch_name(document, one) for one in VERSIONS},
        "closed": _closed(denied, stance),
    }
    from_file = templates().get_template

    def artifact(name: str, template: str, **more: object) -> Artifact:
        text = from_file(template).render(context, **more)
        return Artifact(name, text, executable=name.endswith(".sh"))

    return Output(
        (
            *(
                artifact(
                    f"rules.v{version}",
                    "rules.j2",
                    version=version,
                    failsafe=_failsafe(stance, version),
                    permits=_permits(document, permits, version),
                    denied=_denied(denied, version),
                )
                for version in VERSIONS
            ),
            artifact("rules.ipset", "rules.ipset.j2"),
            artifact("apply.sh", "apply.sh.j2"),
            artifact("uninstall.sh", "uninstall.sh.j2"),
        ),
        admitted.unsupported,
        cautions=found,
    )


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return which requirement each rule is for, and how to use the files."""
    chain = chain_name(document)
    handling = Handling(
        marks="In the files the comments of rules name the requirements.",
        apply=(
            "sh apply.sh [iptables|iptables-nft|iptables-legacy]",
            "It can be run again at any time, and is to be at every boot.",
        ),
        verify=(
            f"iptables -n -v -L {chain}; ip6tables -n -v -L {chain}",
            "reqc drift SPEC --target iptables, with the same choices and inventory",
        ),
        revert=("sh uninstall.sh [iptables|iptables-nft|iptables-legacy]",),
    )
    return explain_own_rules(document, settings, "iptables", handling)


def drift(document: LoweredDocument, settings: Mapping[str, str]) -> Drift:
    """Return in what the chains and ipsets on this machine are not those of the files."""
    # what runs tools is of no use to a compilation
    from reqc.backends.iptables.drift import Ours, chain_drift  # noqa: PLC0415

    versions = [(peers, one) for peers in admission(document).peers for one in VERSIONS]
    ours = Ours(
        chain_name(document),
        frozenset(lasting_set_name(document, peers.role, one) for peers, one in versions),
        frozenset(switch_name(document, one) for one in VERSIONS),
    )
    files = {item.name: item.text for item in render(document, settings).artifacts}
    return chain_drift(document, ours, files)


def _address_sets(document: LoweredDocument, permits: Iterable[Permit]) -> tuple[AddressSet, ...]:
    """Return the sets that rules ask for, each once."""
    named = ((item.peers, one) for item in permits if item.peers for one in item.versions)
    return tuple(
        AddressSet(set_name(document, peers, one), one, peers.of(one))
        for peers, one in dict.fromkeys(named)
    )


def _closed(denied: Iterable[Service], stance: Posture) -> tuple[Ports, ...]:
    """Return the TCP ports that rules take from sources which are not listed."""
    if stance.enforced:
        ssh = Ports(stance.ssh_port, stance.ssh_port)
        return without([Ports(0, HIGHEST_PORT)], [ssh])
    return tuple(part for one in denied if one.protocol == TCP for part in one.ports)


def _failsafe(stance: Posture, version: Version) -> tuple[Line, ...]:
    return (
        Line(f"-p tcp -m tcp --dport {stance.ssh_port}", "failsafe: ssh"),
        Line(DHCP[version], "failsafe: DHCP client"),
        *(
            Line(_match(Service(ICMP_OF[version], icmp_type=number)), f"failsafe: {meaning}")
            for number, meaning in FAILSAFE_ICMP[version].items()
        ),
    )


def _permits(
    document: LoweredDocument, permits: Iterable[Permit], version: Version
) -> tuple[Line, ...]:
    return tuple(
        # the matches are tried in their order, and a port is cheaper to compare than a source
        Line(f"{match}{_source(document, item.peers, version)}", item.reasons)
        for item in permits
        if version in item.versions
        for match in _matches(item.service)
    )


def _denied(services: Iterable[Service], version: Version) -> tuple[Line, ...]:
    return tuple(
        Line(match, "only listed sources may use it")
        for service in services
        if version in service.versions
        for match in _matches(service)
    )


def _source(document: LoweredDocument, peers: Peers | None, version: Version) -> str:
    if peers is None:
        return ""
    return f" -m set --match-set {set_name(document, peers, version)} src"


def _matches(service: Service) -> tuple[str, ...]:
    """Return the matches of a service, of which one is enough."""
    if not service.ports:
        return (_match(service),)
    protocol = {TCP: "tcp", UDP: "udp"}.get(service.protocol, str(service.protocol))
    return tuple(
        f"-p {protocol} -m multiport --dports {','.join(_written(one) for one in chunk)}"
        for chunk in _chunks(service.ports)
    )


def _match(service: Service) -> str:
    """Return the match of a service without ports, by number: the name ipip is number 94."""
    words = f"-p {service.protocol}"
    if service.icmp_type is None:
        return words
    option = "icmp --icmp-type" if service.protocol == ICMP else "icmp6 --icmpv6-type"
    return f"{words} -m {option} {service.icmp_type}"


def _written(ports: Ports) -> str:
    return str(ports).replace("-", ":")


def _chunks(ports: Iterable[Ports]) -> Iterable[list[Ports]]:
    """Cut a list of ports into lists that fit one multiport match."""
    chunk: list[Ports] = []
    places = 0
    for item in ports:
        needed = 1 if item.first == item.last else 2
        if places + needed > MULTIPORT_PLACES:
            yield chunk
            chunk, places = [], 0
        chunk.append(item)
        places += needed
    yield chunk


def templates() -> Environment:
    """Return what the templates of this target are read with."""
    made = environment("reqc.backends.iptables")
    made.filters.update(quoted=quoted, shell=shlex.quote)
    return made


TARGET = Target(
    "iptables",
    "an iptables chain and ipsets that restrict the required services to their peers",
    Language.FLOWS,
    render,
    SETTINGS,
    explain,
    drift=drift,
)
