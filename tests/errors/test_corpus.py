"""Every bad specification beside this file gets the diagnostics of its golden text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reqc.compiler.diagnostics import Code, Diagnostic, Report
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*.req"))

BY_COMMAND = {
    Code.NOT_TEXT: "tests/cli/test_input.py::test_what_is_no_text_is_refused",
    Code.TOO_MANY_ERRORS: "tests/syntax/test_recovery.py::test_a_file_is_given_up_in_the_end",
    Code.UNSUPPORTED: "tests/cli/test_compile.py::test_strict_fails_for_what_a_target_cannot_say",
    Code.REFUSED_SETTING: "tests/cli/test_compile.py::test_a_wrong_setting_is_wrong_usage",
    Code.INVENTORY: "tests/cli/test_compile.py::test_a_wrong_inventory_is_wrong_usage",
    Code.WAIVER: "tests/evaluation/test_waivers.py"
    "::test_all_mistakes_are_told_and_nothing_is_judged",
    Code.FACTS: "tests/evaluation/test_evaluate.py"
    "::test_broken_facts_are_all_named_and_the_others_judged",
    Code.UNREADABLE_MACHINE: "tests/drift/test_drift.py::test_only_root_may_look",
    Code.USAGE: "tests/cli/test_compile.py::test_an_unknown_target_is_wrong_usage",
}
"""The tests of codes that no specification alone brings about."""


def diagnostics(case: Path, monkeypatch: pytest.MonkeyPatch) -> list[Diagnostic]:
    monkeypatch.chdir(case.parent)
    report = Report()
    document = resolve(case.name, report)
    assert document is None
    return report.sorted()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_bad_specification_is_explained(
    case: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]
) -> None:
    found = diagnostics(case, monkeypatch)

    golden(case.with_suffix(".txt"), render(found))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_name_of_a_case_is_its_code(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {item.code for item in diagnostics(case, monkeypatch)}

    named = case.stem.partition("-")[0]
    if named == "many":
        assert len(codes) > 1
    else:
        assert named in codes


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if "# mistake" in case.read_text(encoding="utf-8")],
    ids=lambda case: case.stem,
)
def test_every_marked_line_gets_one_report(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = case.read_text(encoding="utf-8").splitlines()
    marked = [number for number, line in enumerate(lines, 1) if line.endswith("# mistake")]

    found = [item.span.line for item in diagnostics(case, monkeypatch) if item.span is not None]

    assert found == marked


def test_no_golden_is_left_over() -> None:
    goldens = {path.stem for path in FOLDER.glob("*.txt")}

    assert goldens == {case.stem for case in CASES}


def test_every_code_has_a_case() -> None:
    in_corpus = {
        code
        for path in FOLDER.glob("*.txt")
        for code in re.findall(r"^\w+\[(\w+)\]", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert in_corpus.isdisjoint(BY_COMMAND)
    assert in_corpus | set(BY_COMMAND) == set(Code)


@pytest.mark.parametrize("place", BY_COMMAND.values(), ids=BY_COMMAND.keys())
def test_every_case_elsewhere_exists(place: str) -> None:
    file, _, name = place.partition("::")
    text = (FOLDER.parent.parent / file).read_text(encoding="utf-8")

    assert f"\ndef {name}(" in text
