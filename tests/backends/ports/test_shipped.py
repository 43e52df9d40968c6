"""The tables of the shipped specifications, as firewall teams get them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from tests.backends.ports.reading import csv_rows, markdown_tables, records, rendered, written
from tests.deployments import SHIPPED, shipped

GOLDEN = Path(__file__).parent / "golden"
ADDRESSES = {"host": ("10.0.0.11/32", "10.0.0.12/32", "fd00:10::/64"), "etcd": ("10.0.1.5/32",)}


def deployed(name: str, **choices: bool) -> LoweredDocument:
    spec = shipped(name)
    known = {role: found for role, found in ADDRESSES.items() if role in spec.roles}
    return lower(spec, Deployment(choices, tuple(spec.roles), known))


def table_of(markdown: str) -> str:
    return "".join(line for line in markdown.splitlines(keepends=True) if line.startswith("|"))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_csv_looks_like_the_golden_file(name: str) -> None:
    assert written(deployed(name)).encode() == (GOLDEN / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_complete_markdown_looks_like_the_golden_file(name: str) -> None:
    text = written(deployed(name), format="markdown", rows="all")

    assert table_of(text) == (GOLDEN / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("rows", ["applicable", "all"])
def test_all_forms_have_the_same_rows(name: str, rows: str) -> None:
    made = deployed(name)

    (table,) = markdown_tables(written(made, format="markdown", rows=rows))
    assert table == csv_rows(written(made, rows=rows))
    ids = [row["Requirement"].split("\n") for row in records(written(made, rows=rows))]
    traffic = json.loads(written(made, rows=rows, format="json"))["traffic"]
    assert [[item["id"] for item in row["requirements"]] for row in traffic] == ids


def test_vxlan_of_two_networks_is_one_row_with_two_requirements() -> None:
    made = deployed("v3.16-openstack", vxlan=True, flannel=True)
    (row,) = [row for row in records(written(made)) if row["Protocol"] == "udp"]

    assert row["Requirement"] == "network.vxlan\nnetwork.flannel"
    assert row["Purpose"] == "VXLAN between hosts\nVXLAN of flannel between hosts"


@pytest.mark.parametrize("name", SHIPPED)
def test_least_privilege_is_the_default(name: str) -> None:
    made = deployed(name)

    assert {row["Applies"] for row in records(written(made))} == {"yes"}
    complete = records(written(made, rows="all"))
    assert {row["Applies"] for row in complete} == {"yes", "no"}
    assert {one for row in complete for one in row["Requirement"].split("\n")} == {
        item.origin.id for item in made.requirements if item.flows
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_of_the_network_is_lost(name: str) -> None:
    assert {row.reason.value for row in rendered(deployed(name)).unsupported} == {"said elsewhere"}
