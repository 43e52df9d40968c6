"""`reqc check` tells what the lints say; `reqc compile` does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import reqc
from tests.language.reading import section
from tests.specs.shipped import NAMES, SPECS


@pytest.fixture
def dubious(tmp_path: Path) -> Path:
    path = tmp_path / "dubious.req"
    path.write_text(section("must icmp: module xt_icmp"), encoding="utf-8")
    return path


def test_warnings_without_number_are_summed_up(tmp_path: Path) -> None:
    options = "".join(f"option o{number}: bool = false\n" for number in range(130))
    (tmp_path / "many.req").write_text(f"req 1\nspec a 1 on b\n{options}", encoding="utf-8")

    done = reqc("check", "many.req", cwd=tmp_path)

    assert done.stderr.count("warning[REQ703]") == 100
    assert "note[REQ703]: and 30 more of REQ703" in done.stderr


def test_a_warning_is_told_and_no_problem(dubious: Path) -> None:
    done = reqc("check", dubious)

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("warning[REQ710]: no kernel has a module `xt_icmp`")


def test_a_warning_is_an_error_where_that_is_asked(dubious: Path) -> None:
    done = reqc("check", "--strict", dubious)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error[REQ710]: no kernel has a module `xt_icmp`")


@pytest.mark.parametrize(("strict", "severity"), [([], "warning"), (["--strict"], "error")])
def test_programs_read_the_same(dubious: Path, strict: list[str], severity: str) -> None:
    done = reqc("check", *strict, "--format", "json", dubious)

    (found,) = json.loads(done.stdout)["diagnostics"]
    assert (found["severity"], found["code"]) == (severity, "REQ710")


def test_what_cannot_be_resolved_is_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "wrong.req"
    path.write_text(section("must icmp: module xt_icmp", "must b: nonsense"), encoding="utf-8")

    done = reqc("check", path)

    assert done.returncode == 1
    assert "REQ301" in done.stderr
    assert "REQ710" not in done.stderr


def test_compile_says_nothing_of_it(dubious: Path) -> None:
    done = reqc("compile", dubious, "--target", "json", "--strict")

    assert (done.returncode, done.stderr) == (0, "")


def test_hostile_names_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "hostile.req"
    text = section(r'must a: interface "a\u{1b}[31m"', 'must b: unmanaged "b"')
    path.write_text(text, encoding="utf-8")

    done = reqc("check", path)

    assert "REQ707" in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_specification_passes_strictly(name: str) -> None:
    done = reqc("check", "--strict", SPECS / f"{name}.req")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
