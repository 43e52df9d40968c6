"""`reqc compile --target ports`: the cluster's table, narrowed only where roles are named."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.command import reqc
from tests.deployments import SHIPPED, SPECS

EXAMPLES = SPECS.parent / "examples"


def table(*arguments: str | Path) -> list[dict[str, str]]:
    done = reqc("compile", *arguments, "--target", "ports")
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(StringIO(done.stdout, newline=""), strict=True))


def test_without_a_role_it_is_the_table_of_all_roles() -> None:
    spec = SPECS / "v3.16-openstack.req"

    rows = table(spec)
    assert [row["Requirement"] for row in rows] == [
        "network.bgp",
        "network.ipip",
        "network.apiserver",
        "network.etcd",
    ]
    narrowed = table(spec, "--role", "etcd")
    assert [row["Requirement"] for row in narrowed] == ["network.apiserver", "network.etcd"]
    assert [row for row in rows if row in narrowed] == narrowed


def test_traffic_that_the_first_role_has_no_part_in_is_there_too(tmp_path: Path) -> None:
    spec = tmp_path / "small.req"
    spec.write_text(
        "req 1\nspec a 1 on b\nrole host\nrole store\nsection network {\n"
        "  must peers: allow tcp 2380 store <-> store\n}\n",
        encoding="utf-8",
    )

    assert [row["Requirement"] for row in table(spec)] == ["network.peers"]
    assert [row["Requirement"] for row in table(spec, "--role", "host")] == []


def test_the_inventory_gives_addresses() -> None:
    spec, inventory = SPECS / "v3.16-openstack.req", EXAMPLES / "inventory.yaml"

    (row,) = [
        row for row in table(spec, "--inventory", inventory) if row["Requirement"] == "network.etcd"
    ]
    assert row["Source addresses"] == "10.0.0.11, 10.0.0.12, fd00:10::/64"
    assert row["Destination addresses"] == "10.0.1.5"


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("form", ["csv", "markdown", "json"])
def test_a_file_holds_what_is_printed(name: str, form: str, tmp_path: Path) -> None:
    asked = ("compile", SPECS / f"{name}.req", "-t", "ports", "-O", f"format={form}")

    printed = reqc(*asked)
    written = reqc(*asked, "-o", tmp_path / "table")
    assert (printed.stderr, written.stderr, written.stdout) == ("", "", "")
    assert (tmp_path / "table").read_bytes().decode() == printed.stdout


def test_other_targets_are_for_the_first_role_as_before() -> None:
    spec = SPECS / "v3.16-openstack.req"

    assert reqc("compile", spec, "-t", "nftables").stdout == (
        reqc("compile", spec, "-t", "nftables", "--role", "host").stdout
    )


@pytest.mark.parametrize("setting", ["format=xlsx", "rows=some", "columns=all"])
def test_a_setting_that_it_has_not_is_wrong_usage(setting: str) -> None:
    done = reqc("compile", SPECS / "v3.16-openstack.req", "-t", "ports", "-O", setting)

    assert (done.returncode, done.stdout) == (2, "")
