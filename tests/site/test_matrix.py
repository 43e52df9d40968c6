"""The versions side by side: what a reader finds in which cell."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from reqc.compiler.commands.site.library import arranged
from reqc.compiler.commands.site.matrix import Part, Row, counts, matrix
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import Reading
from tests.site.libraries import CHAIN, read, specification


def parts_of(folder: Path, *texts: str, reading: Reading = "published") -> tuple[Part, ...]:
    documents = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.req"
        path.write_text(text, encoding="utf-8")
        documents.append(read(path))
    (chain,) = arranged(documents).compared
    lowered = [lower(item, Deployment(reading=reading)) for item in chain.documents]
    steps = [compare(old, new, reading=reading) for old, new in pairwise(chain.documents)]
    return matrix(lowered, steps)


def versions(*sections: str) -> list[str]:
    return [specification(f"1.{number}", text) for number, text in enumerate(sections)]


def marks(row: Row) -> list[tuple[str, ...]]:
    return [tuple(word for mark in cell.marks for word in mark.words) for cell in row.cells]


def rows(parts: tuple[Part, ...]) -> dict[str, Row]:
    return {row.id: row for part in parts for row in part.rows}


@pytest.fixture
def chain(tmp_path: Path) -> tuple[Part, ...]:
    # Not in the order of the versions.
    texts = [specification(name, CHAIN[name]) for name in ("1.11", "1.9", "1.10")]
    return parts_of(tmp_path, *texts)


def test_each_requirement_has_one_row_with_what_became_of_it(chain: tuple[Part, ...]) -> None:
    assert {name: marks(row) for name, row in rows(chain).items()} == {
        "node.kernel": [(), ("stricter",), ("looser",)],
        "node.ipset": [(), ("renamed",), ("renamed",)],
        "node.vxlan": [(), ("moved to a condition",), ()],
        "node.cpu": [(), ("stricter",), ()],
        "node.firewall": [(), ("new",), ()],
        "node.back": [(), ("gone",), ("new",)],
        "node.quiet": [(), (), ()],
        "node.old": [(), ("gone",), ()],
        "network.web": [(), (), ("new",)],
    }


def test_rows_are_in_the_order_of_the_newest_document(chain: tuple[Part, ...]) -> None:
    assert [(part.title, [row.id for row in part.rows]) for part in chain] == [
        (
            "All nodes",
            [
                *("node.kernel", "node.ipset", "node.vxlan", "node.cpu", "node.firewall"),
                *("node.back", "node.quiet", "node.old"),
            ],
        ),
        ("Network", ["network.web"]),
    ]


def test_a_row_follows_its_earlier_ids(chain: tuple[Part, ...]) -> None:
    row = rows(chain)["node.ipset"]

    assert row.was == ("node.ip_sets", "node.sets")
    assert [said.id for cell in row.cells for said in cell.said] == [
        *("node.sets", "node.ip_sets", "")
    ]


def test_a_cell_says_level_statement_and_condition(chain: tuple[Part, ...]) -> None:
    found = rows(chain)

    levels = [said.level.value for cell in found["node.cpu"].cells for said in cell.said]
    assert levels == ["should", "must", "must"]
    (said,) = found["node.vxlan"].cells[1].said
    assert (said.statement, said.condition) == ("kernel module vxlan", "wide")
    (port,) = found["network.web"].cells[2].said
    assert "80" in port.statement


def test_what_reads_as_in_the_version_before_is_not_said_again(chain: tuple[Part, ...]) -> None:
    found = rows(chain)

    assert [cell.as_before for cell in found["node.quiet"].cells] == [False, True, True]
    assert [cell.as_before for cell in found["node.kernel"].cells] == [False, False, False]
    assert [cell.as_before for cell in found["node.old"].cells] == [False, False, False]
    assert found["node.old"].cells[1].said == ()


def test_the_marks_of_a_version_are_counted(chain: tuple[Part, ...]) -> None:
    assert [counts(chain, column) for column in range(3)] == [
        {},
        {"new": 1, "gone": 2, "stricter": 2, "moved to a condition": 1, "renamed": 1},
        {"new": 2, "looser": 1, "renamed": 1},
    ]


def test_requirements_that_became_one_share_a_row(tmp_path: Path) -> None:
    both = "section s {\n  must a: module ip_set\n  must b: module vxlan\n}\n"
    one = "section s {\n  must c: all { module ip_set; module vxlan } { was s.a, s.b }\n}\n"

    (part,) = parts_of(tmp_path, *versions(both, one))

    (row,) = part.rows
    assert (row.id, row.was) == ("s.c", ("s.a", "s.b"))
    assert [len(cell.said) for cell in row.cells] == [2, 1]


def test_a_condition_that_makes_it_stricter_too_is_told_with_the_direction(tmp_path: Path) -> None:
    always = "section s {\n  must a: kernel >= 4.0\n}\n"
    sometimes = "section s {\n  must a: kernel >= 5.0 when wide\n}\n"

    (part,) = parts_of(tmp_path, *versions(always, sometimes))

    assert marks(part.rows[0]) == [(), ("different", "moved to a condition")]


def test_errata_follow_the_reading(tmp_path: Path) -> None:
    plain = "section s {\n  must a: kernel >= 4.0\n  must c: cpu >= 2\n}\n"
    printed = (
        "section s {\n"
        '  must a: kernel >= 4.0\n  must b: module vxlan { erratum "A slip" }\n  must c: cpu >= 2\n'
        "}\n"
    )

    (published,) = parts_of(tmp_path, *versions(plain, printed))
    (corrected,) = parts_of(tmp_path, *versions(plain, printed), reading="corrected")

    assert marks(rows((published,))["s.b"]) == [(), ("new", "page only")]
    assert list(rows((corrected,))) == ["s.a", "s.c"]


def test_long_statements_are_cut_between_words(tmp_path: Path) -> None:
    names = ", ".join(f"module_{number}" for number in range(40))
    long = f'section s {{\n  must a: manual "{names}"\n}}\n'

    (part,) = parts_of(tmp_path, *versions(long, long))

    statement = part.rows[0].cells[0].said[0].statement
    assert len(statement) <= 111
    assert statement.endswith("\u2026")
    assert statement[:-1].rstrip(",").rpartition("_")[2].isdigit()
