"""The checks of a specification as people type them: one line of shell each, and scripts of these.

They are what the peers run, too. They are wrong where such lines are wrong: what is built in, what
has another name and what cannot be read counts as missing.
"""

from __future__ import annotations

import json
import shlex
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reqc.compiler.checks import (
    All,
    Any,
    Architecture,
    Capability,
    Check,
    FileExists,
    IniList,
    InterfaceNamesFree,
    KernelCapability,
    KernelVersion,
    Manual,
    Not,
    OperatingSystem,
    Reachable,
    Sysctl,
    Unit,
    UnitCondition,
)
from reqc.compiler.lowered import LoweredDocument

_UNITS = {
    UnitCondition.PRESENT: "systemctl cat {}",
    UnitCondition.ABSENT: "! systemctl cat {}",
    UnitCondition.ENABLED: "systemctl is-enabled {}",
    UnitCondition.DISABLED: "! systemctl is-enabled {}",
    UnitCondition.MASKED: "systemctl is-enabled {} | grep -q masked",
    UnitCondition.RUNNING: "systemctl is-active {}",
    UnitCondition.STOPPED: "! systemctl is-active {}",
}


class Unsayable(Exception):  # noqa: N818  # no error: a person checks this
    """No line of shell checks this."""


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement as one line of shell that succeeds where it is met."""

    id: str
    shell: str
    check: Check


def lines(document: LoweredDocument) -> list[Line]:
    """Return the requirements that a node can be asked about."""
    found = []
    for item in document.here:
        try:
            shell = _shell(item.check)
            guard = f"! {{ {_shell(item.guard)}; }} || " if item.guard is not None else ""
        except Unsayable:
            continue
        found.append(Line(item.origin.id, guard + shell, item.check))
    return found


def script(asked: Sequence[Line]) -> str:
    """Return a script that runs every line and exits with 1 where one fails."""
    calls = "".join(f"check {item.id} {shlex.quote(item.shell)}\n" for item in asked)
    return f"""#!/bin/sh
failed=0
check() {{
  if eval "$2" >/dev/null 2>&1; then
    echo "PASS $1"
  else
    echo "FAIL $1"
    failed=1
  fi
}}
{calls}exit $failed
"""


def testinfra(asked: Sequence[Line]) -> str:
    """Return a module of tests for pytest-testinfra, one for each line."""
    return "\n\n".join(
        f"def test_{number}(host):\n    assert host.run({json.dumps(item.shell)}).rc == 0\n"
        for number, item in enumerate(asked)
    )


def playbook(asked: Sequence[Line]) -> str:
    """Return a playbook with one task for each line; YAML is a superset of JSON."""
    tasks = [
        {
            "name": item.id,
            "ansible.builtin.shell": item.shell,
            "ignore_errors": True,
            "changed_when": False,
        }
        for item in asked
    ]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    return json.dumps([play])


def _shell(check: Check) -> str:
    match check:
        case All(parts):
            return " && ".join(f"{{ {_shell(part)}; }}" for part in parts)
        case Any(parts):
            return " || ".join(f"{{ {_shell(part)}; }}" for part in parts)
        case Not(part):
            return f"! {{ {_shell(part)}; }}"
        case Manual() | Reachable():
            raise Unsayable
        case _:
            return _LINES[type(check)](check)


def _system(check: OperatingSystem) -> str:
    line = f"grep -q '^ID=.*{check.id}' /etc/os-release"
    if check.version:
        line += f" && grep -q 'VERSION_ID=\"{check.version}' /etc/os-release"
    return line


def _capability(check: KernelCapability) -> str:
    ways = [f"lsmod | grep -w {name} || modinfo {name}" for name in check.modules[:1]]
    symbols = "|".join(option.symbol for option in check.options)
    if symbols:
        ways.append(f'grep -E "^CONFIG_({symbols})=[ym]" /boot/config-$(uname -r)')
    return " || ".join(ways)


def _names(check: InterfaceNamesFree) -> str:
    return f"! ls /sys/class/net | grep -E {shlex.quote('^' + '|^'.join(check.globs))}"


def _list(check: IniList) -> str:
    folder = check.directories[0]
    return " && ".join(f"grep -rqF {shlex.quote(item)} {folder}" for item in check.items)


_LINES: Mapping[type, Callable[[typing.Any], str]] = {
    Architecture: lambda check: f"uname -m | grep -qxE {shlex.quote('|'.join(check.machines))}",
    Capability: lambda _: "grep '^CapBnd:.*f' /proc/self/status",
    FileExists: lambda check: f"[ -e {shlex.quote(check.path)} ]",
    IniList: _list,
    InterfaceNamesFree: _names,
    KernelCapability: _capability,
    KernelVersion: lambda check: f'printf "%s\\n" {check.version} "$(uname -r)" | sort -V -C',
    OperatingSystem: _system,
    Sysctl: lambda check: f'[ "$(sysctl -n {check.key})" = {shlex.quote(check.value)} ]',
    Unit: lambda check: _UNITS[check.condition].format(shlex.quote(check.unit)),
}
"""How a person asks; a probe that no benchmarked specification has is not here."""
