"""Inventories: Ansible's form, and nothing that could be misread."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reqc.compiler.inventory import Inventory, InventoryError, read_inventory
from reqc.compiler.lowered import LoweredHost


def read(folder: Path, text: str) -> Inventory:
    path = folder / "hosts.yaml"
    path.write_text(text, encoding="utf-8")
    return read_inventory(str(path))


def refusal(folder: Path, text: str, *roles: str) -> str:
    with pytest.raises(InventoryError) as caught:
        read(folder, text).of_roles(dict.fromkeys(roles or ("host",)))
    return f"{caught.value.diagnostic.message}; {caught.value.diagnostic.help}"


NESTED = """
all:
  hosts:
    far: {ansible_host: 192.0.2.9}
  children:
    host:
      hosts:
        one: {ansible_host: 10.0.0.1, ansible_user: root}
        two: {address: "2001:db8::2"}
      children:
        special:
          vars: {cidr: [10.1.0.0/24, 10.2.0.0/24]}
          hosts: {three: , four: {addresses: [10.0.0.4, 10.0.0.5]}}
    etcd:
      hosts: {one: , far: , 10.0.0.7: }
"""


def test_a_role_without_hosts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="the group host has no hosts"):
        read(tmp_path, "host: {hosts: {}}\netcd: {hosts: {10.0.0.1: {}}}\n").of_roles(
            {"host": None}
        )


def test_groups_hold_groups(tmp_path: Path) -> None:
    found = read(tmp_path, NESTED).of_roles(dict.fromkeys(["host", "special", "etcd"]))

    special = ("10.1.0.0/24", "10.2.0.0/24", "10.0.0.4/32", "10.0.0.5/32")
    assert found == {
        "host": ("10.0.0.1/32", "2001:db8::2/128", *special),
        "special": special,
        "etcd": ("10.0.0.1/32", "192.0.2.9/32", "10.0.0.7/32"),
    }


def test_hosts_have_the_addresses_that_are_theirs_alone(tmp_path: Path) -> None:
    found = read(tmp_path, NESTED).hosts

    assert found["host"] == (
        LoweredHost("one", ("10.0.0.1",)),
        LoweredHost("two", ("2001:db8::2",)),
        LoweredHost("three", ()),
        LoweredHost("four", ("10.0.0.4", "10.0.0.5")),
    )
    assert found["etcd"] == (LoweredHost("one", ("10.0.0.1",)), LoweredHost("far", ("192.0.2.9",)))


def test_a_network_is_of_no_host_and_an_address_no_name(tmp_path: Path) -> None:
    text = "host: {hosts: {a: {cidr: 10.0.0.0/24, address: 10.0.0.1}, 10.0.0.2: , 'fd00::2': }}"

    assert read(tmp_path, text).hosts["host"] == (LoweredHost("a", ("10.0.0.1",)),)


def test_only_groups_that_are_roles_count(tmp_path: Path) -> None:
    assert list(read(tmp_path, NESTED).of_roles({"etcd": None, "typha": None})) == ["etcd"]


def test_json_is_yaml(tmp_path: Path) -> None:
    inventory = {"host": {"hosts": {"one": {"ansible_host": "10.0.0.1"}}}}

    assert read(tmp_path, json.dumps(inventory)).addresses == {"host": ("10.0.0.1/32",)}


def test_an_address_counts_once(tmp_path: Path) -> None:
    text = "host: {hosts: {a: {address: 10.0.0.1}, b: {address: 10.0.0.1/32}}}"

    assert read(tmp_path, text).addresses["host"] == ("10.0.0.1/32",)


DOUBLED = "g0: &g0 {hosts: {a: }}\n" + "".join(
    f"g{at}: &g{at} {{children: {{b: *g{at - 1}, c: *g{at - 1}}}}}\n" for at in range(1, 40)
)
"""Forty lines that are a million million groups."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("host: {hosts: {one: {ansible_host: one.example}}}", "names are not resolved"),
        ("host: {hosts: {one: {ansible_host: }}}", "is no address: None"),
        ("host: {hosts: {one: {cidr: 10.0.0.1/8}}}", "is no address: 10.0.0.1/8"),
        ("host: {hosts: {one: {ansible_user: root}}}", "no address of one of the group host"),
        ("host: {children: {sub: {hosts: {one: }}}}", "no address of one of the group host"),
        ("host: {}\nhost: {}", "the key 'host' stands twice"),
        ("host: {hosts: {a: {address: 10.0.0.1, address: 10.0.0.2}}}", "stands twice"),
        ("hosts: {hosts: {a: {address: 10.0.0.1}}}", "no group of the inventory is a role"),
        ("", "has no groups"),
        ("[host]\none", "is no YAML"),
        ("- host", "has no groups"),
        ("host: [one, two]", "is not in Ansible's form at host"),
        ("host: {hosts: [one, two]}", "is not in Ansible's form at host.hosts"),
        ("host: {hosts: {one: 10.0.0.1}}", "is not in Ansible's form at host.hosts.one"),
        ("host: [", "is no YAML"),
        ("host: &a {children: {b: *a}}", "no end of groups in groups"),
        (DOUBLED, "no end of groups in groups"),
        ("host: {hosts: {7: {address: 10.0.0.1}}}", "at host.hosts: the name 7 is no text"),
        ("host: {hosts: {a: }, vars: 7}", "at host.vars: expected names"),
        ("[" * 100_000, "is nested too deep"),
        ("{a: " * 100_000 + "}" * 100_000, "is nested too deep"),
    ],
)
def test_what_could_be_misread_is_refused(text: str, said: str, tmp_path: Path) -> None:
    assert said in refusal(tmp_path, text)


def test_a_missing_inventory_is_named(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match=r"cannot read the inventory .*: No such file"):
        read_inventory(str(tmp_path / "none.yaml"))


def test_groups_of_no_role_may_be_anything(tmp_path: Path) -> None:
    text = "host: {hosts: {a: {address: 10.0.0.1}}}\nother: {hosts: {localhost: }}"

    assert read(tmp_path, text).of_roles({"host": None}) == {"host": ("10.0.0.1/32",)}
