"""`reqc drift` and a real firewalld: files, what runs, and what neither should have."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reqc.backends.firewalld import drift as firewalld_drift
from tests.backends.firewall.daemon import Firewalld, running
from tests.cli.command import REQC, reqc
from tests.documents import document
from tests.drift.test_drift import INVENTORY, SPEC, signs
from tests.schemas import read_as
from tests.tools import needs_root

FORMS = ["policy", "rich-rules"]
Told = Callable[..., dict[str, Any]]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Firewalld]:
    (tmp_path / "demo.req").write_text(SPEC)
    (tmp_path / "hosts.yaml").write_text(INVENTORY)
    with running(tmp_path) as daemon:
        yield daemon


def arguments(form: str) -> list[str]:
    target = ["--target", "firewalld", "-O", f"form={form}"]
    return ["demo.req", *target, "--inventory", "hosts.yaml"]


def apply(machine: Firewalld, form: str) -> None:
    folder = machine.folder
    done = reqc("compile", *arguments(form), "-o", f"{folder}/rules/", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    applied = machine.run("sh rules/apply.sh")
    assert applied.returncode == 0, applied.stderr


def drift(machine: Firewalld, form: str = "policy") -> dict[str, Any]:
    command = shlex.join([str(REQC), "drift", *arguments(form), "--format", "json"])
    done = machine.run(command)
    assert done.stderr == ""
    told: dict[str, Any] = read_as("drift", done.stdout)
    assert done.returncode == (1 if told["deviations"] else 0)
    return told


def test_each_change_is_told_and_nothing_else(machine: Firewalld) -> None:
    assert signs(drift(machine)) == [
        ("missing", "/etc/firewalld", "all files of the specification")
    ]

    apply(machine, "policy")
    told = drift(machine)
    assert (told["deviations"], told["notes"]) == ([], [])

    name = "reqc-demo-linux-host4"
    machine.run(f"firewall-cmd --permanent --ipset={name} --add-entry=192.0.2.1")
    assert signs(drift(machine)) == [
        ("unexpected", f"ipsets/{name}.xml", "<entry>192.0.2.1</entry>"),
        ("missing", f"ipsets/{name}.xml", "in what runs: firewall-cmd --reload loads it"),
    ]

    machine.run("firewall-cmd --reload")
    assert [row[0] for row in signs(drift(machine))] == ["unexpected"]

    apply(machine, "policy")
    stray = machine.etc / "services" / "reqc-demo-linux-stray.xml"
    stray.write_text("<service><short>reqc demo-linux: tcp 1</short></service>")
    foreign = machine.etc / "services" / "foreign.xml"
    foreign.write_text("<service><short>foreign</short></service>")
    assert signs(drift(machine)) == [
        ("unexpected", "services/reqc-demo-linux-stray.xml", "an empty object")
    ]


def test_rich_rules(machine: Firewalld) -> None:
    apply(machine, "rich-rules")
    assert drift(machine, "rich-rules")["deviations"] == []

    listed = machine.run("firewall-cmd --permanent --list-rich-rules").stdout.splitlines()
    machine.run(f"firewall-cmd --permanent --remove-rich-rule={shlex.quote(listed[0])}")
    ((sign, where, what),) = signs(drift(machine, "rich-rules"))
    assert (sign, where) == ("missing", "rich rules of the default zone")
    assert what == listed[0]


def test_a_file_that_nothing_can_read_lacks_all_it_should_say(machine: Firewalld) -> None:
    apply(machine, "policy")
    (file,) = (machine.etc / "policies").glob("reqc-*.xml")
    file.write_text("no XML")
    name = f"policies/{file.name}"

    told = signs(drift(machine))

    assert ("unexpected", name, "a text that is no XML") in told
    assert [where for sign, where, _ in told if sign == "missing"].count(name) > 1


def test_a_daemon_that_threw_the_configuration_away_runs_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"services/reqc-demo.xml": "<service><short>reqc demo: tcp 1</short></service>"}
    (tmp_path / "services").mkdir()
    (tmp_path / "services/reqc-demo.xml").write_text(files["services/reqc-demo.xml"])
    (tmp_path / "firewall-cmd").write_text("#!/bin/sh\nexit 251\n")  # its word for that
    (tmp_path / "firewall-cmd").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(firewalld_drift, "FOLDER", tmp_path)
    needs_root()

    told = firewalld_drift.configuration_drift(document(), "reqc demo", files, None)

    assert [(one.sign.value, one.where, one.what) for one in told.deviations] == [
        (
            "missing",
            "what runs",
            "the configuration: firewalld fell back to that of its package",
        )
    ]
    assert told.notes == ()


def test_without_a_daemon_the_files_are_compared(machine: Firewalld) -> None:
    apply(machine, "policy")

    command = shlex.join([str(REQC), "drift", *arguments("policy"), "--format", "json"])
    done = machine.run(f"export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere; {command}")

    told = read_as("drift", done.stdout)
    assert told["deviations"] == []
    assert told["notes"] == ["firewalld does not answer, so only its files were compared"]
