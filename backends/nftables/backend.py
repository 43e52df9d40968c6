"""Render flows as one nftables table that is declared, flushed and refilled in one transaction.

The table is never deleted by a load, and every set that an inventory can fill is always there: a
new set is empty for a moment after the rules that ask for it are in force, a refilled one is not.
So loading again neither loses a packet nor lets one through. Kinds of objects never change under
one name either: each set has the same type and flags, the base chain the same priority, in every
mode. Services are rules and no sets, for there are few of them and they change with the mode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from jinja2 import Environment
from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Artifact, Caution, Drift, Language, Output, SettingError, Target
from reqc.backends.firewall.admission import Admission, Peers, Permit, admission
from reqc.backends.firewall.conflicts import cautions
from reqc.backends.firewall.explanation import Handling, explain_own_rules
from reqc.backends.firewall.posture import FAILSAFE_ICMP, SETTINGS, Mode, Posture, posture
from reqc.backends.firewall.ruling import ruled
from reqc.backends.firewall.services import PORT_PROTOCOLS, VERSIONS, Service, Version
from reqc.backends.firewall.text import (
    cut,
    header,
    identity_line,
    notes,
    object_name,
    one_line,
)
from reqc.backends.templates import environment
from reqc.compiler.flows import ICMP, ICMPV6
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.port_ranges import pieces

COMMENT_BYTES = 128
"""The longest comment of a table, rule or element."""

IPV4 = 4
NAME_LENGTH = 60
"""Of the 255 characters that a name may have, what a person still reads."""

SETTINGS_HERE = (
    replace(
        SETTINGS[0],
        help="guard restricts the required services to their peers; enforce denies all else; open "
        "is refused, for an nftables table of its own opens nothing",
    ),
    *SETTINGS[1:],
)

OPENS_NOTHING = (
    "mode must be guard or enforce: what another table drops, no accept in a table of its own"
    " opens; for mode open use the target of the firewall that rules the host, firewalld or"
    " iptables"
)


class AddressSet(Struct, frozen=True):
    """A named set of the networks of a role in one version."""

    name: str
    version: Version
    networks: tuple[str, ...]


class Rule(Struct, frozen=True):
    """A rule without its verdict: what it matches, and a quoted comment."""

    match: str
    comment: str

    @classmethod
    def of(cls, match: str, source: AddressSet | None, comment: str) -> Rule:
        """Return the rule of a service for packets from a set, or from any source.

        The service comes first: to compare a port is cheaper than to look for a source.
        """
        if source is None:
            return cls(match, comment)
        keyword = "ip" if source.version == IPV4 else "ip6"
        return cls(f"{match} {keyword} saddr @{source.name}", comment)


class Chain(Struct, frozen=True):
    """What packets from certain sources may reach; no `sets` where any source may."""

    name: str
    sets: tuple[AddressSet, ...]
    rules: tuple[Rule, ...]


def quoted(text: str) -> str:
    """Return the text as a string of nft, which has no escapes, cut to a comment's length."""
    return f'"{cut(one_line(text), COMMENT_BYTES)}"'


def table_name(document: LoweredDocument) -> str:
    """Return the name of a document's table, which no other document of the host has."""
    return f"reqc_{object_name(document.identity.slug, NAME_LENGTH).replace('-', '_')}"


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return one file for `nft -f`."""
    stance = posture(settings)
    if stance.mode is Mode.OPEN:
        raise SettingError(OPENS_NOTHING)
    found = cautions(document, "nftables")
    admitted = admission(document)
    pieces = partial(_pieces, document, admitted, stance, found)
    return Output((Artifact(_file(document), pieces),), admitted.unsupported, cautions=found)


def _pieces(
    document: LoweredDocument, admitted: Admission, stance: Posture, found: tuple[Caution, ...]
) -> Iterator[str]:
    """Return the pieces of the file."""
    permits, denied = ruled(admitted, stance)
    table = templates().get_template("table.nft.j2")
    return table.generate(
        header=header(document, admitted, notes(admitted, stance), found),
        table=table_name(document),
        file=_file(document),
        identity=quoted(f"{identity_line(document)}, mode {stance.mode}"),
        stance=stance,
        chains=_chains(document, admitted, permits),
        guarded=_rules([(one, "its source is not a listed one") for one in denied], None),
        failsafe=FAILSAFE_ICMP,
    )


def _file(document: LoweredDocument) -> str:
    return f"{object_name(document.identity.slug, NAME_LENGTH)}.nft"


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return which requirement each rule is for, and how to use the file."""
    file, table = _file(document), table_name(document)
    handling = Handling(
        marks="In the file the comments of rules name the requirements.",
        apply=(f"nft -f {file}", "It can be loaded again at any time, and is to be at every boot."),
        verify=(
            f"nft list table inet {table}",
            "reqc drift SPEC --target nftables, with the same choices and inventory",
        ),
        revert=(f"nft 'table inet {table}; delete table inet {table}'",),
    )
    return explain_own_rules(document, settings, "nftables", handling)


def drift(document: LoweredDocument, settings: Mapping[str, str]) -> Drift:
    """Return in what the table on this machine is not the one of the file."""
    # what runs tools is of no use to a compilation
    from reqc.backends.nftables.drift import table_drift  # noqa: PLC0415

    rules = render(document, settings).artifacts[0].text
    return table_drift(document, table_name(document), rules)


def _chains(
    document: LoweredDocument, admitted: Admission, permits: tuple[Permit, ...]
) -> tuple[Chain, ...]:
    """Return a chain for each role that any flow comes from, with addresses or not, and for any."""
    named = {flow.source for item in document.requirements for flow in item.flows}
    known = {peers.role: peers for peers in admitted.peers}
    asked: dict[str | None, list[tuple[Service, str]]] = {}
    for item in permits:
        rows = asked.setdefault(item.peers.role if item.peers else None, [])
        rows.append((item.service, item.reasons))
    roles = [role.name for role in document.roles if role.name in named]
    return (
        *(_chain(role, known.get(role), asked.get(role, [])) for role in roles),
        Chain("from_any", (), _rules(asked.get(None, []), None)),
    )


def _chain(role: str, peers: Peers | None, rows: list[tuple[Service, str]]) -> Chain:
    name = object_name(role, NAME_LENGTH)
    sets = tuple(
        AddressSet(f"peers_{name}_v{version}", version, peers.of(version) if peers else ())
        for version in VERSIONS
    )
    rules = tuple(rule for one in sets if one.networks for rule in _rules(rows, one))
    return Chain(f"from_{name}", sets, rules)


def _rules(asked: Iterable[tuple[Service, str]], source: AddressSet | None) -> tuple[Rule, ...]:
    """Return the rules that match services, each port in one of them, with all reasons for it."""
    versions = {source.version} if source else set(VERSIONS)
    rows = [(service, why) for service, why in asked if versions & set(service.versions)]
    return (
        *(rule for protocol in PORT_PROTOCOLS for rule in _port_rules(protocol, rows, source)),
        *(
            Rule.of(_match(service), source, quoted(why))
            for service, why in rows
            if not service.ports
        ),
    )


def _port_rules(
    protocol: int, rows: list[tuple[Service, str]], source: AddressSet | None
) -> Iterator[Rule]:
    asked = [
        (part, why)
        for service, why in rows
        if service.protocol == protocol
        for part in service.ports
    ]
    for part, reasons in pieces(asked):
        comment = quoted(", ".join(dict.fromkeys(reasons)))
        yield Rule.of(f"{PORT_PROTOCOLS[protocol]} dport {part}", source, comment)


def _match(service: Service) -> str:
    """Return the match of a service without ports, by number: the name ipip is number 94."""
    if service.icmp_type is not None:
        keyword = {ICMP: "icmp", ICMPV6: "icmpv6"}[service.protocol]
        return f"{keyword} type {service.icmp_type}"
    if service.versions == (4,):
        return f"ip protocol {service.protocol}"
    if service.versions == (6,):
        # a packet of IPv4 may carry the number of ICMPv6 as well
        return f"meta nfproto ipv6 meta l4proto {service.protocol}"
    return f"meta l4proto {service.protocol}"


def templates() -> Environment:
    """Return what the templates of this target are read with."""
    made = environment("reqc.backends.nftables")
    made.filters.update(quoted=quoted)
    return made


TARGET = Target(
    "nftables",
    "one nftables table that restricts the required services to their peers",
    Language.FLOWS,
    render,
    SETTINGS_HERE,
    explain,
    drift=drift,
)
