"""From v3.16 to v3.24 on OpenStack: every line of the list of true changes, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqc.compiler.comparison.changes import Change, Comparison, Phase
from tests.diff.facts import compared, contradictions, row, verdict

HERE = Path(__file__).parent

SECTIONS = [
    row("CPU: three more architectures", "looser", "node.cpu"),
    row("kernel floor", "equal", same="node.kernel"),
    row("known-good distributions", "advisory", "node.distro"),
    row("interfaces", "equal", same="node.cali node.tunl node.vxlan"),
    row("NetworkManager's file: three more globs", "stricter", "node.unmanaged"),
    row("firewalld off", "new", "node.firewalld"),
    row("datastore", "equal", same="store.etcd"),
    row("ports that were meant", "equal", same="network.bgp network.ipip"),
    row(
        "rows of another platform, and a condition of one",
        "erratum",
        "network.vxlan network.typha network.flannel network.apiserver network.etcd",
    ),
    row("privileges", "equal", same="privileges.sys_admin"),
    row("OpenStack", "equal", same="platform.python platform.release platform.tested"),
]
KERNEL = [
    row("IP sets", "equal", "kernel.sets"),
    row("eleven names of modules, nine matches", "equal", "kernel.matches"),
    row("base modules, legacy or nft", "looser", "kernel.base kernel.base_ipv6"),
    row("REJECT", "equal", "kernel.reject"),
    row("icmpv6 where the kernel has IPv6", "changed", "kernel.icmpv6"),
    row("match ipvs in IPVS mode only", "looser", "kernel.match_ipvs"),
    row("netlink no longer", "looser", "kernel.conntrack"),
    row("conntrack of SCTP where it is used", "looser", "kernel.conntrack_sctp"),
    row("sctp and u32", "gone", "kernel.sctp kernel.xt_u32"),
    row("ipip where IP-in-IP is used", "looser", "kernel.ip_in_ip"),
    row("newly named", "new", "kernel.tcp kernel.udp kernel.log"),
    row("built-in verdicts", "no host effect", "kernel.accept kernel.drop"),
    row("IPVS", "feature", "kernel.ipvs"),
    row("VXLAN, WireGuard", "feature", "kernel.vxlan kernel.wireguard"),
    row("eBPF with tc and XDP", "feature", "kernel.ebpf kernel.tc kernel.xdp"),
]


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compared(HERE / "openstack-3.16.req", HERE / "openstack-3.24.req")


def test_every_row_is_told_and_nothing_else(found: Comparison) -> None:
    assert contradictions(found, [*SECTIONS, *KERNEL]) == []


def test_a_row_that_is_not_true_is_found(found: Comparison) -> None:
    wrong = [row("CPU", "stricter", "node.cpu"), row("kernel", "equal", same="node.unmanaged")]

    told = contradictions(found, [*wrong, *SECTIONS[2:], *KERNEL[1:]])

    assert told == [
        "CPU: node.cpu is stricter, not looser",
        "kernel: node.unmanaged did not stay as it was",
        "kernel.sets is in no row",
    ]


def test_all_names_of_the_older_page_are_accounted_for(found: Comparison) -> None:
    """Of 22 names of modules and 29 additions that a text shows, a handful are changes."""
    olds = [
        side.id for item in found.differences for side in item.old if side.id.startswith("kernel.")
    ]
    harder = [
        item.id
        for item in found.differences
        if item.id.startswith("kernel.")
        and item.phase is Phase.BEFORE
        and verdict(item) != "feature"
    ]

    assert len(olds) == len(set(olds)) == 22
    assert harder == ["kernel.tcp", "kernel.udp", "kernel.icmpv6", "kernel.log"]


def test_on_the_way_back_everything_is_the_mirror(found: Comparison) -> None:
    mirror = {
        Change.ADDED: Change.REMOVED,
        Change.REMOVED: Change.ADDED,
        Change.STRICTER: Change.LOOSER,
        Change.LOOSER: Change.STRICTER,
    }
    back = compared(HERE / "openstack-3.24.req", HERE / "openstack-3.16.req")

    there = {item.ids: (item.change, item.erratum) for item in found.differences}
    again = {
        tuple(dict.fromkeys(side.id for side in (*item.old, *item.new))): (
            mirror.get(item.change, item.change),
            item.erratum,
        )
        for item in back.differences
    }

    assert there == again


def test_only_openings_that_were_meant_are_told(found: Comparison) -> None:
    assert [item.id for item in found.differences if item.phase is Phase.AFTER] == []
    assert {item.name for item in found.configuration} >= {
        "/etc/NetworkManager/conf.d/calico.conf",
        "firewalld.service",
    }
