"""What the specifications write onto nodes: modules, NetworkManager's list and units."""

from __future__ import annotations

import pytest

from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileContent, IniListItems, ModuleAtBoot, State, UnitState
from tests.specs.shipped import NAMES, OPENSHIFT, OPENSTACK, READINGS, combinations, lowered

NO_MODULES = {"xt_icmp", "xt_icmp6", "xt_rpfilter", "nf_conntrack_proto_sctp", "ipt_set"}
"""Names on the OpenStack page that are modules of no current kernel, and one alias."""

OF_IPVS = {"xt_ipvs", "ip_vs"}


def _states(document: LoweredDocument) -> list[State]:
    return [state for item in document.here for state in item.states]


def _modules(document: LoweredDocument) -> set[str]:
    return {state.name for state in _states(document) if isinstance(state, ModuleAtBoot)}


def test_modules_of_openshift_with_both_overlays_and_ipv6() -> None:
    expected = {
        "ip_tables",
        "ip6_tables",
        "xt_set",
        "ipt_rpfilter",
        "ip6t_rpfilter",
        "xt_addrtype",
        "xt_comment",
        "xt_conntrack",
        "xt_tcpudp",
        "xt_mark",
        "xt_multiport",
        "xt_sctp",
        "ipt_REJECT",
        "ip6t_REJECT",
        "xt_LOG",
        "ip_set",
        "nf_conntrack",
        "ipip",
        "vxlan",
    }

    for reading in READINGS:
        document = lowered(OPENSHIFT, reading, ipv6=True, ipip=True, vxlan=True)
        assert _modules(document) == expected


def test_modules_of_openshift_without_ipv6_and_overlay() -> None:
    modules = _modules(lowered(OPENSHIFT, ipip=False))

    assert not modules & {"ip6_tables", "ip6t_rpfilter", "ip6t_REJECT", "ipip", "vxlan", *OF_IPVS}


def test_openshift_asks_for_features_by_option() -> None:
    modules = _modules(lowered(OPENSHIFT, wireguard=True, kube_proxy="ipvs", dataplane="ebpf"))

    assert modules >= {"wireguard", "cls_bpf", "sch_ingress", *OF_IPVS}


def test_modules_of_openstack_are_the_seventeen_that_exist() -> None:
    modules = _modules(lowered(OPENSTACK, ipv6=True))

    page = {
        "ip_set",
        "ip_tables",
        "ip6_tables",
        "ipt_REJECT",
        "ipt_rpfilter",
        "nf_conntrack_netlink",
        "sctp",
        "xt_addrtype",
        "xt_comment",
        "xt_conntrack",
        "xt_ipvs",
        "xt_mark",
        "xt_multiport",
        "xt_sctp",
        "xt_set",
        "xt_u32",
        "ipip",
    }
    # SCTP is a part of nf_conntrack, and xt_ipvs is of no use without ip_vs.
    assert modules == page | {"nf_conntrack", "ip_vs"}


@pytest.mark.parametrize("name", NAMES)
def test_no_name_without_a_module_is_loaded_whatever_is_chosen(name: str) -> None:
    for chosen in combinations(name):
        for reading in READINGS:
            assert _modules(lowered(name, reading, **chosen)).isdisjoint(NO_MODULES)


def test_a_block_of_sctp_is_lifted_where_the_module_is_asked_for() -> None:
    block = FileContent("/etc/modprobe.d/sctp-blacklist.conf", "")

    assert block in _states(lowered(OPENSTACK))
    assert block not in _states(lowered(OPENSHIFT, sctp=True))


@pytest.mark.parametrize(
    ("name", "globs"),
    [
        (OPENSTACK, "cali* tunl* vxlan.calico"),
        (OPENSHIFT, "cali* tunl* vxlan.calico vxlan-v6.calico wireguard.cali wg-v6.cali"),
    ],
)
def test_networkmanager_leaves_the_interfaces_of_the_version_alone(name: str, globs: str) -> None:
    lists = [state for state in _states(lowered(name)) if isinstance(state, IniListItems)]

    items = tuple(f"interface-name:{glob}" for glob in globs.split())
    path = "/etc/NetworkManager/conf.d/calico.conf"
    assert lists == [IniListItems(path, "keyfile", "unmanaged-devices", items)]


def test_only_openshift_turns_firewalld_off() -> None:
    units = {
        name: {state for state in _states(lowered(name)) if isinstance(state, UnitState)}
        for name in NAMES
    }

    assert units == {OPENSTACK: set(), OPENSHIFT: {UnitState("firewalld.service", "disabled")}}
