"""The table of targets; a target is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from reqc.backends.base import Target

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "reqc.backends"
"""The entry point group by which other packages add targets; each point is a `Target`."""

TARGETS = MappingProxyType(
    {
        "shell": "reqc.backends.shell.backend",
        "ignition": "reqc.backends.ignition.backend",
        "machineconfig": "reqc.backends.machineconfig.backend",
        "node-disruption-policy": "reqc.backends.node_disruption_policy.backend",
        "butane": "reqc.backends.butane.backend",
        "ansible": "reqc.backends.ansible.backend",
        "remedy": "reqc.backends.remedy.backend",
        "nftables": "reqc.backends.nftables.backend",
        "iptables": "reqc.backends.iptables.backend",
        "firewalld": "reqc.backends.firewalld.backend",
        "calico-policy": "reqc.backends.calico_policy.backend",
        "openstack-security-group": "reqc.backends.openstack_security_group.backend",
        "ports": "reqc.backends.ports.backend",
        "markdown": "reqc.backends.markdown.backend",
        "html": "reqc.backends.html.backend",
        "json": "reqc.backends.json.backend",
    }
)
"""The module of every target that comes with reqc, by the target's name."""


def target_names() -> tuple[str, ...]:
    """Return the names of all targets, those of reqc first, in the order of the table."""
    return tuple(dict.fromkeys((*TARGETS, *sorted(_added()))))


def target(name: str) -> Target:
    """Return a target by name; raise KeyError where there is none.

    A package cannot replace a target of reqc.
    """
    if name in TARGETS:
        found: Target = import_module(TARGETS[name]).TARGET
        return found
    added: Target = _added()[name].load()
    return added


def _added() -> dict[str, EntryPoint]:
    # Looking through all installed packages takes as long as everything else at start-up.
    from importlib.metadata import entry_points  # noqa: PLC0415

    return {point.name: point for point in entry_points(group=GROUP)}
