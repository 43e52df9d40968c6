"""How to check and fix: every probe and state has words, and commands are one word each way."""

from __future__ import annotations

import shlex
import subprocess
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.document.changes import CHANGES
from reqc.backends.document.handling import LOOKS, WAYS, handling
from reqc.backends.document.remark import Remark
from reqc.compiler.checks import (
    All,
    Any,
    Check,
    KernelCapability,
    KernelOption,
    KernelVersion,
    Manual,
    Not,
    Probe,
    Relation,
    Unit,
    UnitCondition,
)
from reqc.compiler.flows import TCP, Flow, Ports
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    FileMode,
    FileOwner,
    IniListItems,
    KernelArgument,
    ModuleAtBoot,
    MountPoint,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)
from tests.backends.strategies import HOSTILE, values
from tests.documents import requirement
from tests.specs.shipped import NAMES, lowered
from tests.tools import require

KERNEL = KernelVersion(Relation.AT_LEAST, "4.8")
UNIT = Unit("x.service", UnitCondition.STOPPED)
SET = KernelCapability("set", ("xt_set",), (KernelOption("SET"),), hint="Install it.")


def found(label: str, remarks: list[Remark]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.words, one.commands) for one in remarks if one.label == label]


def fixes(**parts: object) -> list[tuple[str, tuple[str, ...]]]:
    return found("Fix", list(handling(requirement("a.b", **parts))))  # type: ignore[arg-type]  # fields by name


def test_every_probe_has_a_look_and_a_way() -> None:
    assert set(LOOKS) == set(WAYS) == set(get_args(Probe))
    assert [probe for probe, way in WAYS.items() if not way] == [Manual]


@pytest.mark.parametrize("kind", get_args(Probe), ids=lambda kind: kind.__name__)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_no_text_escapes_from_a_command(kind: type[Probe], data: st.DataObject) -> None:
    probe = data.draw(values(kind, HOSTILE))

    for command in LOOKS[kind](probe):
        outside = shlex.shlex(command, posix=True, punctuation_chars=True)
        outside.commenters = ""
        signs = {word for word in outside if set(word) <= set("();<>|&")}
        quoted = {str(part) for part in vars_of(probe)}
        assert signs <= quoted


def vars_of(probe: Probe) -> list[object]:
    fields = [getattr(probe, name) for name in probe.__struct_fields__]
    return [part for one in fields for part in (one if isinstance(one, tuple) else (one,))]


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_a_shell_finds_the_words_of_a_command(data: st.DataObject) -> None:
    name = data.draw(HOSTILE)
    (command,) = LOOKS[Unit](Unit(name, UnitCondition.RUNNING))

    said = subprocess.run(
        [require("dash"), "-c", f'systemctl() {{ printf "%s\\0" "$@"; }}; {command}'],
        capture_output=True,
        check=True,
    )

    assert said.stdout.decode() == f"is-active\0{name}\0"


def test_the_commands_of_all_parts_come_once_and_in_order() -> None:
    (check,) = found(
        "Check", list(handling(requirement("a.b", check=All((KERNEL, Any((SET, KERNEL)))))))
    )

    assert check == (
        "the kernel is at least 4.8 and (the kernel offers set or the kernel is at least 4.8)",
        ("uname -r", "modprobe -nv xt_set", 'grep -e CONFIG_SET= "/boot/config-$(uname -r)"'),
    )


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (KERNEL, ["install such a kernel and start it"]),
        (SET, ["Install it."]),
        (All((KERNEL, KERNEL, SET)), ["install such a kernel and start it", "Install it."]),
        (Not(KERNEL), ["change the node until this is no longer so"]),
        (Manual("look"), [""]),
    ],
)
def test_a_check_alone_says_which_way_to_go(check: Check, words: list[str]) -> None:
    assert [text for text, _ in fixes(check=check)] == words


def test_the_author_knows_best_then_states_then_traffic() -> None:
    states, flows = [ModuleAtBoot("xt_set")], [Flow(TCP, (Ports(1, 1),), "host", "host")]

    assert fixes(fix="Do it.", states=states, flows=flows, check=SET) == [("Do it.", ())]
    assert "xt_set" in fixes(states=states, flows=flows, check=SET)[0][0]
    assert fixes(flows=flows, check=SET) == [
        ("let this traffic through every firewall on the way", ())
    ]


STATES: tuple[tuple[State, str, tuple[str, ...]], ...] = (
    (
        ModuleAtBoot("xt_set"),
        "load the module xt_set now and, by a file in /etc/modules-load.d, at every boot",
        ("modprobe xt_set",),
    ),
    (
        IniListItems("/etc/x.conf", "keyfile", "unmanaged", ("a", "b")),
        "add a and b to unmanaged in section keyfile of /etc/x.conf",
        (),
    ),
    (
        FileContent("/etc/x", "one\n\ntwo\n"),
        "write /etc/x with mode 0644 and owner root:root and the lines one and two",
        (),
    ),
    (FileContent("/etc/x", ""), "write /etc/x with mode 0644 and owner root:root, empty", ()),
    (
        FileContent("/x", "a\n" * 13, 0o600, "a", "b"),
        "write /x with mode 0600 and owner a:b; its 13 lines are in what the remedy target writes",
        (),
    ),
    (FileMode("/etc/x", 0o600), "give the file /etc/x the mode 0600", ("chmod 0600 /etc/x",)),
    (FileOwner("/etc/x", "a"), "give the file /etc/x to the user a", ("chown a /etc/x",)),
    (FileAbsent("/etc/x y"), "remove the file /etc/x y", ("rm '/etc/x y'",)),
    (
        UnitState("x.service", "masked"),
        "mask the unit x.service",
        ("systemctl mask --now x.service",),
    ),
    (
        SysctlValue("net.x", "5", ">="),
        "set net.x to 5 or more now and, by a file in /etc/sysctl.d, at every boot",
        ("sysctl -w net.x=5",),
    ),
    (KernelArgument("a=b"), "start the kernel with a=b", ()),
    (
        MountPoint("/sys/fs/bpf", "bpf"),
        "mount a file system of type bpf at /sys/fs/bpf at every boot",
        (),
    ),
    (PackageInstalled("ipset"), "install the package ipset", ()),
)


@pytest.mark.parametrize(("state", "words", "commands"), STATES)
def test_a_state_says_what_brings_it(state: State, words: str, commands: tuple[str, ...]) -> None:
    assert fixes(states=[state]) == [(words, commands)]


def test_every_state_is_among_them() -> None:
    assert {type(state) for state, _, _ in STATES} == set(CHANGES) == set(get_args(State))


def test_nothing_is_said_where_a_value_is_missing() -> None:
    assert list(handling(requirement("a.b", check=KERNEL, complete=False))) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_pages_say_how_to_check_and_fix_each_item(name: str) -> None:
    for item in lowered(name).requirements:
        labels = {one.label for one in handling(item) if one.words}
        asks_a_person = isinstance(item.check, Manual) and not item.fix and not item.flows
        assert labels == ({"Check"} if asks_a_person else {"Check", "Fix"}), item.origin.id
