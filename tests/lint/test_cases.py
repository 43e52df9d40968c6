"""Every rule warns about its bad cases, as their golden texts say, and about no good one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reqc.compiler.diagnostics import Diagnostic, Report
from reqc.compiler.lint.linter import lint
from reqc.compiler.lint.table import rules
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve

FOLDER = Path(__file__).parent / "cases"
BAD = sorted(FOLDER.glob("*.bad.req"))
GOOD = sorted(FOLDER.glob("*.good.req"))
MARK = "# here"


def _code(case: Path) -> str:
    return case.name.partition("-")[0]


def _warnings(case: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    monkeypatch.chdir(case.parent)
    report = Report()
    document = resolve(case.name, report)
    assert document is not None, render(report.sorted())
    return lint(document)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_case_gets_the_warnings_of_its_golden_text(
    case: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]
) -> None:
    own = [item for item in _warnings(case, monkeypatch) if item.code == _code(case)]

    golden(case.with_name(case.name.replace(".bad.req", ".txt")), render(own))


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_exactly_the_marked_lines_of_a_bad_case_are_found(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = case.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith(MARK)}

    own = [item for item in _warnings(case, monkeypatch) if item.code == _code(case)]

    assert {item.span.line for item in own if item.span is not None} == marked


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_good_case_is_clean(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = [item for item in _warnings(case, monkeypatch) if item.code == _code(case)]

    assert render(own) == ""


def test_every_rule_has_a_bad_and_a_good_case() -> None:
    wanted = {f"{rule.code}-{rule.name}" for rule in rules()}

    assert {case.name.removesuffix(".bad.req") for case in BAD} == wanted
    assert {case.name.removesuffix(".good.req") for case in GOOD} == wanted


def test_no_golden_is_left_over() -> None:
    goldens = {path.stem for path in FOLDER.glob("*.txt")}

    assert goldens == {case.name.removesuffix(".bad.req") for case in BAD}
