"""What firewall targets write for people: names, comments, and where a rule set comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain
from textwrap import wrap
from typing import Final

from reqc.backends.base import Caution
from reqc.backends.firewall.admission import Admission, Peers, incoming
from reqc.backends.firewall.conflicts import caution_lines
from reqc.backends.firewall.posture import Mode, Posture
from reqc.backends.firewall.ruling import ruled
from reqc.backends.firewall.services import Version
from reqc.backends.heading import omissions, provenance
from reqc.compiler.flows import ANYONE
from reqc.compiler.lowered import LoweredDocument, Origin
from reqc.compiler.prose import plain

HEADER_WIDTH: Final = 96
"""Columns of a header line: iptables-restore takes what is beyond 10 kB for the next line."""

IPSET_LENGTH: Final = 31
"""The longest name of an ipset."""


def one_line(text: str) -> str:
    """Return the text on one line, without quotes, backslashes or characters that do not print."""
    shown = text
    if not text.isprintable():
        shown = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(shown.replace('"', "'").replace("\\", "/").split())


def cut(text: str, size: int) -> str:
    """Return the text in at most `size` bytes of UTF-8, its end replaced by dots where cut."""
    raw = text.encode()
    if len(raw) <= size:
        return text
    return raw[: size - 3].decode(errors="ignore") + "..."


def object_name(text: str, limit: int) -> str:
    """Return the text as a name of at most `limit` letters, digits, underscores and dashes.

    A text that has to change gets a digest, so that two texts do not share a name.
    """
    name = re.sub(r"[^A-Za-z0-9_-]", "-", text)
    if name == text and len(name) <= limit:
        return name
    return f"{name[: limit - 7]}-{sha256(text.encode()).hexdigest()[:6]}"


def ipset_name(slug: str, peers: Peers, version: Version) -> str:
    """Return the name of a role's set, with room for the .n under which a new one is filled."""
    spare = len("reqc-") + len("6.n")
    return f"reqc-{object_name(f'{slug}-{peers.role}', IPSET_LENGTH - spare)}{version}"


def identity_line(document: LoweredDocument) -> str:
    """Return which specification, with a digest short enough for a comment."""
    return f"reqc: {document.identity}, sha256 {document.digest[:12]}"


def notes(admitted: Admission, stance: Posture) -> Iterable[str]:
    """Return what a rule set of its own does to traffic that no requirement names."""
    yield from treatment(stance)
    written = set(ruled(admitted, stance)[0])
    for item in admitted.permits:
        if item not in written:
            yield f"Nothing to restrict, so no rule: {item}"


def treatment(stance: Posture) -> Iterable[str]:
    """Return how a rule set of its own treats traffic, whatever is required."""
    if stance.mode is Mode.OPEN:
        yield "Mode open: the services below are let in from their sources; nothing is dropped."
        yield "It opens nothing that another table, or the other variant of iptables, drops."
        return
    if stance.enforced:
        yield "Mode enforce: everything else that comes in is dropped."
    else:
        yield "Mode guard: the services below are kept to their sources; nothing else is touched."
    yield (
        f"Open to any source whatever else is said: loopback, tcp {stance.ssh_port} (ssh), DHCP "
        "replies, ICMP errors and echo, and what IPv6 needs of ICMPv6."
    )
    yield "To accept here opens nothing that another firewall of the host drops."


def header(
    document: LoweredDocument,
    admitted: Admission,
    notes: Iterable[str],
    found: tuple[Caution, ...] = (),
    told: Iterable[str] | None = None,
) -> Iterator[str]:
    """Yield the lines that tell where a rule set comes from and what it leaves out.

    `told` is what is said of the sources, where they are not told by their networks.
    """
    lines = chain(
        provenance(document),
        ("Change the specification and compile again, not this text.",),
        caution_lines(found),
        sources(document, admitted) if told is None else told,
        ("Only incoming traffic is ruled: replies pass, and what these hosts send is left alone.",),
        notes,
        _requirements(document, admitted),
        (f"Not here, {line}" for line in omissions(admitted.unsupported)),
    )
    for line in lines:
        shown = one_line(line)
        if len(shown) <= HEADER_WIDTH and shown.isprintable() and shown == shown.strip():
            yield shown
            continue
        yield from wrap(shown, HEADER_WIDTH, subsequent_indent="  ", break_on_hyphens=False) or (
            "",
        )


def sources(document: LoweredDocument, admitted: Admission) -> Iterable[str]:
    """Return how many networks each source has, and which sources nobody said."""
    for peers in admitted.peers:
        yield f"Source {peers.role}: {len(peers.v4)} IPv4 and {len(peers.v6)} IPv6 networks"
    asked = (
        flow.source
        for item in document.requirements
        if item.applies
        for flow in incoming(document, item)
    )
    for name in dict.fromkeys(asked):
        role = document.role(name)
        if name != ANYONE and (role is None or not role.addresses):
            yield f"Source {name}: nobody said its addresses, so its rules are for any source"


def _requirements(document: LoweredDocument, admitted: Admission) -> Iterable[str]:
    carried: dict[Origin, list[str]] = {}
    for permit in admitted.permits:
        for origin in dict.fromkeys(permit.origins):
            carried.setdefault(origin, []).append(str(permit))
    for item in document.requirements:
        origin = item.origin
        if origin in carried:
            yield (
                f"Requirement {origin.id} ({origin.place}), {origin.level}: {plain(item.statement)}"
                f" -> {'; '.join(carried[origin])}"
            )
            if item.erratum is not None:
                yield f"Erratum of {origin.id}: {item.erratum.text}"
