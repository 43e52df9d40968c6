"""Unit files: what requirements write below /etc/systemd/system, as the units they belong to.

Ignition has a section of its own for units and their drop-ins, and refuses some that are files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.ignition.units import DropIn, UnitEntry
from reqc.compiler.folding.files import NodeFile

UNIT_SUFFIXES: Final = (
    *("service", "socket", "device", "mount", "automount", "swap"),
    *("target", "path", "timer", "snapshot", "slice", "scope"),
)
"""Every suffix that Ignition and the Machine Config Operator take for a unit."""

_UNIT_PATH: Final = re.compile(
    rf"/etc/systemd/system/(?P<unit>[^/]+\.({'|'.join(UNIT_SUFFIXES)}))(\.d/(?P<name>[^/]+\.conf))?"
)
_MODE: Final = 0o644


class UnitFile(Struct, frozen=True):
    """A file that is a unit, or where `drop_in` is its name, a drop-in for one."""

    unit: str
    drop_in: str | None
    file: NodeFile

    @property
    def is_sayable(self) -> bool:
        """Tell whether Ignition can write it: never empty, and always with one mode and owner."""
        file = self.file
        return bool(file.content) and (file.mode, file.user, file.group) == (_MODE, "root", "root")

    def added_to(self, entry: UnitEntry) -> UnitEntry:
        """Return the entry of the unit with this file in it."""
        askers = tuple(dict.fromkeys(entry.requirements + self.file.requirements))
        if self.drop_in is None:
            return replace(entry, requirements=askers, contents=self.file.content)
        drop_ins = (*entry.drop_ins, DropIn(self.drop_in, self.file.content))
        return replace(entry, requirements=askers, drop_ins=drop_ins)


def unit_file(file: NodeFile) -> UnitFile | None:
    """Return a file as the part of a unit that it is, None for any other file."""
    found = _UNIT_PATH.fullmatch(file.path)
    return UnitFile(found["unit"], found["name"], file) if found else None


def unit_entries(files: Iterable[UnitFile]) -> dict[str, UnitEntry]:
    """Return the units that files make, by name, in the order first asked for."""
    entries: dict[str, UnitEntry] = {}
    for item in files:
        entries[item.unit] = item.added_to(entries.get(item.unit, UnitEntry(item.unit, ())))
    return entries
