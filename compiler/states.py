"""States: what brings a node to where the checks pass.

Requirements contribute small states; `files.fold` makes one file of those that share a file, so
that every backend that writes files writes the same bytes.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct


class ModuleAtBoot(Struct, frozen=True, gc=False, tag_field="type", tag="module-at-boot"):
    """A kernel module is loaded at boot. `name` is a real module name, never an alias."""

    name: str


class IniListItems(Struct, frozen=True, gc=False, tag_field="type", tag="ini-list-items"):
    """The INI file at `path` sets `key` in `section` to a list that holds `items`."""

    path: str
    section: str
    key: str
    items: tuple[str, ...]
    separator: str = ";"


class FileContent(Struct, frozen=True, gc=False, tag_field="type", tag="file-content"):
    """The file at `path` has exactly this content.

    Its mode and user are these unless a `FileMode` or a `FileOwner` asks for others.
    """

    path: str
    content: str
    mode: int = 0o644
    user: str = "root"
    group: str = "root"


class FileMode(Struct, frozen=True, gc=False, tag_field="type", tag="file-mode"):
    """The file at `path` has these permission bits, whoever writes it."""

    path: str
    mode: int


class FileOwner(Struct, frozen=True, gc=False, tag_field="type", tag="file-owner"):
    """The file at `path` belongs to a user, a name or a number, whoever writes it."""

    path: str
    user: str


class FileAbsent(Struct, frozen=True, gc=False, tag_field="type", tag="file-absent"):
    """There is no file at `path`."""

    path: str


class UnitState(Struct, frozen=True, gc=False, tag_field="type", tag="unit-state"):
    """A systemd unit is enabled, disabled or masked; masked also stops it from being started."""

    unit: str
    state: Literal["enabled", "disabled", "masked"]


class SysctlValue(Struct, frozen=True, gc=False, tag_field="type", tag="sysctl-value"):
    """A sysctl has a value, now and after a boot; `key` is dotted.

    With a relation other than `=`, the value is a bound. A target that changes nodes leaves a value
    that is within it as it is; one for the first boot of a node, which has no earlier value, writes
    the bound.
    """

    key: str
    value: str
    relation: Literal["=", ">=", "<="] = "="


class KernelArgument(Struct, frozen=True, gc=False, tag_field="type", tag="kernel-argument"):
    """The kernel is started with an argument, one token."""

    argument: str


class MountPoint(Struct, frozen=True, gc=False, tag_field="type", tag="mount-point"):
    """A file system of `filesystem` type is mounted at `path` at boot."""

    path: str
    filesystem: str


class PackageInstalled(Struct, frozen=True, gc=False, tag_field="type", tag="package-installed"):
    """A package is installed, by the name that the node's package manager knows it by."""

    name: str


State: TypeAlias = (
    ModuleAtBoot
    | IniListItems
    | FileContent
    | FileMode
    | FileOwner
    | FileAbsent
    | UnitState
    | SysctlValue
    | KernelArgument
    | MountPoint
    | PackageInstalled
)
