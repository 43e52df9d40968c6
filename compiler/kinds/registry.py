"""All kinds by the word that names them; a family is imported when one of its kinds is used."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import MappingProxyType

from reqc.compiler.kinds.base import Kind

_FAMILIES = {
    "platform": ("arch", "os", "kernel", "software", "command"),
    "hardware": ("cpu", "memory", "disk"),
    "kernel_features": ("module", "match", "target", "feature", "kconfig"),
    "host": (
        "sysctl",
        "interface",
        "unmanaged",
        "service",
        "file",
        "mount",
        "capability",
        "manual",
    ),
    "provision": ("package", "argument"),
    "network": ("allow", "free", "endpoint", "datastore"),
}

KINDS = MappingProxyType({name: family for family, names in _FAMILIES.items() for name in names})
"""The family of every kind, by the kind's name; each family is a module of this package."""


@cache
def kind(name: str) -> type[Kind]:
    """Return a kind by its name; raise KeyError where there is none."""
    family = import_module(f"reqc.compiler.kinds.{KINDS[name]}")
    found: type[Kind] = getattr(family, name.capitalize())
    return found
