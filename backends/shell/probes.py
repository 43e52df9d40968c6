"""Probes as calls of the library: the words of each call, and what the library must hold for it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import singledispatch
from typing import Final

from reqc.backends.shell.patterns import (
    argument_pattern,
    bracket,
    case_pattern,
    expression,
    with_bit,
)
from reqc.compiler.checks import (
    Architecture,
    BootArgument,
    Capability,
    CommandVersion,
    DiskSpace,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    InterfaceNamesFree,
    KernelCapability,
    KernelOption,
    KernelVersion,
    Manual,
    Memory,
    Mounted,
    OperatingSystem,
    OsRelease,
    PackageInstalled,
    PortFree,
    Probe,
    Processors,
    Reachable,
    Sysctl,
    Unit,
)
from reqc.compiler.folding.settings import setting_path

FRAGMENTS: Final[dict[type, tuple[str, ...]]] = {
    Architecture: ("files", "machine"),
    OperatingSystem: ("files", "release"),
    KernelVersion: ("kernel",),
    KernelCapability: ("files", "capability", "modules", "blocks", "config", "deep"),
    Sysctl: ("files", "sysctl"),
    InterfaceNamesFree: ("network",),
    IniList: ("files", "ini"),
    Unit: ("files", "units"),
    FileExists: ("files",),
    FileContains: ("files",),
    FileMode: ("files",),
    FileOwner: ("files",),
    Mounted: ("mounts",),
    Capability: ("machine",),
    OsRelease: ("files", "release"),
    CommandVersion: ("files", "commands"),
    PackageInstalled: ("files", "packages"),
    BootArgument: ("files", "command_line"),
    Processors: ("machine",),
    Memory: ("machine",),
    DiskSpace: ("files", "machine"),
    PortFree: ("network",),
    Reachable: ("connections",),
    Manual: (),
}
"""The files of the library that a probe needs, besides those that every script has."""

_PACKAGE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*")
"""A name that means nothing else to a manager of packages; others are not asked for."""

_OF_THE_IMAGE: Final = (
    OperatingSystem,
    InterfaceNamesFree,
    IniList,
    Unit,
    FileExists,
    FileContains,
    FileMode,
    FileOwner,
    Mounted,
    OsRelease,
    CommandVersion,
    PackageInstalled,
    DiskSpace,
    PortFree,
)


def of_image(probe: Probe) -> bool:
    """Tell whether a container shows its own image or network here, and not those of its host."""
    match probe:
        case FileExists(path) | FileContains(path) | FileMode(path) | FileOwner(path):
            return not path.startswith(("/proc/", "/sys/"))
        case Sysctl(key):
            return key.startswith("net.")
    return isinstance(probe, _OF_THE_IMAGE)


@singledispatch
def words(probe: Probe) -> tuple[str, ...]:
    """Return the call of the library, unquoted, its function first."""
    message = f"no call for {type(probe).__name__}"
    raise TypeError(message)


@words.register
def _architecture(probe: Architecture) -> tuple[str, ...]:
    return ("architecture", *probe.machines)


@words.register
def _operating_system(probe: OperatingSystem) -> tuple[str, ...]:
    if probe.relation is None or probe.version is None:
        return ("operating_system", probe.id)
    return ("operating_system", probe.id, probe.relation, probe.version)


@words.register
def _kernel_version(probe: KernelVersion) -> tuple[str, ...]:
    return ("kernel_version", probe.relation, probe.version)


@words.register
def _kernel_capability(probe: KernelCapability) -> tuple[str, ...]:
    call = ["kernel_capability", probe.name, probe.hint, trial(probe)]
    for path in probe.paths:
        call += ("path", path)
    for row in probe.rows:
        call += ("row", below_proc(row.file), row.row)
    for module in probe.modules:
        call += ("module", kernel_spelling(module))
    for option in probe.options:
        call += _option(option)
    return tuple(call)


def trial(probe: KernelCapability) -> str:
    """Return the command of a rule that needs the capability, or nothing where none is known."""
    if not probe.trial:
        return ""
    six = any(below_proc(row.file).startswith("net/ip6_") for row in probe.rows[:1])
    return " ".join(("ip6tables" if six else "iptables", *probe.trial))


def wanted(asked: Iterable[Probe]) -> tuple[tuple[str, str], ...]:
    """Return variables of the script that name all that big files are searched for at once.

    Names of modules and options are alternatives of a regular expression that also finds more.
    """
    modules: dict[str, None] = {}
    options: dict[str, None] = {}
    lists: dict[str, None] = {}
    for probe in capabilities(asked):
        modules.update(dict.fromkeys(map(kernel_spelling, probe.modules)))
        lists.update(dict.fromkeys(below_proc(row.file) for row in probe.rows))
        for option in probe.options:
            options.update(dict.fromkeys(filter(None, (option.symbol, option.unless))))
        options["MODULES"] = None
    sysctls = (probe for probe in asked if isinstance(probe, Sysctl))
    settings = dict.fromkeys(setting_path(probe.key) for probe in sysctls)
    packages = dict.fromkeys(probe.name for probe in asked if isinstance(probe, PackageInstalled))
    return (
        ("wanted_names", "|".join(map(expression, modules))),
        ("wanted_options", "|".join(expression(option, "_") for option in options)),
        ("wanted_lists", "\n".join(lists)),
        ("wanted_settings", "\n".join(settings)),
        *(
            [("wanted_packages", " ".join(filter(_PACKAGE.fullmatch, packages)))]
            if packages
            else []
        ),
    )


def _option(option: KernelOption) -> tuple[str, ...]:
    since, before, unless = option.since or "", option.before or "", option.unless or ""
    return ("option", option.symbol, "".join(option.values), since, before, unless)


def kernel_spelling(module: str) -> str:
    """Return the name of a module as the kernel writes it, with underscores."""
    return module.replace("-", "_")


def below_proc(file: str) -> str:
    """Return the name of a file relative to /proc."""
    return file.removeprefix("/proc/")


@words.register
def _sysctl(probe: Sysctl) -> tuple[str, ...]:
    return ("sysctl", setting_path(probe.key), probe.relation, probe.value)


@words.register
def _interface_names_free(probe: InterfaceNamesFree) -> tuple[str, ...]:
    return ("interface_names_free", *(case_pattern(glob) for glob in probe.globs))


@words.register
def _ini_list(probe: IniList) -> tuple[str, ...]:
    separators = bracket(probe.separators) or "\n"
    head = ("ini_list", probe.main, probe.section, probe.key, separators)
    return (*head, *probe.directories, "--", *probe.items)


@words.register
def _unit(probe: Unit) -> tuple[str, ...]:
    return ("unit", probe.unit, probe.condition)


@words.register
def _file_exists(probe: FileExists) -> tuple[str, ...]:
    return ("file_exists", probe.path)


@words.register
def _file_contains(probe: FileContains) -> tuple[str, ...]:
    return ("file_contains", probe.path, *probe.lines)


@words.register
def _file_mode(probe: FileMode) -> tuple[str, ...]:
    return ("file_mode", probe.path, f"{probe.mode:04o}")


@words.register
def _file_owner(probe: FileOwner) -> tuple[str, ...]:
    return ("file_owner", probe.path, probe.user)


@words.register
def _mounted(probe: Mounted) -> tuple[str, ...]:
    path = posixpath.normpath(probe.path)
    written = path.translate({32: r"\040", 9: r"\011", 10: r"\012", 92: r"\134"})
    # Kernels differ in whether they also escape the number sign.
    return ("mounted", path, probe.filesystem, written, written.replace("#", r"\043"))


@words.register
def _capability(probe: Capability) -> tuple[str, ...]:
    return ("capability", probe.name, with_bit(probe.number))


@words.register
def _os_release(probe: OsRelease) -> tuple[str, ...]:
    return ("os_release", probe.key, probe.relation, probe.version)


@words.register
def _command_version(probe: CommandVersion) -> tuple[str, ...]:
    if probe.relation is None or probe.version is None:
        return ("command_version", probe.command, "", "")
    return ("command_version", probe.command, probe.relation, probe.version, *probe.arguments)


@words.register
def _package_installed(probe: PackageInstalled) -> tuple[str, ...]:
    return ("package_installed", probe.name)


@words.register
def _boot_argument(probe: BootArgument) -> tuple[str, ...]:
    return ("boot_argument", probe.argument, argument_pattern(probe.argument))


@words.register
def _processors(probe: Processors) -> tuple[str, ...]:
    return ("processors", probe.relation, str(probe.count))


@words.register
def _memory(probe: Memory) -> tuple[str, ...]:
    return ("memory", probe.relation, str(probe.kibibytes))


@words.register
def _disk_space(probe: DiskSpace) -> tuple[str, ...]:
    return ("disk_space", probe.path, probe.relation, str(probe.kibibytes))


@words.register
def _port_free(probe: PortFree) -> tuple[str, ...]:
    return ("port_free", probe.protocol, str(probe.port), f"{probe.port:04X}")


@words.register
def _reachable(probe: Reachable) -> tuple[str, ...]:
    return ("reachable", probe.label, str(probe.port), *probe.hosts)


@words.register
def _manual(probe: Manual) -> tuple[str, ...]:
    return ("manual", probe.instruction)


def capabilities(probes: Iterable[Probe]) -> tuple[KernelCapability, ...]:
    """Return the probes that ask the kernel, whose names are looked up all at once."""
    return tuple(probe for probe in probes if isinstance(probe, KernelCapability))
