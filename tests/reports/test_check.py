"""`reqc check --format`: where reports go, and that nothing else goes there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.command import reqc

PROGRAMS = ("json", "sarif", "github")
SOUND = """\
req 1
spec a 1 on b
source page "page.txt"
role host
section n {
  must c: cpu >= 2 @page:1
}
"""
WRONG = "req 1\nspec a 1 on b\nrole hôst\nrole a😀\nsection n {\n  must c: cpu >= x\n}\n"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.req"
    path.write_text(SOUND, encoding="utf-8")
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.req"
    path.write_text(WRONG, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", PROGRAMS)
def test_a_report_is_all_that_is_printed(form: str, wrong: Path) -> None:
    done = reqc("check", "wrong.req", "--format", form, cwd=wrong.parent)

    assert done.returncode == 1
    assert done.stderr == ""
    assert "REQ303" in done.stdout
    assert str(wrong.parent) not in done.stdout


@pytest.mark.parametrize("form", PROGRAMS)
def test_a_sound_specification_gives_an_empty_report(form: str, sound: Path) -> None:
    done = reqc("check", sound, "--format", form)

    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout == "") == (form == "github")


def test_text_is_for_people(wrong: Path) -> None:
    plain = reqc("check", wrong)
    named = reqc("check", wrong, "--format", "text")

    assert (plain.returncode, plain.stdout) == (1, "")
    assert plain.stderr == named.stderr


def test_an_unknown_form_is_wrong_usage(wrong: Path) -> None:
    assert reqc("check", wrong, "--format", "xml").returncode == 2


@pytest.mark.parametrize("form", PROGRAMS)
def test_a_report_is_the_same_every_time_and_everywhere(form: str, wrong: Path) -> None:
    outputs = {
        reqc(
            "check", "wrong.req", "--format", form, "--color", color, cwd=wrong.parent, env=env
        ).stdout
        for color, env in (
            ("never", {"PYTHONHASHSEED": "1"}),
            ("always", {"PYTHONHASHSEED": "2"}),
            ("auto", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}),
        )
    }

    assert len(outputs) == 1
    assert "\x1b" not in outputs.pop()


def test_all_specifications_are_in_one_report(wrong: Path, sound: Path) -> None:
    other = wrong.with_name("other.req")
    other.write_text("req 2\nspec a 1 on b\n", encoding="utf-8")

    done = reqc("check", wrong, sound, other, "missing.req", "--format", "json", cwd=wrong.parent)

    found = json.loads(done.stdout)["diagnostics"]
    assert {item["code"] for item in found} >= {"REQ001", "REQ003", "REQ303"}
    assert all(item["place"] for item in found if item["code"] != "REQ001")


@pytest.mark.parametrize("form", PROGRAMS)
def test_a_file_name_that_is_no_text_can_be_reported(form: str, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9\x1b[31m\n.req")
    (tmp_path / name).write_text(WRONG, encoding="utf-8")

    done = reqc("check", name, "--format", form, cwd=tmp_path)

    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    if form != "github":
        json.loads(done.stdout)


def test_standard_input_is_reported(tmp_path: Path) -> None:
    done = reqc("check", "-", "--format", "json", stdin=WRONG, cwd=tmp_path)

    assert json.loads(done.stdout)["diagnostics"][0]["place"]["file"] == "<stdin>"


def test_the_help_leads_to_the_explanations() -> None:
    assert "reqc explain CODE" in reqc("check", "--help").stdout


@pytest.mark.parametrize(("form", "imported"), [("text", False), ("json", True)])
def test_no_form_is_imported_that_is_not_asked_for(
    form: str, sound: Path, *, imported: bool
) -> None:
    done = reqc("check", sound, "--format", form, env={"PYTHONPROFILEIMPORTTIME": "1"})

    assert done.returncode == 0
    assert ("reqc.compiler.reports" in done.stderr) == imported
    assert "reqc.compiler.explanations" not in done.stderr
