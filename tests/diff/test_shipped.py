"""From v3.16 on OpenStack to v3.24 on OpenShift, where the version and the platform both moved."""

from __future__ import annotations

import pytest

from reqc.compiler.comparison.changes import Comparison, Phase
from reqc.compiler.comparison.outline import Heading, outline
from reqc.compiler.kinds.base import Direction
from tests.deployments import SPECS
from tests.diff.facts import compared, contradictions, row

VERSION = [
    row("CPU: three more architectures", "looser", "node.cpu"),
    row("kernel floor", "equal", same="node.kernel"),
    row("interfaces", "equal", same="node.cali node.tunl node.vxlan"),
    row("NetworkManager's file: three more globs", "stricter", "node.unmanaged"),
    row("firewalld off, and others like it", "new", "node.firewalld node.other_firewalls"),
    row(
        "ports that both have",
        "equal",
        same="network.firewalls network.bgp network.ipip network.vxlan network.apiserver",
    ),
    row("privileges", "equal", same="privileges.sys_admin"),
    row("IP sets", "equal", "kernel.ipset"),
    row("match set, of two names", "equal", "kernel.match_set"),
    # Here only the newer page says that the base is asked for without IPv4, too.
    row("base modules, legacy or nft", "changed", "kernel.iptables"),
    row("base modules of IPv6, legacy or nft", "looser", "kernel.ip6tables"),
    row("REJECT", "equal", "kernel.target_reject"),
    row("match rpfilter, of two names", "equal", "kernel.match_rpfilter"),
    row(
        "what IPv6 adds to these", "feature", "kernel.match_rpfilter_ipv6 kernel.target_reject_ipv6"
    ),
    row(
        "matches of the same name",
        "equal",
        "kernel.match_addrtype kernel.match_comment kernel.match_conntrack kernel.match_mark "
        "kernel.match_multiport kernel.match_sctp",
    ),
    row("icmp without its condition", "stricter", "kernel.match_icmp"),
    row("icmpv6 where the kernel has IPv6", "changed", "kernel.match_icmpv6"),
    row("match ipvs in IPVS mode only", "looser", "kernel.match_ipvs"),
    row("netlink no longer", "looser", "kernel.conntrack"),
    row("conntrack of SCTP where it is used", "looser", "kernel.conntrack_sctp"),
    row("sctp and u32", "gone", "kernel.sctp kernel.xt_u32"),
    row("ipip where IP-in-IP is used", "looser", "kernel.ipip"),
    row("newly named", "new", "kernel.match_tcp kernel.match_udp kernel.target_log"),
    row("built-in verdicts", "no host effect", "kernel.target_accept kernel.target_drop"),
    row("IPVS", "feature", "kernel.ipvs"),
    row("VXLAN, WireGuard", "feature", "kernel.vxlan kernel.wireguard"),
    row("eBPF with tc and XDP", "feature", "kernel.ebpf kernel.tc kernel.xdp"),
]
PLATFORM = [
    row("known-good distributions", "advisory", "node.distro"),
    row("datastore: the Kubernetes API", "new", "store.kubernetes"),
    row("datastore: etcd", "gone", "store.etcd"),
    row("advice on its members", "advisory", "store.members"),
    row("Typha loses its condition", "stricter", "network.typha"),
    row("etcd's port", "gone", "network.etcd"),
    row("OpenStack on Python 3", "gone", "platform.python"),
    row("releases of OpenStack", "advisory", "platform.release platform.tested"),
    row("OpenShift 4.3", "new", "platform.openshift"),
]
ERRATA = [row("flannel, a row of another platform", "erratum", "network.flannel")]


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compared(SPECS / "v3.16-openstack.req", SPECS / "v3.24-openshift.req")


def test_every_row_of_both_axes_is_told_and_nothing_else(found: Comparison) -> None:
    assert contradictions(found, [*VERSION, *PLATFORM, *ERRATA]) == []


def test_who_chooses_nothing_sees_what_the_list_says(found: Comparison) -> None:
    """Two conditions say IPv4, which is on unless a deployment of the older page says otherwise."""
    usual = {item.id: item.usual for item in found.differences}

    assert usual["kernel.iptables"] is Direction.LOOSER
    assert usual["kernel.match_icmp"] is Direction.EQUIVALENT
    assert usual["kernel.match_icmpv6"] is Direction.STRICTER


def test_what_is_to_do_is_told_by_when(found: Comparison) -> None:
    blocks = {block.heading: [entry.id for entry in block.entries] for block in outline(found)}

    assert blocks[Heading.BEFORE] == [
        "node.unmanaged",
        "node.firewalld",
        "node.other_firewalls",
        "store.kubernetes",
        "network.typha",
        "platform.openshift",
        "kernel.match_tcp",
        "kernel.match_udp",
        "kernel.match_icmpv6",
        "kernel.target_log",
    ]
    assert blocks[Heading.AFTER] == ["network.etcd"]
    assert [item.id for item in found.differences if item.phase is Phase.AFTER] == ["network.etcd"]


def test_a_contradiction_of_the_page_is_told_with_the_change(found: Comparison) -> None:
    (entry,) = (
        entry
        for block in outline(found)
        for entry in block.entries
        if entry.id == "kernel.match_ipvs"
    )

    assert "now only when kube_proxy == ipvs" in entry.details
    assert any("twice" in detail for detail in entry.details)
