"""What the script says of units of every kind, against what a booted systemd says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Final

import pytest

from reqc.compiler.checks import Unit, UnitCondition
from reqc.compiler.evaluation.facts import read_facts
from reqc.compiler.evaluation.judge import judge
from tests.backends.shell.samples import checking, script
from tests.vm.container import Container, booted

_RUNS: Final = "[Service]\nExecStart=/bin/sleep infinity\n"
_INSTALLED: Final = "[Install]\nWantedBy=multi-user.target\n"

FILES: Final = {
    "/etc/systemd/system/plain.service": _RUNS + _INSTALLED,
    "/usr/lib/systemd/system/idle.service": _RUNS + _INSTALLED,
    "/etc/systemd/system/named.service": f"{_RUNS}{_INSTALLED}Alias=other-name.service\n",
    "/etc/systemd/system/indirect.service": f"{_RUNS}[Install]\nAlso=plain.service\n",
    "/etc/systemd/system/required.service": f"{_RUNS}[Install]\nRequiredBy=basic.target\n",
    "/etc/systemd/system/by-runtime.service": _RUNS + _INSTALLED,
    "/etc/systemd/system/once.service": "[Service]\nType=oneshot\nRemainAfterExit=yes\n"
    f"ExecStart=/bin/true\n{_INSTALLED}",
    "/etc/systemd/system/past.service": "[Service]\nType=oneshot\nExecStart=/bin/true\n",
    "/etc/systemd/system/broken.service": "[Service]\nExecStart=/bin/false\n",
    "/etc/systemd/system/fork@.service": f"{_RUNS}{_INSTALLED}DefaultInstance=first\n",
    "/etc/systemd/system/hidden.service": "",
    "/etc/systemd/system/dangling.service.d/more.conf": "[Unit]\nDescription=none\n",
    "/usr/local/lib/systemd/system/local.service": _RUNS + _INSTALLED,
    "/usr/lib/systemd/system/covered.service": _RUNS + _INSTALLED,
    "/opt/elsewhere.service": _RUNS + _INSTALLED,
    "/etc/fstab": "tmpfs /srv tmpfs defaults 0 0\n",
}

COMMANDS: Final = (
    "daemon-reload",
    "enable --now plain.service named.service required.service",
    "enable fork@second.service local.service once.service",
    "enable --runtime by-runtime.service",
    "link /opt/elsewhere.service",
    "start once.service past.service fork@third.service idle.service srv.mount",
    "start --no-block broken.service",
    "mask covered.service fork@masked.service absent-and-masked.service idle.service",
    "mask --runtime fstrim.timer",
    "disable --now NetworkManager.service",
)

UNITS: Final = (
    "plain.service",
    "idle.service",
    "named.service",
    "other-name.service",
    "indirect.service",
    "required.service",
    "by-runtime.service",
    "once.service",
    "past.service",
    "broken.service",
    "fork@first.service",
    "fork@second.service",
    "fork@third.service",
    "fork@masked.service",
    "hidden.service",
    "dangling.service",
    "local.service",
    "covered.service",
    "elsewhere.service",
    "absent-and-masked.service",
    "nowhere.service",
    "made-up.service",
    "firewalld.service",
    "dbus-org.fedoraproject.FirewallD1.service",
    "NetworkManager.service",
    "dbus-org.freedesktop.nm-dispatcher.service",
    "systemd-journald.service",
    "systemd-networkd.service",
    "console-getty.service",
    "getty@tty1.service",
    "autovt@tty1.service",
    "dbus.socket",
    "fstrim.timer",
    "srv.mount",
    "multi-user.target",
    "default.target",
)

ASKED: Final = [(unit, condition) for unit in UNITS for condition in UnitCondition]
DOCUMENT: Final = checking(*(Unit(unit, condition) for unit, condition in ASKED))


pytestmark = pytest.mark.xdist_group("test_systemd_units")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """Return a booted system with units of every kind."""
    with booted(tmp_path_factory.mktemp("container"), disguised=True) as host:
        for path, content in FILES.items():
            host.write(path, content)
        for command in COMMANDS:
            host.systemctl(*command.split())
        made = ["--unit=made-up", "--quiet", "sleep", "infinity"]
        host.run("systemd-run", *made, check=True)
        yield host


def _truth(host: Container, unit: str) -> dict[UnitCondition, bool]:
    """Return which conditions hold by the word of systemctl."""

    def shown(name: str) -> str:
        return host.out("systemctl", "show", "--property", name, "--value", unit)

    word = host.out("systemctl", "is-enabled", unit)
    if word == "alias":
        word = shown("UnitFileState")
    masked = word.startswith("masked")
    # A masked unit still has a file where one lies below the mask, or its template does.
    below = ("covered.service", "idle.service", "fork@masked.service", "fstrim.timer")
    present = unit in below if masked else bool(shown("FragmentPath"))
    wanted = {"static": shown("WantedBy"), "generated": shown("WantedBy") + shown("RequiredBy")}
    enabled = word in {"enabled", "enabled-runtime"} or bool(wanted.get(word))
    running = host.out("systemctl", "is-active", unit) == "active"
    return {
        UnitCondition.PRESENT: present,
        UnitCondition.ABSENT: not present,
        UnitCondition.ENABLED: enabled,
        UnitCondition.DISABLED: not enabled,
        UnitCondition.MASKED: masked,
        UnitCondition.RUNNING: running,
        UnitCondition.STOPPED: not running,
    }


@pytest.fixture(scope="module")
def inside(host: Container) -> dict[tuple[str, UnitCondition], str]:
    """Return what the script says inside, by unit and condition."""
    rows = host.check(script(DOCUMENT))["results"]
    return {asked: row["state"] for asked, row in zip(ASKED, rows, strict=True)}


def _outside(host: Container, *arguments: str) -> str:
    done = subprocess.run(
        ["sh", "-s", "--", "--root", str(host.root), *arguments],
        input=script(DOCUMENT),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("unit", UNITS)
def test_the_script_says_what_systemctl_says(
    host: Container, inside: dict[tuple[str, UnitCondition], str], unit: str
) -> None:
    truth = _truth(host, unit)

    expected = {condition: "pass" if holds else "fail" for condition, holds in truth.items()}
    found = {condition: inside[unit, condition] for condition in UnitCondition}
    if not unit.endswith(".service"):  # only services always show whether they run
        for condition in (UnitCondition.RUNNING, UnitCondition.STOPPED):
            if found[condition] == "unknown":
                expected[condition] = "unknown"
    assert found == expected


def test_from_outside_it_says_the_same(
    host: Container, inside: dict[tuple[str, UnitCondition], str]
) -> None:
    rows = json.loads(_outside(host, "--format", "json"))["results"]

    assert {asked: row["state"] for asked, row in zip(ASKED, rows, strict=True)} == inside


def test_the_other_judge_says_the_same(
    host: Container, inside: dict[tuple[str, UnitCondition], str]
) -> None:
    facts = read_facts(_outside(host, "--facts"))

    results = judge(DOCUMENT, facts)

    states = [result.state.value for result in results]
    assert dict(zip(ASKED, states, strict=True)) == inside
