"""Units that requirements write as files, judged by the real validator."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reqc.backends.ignition.unit_text import can_be_enabled, unit_fault
from reqc.compiler.states import FileContent, MountPoint, State, UnitState
from tests.backends.ignition.oracle import complaints
from tests.backends.ignition.test_backend import VERSIONS, config, render

FOLDER = "/etc/systemd/system"
RUNS = "[Service]\nExecStart=/opt/agent\n"
STARTED = f"[Unit]\nDescription=Agent\n\n{RUNS}\n[Install]\nWantedBy=multi-user.target\n"
LIMITS = "[Service]\nLimitNOFILE=65536\n"

LINES = st.sampled_from(
    [
        *("[Service]", "[Install]", "[X-y z]", "[]", "[Service", "[a] b", "Service]", " [Unit]"),
        *("A=b", "A = b", "A=", "=b", "A", " A=b", "A=b \\", "A=b\\", "\\", "  c=d\\", "c d"),
        *("# x", "; x", "# x \\", "#\\ ", "", "  ", "A=#b", "Ä=ö"),
    ]
)
TEXTS = st.lists(LINES, max_size=6).map("\n".join).map("{}\n".format)


def units(*states: State, version: str = "3.2.0") -> dict[str, dict[str, Any]]:
    """Return the units of a configuration by name; it has no files."""
    found = config(*states, version=version)
    assert "storage" not in found
    return {unit.pop("name"): unit for unit in found["systemd"]["units"]}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_unit_and_its_drop_ins_are_one_entry(version: str) -> None:
    states = (
        FileContent(f"{FOLDER}/agent.service", STARTED),
        FileContent(f"{FOLDER}/agent.service.d/10-limits.conf", LIMITS),
        FileContent(f"{FOLDER}/agent.service.d/20-more.conf", RUNS),
        UnitState("agent.service", "enabled"),
    )

    drop_ins = [
        {"name": "10-limits.conf", "contents": LIMITS},
        {"name": "20-more.conf", "contents": RUNS},
    ]
    expected = {"enabled": True, "contents": STARTED, "dropins": drop_ins}
    assert units(*states, version=version) == {"agent.service": expected}
    if version != "2.2.0":
        assert complaints(config(*states, version=version)) == ""


def test_a_unit_without_a_state_is_only_there() -> None:
    states = FileContent(f"{FOLDER}/agent.service", RUNS), UnitState("x.service", "disabled")

    assert units(*states) == {
        "agent.service": {"contents": RUNS},
        "x.service": {"enabled": False},
    }


def test_a_drop_in_may_be_for_a_unit_that_others_bring() -> None:
    states = (
        FileContent(f"{FOLDER}/a.service.d/x.conf", LIMITS),
        FileContent(f"{FOLDER}/b.service.d/x.conf", LIMITS),
        UnitState("b.service", "masked"),
    )

    drop_ins = [{"name": "x.conf", "contents": LIMITS}]
    assert units(*states) == {
        "b.service": {"mask": True, "dropins": drop_ins},
        "a.service": {"dropins": drop_ins},
    }


def test_the_unit_of_a_mount_takes_drop_ins() -> None:
    drop_in = FileContent(f"{FOLDER}/mnt-x.mount.d/size.conf", "[Mount]\nOptions=size=1G\n")

    (unit,) = units(MountPoint("/mnt/x", "tmpfs"), drop_in).values()

    assert unit["enabled"] is True
    assert "Type=tmpfs" in unit["contents"]
    assert unit["dropins"] == [{"name": "size.conf", "contents": drop_in.content}]


def test_the_unit_of_a_mount_may_be_asked_for_twice() -> None:
    mount = MountPoint("/mnt/x", "tmpfs")
    (unit,) = units(mount).values()

    assert units(mount, FileContent(f"{FOLDER}/mnt-x.mount", unit["contents"])) == {
        "mnt-x.mount": unit
    }


def test_a_mistake_is_told_where_it_was_made() -> None:
    states = UnitState("a.service", "enabled"), FileContent(f"{FOLDER}/a.service", "[A]\nx\n")

    (refusal,) = render(*states).refusals

    assert refusal.requirement == "a.1"
    assert "line 2" in refusal.message


@given(TEXTS)
@example("[Service]\nA=b \\\n# comment\n  c\n")
@example("[Service]\nA=b \\ \nc\n")
@example("[Service]\n# comment \\\nc\n")
def test_the_validator_takes_the_same_texts(text: str) -> None:
    fault = unit_fault(text)
    enabled = fault is None and can_be_enabled(text)

    said = complaints(with_unit({"contents": text, "enabled": enabled}))

    assert bool(said) == (fault is not None and "assigns nothing" not in fault)


def with_unit(unit: dict[str, Any]) -> dict[str, Any]:
    units = [{"name": "x.service", **unit}]
    return {"ignition": {"version": "3.2.0"}, "systemd": {"units": units}}


@pytest.mark.parametrize("text", [RUNS, STARTED, f"{RUNS}[Install]\n", "[Install]\nAlias=x\n"])
def test_the_validator_agrees_on_what_can_be_enabled(text: str) -> None:
    said = complaints(with_unit({"contents": text, "enabled": True}))

    assert can_be_enabled(text) == (said == "")


@pytest.mark.parametrize("text", ["", "# nothing\n", "[Service]\n", "ExecStart=/opt/x\n"])
def test_what_says_nothing_is_no_unit(text: str) -> None:
    assert "assigns nothing" in str(unit_fault(text))
