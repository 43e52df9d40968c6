"""How a person checks and fixes what a requirement asks for: commands to look with, ways to go."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from typing import Any as Anything
from typing import Final

from reqc.backends.document.changes import change
from reqc.backends.document.remark import Remark
from reqc.backends.document.wording import in_words
from reqc.compiler.checks import (
    All,
    Any,
    Architecture,
    BootArgument,
    Capability,
    Check,
    CommandVersion,
    DiskSpace,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    InterfaceNamesFree,
    KernelCapability,
    KernelVersion,
    Manual,
    Memory,
    Mounted,
    Not,
    OperatingSystem,
    OsRelease,
    PackageInstalled,
    PortFree,
    Probe,
    Processors,
    Reachable,
    Sysctl,
    Unit,
    UnitCondition,
)
from reqc.compiler.lowered import LoweredRequirement
from reqc.compiler.prose import Sentence, sentence

_LISTENERS: Final = {"tcp": "ss -lntp", "udp": "ss -lnup"}

_ASKED_OF_SYSTEMD: Final = {
    UnitCondition.PRESENT: "list-unit-files",
    UnitCondition.ABSENT: "list-unit-files",
    UnitCondition.ENABLED: "is-enabled",
    UnitCondition.DISABLED: "is-enabled",
    UnitCondition.MASKED: "is-enabled",
    UnitCondition.RUNNING: "is-active",
    UnitCondition.STOPPED: "is-active",
}


def _command(*words: str) -> tuple[str, ...]:
    return (shlex.join(words),)


def _capability(probe: KernelCapability) -> tuple[str, ...]:
    loads = tuple(shlex.join(("modprobe", "-nv", name)) for name in probe.modules)
    symbols = tuple(part for row in probe.options for part in ("-e", f"CONFIG_{row.symbol}="))
    configured = f'{shlex.join(("grep", *symbols))} "/boot/config-$(uname -r)"'
    return (*loads, configured) if symbols else loads


def _lines(probe: FileContains) -> tuple[str, ...]:
    return tuple(shlex.join(("grep", "-Fx", "-e", line, probe.path)) for line in probe.lines)


def _connections(probe: Reachable) -> tuple[str, ...]:
    return tuple(shlex.join(("nc", "-zv", host, str(probe.port))) for host in probe.hosts)


LOOKS: Final[dict[type[Probe], Callable[[Anything], tuple[str, ...]]]] = {
    Architecture: lambda _: ("uname -m",),
    OperatingSystem: lambda _: ("cat /etc/os-release",),
    KernelVersion: lambda _: ("uname -r",),
    KernelCapability: _capability,
    Sysctl: lambda probe: _command("sysctl", "-n", probe.key),
    InterfaceNamesFree: lambda _: ("ip -brief link",),
    IniList: lambda probe: _command("grep", "-rs", probe.key, probe.main, *probe.directories),
    Unit: lambda probe: _command("systemctl", _ASKED_OF_SYSTEMD[probe.condition], probe.unit),
    FileExists: lambda probe: _command("ls", "-l", probe.path),
    FileContains: _lines,
    FileMode: lambda probe: _command("stat", "-c", "%a", probe.path),
    FileOwner: lambda probe: _command("stat", "-c", "%U", probe.path),
    Mounted: lambda probe: _command("findmnt", probe.path),
    Capability: lambda _: ("capsh --print",),
    OsRelease: lambda _: ("cat /etc/os-release",),
    CommandVersion: lambda probe: _command(probe.command, *probe.arguments),
    PackageInstalled: lambda probe: (
        *_command("rpm", "-q", probe.name),
        *_command("dpkg", "-s", probe.name),
    ),
    BootArgument: lambda _: ("cat /proc/cmdline",),
    Processors: lambda _: ("getconf _NPROCESSORS_ONLN",),
    Memory: lambda _: ("grep MemTotal /proc/meminfo",),
    DiskSpace: lambda probe: _command("df", "-k", probe.path),
    PortFree: lambda probe: (_LISTENERS[probe.protocol],),
    Reachable: _connections,
    Manual: lambda _: (),
}
"""The commands that show a person what a probe is about; none of them changes the node."""

WAYS: Final[dict[type[Probe], str]] = {
    Architecture: "use such a machine",
    OperatingSystem: "install such an operating system",
    KernelVersion: "install such a kernel and start it",
    KernelCapability: "install the kernel's modules, or start a kernel that has it",
    Sysctl: "set the sysctl",
    InterfaceNamesFree: "give the hardware interface another name",
    IniList: "change the list",
    Unit: "bring the unit to this condition with systemctl",
    FileExists: "put the file there",
    FileContains: "write the lines",
    FileMode: "change the mode with chmod",
    FileOwner: "change the owner with chown",
    Mounted: "mount the file system, now and at every boot",
    Capability: "start the process as root, or in a container that is given it",
    OsRelease: "bring the operating system to such a release",
    CommandVersion: "install such a version of the command",
    PackageInstalled: "install the package",
    BootArgument: "start the kernel with the argument",
    Processors: "change the number of processors",
    Memory: "change the memory",
    DiskSpace: "use another disk, or change its size",
    PortFree: "stop what listens there, or move it to another port",
    Reachable: "let the traffic through every firewall on the way",
    Manual: "",
}
"""The way to go where nobody says a better one and no state of a node is known to bring it.

What a person has to look at, a person has to judge, so that there is no way to name.
"""

_AGAINST: Final = sentence("change the node until this is no longer so")
_ALLOW: Final = sentence("let this traffic through every firewall on the way")


def handling(item: LoweredRequirement) -> Iterator[Remark]:
    """Return how to check a requirement, then how to fix it; nothing where values are missing."""
    if not item.complete:
        return
    yield Remark("Check", _asked(item.check), tuple(dict.fromkeys(_looks(item.check))))
    if item.fix and item.fix.strip():
        yield Remark("Fix", item.fix)
    elif item.states:
        yield from (change(state) for state in item.states)
    elif item.flows:
        yield Remark("Fix", _ALLOW)
    else:
        yield from (Remark("Fix", words) for words in dict.fromkeys(_ways(item.check)))


def _asked(check: Check) -> Sentence:
    if isinstance(check, Manual):
        return sentence(f"by hand: {check.instruction}")
    return in_words(check)


def _looks(check: Check) -> Iterator[str]:
    for probe in _probes(check):
        yield from LOOKS[type(probe)](probe)


def _ways(check: Check) -> Iterator[Sentence]:
    if isinstance(check, Not):
        yield _AGAINST
        return
    for part in _parts(check):
        if part is not check:
            yield from _ways(part)
        elif isinstance(part, KernelCapability) and part.hint:
            yield sentence(part.hint)
        elif not isinstance(part, All | Any | Not):
            yield sentence(WAYS[type(part)])


def _probes(check: Check) -> Iterator[Probe]:
    match check:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _probes(part)
        case Not(part):
            yield from _probes(part)
        case _:
            yield check


def _parts(check: Check) -> tuple[Check, ...]:
    return check.parts if isinstance(check, All | Any) else (check,)
