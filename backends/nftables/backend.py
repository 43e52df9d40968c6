"""Render flows as one nftables table that is declared, flushed and refilled in one transaction.

The table is never deleted by a load, and holds named sets only: so loading it again neither loses
nor lets through a packet, and gives the same state. Kinds of objects therefore never change under
one name: each set has the same type and flags, the base chain the same priority, in every mode.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reqc.backends.base import Artifact, Language, Output, Target
from reqc.backends.firewall.admission import Peers, Permit, admission
from reqc.backends.firewall.conflicts import cautions
from reqc.backends.firewall.port_ranges import pieces
from reqc.backends.firewall.posture import FAILSAFE_ICMP, SETTINGS, posture
from reqc.backends.firewall.ruling import ruled
from reqc.backends.firewall.services import PORT_PROTOCOLS, Service
from reqc.backends.firewall.text import (
    cut,
    header,
    identity_line,
    notes,
    object_name,
    one_line,
)
from reqc.compiler.flows import ICMP, ICMPV6
from reqc.compiler.lowered import LoweredDocument

COMMENT_BYTES = 128
"""The longest comment of a table, rule or element."""

NAME_LENGTH = 60
"""Of the 255 characters that a name may have, what a person still reads."""


@dataclass(frozen=True, slots=True)
class PortSet:
    """A named set of ports of one protocol and its elements, each with a quoted comment."""

    name: str
    keyword: str
    elements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules for packets of certain sources; `peers` is None for any source.

    `sets` match by port, `matches` are other matches, each with a quoted comment.
    """

    name: str
    peers: AddressSets | None
    sets: tuple[PortSet, ...]
    matches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AddressSets:
    """The named sets of the networks of one role."""

    role: str
    v4: str
    v6: str
    peers: Peers


def quoted(text: str) -> str:
    """Return the text as a string of nft, which has no escapes, cut to a comment's length."""
    return f'"{cut(one_line(text), COMMENT_BYTES)}"'


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return one file for `nft -f`."""
    stance = posture(settings)
    found = cautions(document, "nftables")
    admitted = admission(document)
    permits, denied = ruled(admitted, stance)
    slug = object_name(document.identity.slug, NAME_LENGTH)
    text = (
        _environment()
        .get_template("table.nft.j2")
        .render(
            header=header(document, admitted, notes(admitted, stance), found),
            table=f"reqc_{slug.replace('-', '_')}",
            file=f"{slug}.nft",
            identity=quoted(f"{identity_line(document)}, mode {stance.mode}"),
            stance=stance,
            chains=_chains(permits),
            guarded=_guarded(denied),
            failsafe=FAILSAFE_ICMP,
        )
    )
    return Output((Artifact(f"{slug}.nft", text),), admitted.unsupported, cautions=found)


def _chains(permits: tuple[Permit, ...]) -> tuple[Chain, ...]:
    """Return one chain for each group of sources, any source last."""
    groups = dict.fromkeys(item.peers for item in permits)
    return tuple(
        _chain(peers, [item for item in permits if item.peers == peers])
        for peers in sorted(groups, key=lambda peers: peers is None)
    )


def _chain(peers: Peers | None, permits: list[Permit]) -> Chain:
    role = object_name(peers.role, NAME_LENGTH) if peers else "any"
    sets = AddressSets(peers.role, f"peers_{role}_v4", f"peers_{role}_v6", peers) if peers else None
    rows = [(item.service, item.reasons) for item in permits]
    return Chain(f"from_{role}", sets, _port_sets(f"from_{role}", rows), _matches(rows))


def _guarded(services: Iterable[Service]) -> Chain:
    rows = [(service, "only listed sources may use it") for service in services]
    return Chain("guarded", None, _port_sets("guarded", rows), _matches(rows))


def _port_sets(prefix: str, rows: list[tuple[Service, str]]) -> tuple[PortSet, ...]:
    result = []
    for protocol in dict.fromkeys(service.protocol for service, _ in rows if service.ports):
        asked = [
            (part, why)
            for service, why in rows
            if service.protocol == protocol
            for part in service.ports
        ]
        elements = tuple(
            (str(part), quoted(", ".join(dict.fromkeys(reasons))))
            for part, reasons in pieces(asked)
        )
        keyword = PORT_PROTOCOLS[protocol]
        result.append(PortSet(f"{prefix}_{keyword}", keyword, elements))
    return tuple(result)


def _matches(rows: list[tuple[Service, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((_match(service), quoted(why)) for service, why in rows if not service.ports)


def _match(service: Service) -> str:
    """Return the match of a service without ports, by number: the name ipip is number 94."""
    if service.icmp_type is not None:
        keyword = {ICMP: "icmp", ICMPV6: "icmpv6"}[service.protocol]
        return f"{keyword} type {service.icmp_type}"
    if service.versions == (4,):
        return f"ip protocol {service.protocol}"
    return f"meta l4proto {service.protocol}"


def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(  # noqa: S701  # not markup; every string goes through quoted()
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    return environment


TARGET = Target(
    "nftables",
    "one nftables table that restricts the required services to their peers",
    Language.FLOWS,
    render,
    SETTINGS,
)
