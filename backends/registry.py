"""The table of targets; a target is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from types import MappingProxyType

from reqc.backends.base import Target

GROUP = "reqc.backends"
"""The entry point group by which other packages add targets; each point is a `Target`."""

TARGETS = MappingProxyType(
    {
        "shell": "reqc.backends.shell.backend",
        "ignition": "reqc.backends.ignition.backend",
        "machineconfig": "reqc.backends.machineconfig.backend",
        "nftables": "reqc.backends.nftables.backend",
        "iptables": "reqc.backends.iptables.backend",
        "firewalld": "reqc.backends.firewalld.backend",
        "markdown": "reqc.backends.markdown.backend",
        "json": "reqc.backends.json.backend",
    }
)
"""The module of every target that comes with reqc, by the target's name."""


def target_names() -> tuple[str, ...]:
    """Return the names of all targets, those of reqc first, in the order of the table."""
    added = sorted(point.name for point in entry_points(group=GROUP))
    return tuple(dict.fromkeys((*TARGETS, *added)))


def target(name: str) -> Target:
    """Return a target by name; raise KeyError where there is none.

    A package cannot replace a target of reqc.
    """
    if name in TARGETS:
        found: Target = import_module(TARGETS[name]).TARGET
        return found
    for point in entry_points(group=GROUP):
        if point.name == name:
            added: Target = point.load()
            return added
    raise KeyError(name)
