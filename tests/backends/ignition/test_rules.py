"""Every refusal, and what is close to one and allowed."""

from __future__ import annotations

import re

import pytest

from reqc.backends.ignition import rules
from reqc.backends.ignition.unit_files import UNIT_SUFFIXES
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    KernelArgument,
    ModuleAtBoot,
    MountPoint,
    State,
    SysctlValue,
    UnitState,
)
from tests.backends.ignition.codes import codes_of
from tests.backends.ignition.test_backend import config, render

OPENSHIFT_ONLY = {
    *(rules.FORCE_FILE, rules.OWNED_PATH, rules.OBJECT_NAME, rules.POOL, rules.OTHER_POOL),
    *(rules.VERSION, rules.SIZE),
}
"""Codes of the target machineconfig, tested there."""

POLICY_ONLY = {rules.NO_POLICY, rules.POLICY_ENTRIES}
"""Codes of the target node-disruption-policy, tested there."""

UNIT = "/etc/systemd/system/x.service"
RUNS = "[Service]\nExecStart=/opt/x\n"
STARTED = f"{RUNS}[Install]\nWantedBy=multi-user.target\n"


def file(path: str = "/etc/x", content: str = "x\n", mode: int = 0o644) -> FileContent:
    return FileContent(path, content, mode)


WRONG: list[tuple[str, tuple[State, ...]]] = [
    *((rules.PATH, (file(path),)) for path in ("", "etc/x", "/etc/../x", "/etc//x", "/etc/x/")),
    *((rules.PATH, (file(path),)) for path in ("/", "/etc/./x", "/etc/a\nb", "/etc/\x00")),
    (rules.PATH, (MountPoint("/sys/../x", "bpf"),)),
    (rules.DUPLICATE_PATH, (file(), file(content="y\n"))),
    (rules.DUPLICATE_PATH, (file(), file(mode=0o600))),
    (rules.UNIT_STATES, (UnitState("x.service", "enabled"), UnitState("x.service", "masked"))),
    (rules.UNIT_STATES, (MountPoint("/a/b", "bpf"), UnitState("a-b.mount", "masked"))),
    (rules.UNIT_STATES, (MountPoint("/a/b", "bpf"), UnitState("a-b.mount", "disabled"))),
    (rules.UNIT_STATES, (file(UNIT, STARTED), UnitState("x.service", "masked"))),
    (
        rules.DUPLICATE_PATH,
        (file("/etc/systemd/system/a-b.mount", RUNS), MountPoint("/a/b", "bpf")),
    ),
    (rules.FILE_AS_PARENT, (file("/etc/x"), file("/etc/x/y"))),
    (rules.FILE_AS_PARENT, (file(UNIT, RUNS), file(f"{UNIT}/y"))),
    (rules.FILE_AS_PARENT, (file("/etc/x/y/z"), file("/etc/x"))),
    (rules.UNIT_PATH, (file(UNIT, RUNS, 0o600),)),
    (rules.UNIT_PATH, (file(UNIT, ""),)),
    (rules.UNIT_PATH, (FileContent(UNIT, RUNS, user="core"),)),
    (rules.UNIT_PATH, (FileContent(f"{UNIT}.d/10-y.conf", RUNS, group="1000"),)),
    (rules.UNIT_TEXT, (file(UNIT),)),
    (rules.UNIT_TEXT, (file(f"{UNIT}.d/10-y.conf", "ExecStart=/opt/x\n"),)),
    (rules.INSTALL, (file(UNIT, RUNS), UnitState("x.service", "enabled"))),
    (rules.INSTALL, (file(UNIT, f"{RUNS}[Install]\n"), UnitState("x.service", "enabled"))),
    *((rules.READ_ONLY_PATH, (file(f"{at}/x"),)) for at in ("/usr", "/boot", "/proc", "/run")),
    *((rules.READ_ONLY_PATH, (file(at),)) for at in ("/etc", "/mnt/x", "/var/run/x", "/sys/x")),
    *((rules.MODE, (file(mode=mode),)) for mode in (644, 755, 0o4755, 0o1777, -1)),
    *((rules.UNIT_NAME, (UnitState(n, "masked"),)) for n in ("x", "x.conf", "a/b.service", "")),
    (rules.UNIT_NAME, (UnitState("a b.service", "enabled"),)),
    (rules.UNIT_NAME, (UnitState(f"{'x' * 250}.service", "enabled"),)),
    (rules.UNIT_NAME, (file("/etc/systemd/system/a b.service", RUNS),)),
    *((rules.ARGUMENT, (KernelArgument(text),)) for text in ("a b", "", "a\nb", "a\tb", "ä")),
    (rules.TEXT, (file(UNIT, RUNS.rstrip()),)),
    *((rules.TEXT, (file(content=text),)) for text in ("x", "x\r\n", "x\n\n", "\n\n", "\ud800\n")),
    (rules.SYSCTL_VALUES, (SysctlValue("a.b", "1"), SysctlValue("a.b", "2"))),
    (rules.FILE_AND_NO_FILE, (file(), FileAbsent("/etc/x"))),
    (rules.FILE_SYSTEMS, (MountPoint("/m", "bpf"), MountPoint("/m", "tmpfs"))),
    (rules.UNWRITABLE, (ModuleAtBoot("a\nb"),)),
]


@pytest.mark.parametrize(("code", "states"), WRONG)
def test_a_mistake_is_refused_and_nothing_written(code: str, states: tuple[State, ...]) -> None:
    output = render(*states, version="3.3.0")

    (refusal,) = output.refusals
    assert refusal.code == code
    assert refusal.requirement == f"a.{len(states) - 1}" or refusal.other
    assert output.artifacts == ()
    assert output.stream is None
    assert refusal.message.isprintable()
    assert refusal.help.isprintable()


def test_a_conflict_is_told_at_the_later_requirement() -> None:
    (refusal,) = render(file(), file(mode=0o600)).refusals

    assert (refusal.requirement, refusal.other) == ("a.1", "a.0")
    assert refusal.message == "`/etc/x` would be 0600 here and 0644 for a.0 (mode)"


def test_all_mistakes_are_told_in_the_order_of_the_document() -> None:
    states = file("/usr/x", "x", 0o4755), UnitState("x", "masked"), file("y")

    output = render(*states)

    assert [(refusal.requirement, refusal.code) for refusal in output.refusals] == [
        ("a.0", rules.READ_ONLY_PATH),
        ("a.0", rules.MODE),
        ("a.0", rules.TEXT),
        ("a.1", rules.UNIT_NAME),
        ("a.2", rules.PATH),
    ]


def test_a_decimal_mode_is_explained() -> None:
    (refusal,) = render(file(mode=644)).refusals

    assert refusal.help == "644 is decimal here; the octal number is written 0644"


@pytest.mark.parametrize(
    "state",
    [
        *(file(f"{at}/x") for at in knowledge().writable),
        file("/etc/systemd/system.conf.d/x.conf"),
        file("/etc/systemd/system/x.service.d/y.txt"),
        file("/etc/systemd/system/service.d/y.conf"),
        file("/etc/systemd/system/multi-user.target.wants/x.service"),
        file(UNIT, RUNS),
        file(f"{UNIT}.d/10-y.conf", RUNS),
        file(mode=0),
        file(mode=0o777),
        file(content=""),
        file(content="\n"),
        *(UnitState(f"x@1:a.{suffix}", "masked") for suffix in UNIT_SUFFIXES),
    ],
)
def test_what_is_allowed_is_written(state: State) -> None:
    assert config(state).keys() != {"ignition"}


def test_every_code_has_a_test() -> None:
    named = codes_of(rules)

    assert named == {code for code, _ in WRONG} | OPENSHIFT_ONLY | POLICY_ONLY
    assert all(re.fullmatch(r"REQ5[2-4]\d", code) for code in named)
