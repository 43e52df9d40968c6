"""`reqc compile --explain`: what an artefact costs, told instead of the artefact."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqc.backends.base import Language
from reqc.backends.registry import TARGETS, target
from tests.cli.command import reqc

EXPLAINED = [name for name in TARGETS if target(name).explain]
OF_FLOWS = [name for name in EXPLAINED if target(name).reads is Language.FLOWS]
OF_STATES = [name for name in EXPLAINED if name not in OF_FLOWS]


@pytest.mark.parametrize("name", OF_STATES)
def test_a_target_explains_what_it_writes(name: str, spec: Path) -> None:
    done = reqc("compile", spec, "-t", name, "--explain")

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("A small page: node configuration")
    assert not any(line.startswith("#") for line in lines)
    assert any(
        line.startswith("    node.off (") and line.endswith("service firewalld is disabled")
        for line in lines
    )


@pytest.mark.parametrize("name", OF_FLOWS)
def test_a_firewall_is_explained_rule_by_rule(name: str, spec: Path) -> None:
    text = spec.read_text(encoding="utf-8").replace("on linux", "on openstack")
    spec.write_text(text.replace("service firewalld", "service chronyd"), encoding="utf-8")
    role = ("--role", "typha", "--set", "typha=true")
    done = reqc("compile", spec, "-t", name, "--explain", *role)

    assert (done.returncode, done.stderr) == (0, "")
    assert "    node.typha (small.req:13), should: TCP 5473 from host to typha\n" in done.stdout


@pytest.mark.parametrize("name", sorted(set(TARGETS) - set(EXPLAINED)))
def test_a_target_that_cannot_says_so(name: str, spec: Path) -> None:
    done = reqc("compile", spec, "-t", name, "--explain")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"error[REQ901]: the target {name} cannot explain what it writes" in done.stderr
    assert f"help: targets that can: {', '.join(EXPLAINED)}" in done.stderr


def test_an_explanation_can_be_written_to_a_file(spec: Path, tmp_path: Path) -> None:
    done = reqc("compile", spec, "-t", "ignition", "--explain", "-o", tmp_path / "told")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "$.systemd.units.0  firewalld.service: disabled\n" in (tmp_path / "told").read_text()


def test_an_explanation_of_several_files_is_one(spec: Path, tmp_path: Path) -> None:
    done = reqc("compile", spec, "-t", "butane", "--explain", "-o", "folder/", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["explanation.txt"]


def test_what_is_refused_is_not_explained(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "machineconfig", "--explain", "-O", "pools=wroker")

    assert (done.returncode, done.stdout) == (1, "")
    assert "error[REQ531]" in done.stderr


def test_what_is_left_out_is_told_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "x.req"
    text = "req 1\nspec x 1.0 on openshift\nrole host\n"
    text += "section n {\n  must a: service chronyd enabled\n}\n"
    path.write_text(text, encoding="utf-8")

    done = reqc("compile", path, "-t", "machineconfig", "--explain")

    assert done.returncode == 0
    assert "warning[REQ501]: `n.a` is left out (unsafe)" in done.stderr
    assert "Not in these objects:\n  unsafe: n.a: " in done.stdout


def test_choices_and_settings_count(spec: Path) -> None:
    done = reqc(
        *("compile", spec, "-t", "machineconfig", "--explain"),
        *("-O", "openshift=4.14-4.16", "--set", "proxy=ipvs"),
    )

    assert "for OpenShift 4.14 to 4.16" in done.stdout
    assert "node.ipvs" in done.stdout
