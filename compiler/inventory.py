"""Reads the addresses of roles from an inventory in Ansible's form, as YAML or JSON."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from reqc.compiler.diagnostics import Code, Diagnostic, Severity
from reqc.compiler.inputs import Input
from reqc.compiler.lowered import LoweredHost
from reqc.compiler.yaml_loader import QuickLoader

ADDRESS_KEYS = ("ansible_host", "address", "addresses", "cidr")
"""The variables of a host or a group that hold addresses or networks, one or a list."""

DEEPEST = 64
"""How deep groups may lie in groups."""

MOST_GROUPS = 100_000
"""How many groups an inventory may have, counted where they stand or are repeated by an alias."""


class InventoryError(Exception):
    """An inventory cannot be used; the diagnostic says why."""

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002
        super().__init__(message)
        self.diagnostic = Diagnostic(Severity.ERROR, Code.INVENTORY, message, help=help)


class Group(Struct, frozen=True):
    """A group of hosts, with variables and groups of its own; other keys are Ansible's."""

    hosts: Mapping[str, Mapping[str, Any]]
    vars: Mapping[str, Any]
    children: Mapping[str, Group]


class Inventory(Struct, frozen=True):
    """What is known of every group that was found, by its name.

    Those are its addresses, its hosts without any, and its hosts that have a name. `input` is the
    file that it was read from.
    """

    addresses: Mapping[str, tuple[str, ...]]
    unknown: Mapping[str, tuple[str, ...]]
    hosts: Mapping[str, tuple[LoweredHost, ...]]
    input: Input

    def of_roles(self, roles: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
        """Return the addresses of roles.

        Raise `InventoryError` where no group is a role, one that is has no hosts, or a host no
        address.
        """
        found = {name: items for name, items in self.addresses.items() if name in roles}
        for name in found:
            if self.unknown.get(name):
                message = f"no address of {self.unknown[name][0]} of the group {name} is known"
                raise InventoryError(message, f"give it one as {' or '.join(ADDRESS_KEYS)}")
        for name, items in found.items():
            if not items:
                # A rule for the hosts of such a role would be one for hosts from anywhere.
                message = f"the group {name} has no hosts"
                raise InventoryError(message, "give it hosts, or leave the group out")
        if not found:
            groups = ", ".join(sorted(self.addresses)) or "none"
            message = f"no group of the inventory is a role; its groups: {groups}"
            raise InventoryError(message, f"name the groups as the roles: {', '.join(roles)}")
        return found


def read_inventory(path: str) -> Inventory:
    """Return the inventory in a file; raise `InventoryError`."""
    try:
        raw = Path(path).read_bytes()
        text = raw.decode()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        message = f"cannot read the inventory {path}: {reason}"
        raise InventoryError(message) from None
    try:
        # The loader is a safe loader that refuses keys said twice.
        loaded = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as problem:
        message = f"the inventory {path} is no YAML: {' '.join(str(problem).split())}"
        raise InventoryError(message) from None
    except RecursionError:
        message = f"the inventory {path} is nested too deep"
        raise InventoryError(message) from None
    reader = _Reader(path)
    groups = _groups(loaded, path)
    for group in groups.values():
        reader.learn_hosts(group)
    for name, group in groups.items():
        reader.collect(name, group)
        reader.collect_names(name, group)
    return Inventory(
        {name: tuple(items) for name, items in reader.found.items()},
        {name: tuple(items) for name, items in reader.unknown.items()},
        {name: tuple(items.values()) for name, items in reader.named.items()},
        Input.read(Path(path), raw),
    )


def _groups(loaded: object, path: str) -> dict[str, Group]:
    if not isinstance(loaded, dict):
        message = f"the inventory {path} has no groups"
        help_text = "write groups with hosts, as in an Ansible inventory"
        raise InventoryError(message, help_text)
    return _Form(path).groups(loaded, "", 0)


class _Form:
    """Reads what YAML has loaded as groups, and refuses what is none."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.count = 0

    def groups(self, loaded: object, place: str, depth: int) -> dict[str, Group]:
        """Return the groups of a mapping by their names."""
        found = {}
        for name, value in self.mapping(loaded, place).items():
            within = f"{place}.{name}".lstrip(".")
            found[name] = self.group(value, within, depth + 1)
        return found

    def group(self, loaded: object, place: str, depth: int) -> Group:
        """Return a group; aliases can make few lines into more groups than a machine can hold."""
        self.count += 1
        if depth > DEEPEST or self.count > MOST_GROUPS:
            raise self.mistake(place, "there is no end of groups in groups")
        said = self.mapping(loaded, place)
        hosts = self.mapping(said.get("hosts"), f"{place}.hosts")
        return Group(
            {
                name: self.mapping(variables, f"{place}.hosts.{name}")
                for name, variables in hosts.items()
            },
            self.mapping(said.get("vars"), f"{place}.vars"),
            self.groups(said.get("children"), f"{place}.children", depth),
        )

    def mapping(self, loaded: object, place: str) -> Mapping[str, Any]:
        """Return a mapping from names, empty where nothing is said."""
        if loaded is None:
            return {}
        if not isinstance(loaded, dict):
            raise self.mistake(place, "expected names, each with a colon")
        for name in loaded:
            if not isinstance(name, str):
                raise self.mistake(place, f"the name {name} is no text; write it in quotes")
        return loaded

    def mistake(self, place: str, why: str) -> InventoryError:
        """Return the refusal of what stands at a place."""
        message = f"the inventory {self.path} is not in Ansible's form at {place}: {why}"
        return InventoryError(message)


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.hosts: dict[str, dict[str, Any]] = {}
        self.found: dict[str, dict[str, None]] = {}
        self.unknown: dict[str, dict[str, None]] = {}
        self.named: dict[str, dict[str, LoweredHost]] = {}

    def learn_hosts(self, group: Group) -> None:
        """Collect the variables of hosts: one group has them, the others only name the host."""
        for name, variables in group.hosts.items():
            self.hosts.setdefault(name, {}).update(variables)
        for child in group.children.values():
            self.learn_hosts(child)

    def collect(self, name: str, group: Group) -> tuple[dict[str, None], dict[str, None]]:
        """Return the addresses of a group and of the groups in it, and the hosts without one."""
        own = dict.fromkeys(_addresses(name, group.vars, self.path))
        covered = bool(own)
        unknown: dict[str, None] = {}
        for host in group.hosts:
            addresses = list(_addresses(host, self.hosts[host], self.path)) or _as_address(host)
            own.update(dict.fromkeys(addresses))
            if not addresses and not covered:
                unknown[host] = None
        for child, inner in group.children.items():
            addresses_below, unknown_below = self.collect(child, inner)
            own |= addresses_below
            unknown |= {} if covered else unknown_below
        self.found.setdefault(name, {}).update(own)
        self.unknown.setdefault(name, {}).update(unknown)
        return own, unknown

    def collect_names(self, name: str, group: Group) -> dict[str, LoweredHost]:
        """Return the hosts of a group and of the groups in it; an address is no name."""
        own = {
            host: LoweredHost(host, tuple(_own(_addresses(host, self.hosts[host], self.path))))
            for host in group.hosts
            if not _as_address(host)
        }
        for child, inner in group.children.items():
            own |= self.collect_names(child, inner)
        self.named.setdefault(name, {}).update(own)
        return own


def _own(networks: Iterable[str]) -> Iterator[str]:
    """Yield each that is one address, without its prefix; a wider one is not the host's alone."""
    for network in dict.fromkeys(networks):
        address, _, prefix = network.partition("/")
        if prefix == ("128" if ":" in address else "32"):
            yield address


def _as_address(host: str) -> list[str]:
    """Return the address that is the name of a host, as Ansible takes it."""
    if not (host[:1].isdigit() or ":" in host):
        return []  # to try costs more than all else that is done for a host
    try:
        return [str(ip_network(host))]
    except ValueError:
        return []


def _addresses(owner: str, variables: Mapping[str, Any], path: str) -> Iterator[str]:
    for key in ADDRESS_KEYS:
        value = variables.get(key, [])
        for item in value if isinstance(value, list) else [value]:
            try:
                yield str(ip_network(str(item)))
            except ValueError:
                message = f"{key} of {owner} in the inventory {path} is no address: {item}"
                help_text = (
                    "write addresses such as 10.0.0.7 or 10.0.0.0/24; names are not resolved"
                )
                raise InventoryError(message, help_text) from None


class _Loader(QuickLoader):
    """Refuses a key that is said twice, where YAML loaders keep the last silently."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002  # inherited
    ) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key in seen and key_node.tag != "tag:yaml.org,2002:merge":
                problem = f"the key {key!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)
