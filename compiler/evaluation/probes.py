"""Evaluates checks on a node: the second reading of their meaning, beside the check script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any as Anything
from typing import Final

from reqc.compiler import checks
from reqc.compiler.evaluation import (
    capability,
    files,
    ini,
    kernel,
    machine,
    network,
    sysctl,
    system,
    units,
)
from reqc.compiler.evaluation.node import Node
from reqc.compiler.evaluation.outcome import (
    Outcome,
    Verdict,
    all_of,
    any_of,
    negated,
    unknown,
)


def evaluate(check: checks.Check, node: Node) -> Outcome:
    """Return what the node answers to a check."""
    match check:
        case checks.All(parts):
            return all_of(evaluate(part, node) for part in parts)
        case checks.Any(parts):
            return any_of(evaluate(part, node) for part in parts)
        case checks.Not(part):
            return negated(evaluate(part, node))
        case _:
            return _probed(check, node)


def _probed(probe: checks.Probe, node: Node) -> Outcome:
    outcome = PROBES[type(probe)](probe, node)
    if node.facts.container and outcome.verdict is not Verdict.MANUAL and of_image(probe):
        found = "only the container was seen, not its host; mount the host and pass --root"
        return unknown(f"{found} ({outcome.found})", outcome.looked)
    return outcome


def _manual(probe: checks.Manual, node: Node) -> Outcome:  # noqa: ARG001  # as all probes
    return Outcome(Verdict.MANUAL, probe.instruction)


PROBES: Final[Mapping[type, Callable[[Anything, Node], Outcome]]] = MappingProxyType(
    {
        checks.Architecture: machine.architecture,
        checks.OperatingSystem: system.operating_system,
        checks.KernelVersion: kernel.kernel_version,
        checks.KernelCapability: capability.kernel_capability,
        checks.Sysctl: sysctl.sysctl,
        checks.InterfaceNamesFree: network.interface_names_free,
        checks.IniList: ini.ini_list,
        checks.Unit: units.unit,
        checks.FileExists: files.file_exists,
        checks.FileContains: files.file_contains,
        checks.FileMode: files.file_mode,
        checks.FileOwner: files.file_owner,
        checks.Mounted: files.mounted,
        checks.Capability: machine.capability,
        checks.OsRelease: system.os_release,
        checks.CommandVersion: system.command_version,
        checks.PackageInstalled: system.package_installed,
        checks.BootArgument: kernel.boot_argument,
        checks.Processors: machine.processors,
        checks.Memory: machine.memory,
        checks.DiskSpace: machine.disk_space,
        checks.PortFree: network.port_free,
        checks.Reachable: network.reachable,
        checks.Manual: _manual,
    }
)
"""How each probe is answered."""

_OF_THE_IMAGE: Final = (
    checks.OperatingSystem,
    checks.InterfaceNamesFree,
    checks.IniList,
    checks.Unit,
    checks.FileExists,
    checks.FileContains,
    checks.FileMode,
    checks.FileOwner,
    checks.Mounted,
    checks.OsRelease,
    checks.CommandVersion,
    checks.PackageInstalled,
    checks.DiskSpace,
    checks.PortFree,
)


def of_image(probe: checks.Probe) -> bool:
    """Tell whether a container shows its own image or network here, and not those of its host."""
    match probe:
        case (
            checks.FileExists(path)
            | checks.FileContains(path)
            | checks.FileMode(path)
            | checks.FileOwner(path)
        ):
            return not path.startswith(("/proc/", "/sys/"))
        case checks.Sysctl(key):
            return key.startswith("net.")
    return isinstance(probe, _OF_THE_IMAGE)
