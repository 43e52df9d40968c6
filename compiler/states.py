"""States: what brings a node to where the checks pass.

Requirements contribute small states; `files.fold` makes one file of those that share a file, so
that every backend that writes files writes the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class ModuleAtBoot:
    """A kernel module is loaded at boot. `name` is a real module name, never an alias."""

    name: str
    type: Literal["module-at-boot"] = "module-at-boot"


@dataclass(frozen=True, slots=True)
class IniListItems:
    """The INI file at `path` sets `key` in `section` to a list that holds `items`."""

    path: str
    section: str
    key: str
    items: tuple[str, ...]
    separator: str = ";"
    type: Literal["ini-list-items"] = "ini-list-items"


@dataclass(frozen=True, slots=True)
class FileContent:
    """The file at `path` has exactly this content.

    Its mode and user are these unless a `FileMode` or a `FileOwner` asks for others.
    """

    path: str
    content: str
    mode: int = 0o644
    user: str = "root"
    group: str = "root"
    type: Literal["file-content"] = "file-content"


@dataclass(frozen=True, slots=True)
class FileMode:
    """The file at `path` has these permission bits, whoever writes it."""

    path: str
    mode: int
    type: Literal["file-mode"] = "file-mode"


@dataclass(frozen=True, slots=True)
class FileOwner:
    """The file at `path` belongs to a user, a name or a number, whoever writes it."""

    path: str
    user: str
    type: Literal["file-owner"] = "file-owner"


@dataclass(frozen=True, slots=True)
class FileAbsent:
    """There is no file at `path`."""

    path: str
    type: Literal["file-absent"] = "file-absent"


@dataclass(frozen=True, slots=True)
class UnitState:
    """A systemd unit is enabled, disabled or masked; masked also stops it from being started."""

    unit: str
    state: Literal["enabled", "disabled", "masked"]
    type: Literal["unit-state"] = "unit-state"


@dataclass(frozen=True, slots=True)
class SysctlValue:
    """A sysctl has a value, now and after a boot; `key` is dotted.

    With a relation other than `=`, the value is a bound. A target that changes nodes leaves a value
    that is within it as it is; one for the first boot of a node, which has no earlier value, writes
    the bound.
    """

    key: str
    value: str
    relation: Literal["=", ">=", "<="] = "="
    type: Literal["sysctl-value"] = "sysctl-value"


@dataclass(frozen=True, slots=True)
class KernelArgument:
    """The kernel is started with an argument, one token."""

    argument: str
    type: Literal["kernel-argument"] = "kernel-argument"


@dataclass(frozen=True, slots=True)
class MountPoint:
    """A file system of `filesystem` type is mounted at `path` at boot."""

    path: str
    filesystem: str
    type: Literal["mount-point"] = "mount-point"


@dataclass(frozen=True, slots=True)
class PackageInstalled:
    """A package is installed, by the name that the node's package manager knows it by."""

    name: str
    type: Literal["package-installed"] = "package-installed"


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
