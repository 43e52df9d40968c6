"""Each folder of `cases` holds a specification as somebody wrote it and in canonical form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fmt.formatting import formatted

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_canonical_form_is_as_expected(case: Path, golden: Callable[[Path, str], None]) -> None:
    text = formatted((case / "input.req").read_text(encoding="utf-8"))

    golden(case / "expected.req", text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_canonical_form_is_its_own(case: Path) -> None:
    text = (case / "expected.req").read_text(encoding="utf-8")

    assert formatted(text) == text


def test_a_case_has_two_files() -> None:
    found = {case.name: sorted(path.name for path in case.iterdir()) for case in CASES}

    assert all(files == ["expected.req", "input.req"] for files in found.values()), found


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n", ";\n;"])
def test_nothing_stays_nothing(text: str) -> None:
    assert formatted(text) == ""


def test_line_ends_become_line_feeds() -> None:
    text = 'req 1 # x\r\n\r\n\r\nrevision """\r\n  a\r\n  b\r\n  """\r\n# end'

    assert formatted(text) == 'req 1  # x\n\nrevision """\n  a\n  b\n  """\n# end\n'
