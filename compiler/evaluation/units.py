"""Judges systemd units."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from reqc.compiler.checks import Unit, UnitCondition
from reqc.compiler.evaluation.facts import UnitFile
from reqc.compiler.evaluation.node import Node
from reqc.compiler.evaluation.outcome import Outcome, decided, unknown

_FOLDERS: Final = "systemd's folders"
_GROUPS: Final = "/sys/fs/cgroup"
_WITHOUT_PROCESSES: Final = (
    *(".timer", ".path", ".target", ".device", ".automount", ".socket", ".mount", ".swap"),
)
_ALIASES: Final = 5
"""How many aliases of aliases are followed."""

_INSTANCE: Final = re.compile(r"(?P<name>[^@]*)@.+\.(?P<suffix>[^.]*)")


def unit(probe: Unit, node: Node) -> Outcome:
    """Judge the condition of a unit from its files, or from its processes."""
    match probe.condition:
        case UnitCondition.RUNNING | UnitCondition.STOPPED:
            return _processes(probe, node)
        case _ if node.facts.units.files is None:
            return unknown(node.facts.units.unseen or "the units cannot be seen", _FOLDERS)
        case UnitCondition.PRESENT | UnitCondition.ABSENT:
            return _presence(probe, _found(probe.unit, node))
        case UnitCondition.MASKED:
            return _mask(_found(probe.unit, node))
        case _:
            return _wanted(probe, _found(probe.unit, node))


def _found(name: str, node: Node) -> UnitFile:
    """Return what is known of a unit, or of the one that it is an alias of.

    A link that wants it may name either.
    """
    real = _meant(name, node)
    found = _own(real, node)
    return found.model_copy(update={"wanted_by": found.wanted_by or node.unit(name).wanted_by})


def _own(name: str, node: Node) -> UnitFile:
    """Return what is known of a unit; what an instance lacks comes from its template."""
    if "/" in name:
        return UnitFile()
    unit_file = node.unit(name)
    if unit_file.file is not None:
        return unit_file
    template = node.unit(_template(name))
    return UnitFile(
        file=template.file, mask=unit_file.mask or template.mask, wanted_by=unit_file.wanted_by
    )


def _template(name: str) -> str:
    """Return the name of the template of an instance, or the name itself."""
    instance = _INSTANCE.fullmatch(name)
    return name if instance is None else f"{instance['name']}@.{instance['suffix']}"


def _meant(name: str, node: Node) -> str:
    """Return the unit that a name is an alias of, or the name itself.

    An alias leads to the file of another unit. A link to a file elsewhere is no alias, whatever
    that file is called.
    """
    for _ in range(_ALIASES):
        found = _own(name, node)
        called = name if node.unit(name).file is not None else _template(name)
        leads_to = posixpath.basename(found.file or "")
        if found.mask or leads_to in {"", called}:
            break
        behind_sign = name.partition("@")[2]
        meant = leads_to if called == name else f"{leads_to.partition('@')[0]}@{behind_sign}"
        there = _own(meant, node)
        if not (there.file or there.mask):
            break
        name = meant
    return name


def _presence(probe: Unit, found: UnitFile) -> Outcome:
    state = "present" if found.file else "absent"
    text = f"{state} ({found.file or 'no unit file'})"
    return decided(text, _FOLDERS, holds=state == probe.condition)


def _mask(found: UnitFile) -> Outcome:
    if found.mask:
        return decided(f"masked ({found.mask})", _FOLDERS, holds=True)
    return decided(f"unmasked ({found.file or 'no unit file'})", _FOLDERS, holds=False)


def _wanted(probe: Unit, found: UnitFile) -> Outcome:
    state, evidence = "disabled", "no unit wants it"
    if found.mask:
        evidence = f"masked by {found.mask}"
    elif not found.file:
        evidence = "no unit file"
    elif found.wanted_by:
        state, evidence = "enabled", found.wanted_by
    return decided(f"{state} ({evidence})", _FOLDERS, holds=state == probe.condition)


def _processes(probe: Unit, node: Node) -> Outcome:
    units = node.facts.units
    if "/" in probe.unit or probe.unit.endswith(_WITHOUT_PROCESSES):
        return unknown("control groups do not tell whether it runs", _GROUPS)
    if units.running is not None:
        running = _meant(probe.unit, node) in node.running_units
        state = "running" if running else "stopped"
        text = f"{state} ({'it has' if running else 'it has no'} processes)"
        return decided(text, _GROUPS, holds=state == probe.condition)
    if units.first_process and units.first_process != "systemd":
        text = f"stopped (process 1 is {units.first_process}, not systemd)"
        holds = probe.condition is UnitCondition.STOPPED
        return decided(text, "/proc/1/comm", holds=holds)
    return unknown("control groups do not tell whether it runs", _GROUPS)
