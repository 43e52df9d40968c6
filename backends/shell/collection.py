"""Names that the collector of facts looks for besides what every node has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, TypeVar

from reqc.backends.shell.functions import call, probes
from reqc.backends.shell.probes import below_proc
from reqc.backends.shell.quoting import quote
from reqc.compiler.checks import (
    BootArgument,
    CommandVersion,
    DiskSpace,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    KernelCapability,
    PackageInstalled,
    Probe,
    Reachable,
)
from reqc.compiler.knowledge.kernel import (
    KernelNeed,
    feature,
    known_names,
    module,
    xtables_match,
    xtables_target,
)
from reqc.compiler.knowledge.software import SOFTWARE

_Probe = TypeVar("_Probe", bound=Probe)

_DISKS: Final = (
    *("/", "/boot", "/home", "/opt", "/tmp", "/usr", "/var", "/var/lib", "/var/log"),  # noqa: S108  # no file is made there
)
"""Where file systems of their own are usual."""

_MAIN: Final = "/etc/NetworkManager/NetworkManager.conf"
_DROP_INS: Final = (
    "/etc/NetworkManager/conf.d",
    "/run/NetworkManager/conf.d",
    "/usr/lib/NetworkManager/conf.d",
)
"""Where NetworkManager.conf(5) says that the daemon reads from."""

_COMMAND_LINE: Final = "/proc/cmdline"


def collection(asked: Sequence[Probe]) -> str:
    """Return functions of the shell that go through what the collector is to look for.

    That is what the probes ask about and what those of another version may ask about. The lines of
    a file are collected only where a probe asks for them, because a file can hold secrets.
    """
    kernel = (*_kernel_evidence(), *_of(KernelCapability, asked))
    lists = _of(IniList, asked)
    lined = [_MAIN, *(probe.main for probe in lists)]
    lined += [probe.path for probe in _of(FileContains, asked)]
    lined += [_COMMAND_LINE] if _of(BootArgument, asked) else []
    paths = [probe.path for probe in asked if isinstance(probe, FileExists | FileMode | FileOwner)]
    folders = [*_DROP_INS, *(folder for probe in lists for folder in probe.directories)]
    commands = [one.command[0] for one in SOFTWARE.values() if one.command]
    commands += [probe.command for probe in _of(CommandVersion, asked)]
    packages = _of(PackageInstalled, asked)
    disks = [*_DISKS, *(probe.path for probe in _of(DiskSpace, asked))]
    return "\n".join(
        (
            _each(
                "asked_lists",
                "list_fact",
                [below_proc(row.file) for one in kernel for row in one.rows],
            ),
            _each("asked_signs", "sign_fact", [path for one in kernel for path in one.paths]),
            _each("asked_lines", "lines_fact", lined),
            _each("asked_paths", "file_fact", paths),
            _each("asked_folders", None, folders),
            _objects(
                ("commands", "command_fact", commands),
                ("packages", "package_fact", [probe.name for probe in packages]),
                ("disk_space", "disk_fact", disks),
            ),
            _endpoints(asked),
        )
    )


def _of(kind: type[_Probe], asked: Iterable[Probe]) -> list[_Probe]:
    return [probe for probe in asked if isinstance(probe, kind)]


@cache
def _kernel_evidence() -> tuple[KernelCapability, ...]:
    """Return every capability of the kernel of which something is known."""
    needs: list[KernelNeed | None] = [module(name) for name in known_names("module")]
    needs += [xtables_match(name) for name in known_names("match")]
    needs += [xtables_target(name) for name in known_names("target")]
    needs += [feature(name) for name in known_names("feature")]
    checks = dict.fromkeys(need.check for need in needs if need is not None)
    found = (probe for check in checks for probe in probes(check))
    return tuple(dict.fromkeys(_of(KernelCapability, found)))


def _each(name: str, function: str | None, words: Iterable[str]) -> str:
    """Return a function that calls another, or that of its argument, with each word once."""
    each = ["each", '"$1"' if function is None else function]
    return f"{name}() {{\n  {call([*each, *map(quote, dict.fromkeys(words))])}\n}}"


def _objects(*objects: tuple[str, str, Sequence[str]]) -> str:
    """Return a function that writes objects of the facts, each with a member for every word."""
    lines = [
        f"  {call(['object', name, function, *map(quote, dict.fromkeys(names))])}"
        for name, function, names in objects
        if names
    ]
    return "\n".join(("asked_keys() {", *lines, "}"))


def _endpoints(asked: Iterable[Probe]) -> str:
    tried = dict.fromkeys(
        (host, probe.port) for probe in _of(Reachable, asked) for host in probe.hosts
    )
    lines = [f"  connection_fact {quote(host)} {port}" for host, port in tried] or ["  :"]
    return "\n".join(("asked_connections() {", *lines, "}"))
