"""`reqc run`, `reqc kinds` and `reqc targets`."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqc.backends.registry import TARGETS
from reqc.compiler.kinds.registry import KINDS
from tests.cli.command import reqc

CHECKED = """\
req 1
spec demo 1.0 on linux
option wanted: int = 1
role host
section node {{
  {level} cpu: cpu >= {count}
}}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("level", "count", "status"), [("must", 1, 0), ("must", 100_000, 1), ("may", 100_000, 0)]
)
def test_this_machine_is_checked(level: str, count: int, status: int, tmp_path: Path) -> None:
    spec = write(tmp_path, "a.req", CHECKED.format(level=level, count=count))

    done = reqc("run", spec)

    assert done.returncode == status
    assert "node.cpu" in done.stdout


def test_the_check_takes_choices_and_arguments_of_its_own(tmp_path: Path) -> None:
    spec = write(tmp_path, "a.req", CHECKED.format(level="must", count="wanted"))

    chosen = reqc("run", spec, "--set", "wanted=100000")
    helped = reqc("run", spec, "--", "--help")

    assert chosen.returncode == 1
    assert helped.returncode == 0
    assert "usage" in helped.stdout.lower()


def test_a_bad_specification_is_not_run(tmp_path: Path) -> None:
    bad = write(tmp_path, "a.req", CHECKED.format(level="must", count="many"))
    good = write(tmp_path, "b.req", CHECKED.format(level="must", count=1))

    assert reqc("run", bad).returncode == 1
    assert reqc("run", good, "--set", "x=1").returncode == 2


def test_every_kind_is_listed_and_told_about() -> None:
    listed = [line.split()[0] for line in reqc("kinds").stdout.splitlines()]

    assert listed == sorted(KINDS)
    assert "must example: kernel >= 3.10" in reqc("kinds", "kernel").stdout


def test_every_target_is_listed_and_told_about() -> None:
    listed = [line.split()[0] for line in reqc("targets").stdout.splitlines()]

    assert set(TARGETS) <= set(listed)
    assert reqc("targets", "json").stdout.startswith("json: ")


def test_the_settings_of_a_target_are_told() -> None:
    lines = reqc("targets", "ports").stdout.splitlines()

    assert lines[1:4] == ["reads: flows", "settings, given as -O NAME=VALUE:", "  format"]
    assert lines[4].endswith(" (default csv, one of csv, markdown, json)")
    assert "several with commas" in reqc("targets", "machineconfig").stdout


@pytest.mark.parametrize(("command", "near"), [("kinds", "kernel"), ("targets", "markdown")])
def test_a_misspelt_name_gets_a_suggestion(command: str, near: str) -> None:
    done = reqc(command, f"{near}x")

    assert done.returncode == 2
    assert f"did you mean `{near}`?" in done.stderr
