"""The page of threats names tests that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_test_is_there(file: str, name: str) -> None:
    module = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    assert name in {one.name for one in module.body if isinstance(one, ast.FunctionDef)}


def test_every_promise_names_a_test() -> None:
    promises = PAGE.split("## The promises")[1].split("\n### ")[1:]

    assert len(promises) == 5
    assert all("`tests/" in promise for promise in promises)
