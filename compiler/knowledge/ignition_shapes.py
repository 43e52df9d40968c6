"""The shapes that Ignition configurations have by version, from `ignition_shapes.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeVar

from msgspec import Struct

from reqc.compiler.knowledge.tables import table
from reqc.compiler.versions import compare_versions

T = TypeVar("T")

CONFIG: Final = "Config"
"""The shape of a whole configuration."""

MACHINE_CONFIG: Final = "MachineConfig"
"""The shape of the object around one."""

ITSELF: Final = "itself"
"""An entry of a list is named by its own text."""

PRIMITIVES: Final = frozenset({"string", "int", "bool"})

_TYPE: Final = re.compile(
    r"(?P<list>\[)?(?P<name>\w+)\]?(?P<nullable>\?)?"
    r"(?: since (?P<since>[\d.]+))?(?: until (?P<until>[\d.]+))?"
)


class Type(Struct, frozen=True):
    """What a key holds: a primitive, a shape, `any`, or a list of these.

    `nullable`: null is as good as leaving the key out.
    """

    name: str
    many: bool = False
    nullable: bool = False


class Uniqueness(Struct, frozen=True):
    """Entries of `lists` of a shape must differ in the key `by`; the lists share their names."""

    shape: str
    lists: tuple[str, ...]
    by: str


class Shapes(Struct, frozen=True):
    """One version of Ignition: its shapes by name, and what some values may be.

    `hashes` are the lengths of sums in hexadecimal digits, `labels` the most bytes of a label.
    """

    version: str
    shapes: Mapping[str, Mapping[str, Type]]
    schemes: tuple[str, ...]
    hashes: Mapping[str, int]
    filesystems: tuple[str, ...]
    labels: Mapping[str, int]
    raid_levels: tuple[str, ...]
    raid_levels_without_spares: tuple[str, ...]
    unique: tuple[Uniqueness, ...]

    def since(self, version: str) -> bool:
        """Tell whether this version is the given one or a later one."""
        return _not_before(self.version, version)


@cache
def _not_before(found: str, wanted: str) -> bool:
    return compare_versions(found, wanted) >= 0


@cache
def shapes(version: str) -> Shapes:
    """Return the shapes of a version that `ignition.yaml` has as a form."""
    data = _data()
    base = "3.0.0" if compare_versions(version, "3.0.0") >= 0 else "2.2.0"
    return Shapes(
        version,
        {name: dict(_fields(fields, version)) for name, fields in data[base].items()},
        tuple(_latest(data["schemes"], version)),
        _latest(data["hashes"], version),
        tuple(_latest(data["filesystems"], version)),
        data["labels"],
        tuple(data["raid_levels"]),
        tuple(data["raid_levels_without_spares"]),
        tuple(Uniqueness(row["shape"], tuple(row["lists"]), row["by"]) for row in data["unique"]),
    )


@cache
def object_shapes() -> Mapping[str, Mapping[str, Type]]:
    """Return the shapes of a MachineConfig, which has no versions."""
    found = _data()[MACHINE_CONFIG]
    return {name: dict(_fields(fields, "0")) for name, fields in found.items()}


@cache
def _data() -> dict[str, Any]:
    return table("ignition_shapes")


def _fields(fields: Mapping[str, str], version: str) -> Iterator[tuple[str, Type]]:
    for key, text in fields.items():
        for alternative in text.split(" | "):
            found = _TYPE.fullmatch(alternative)
            if found is None:
                message = f"{key}: {alternative!r} is no type"
                raise ValueError(message)
            if _covers(found["since"], found["until"], version):
                yield key, Type(found["name"], found["list"] is not None, bool(found["nullable"]))


def _covers(since: str | None, until: str | None, version: str) -> bool:
    return not (
        (since and compare_versions(version, since) < 0)
        or (until and compare_versions(version, until) > 0)
    )


def _latest(rows: Mapping[str, T], version: str) -> T:
    """Return the row of the newest version that is not newer than the one asked for."""
    first, *later = rows
    found = first
    for row in later:
        if compare_versions(version, row) >= 0:
            found = row
    return rows[found]
