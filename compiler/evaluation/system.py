"""Judges the operating system, and the commands and packages that are installed."""

from __future__ import annotations

from typing import Final

from reqc.compiler.checks import (
    CommandVersion,
    OperatingSystem,
    OsRelease,
    PackageInstalled,
    Relation,
)
from reqc.compiler.evaluation.comparing import concluded, has_number, versions
from reqc.compiler.evaluation.node import Node, not_collected
from reqc.compiler.evaluation.outcome import Outcome, failed, passed, unknown
from reqc.compiler.versions import compare_versions, matches_prefix

_FILE: Final = "/etc/os-release"
_NO_FILE: Final = "there is no os-release file that can be read"
_ASKED: Final = ("--version",)
"""The arguments with which the collector asks commands."""


def operating_system(probe: OperatingSystem, node: Node) -> Outcome:
    """Judge the system and its version; by os-release(5) one without a name is linux."""
    release = node.facts.os_release
    if release is None:
        return unknown(_NO_FILE, _FILE)
    name, version = release.get("ID", "linux"), release.get("VERSION_ID", "")
    found = f"{name} {version}".rstrip(" ")
    if name != probe.id:
        return failed(found, _FILE)
    if probe.relation is None or probe.version is None:
        return passed(found, _FILE)
    if not has_number(version) or not has_number(probe.version):
        return unknown(f"{found}, and its version cannot be compared", _FILE)
    if probe.relation in {Relation.EQUAL, Relation.NOT_EQUAL}:
        order = int(not matches_prefix(version, probe.version))
    else:
        order = compare_versions(version, probe.version)
    return concluded(probe.relation, order, found, _FILE)


def os_release(probe: OsRelease, node: Node) -> Outcome:
    """Compare a version of os-release(5)."""
    release = node.facts.os_release
    if release is None:
        return unknown(_NO_FILE, _FILE)
    if probe.key not in release:
        return unknown(f"{probe.key} is not set", _FILE)
    return versions(release[probe.key], probe.relation, probe.version, _FILE)


def command_version(probe: CommandVersion, node: Node) -> Outcome:
    """Judge that a command is there and, where asked, what version it prints."""
    command = node.facts.commands.get(probe.command)
    if command is None:
        return not_collected(f"the command {probe.command}", "the search path")
    if command.path is None:
        return failed("no such command", "the search path")
    if probe.relation is None or probe.version is None:
        return passed("present", command.path)
    if probe.arguments != _ASKED:
        return not_collected(
            f"what {probe.command} {' '.join(probe.arguments)} prints", command.path
        )
    if command.version is None:
        return unknown("its version was not asked for, or it prints none", command.path)
    return versions(command.version, probe.relation, probe.version, command.path)


def package_installed(probe: PackageInstalled, node: Node) -> Outcome:
    """Judge what the manager of packages says."""
    package = node.facts.packages.get(probe.name)
    if package is None:
        return not_collected(f"the package {probe.name}", "the packages")
    looked = package.database or "/"
    match package.state:
        case None:
            return unknown(package.unseen or "nobody tells", looked)
        case "installed":
            return passed(f"{probe.name} {package.version or ''}".rstrip(), looked)
        case "absent":
            return failed(f"there is no package {probe.name}", looked)
        case _:
            return failed(f"the package {probe.name} is {package.state}", looked)
