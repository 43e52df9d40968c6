"""Judges the release of the kernel, and what it was started with."""

from __future__ import annotations

import re
from typing import Final

from reqc.compiler.checks import BootArgument, KernelVersion
from reqc.compiler.evaluation.comparing import versions
from reqc.compiler.evaluation.facts import Kernel
from reqc.compiler.evaluation.node import Node, not_collected
from reqc.compiler.evaluation.outcome import Outcome, failed, passed, unknown
from reqc.compiler.knowledge.command_line import arguments_of, spelled

_VERSION: Final = re.compile(r"v?(?P<base>[0-9]+(?:\.[0-9]+)*)(?P<build>-[0-9])?")
_DEBIAN: Final = re.compile(r".* Debian (?P<point>[0-9].*)")
_UBUNTU: Final = re.compile(r"Ubuntu .* (?P<point>[0-9][^ ]*)")
_PARTS = 3  # of a version with a point release
_COMMAND_LINE: Final = "/proc/cmdline"


def kernel_version(probe: KernelVersion, node: Node) -> Outcome:
    """Compare the release; that of Debian and Ubuntu hides the point release of upstream."""
    kernel = node.facts.kernel
    looked = "/proc/sys/kernel/osrelease" if kernel.running else "--kernel-release"
    if not kernel.release:
        return unknown("the release of the kernel cannot be read; pass --kernel-release", looked)
    if not _hides_point_release(kernel.release, probe.version):
        return versions(kernel.release, probe.relation, probe.version, looked)
    point, banner = _point_release(kernel)
    if not point:
        found = f"{kernel.release} hides the point release that {probe.version} asks for"
        return unknown(found, f"{looked}, /proc/version")
    return versions(point, probe.relation, probe.version, banner)


def boot_argument(probe: BootArgument, node: Node) -> Outcome:
    """Look for an argument on the command line of the kernel."""
    file = node.facts.files.get(_COMMAND_LINE)
    if file is None:
        return not_collected("the command line of the kernel", _COMMAND_LINE)
    if not file.lines:
        return unknown("the command line of the kernel cannot be read", _COMMAND_LINE)
    if spelled(probe.argument) in map(spelled, arguments_of(file.lines[0])):
        return passed(f"started with {probe.argument}", _COMMAND_LINE)
    return failed(f"started without {probe.argument}", _COMMAND_LINE)


def _hides_point_release(release: str, wanted: str) -> bool:
    """Tell whether x.y.z is compared with x.y.0-N, where a vendor's z may be larger."""
    asked, found = _VERSION.match(wanted), _VERSION.match(release)
    if asked is None or found is None or asked["build"] or not found["build"]:
        return False
    numbers, base = (version["base"].split(".") for version in (asked, found))
    if len(numbers) != _PARTS or len(base) != _PARTS or base[-1] != "0":
        return False
    series = [number.lstrip("0") for number in numbers[:-1]]
    return series == [number.lstrip("0") for number in base[:-1]] and bool(numbers[-1].strip("0"))


def _point_release(kernel: Kernel) -> tuple[str, str]:
    """Return the version of upstream and the file that tells it, or nothing."""
    if not kernel.running:
        return "", ""
    told = (
        (_UBUNTU.fullmatch(kernel.signature), "/proc/version_signature"),
        (_DEBIAN.fullmatch(kernel.banner), "/proc/version"),
    )
    for line, file in told:
        version = _VERSION.match(line["point"]) if line else None
        if version is not None:
            return version["base"], file
    return "", ""
