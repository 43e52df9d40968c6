"""What is known about how the Machine Config Operator treats MachineConfigs, by release."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

from reqc.compiler.knowledge.ignition import Release
from reqc.compiler.knowledge.tables import table
from reqc.compiler.versions import compare_versions


class Unchangeable(Struct, frozen=True):
    """A part of a configuration that a running node does not take up.

    `path` are keys, a star standing for every entry of a list. `why` says what the part does.
    """

    path: tuple[str, ...]
    severity: Literal["error", "warning"]
    why: str
    help: str


class KernelType(Struct, frozen=True):
    """The first release that knows a type of kernel, and the architecture that alone has it."""

    since: str
    architecture: str | None = None


class Operator(Struct, frozen=True):
    """The whole file. `kernel_types` are by name."""

    compression_from: str
    overwrite_from: str
    unread: tuple[str, ...]
    kernel_types: Mapping[str, KernelType]
    linked: tuple[str, ...]
    user: str
    user_keys: tuple[str, ...]
    unchangeable: tuple[Unchangeable, ...]


def before(release: Release, first: str) -> bool:
    """Tell whether a release is older than the first of which something is true."""
    return compare_versions(release.release, first) < 0


@cache
def operator() -> Operator:
    """Return the facts, read once."""
    data = table("machineconfig")
    return Operator(
        compression_from=data["compression_from"],
        overwrite_from=data["overwrite_from"],
        unread=tuple(data["unread"]),
        kernel_types={name: KernelType(**row) for name, row in data["kernel_types"].items()},
        linked=tuple(data["linked"]),
        user=data["user"],
        user_keys=tuple(data["user_keys"]),
        unchangeable=tuple(
            Unchangeable(tuple(row["path"].split(".")), row["severity"], row["why"], row["help"])
            for row in data["unchangeable"]
        ),
    )
