"""Explanations of rule sets: where each rule comes from, whom it is for, how to use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Final

from msgspec import Struct

from reqc.backends.base import Caution
from reqc.backends.citations import cited, source_of
from reqc.backends.firewall.admission import Admission, Permit, admission
from reqc.backends.firewall.conflicts import caution_lines, cautions
from reqc.backends.firewall.posture import Posture, posture
from reqc.backends.firewall.ruling import ruled
from reqc.backends.firewall.services import Service
from reqc.backends.firewall.text import sources, treatment
from reqc.backends.heading import omissions, provenance
from reqc.compiler.folding.text import one_line
from reqc.compiler.lowered import LoweredDocument, Origin

WIDTH: Final = 96
"""Columns of the lines that are wrapped."""

SHOWN_NETWORKS: Final = 8
"""How many networks of a source are shown."""


class Handling(Struct, frozen=True):
    """How to use a rule set, as commands and sentences; `marks` says where it names its reasons."""

    marks: str
    apply: tuple[str, ...]
    verify: tuple[str, ...]
    revert: tuple[str, ...]


class RuleSet(Struct, frozen=True):
    """What a rule set holds: the permits with a rule, and what it drops from all others.

    `notes` are sentences about the sources, and about the traffic that no requirement names.
    `groups` are the roles whose hosts are told by a group and not, or not only, by addresses.
    """

    firewall: str
    admitted: Admission
    permits: tuple[Permit, ...]
    denied: tuple[Service, ...]
    notes: tuple[str, ...]
    cautions: tuple[Caution, ...]
    groups: frozenset[str] = frozenset()


def explain_own_rules(
    document: LoweredDocument, settings: Mapping[str, str], firewall: str, handling: Handling
) -> str:
    """Explain a rule set of its own, which nftables or iptables loads beside others."""
    stance = posture(settings)
    admitted = admission(document)
    permits, denied = ruled(admitted, stance)
    found = cautions(document, firewall)
    notes = (*sources(document, admitted), *treatment(stance), *_trial(stance))
    return explanation(
        document, RuleSet(firewall, admitted, permits, denied, notes, found), handling
    )


def _trial(stance: Posture) -> Iterator[str]:
    if stance.enforced and stance.trial:
        yield (
            f"The deny opens by itself {stance.trial} seconds after each load, unless it is kept: "
            "the artefact says how."
        )


def explanation(document: LoweredDocument, rules: RuleSet, handling: Handling) -> str:
    """Return the explanation as text for a terminal."""
    lines = _lines(document, rules, handling)
    return "".join(f"{line}\n" for line in lines)


def _lines(document: LoweredDocument, rules: RuleSet, handling: Handling) -> Iterator[str]:
    yield from _wrapped(
        f"{document.identity.title or document.identity}: rules of {rules.firewall}"
    )
    yield ""
    yield from _wrapped(*provenance(document))
    yield ""
    yield from _wrapped(*caution_lines(rules.cautions), *rules.notes)
    yield from _rules(document, rules, handling)
    yield from _unrestricted(document, rules)
    yield from _addresses(document, rules.admitted.permits)
    if rules.admitted.unsupported:
        yield ""
        yield "Left out:"
        yield from _wrapped(*omissions(rules.admitted.unsupported), indent=2)
    yield ""
    yield from _commands(handling)


def _rules(document: LoweredDocument, rules: RuleSet, handling: Handling) -> Iterator[str]:
    yield ""
    if not rules.permits:
        yield "No rule is for a requirement."
        return
    yield from _wrapped(f"What the rules let in. {handling.marks}")
    for permit in rules.permits:
        yield from _permit(document, rules, permit)
    if rules.denied:
        yield ""
        yield "What the rules drop from any other source:"
    for service in rules.denied:
        reasons = _reasons(item for item in rules.permits if item.service.overlaps(service))
        yield from _wrapped(f"{service}: {', '.join(item.id for item in reasons)}", indent=2)


def _unrestricted(document: LoweredDocument, rules: RuleSet) -> Iterator[str]:
    permits = [item for item in rules.admitted.permits if item not in rules.permits]
    if permits:
        yield ""
        yield "What nothing restricts, so that it needs no rule:"
    for permit in permits:
        yield from _permit(document, rules, permit)


def _permit(document: LoweredDocument, rules: RuleSet, permit: Permit) -> Iterator[str]:
    yield from _wrapped(f"{permit}{_networks(rules, permit)}", indent=2)
    for origin in permit.origins:
        yield from _wrapped(
            f"{origin.id} ({origin.place}), {origin.level}: {origin.title}", indent=4
        )
        yield from _stated(document, origin)


def _stated(document: LoweredDocument, origin: Origin) -> Iterator[str]:
    if origin.citations:
        yield from _wrapped(cited(document, origin.citations), indent=6)
    item = next(one for one in document.requirements if one.origin == origin)
    if item.erratum is not None:
        yield from _wrapped(f"Erratum: {item.erratum.text}", indent=6)


def _networks(rules: RuleSet, permit: Permit) -> str:
    if permit.peers is None or permit.peers.role in rules.groups:
        return ""
    networks = [network for version in permit.versions for network in permit.peers.of(version)]
    more = len(networks) - SHOWN_NETWORKS
    rest = f" and {more} more" if more > 0 else ""
    return f" ({', '.join(networks[:SHOWN_NETWORKS])}{rest})"


def _addresses(document: LoweredDocument, permits: Iterable[Permit]) -> Iterator[str]:
    """Say where the sources are that requirements of rules cite."""
    citations = (one for origin in _reasons(permits) for one in origin.citations)
    named = (source_of(document, name) for name in dict.fromkeys(one.source for one in citations))
    known = [source for source in named if source and source.url]
    lines = [f"{source.title or source.name}: {source.url}" for source in known]
    if lines:
        yield ""
        yield "Cited:"
        yield from _wrapped(*lines, indent=2)


def _reasons(permits: Iterable[Permit]) -> Iterable[Origin]:
    return dict.fromkeys(origin for permit in permits for origin in permit.origins)


def _commands(handling: Handling) -> Iterator[str]:
    parts = {"Apply:": handling.apply, "Verify:": handling.verify, "Revert:": handling.revert}
    for label, commands in parts.items():
        for number, command in enumerate(commands):
            yield f"{'' if number else label:<8} {one_line(command)}"


def _wrapped(*texts: str, indent: int = 0) -> Iterator[str]:
    margin = " " * indent
    for text in texts:
        yield from wrap(
            one_line(" ".join(text.split())),
            WIDTH,
            initial_indent=margin,
            subsequent_indent=margin + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
