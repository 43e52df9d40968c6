"""Conflicts: what works against a rule set: other firewalls of the host, or the document itself."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from reqc.backends.base import Caution
from reqc.backends.firewall.admission import incoming
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement
from reqc.compiler.states import UnitState

TURNED_OFF: Final = "REQ570"
"""A requirement turns off the service that a rule set is for."""

SECOND_FIREWALL: Final = "REQ571"
"""A requirement turns on another firewall, which rules the same hosts."""

MANAGED_NODES: Final = "REQ572"
"""The hosts are nodes of a cluster that writes their firewall rules itself."""

UNKNOWN_SOURCE: Final = "REQ577"
"""Some roles have addresses, but not the one that a requirement lets in."""

RULED_BY: Final = MappingProxyType(
    {
        "firewalld.service": "firewalld",
        "ip6tables.service": "iptables",
        "iptables.service": "iptables",
        "netfilter-persistent.service": "iptables",
        "nftables.service": "nftables",
        "ufw.service": "ufw",
    }
)
"""The firewall behind each unit of systemd that loads rules at boot."""

_INSTEAD: Final = "where Calico runs, the target calico-policy protects the hosts instead"

_OPENSHIFT: Final = (
    "the hosts are nodes of OpenShift, where rules that are loaded by hand last until the next"
    " boot, and no new node has them"
)


def cautions(document: LoweredDocument, firewall: str) -> tuple[Caution, ...]:
    """Return what works against a rule set of a firewall: firewalld, iptables, nftables, calico."""
    found = list(_of_platform(document, firewall))
    for item in document.here:
        for state in item.states:
            if isinstance(state, UnitState) and state.unit in RULED_BY:
                found.extend(_of_unit(item, state, firewall))
    found.extend(_of_sources(document))
    return tuple(dict.fromkeys(found))


def caution_lines(found: tuple[Caution, ...]) -> Iterator[str]:
    """Return a line for each caution, as the header of an artefact carries it."""
    for one in found:
        about = f" ({one.requirement})" if one.requirement else ""
        yield f"Caution, {one.code}{about}: {one.message}; {one.help}"


def _of_platform(document: LoweredDocument, firewall: str) -> Iterator[Caution]:
    if document.identity.platform == "openshift" and firewall != "calico":
        # the image of the nodes has no firewalld that a file could configure
        load = "" if firewall == "firewalld" else "load them by a unit of a MachineConfig; "
        yield Caution(None, MANAGED_NODES, _OPENSHIFT, f"{load}{_INSTEAD}")


def _of_sources(document: LoweredDocument) -> Iterator[Caution]:
    """Tell of roles that an inventory was given for, but not to: their rules are for anybody."""
    known = {role.name: bool(role.addresses) for role in document.roles}
    if not any(known.values()):
        return
    for item in document.requirements:
        for flow in incoming(document, item) if item.applies else ():
            if known.get(flow.source) is False:
                message = (
                    f"`{item.origin.id}` is for hosts of {flow.source}, and the inventory has no"
                    " addresses of them: the rule is for any source"
                )
                help_text = f"give the inventory a group {flow.source} with the addresses"
                yield Caution(item.origin.id, UNKNOWN_SOURCE, message, help_text)


def _of_unit(item: LoweredRequirement, state: UnitState, firewall: str) -> Iterator[Caution]:
    other = RULED_BY[state.unit]
    if state.state != "enabled" and other == firewall:
        message = f"`{item.origin.id}` turns {state.unit} off on the hosts of this rule set"
        yield Caution(item.origin.id, TURNED_OFF, message, _INSTEAD)
    if state.state == "enabled" and other != firewall:
        message = f"`{item.origin.id}` lets {other} rule the hosts of this rule set"
        yield Caution(item.origin.id, SECOND_FIREWALL, message, _beside(other, firewall))


def _beside(other: str, firewall: str) -> str:
    """Say what comes of two firewalls on one host."""
    if other == "firewalld" and firewall == "iptables":
        return (
            "compile for firewalld: what it rejects no other table accepts, and its reload deletes"
            " the rules of iptables-nft"
        )
    if other in {"firewalld", "iptables", "nftables"}:
        return f"compile for {other}: what one firewall drops no other can accept"
    return f"let {other} go: what one firewall drops no other can accept"
