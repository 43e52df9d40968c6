"""What the kernel cannot have without something else: the data, and what is read from it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml

from reqc.compiler.knowledge import kernel
from reqc.compiler.knowledge.kernel_order import follows, implications, implied, named
from reqc.compiler.knowledge.kernel_table import kernel_table

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (files("reqc.compiler.knowledge") / "kernel_implications.yaml").read_bytes()
)["implications"]


@pytest.mark.parametrize("row", ROWS, ids=[row["has"] for row in ROWS])
def test_a_row_names_what_is_known_and_says_why(row: dict[str, Any]) -> None:
    names = set(named().values())

    assert set(row) == {"has", "so", "source", "evidence"}
    assert {row["has"], *row["so"]} <= names
    assert row["has"] not in row["so"]
    assert row["source"] == "upstream"
    assert row["evidence"].endswith(".")
    assert any(word in row["evidence"] for word in ("depends on", "depend on", "select", "inside"))


def test_no_row_comes_twice_and_none_leads_back() -> None:
    assert len(implications()) == len(ROWS)
    for name in implications():
        assert all(name not in implied(other) for other in implied(name) - {name})


def test_what_follows_follows_further() -> None:
    assert implied("target MASQUERADE") == {"target MASQUERADE", "nat", "conntrack"}


def test_one_name_is_one_thing() -> None:
    """A feature, a module and an extension of one name would be taken for each other."""
    features, modules = set(kernel_table().features), kernel_table().modules
    own = {name for name, row in modules.items() if row.stands_for is None}

    assert features.isdisjoint(own)


def test_more_evidence_for_a_thing_makes_it_no_other() -> None:
    (one,) = (kernel.xtables_match("set", "ipv4").check,)
    other = kernel.module("xt_set").check

    assert one != other
    assert follows(one, other)  # type: ignore[arg-type]  # both are capabilities
    assert follows(other, one)  # type: ignore[arg-type]
