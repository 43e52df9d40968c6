"""The rows of the tables of ports, as printed and as meant, for every choice."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reqc.compiler.conditions import Value
from reqc.compiler.flows import TCP, UDP, Flow, Ports
from reqc.compiler.lowered import LoweredDocument
from tests.specs.shipped import OPENSHIFT, OPENSTACK, READINGS, combinations, lowered

IP_IN_IP = 4


def _between_hosts(protocol: int, *ports: int) -> Flow:
    return Flow(protocol, tuple(Ports(port, port) for port in ports), "host", "host")


def _into(role: str, port: int, source: str = "host") -> Flow:
    return Flow(TCP, (Ports(port, port),), source, role)


ROWS = {
    "bgp": _between_hosts(TCP, 179),
    "ipip": _between_hosts(IP_IN_IP),
    "vxlan": _between_hosts(UDP, 4789),
    "typha": _into("typha", 5473),
    "flannel": _between_hosts(UDP, 4789),
    "apiserver": _into("apiserver", 6443, "any"),
    "etcd": _into("etcd", 2379),
}


def _flows(document: LoweredDocument) -> dict[str, tuple[Flow, ...]]:
    return {
        item.origin.id.removeprefix("network."): item.flows
        for item in document.requirements
        if item.applies and item.flows
    }


def _rows(*names: str | bool) -> dict[str, tuple[Flow, ...]]:
    return {name: (ROWS[name],) for name in names if isinstance(name, str)}


def _calico(chosen: Mapping[str, Value], row: str, *options: str) -> str | bool:
    return all(chosen[option] for option in ("calico_networking", *options)) and row


def test_the_openstack_page_has_seven_rows_when_all_is_on() -> None:
    document = lowered(OPENSTACK, vxlan=True, typha=True, flannel=True)

    assert _flows(document) == _rows(*ROWS)


def test_the_openstack_page_was_meant_to_have_three_rows() -> None:
    document = lowered(OPENSTACK, "corrected", vxlan=True, typha=True, flannel=True)

    assert _flows(document) == _rows("bgp", "ipip", "etcd")


def test_the_openstack_page_as_printed_follows_its_options() -> None:
    for chosen in combinations(OPENSTACK):
        expected = _rows(
            _calico(chosen, "bgp"),
            _calico(chosen, "ipip", "ipip"),
            _calico(chosen, "vxlan", "vxlan"),
            bool(chosen["typha"]) and "typha",
            bool(chosen["flannel"]) and "flannel",
            "apiserver",
            chosen["datastore"] == "etcd" and "etcd",
        )
        assert _flows(lowered(OPENSTACK, **chosen)) == expected


def test_the_openstack_page_as_meant_needs_etcd_whatever_is_chosen() -> None:
    for chosen in combinations(OPENSTACK):
        expected = _rows(_calico(chosen, "bgp"), _calico(chosen, "ipip", "ipip"), "etcd")
        assert _flows(lowered(OPENSTACK, "corrected", **chosen)) == expected


def test_the_openshift_page_has_five_rows_in_either_reading() -> None:
    for chosen in combinations(OPENSHIFT):
        expected = _rows(
            _calico(chosen, "bgp"),
            _calico(chosen, "ipip", "ipip"),
            _calico(chosen, "vxlan", "vxlan"),
            "typha",
            "apiserver",
        )
        for reading in READINGS:
            assert _flows(lowered(OPENSHIFT, reading, **chosen)) == expected


@pytest.mark.parametrize("name", [OPENSTACK, OPENSHIFT])
@pytest.mark.parametrize("port", [443, 6443, 8443])
def test_one_port_of_the_api_server_is_open_and_never_two(name: str, port: int) -> None:
    flows = _flows(lowered(name, apiserver_port=port))

    assert flows["apiserver"] == (_into("apiserver", port, "any"),)


def test_ports_that_can_vary_are_options() -> None:
    flows = _flows(lowered(OPENSTACK, typha=True, typha_port=5474, etcd_port=2479))

    assert flows["typha"] == (_into("typha", 5474),)
    assert flows["etcd"] == (_into("etcd", 2479),)
