"""Render flows as policies of Calico for the hosts it runs on, in the order to apply them.

A host endpoint that some policy selects drops what none lets in. So before any other policy comes
one that lets everything through last of all, and the endpoints come at the very end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Artifact, Caution, Language, Output, Refusal, Setting, Target
from reqc.backends.calico_policy.header import sentences, told
from reqc.backends.calico_policy.names import NODE_LENGTH, Names, is_node
from reqc.backends.calico_policy.objects import Object, Objects
from reqc.backends.calico_policy.rules import (
    Rule,
    allowed,
    denied,
    everything_else,
    failsafe,
    loopback,
)
from reqc.backends.calico_policy.rules import narrow as narrow_permit
from reqc.backends.firewall.admission import Admission, Permit, admission
from reqc.backends.firewall.conflicts import cautions
from reqc.backends.firewall.explanation import Handling, RuleSet, explanation
from reqc.backends.firewall.membership import told_by_group, told_by_version
from reqc.backends.firewall.narrowing import narrowed
from reqc.backends.firewall.posture import SETTINGS, Posture, posture
from reqc.backends.firewall.ruling import ruled
from reqc.backends.firewall.services import Service
from reqc.backends.firewall.text import object_name
from reqc.backends.machineconfig.yaml_text import yaml_text
from reqc.compiler.lowered import LoweredDocument, LoweredHost
from reqc.compiler.versions import compare_versions, is_version

STAGED_TOO_EARLY: Final = "REQ573"
"""Staged policies are asked for where Calico does not know them yet."""

NO_NODE_NAME: Final = "REQ574"
"""A host of the inventory has a name that no Calico node can have."""

STAGED_SINCE: Final = "3.30"
ORDER: Final = 100
GUARD_ORDER: Final = 110
"""After the permits of every role, whose hosts may be the same."""

MODE: Final = Setting(
    "mode",
    "guard",
    "guard restricts the required services to their peers; enforce drops all else",
    values=("guard", "enforce"),
)
STAGED: Final = Setting(
    "staged", "no", "write policies that only report what they would drop", values=("no", "yes")
)
ENDPOINTS: Final = Setting(
    "host-endpoints",
    "inventory",
    "write a HostEndpoint for every host that the inventory names, or none",
    values=("inventory", "none"),
)


class Ruled(Struct, frozen=True):
    """A role of the hosts with what reaches them by it and what is denied to everyone else."""

    role: str
    permits: tuple[Permit, ...]
    denied: tuple[Service, ...]


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return one stream of objects."""
    stance = posture({**settings, "trial": "0"})
    asked = told_by_group(document, _without_addresses(document))
    admitted = _admitted(asked, stance)
    hosts = _hosts(document) if settings["host-endpoints"] == "inventory" else {}
    refusals = tuple(_refusals(hosts))
    found = (*cautions(document, "calico"), *_too_early(document, settings))
    if refusals:
        return Output((), admitted.unsupported, refusals=refusals, cautions=found)
    rows = _ruled(asked, stance)
    maker = Objects(document, Names(document.identity.slug), settings["staged"] == "yes")
    objects = [
        *_network_sets(document, admitted, maker),
        *_policies(rows, stance, maker),
        *(maker.host_endpoint(host, roles) for host, roles in hosts.items()),
    ]
    closed = [service for row in rows for service in row.denied]
    header = told(maker, admitted, stance, closed, objects, found)
    text = header + "".join(f"---\n{yaml_text(item)}" for item in objects)
    name = f"{object_name(document.identity.slug, 60)}.yaml"
    return Output((Artifact(name, text),), admitted.unsupported, cautions=found)


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return which requirement each rule is for, and how to use the objects."""
    stance = posture({**settings, "trial": "0"})
    asked = told_by_group(document, _without_addresses(document))
    admitted = _admitted(asked, stance)
    rows = _ruled(asked, stance)
    closed = tuple(dict.fromkeys(service for row in rows for service in row.denied))
    maker = Objects(document, Names(document.identity.slug), settings["staged"] == "yes")
    handling = Handling(
        marks="In the objects the annotations of rules name the requirements.",
        apply=("calicoctl apply -f FILE",),
        verify=("calicoctl get -f FILE",),
        revert=("calicoctl delete KIND NAME, for the objects from the last to the first",),
    )
    notes = tuple(sentences(maker, admitted, stance, closed))
    found = (*cautions(document, "calico"), *_too_early(document, settings))
    groups = _without_addresses(document)
    rules = RuleSet("calico-policy", admitted, admitted.permits, closed, notes, found, groups)
    return explanation(document, rules, handling)


def _without_addresses(document: LoweredDocument) -> frozenset[str]:
    return frozenset(role.name for role in document.roles if not role.addresses)


def _admitted(document: LoweredDocument, stance: Posture) -> Admission:
    def narrow(permit: Permit) -> tuple[Permit | None, str]:
        return narrow_permit(permit, guard=not stance.enforced)

    return narrowed(document, admission(document), narrow)


def _ruled(document: LoweredDocument, stance: Posture) -> list[Ruled]:
    """Return the rows of the roles asked for; their rules name sources and no addresses."""
    light = told_by_version(document)
    found = []
    for role in document.host_roles:
        admitted = _admitted(replace(light, host_roles=(role,)), stance)
        found.append(Ruled(role, admitted.permits, ruled(admitted, stance)[1]))
    return found


def _network_sets(
    document: LoweredDocument, admitted: Admission, maker: Objects
) -> Iterator[Object]:
    unknown = _without_addresses(document)
    for peers in admitted.peers:
        if peers.role not in unknown:
            yield maker.network_set(peers)


def _policies(rows: Iterable[Ruled], stance: Posture, maker: Objects) -> Iterator[Object]:
    """Yield what lets the rest through first, so that no moment of applying drops anything."""
    busy = [row for row in rows if row.permits or stance.enforced]
    if not stance.enforced:
        for row in busy:
            yield from maker.policies(row.role, "-rest", None, [everything_else()])
    for row in busy:
        yield from maker.policies(row.role, "", ORDER, _allowances(row, stance, maker.names))
    for row in busy:
        if row.denied:
            yield from maker.policies(row.role, "-guard", GUARD_ORDER, _denials(row))


def _allowances(row: Ruled, stance: Posture, names: Names) -> list[Rule]:
    """Return the rules of the permits, behind those for what a denial must not take."""

    def needed(service: Service) -> bool:
        return stance.enforced or any(service.overlaps(one) for one in row.denied)

    permits = chain.from_iterable(allowed(item, names) for item in row.permits)
    denying = stance.enforced or row.denied
    return [*(loopback() if denying else ()), *failsafe(stance.ssh_port, needed), *permits]


def _denials(row: Ruled) -> list[Rule]:
    return [rule for service in row.denied for rule in denied(service, row.permits)]


def _hosts(document: LoweredDocument) -> dict[LoweredHost, tuple[str, ...]]:
    """Return the hosts that have one of the roles asked for, each with all its roles.

    Labels that depended on the roles asked for would be taken away by the next compilation.
    """
    found: dict[LoweredHost, list[str]] = {}
    for role in document.roles:
        for host in role.hosts:
            found.setdefault(host, []).append(role.name)
    asked = set(document.host_roles)
    return {host: tuple(roles) for host, roles in found.items() if asked & set(roles)}


def _refusals(hosts: Iterable[LoweredHost]) -> Iterator[Refusal]:
    for host in hosts:
        if not is_node(host.name):
            yield Refusal(
                None,
                NO_NODE_NAME,
                f"no node of Calico can be called {host.name!r}, as a host of the inventory is",
                "name hosts as `calicoctl get nodes` does, in lower-case letters, digits, dashes"
                f" and dots, at most {NODE_LENGTH} of them, or set host-endpoints=none",
            )


def _too_early(document: LoweredDocument, settings: Mapping[str, str]) -> Iterator[Caution]:
    identity = document.identity
    known = identity.product == "calico" and is_version(identity.version)
    if settings["staged"] == "no" or not known:
        return
    if compare_versions(identity.version, STAGED_SINCE) < 0:
        yield Caution(
            None,
            STAGED_TOO_EARLY,
            f"Calico {identity.version} knows no staged policies; they came with {STAGED_SINCE}",
            "leave the setting staged at no, unless the hosts run a later Calico than the page",
        )


TARGET: Final = Target(
    "calico-policy",
    "Calico's own policies, network sets and endpoints for the hosts that it runs on",
    Language.FLOWS,
    render,
    (MODE, SETTINGS[1], STAGED, ENDPOINTS),
    explain,
)
