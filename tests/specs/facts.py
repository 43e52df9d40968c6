"""What the two pages state: one row for each fact, with the requirement that holds it.

The ids o1 to o52 are facts of the OpenStack page, s1 to s20 of the OpenShift page; `u` facts are
what the copy of the OpenShift page lost and its publisher's own page has.
"""

from __future__ import annotations

from dataclasses import dataclass

from reqc.compiler.checks import Relation
from reqc.compiler.flows import Ports
from reqc.compiler.kinds.base import AllOf, Predicate, Reference
from reqc.compiler.kinds.host import Capability, Interface, Manual, Service, Unmanaged
from reqc.compiler.kinds.kernel_features import Extension, Family, Feature, Match, Module, Target
from reqc.compiler.kinds.network import Allow, Datastore
from reqc.compiler.kinds.platform import Arch, Kernel, Os, Software, System


@dataclass(frozen=True)
class Fact:
    """A fact of a page; `level`, `condition` and `citations` as a specification writes them."""

    id: str
    requirement: str
    citations: str
    predicate: Predicate
    condition: str = ""
    level: str = "must"
    roles: str = "host"
    guard: Predicate | None = None


@dataclass(frozen=True)
class Noted:
    """A fact that requires nothing itself: a remark at a requirement, with its own lines."""

    id: str
    requirement: str
    citation: str


def _allow(protocol: str, ports: Ports | Reference, source: str, arrow: str, to: str) -> Allow:
    return Allow(protocol, source, arrow, to, ports=ports)


def _port(number: int) -> Ports:
    return Ports(number, number)


_TUNNEL = Allow("ip", "host", "<->", "host", number=4)
_VXLAN = _allow("udp", _port(4789), "host", "<->", "host")
_BGP = _allow("tcp", _port(179), "host", "<->", "host")
_FLOOR = Kernel(Relation.AT_LEAST, "3.10")
_PRESENT = Service("NetworkManager", "present")
_EQUAL = Relation.EQUAL

OPENSTACK_FACTS = (
    Fact("o1", "node.cpu", "page:4", Arch(("x86_64",))),
    Fact("o2", "node.kernel", "page:5", _FLOOR),
    *(
        Fact(
            number,
            "node.distro",
            "page:6-10 page:39",
            Os(
                (
                    System("rhel", _EQUAL, "7"),
                    System("ubuntu", _EQUAL, "16.04"),
                    System("ubuntu", _EQUAL, "18.04"),
                    System("centos", _EQUAL, "7"),
                )
            ),
            level="should",
        )
        for number in ("o3", "o4", "o5", "o6")
    ),
    Fact("o7", "node.cali", "page:12-14", Interface(("cali*",))),
    Fact("o8", "node.tunl", "page:14-15", Interface(("tunl*",)), "ipip"),
    Fact("o9", "node.vxlan", "page:15-16", Interface(("vxlan.calico",)), "vxlan"),
    Fact(
        "o10",
        "node.unmanaged",
        "page:16 troubleshooting",
        Unmanaged(("cali*", "tunl*", "vxlan.calico")),
        guard=_PRESENT,
    ),
    Fact("o11", "store.etcd", "page:18", Datastore("etcd")),
    Fact(
        "o12",
        "store.members",
        "page:18",
        Manual("Confirm that etcd has several members in production."),
        level="should",
        roles="etcd",
    ),
    Fact("o13", "network.bgp", "page:23", _BGP, "calico_networking"),
    Fact("o14", "network.ipip", "page:24 page:30", _TUNNEL, "calico_networking and ipip"),
    Fact("o15", "network.vxlan", "page:25", _VXLAN, "calico_networking and vxlan"),
    Fact(
        "o16",
        "network.typha",
        "page:26",
        _allow("tcp", Reference("typha_port"), "host", "->", "typha"),
        "typha",
        roles="typha",
    ),
    Fact("o17", "network.flannel", "page:27", _VXLAN, "flannel"),
    Fact(
        "o18",
        "network.apiserver",
        "page:28",
        _allow("tcp", Reference("apiserver_port"), "any", "->", "apiserver"),
        roles="apiserver",
    ),
    Fact(
        "o19",
        "network.etcd",
        "page:29",
        _allow("tcp", Reference("etcd_port"), "host", "->", "etcd"),
        "datastore == etcd",
        roles="etcd",
    ),
    Fact("o21", "privileges.sys_admin", "page:32-34", Capability("CAP_SYS_ADMIN")),
    Fact(
        "o22",
        "platform.python",
        "page:36",
        Manual("Confirm that the OpenStack services run on Python 3."),
    ),
    Fact(
        "o23",
        "platform.release",
        "page:37",
        Software("openstack", Relation.AT_LEAST, "ussuri"),
        level="should",
    ),
    Fact(
        "o24",
        "platform.tested",
        "page:37",
        Software("openstack", Relation.EQUAL, "ussuri"),
        level="may",
    ),
    *(
        Fact(f"o{number}", f"kernel.{name.lower()}", f"page:{lines}", Module((name,)), condition)
        for number, (name, lines, condition) in enumerate(
            (
                ("ip_set", "40", ""),
                ("ip_tables", "41-42", "ipv4"),
                ("ip6_tables", "42-43", "ipv6"),
                ("ipt_REJECT", "43", ""),
                ("ipt_rpfilter", "44", ""),
                ("ipt_set", "45", ""),
                ("nf_conntrack_netlink", "46-47", ""),
                ("nf_conntrack_proto_sctp", "47", ""),
                ("sctp", "48", ""),
                ("xt_addrtype", "49", ""),
                ("xt_comment", "50", ""),
                ("xt_conntrack", "51", ""),
                ("xt_icmp", "52-53", "ipv4"),
                ("xt_icmp6", "53-54", "ipv6"),
                ("xt_ipvs", "54", ""),
                ("xt_mark", "55", ""),
                ("xt_multiport", "56", ""),
                ("xt_rpfilter", "57", ""),
                ("xt_sctp", "58", ""),
                ("xt_set", "59", ""),
                ("xt_u32", "60", ""),
                ("ipip", "61-62", "calico_networking"),
            ),
            start=31,
        )
    ),
)
OPENSTACK_NOTES = (
    Noted("o20", "network.ipip", "page:30"),
    Noted("o25", "node.distro", "page:39"),
)


def _match(name: str, family: Family = "ipv4") -> Match:
    return Match((Extension(name, family),))


def _target(name: str, family: Family = "ipv4") -> Target:
    return Target((Extension(name, family),))


_IPVS_MODE = "kube_proxy == ipvs"
_EBPF = "dataplane == ebpf"

OPENSHIFT_FACTS = (
    Fact("s1", "node.kernel", "page:3", _FLOOR),
    *(
        Fact(
            number,
            "node.distro",
            "page:3-6 page:38",
            Os((System("rhel", _EQUAL, "7"), System("rhcos"))),
            level="should",
        )
        for number in ("s2", "s3")
    ),
    Fact(
        "s4",
        "node.unmanaged",
        "page:10 troubleshooting",
        Unmanaged(
            (
                "cali*",
                "tunl*",
                "vxlan.calico",
                "vxlan-v6.calico",
                "wireguard.cali",
                "wg-v6.cali",
            )
        ),
        guard=_PRESENT,
    ),
    Fact(
        "s5",
        "node.firewalld",
        "page:12 page:16",
        AllOf((Service("firewalld", "disabled"), Service("firewalld", "stopped"))),
    ),
    Fact(
        "s5",
        "node.other_firewalls",
        "page:12",
        Manual("Confirm that no other firewall, such as ufw, writes iptables rules."),
    ),
    Fact("s7", "privileges.sys_admin", "page:26-28", Capability("CAP_SYS_ADMIN")),
    Fact(
        "s8",
        "platform.openshift",
        "page:30-34",
        Software("openshift", Relation.AT_LEAST, "4.3"),
    ),
    Fact("s11", "kernel.iptables", "page:40 page:42 upstream", Feature(("iptables",))),
    *(
        Fact("s12", f"kernel.match_{name}", "page:44", _match(name))
        for name in (
            "set",
            "addrtype",
            "comment",
            "conntrack",
            "icmp",
            "tcp",
            "udp",
            "mark",
            "sctp",
        )
    ),
    Fact("s12", "kernel.match_rpfilter", "page:44 upstream", _match("rpfilter")),
    Fact(
        "s12",
        "kernel.match_rpfilter_ipv6",
        "page:44 upstream",
        _match("rpfilter", "ipv6"),
        "ipv6",
    ),
    Fact("s13", "kernel.match_icmpv6", "page:44", _match("icmpv6"), guard=Feature(("ipv6",))),
    Fact("s14", "kernel.match_ipvs", "page:44", _match("ipvs"), _IPVS_MODE),
    *(
        Fact("s15", f"kernel.target_{name.lower()}", "page:45", _target(name))
        for name in ("REJECT", "ACCEPT", "DROP", "LOG")
    ),
    Fact("s15", "kernel.target_reject_ipv6", "page:45", _target("REJECT", "ipv6"), "ipv6"),
    Fact("s16", "kernel.ipset", "page:46", Feature(("ipset",))),
    Fact("s17", "kernel.conntrack", "page:48", Feature(("conntrack",))),
    Fact("s18", "kernel.conntrack_sctp", "page:48", Feature(("conntrack-sctp",)), "sctp"),
    Fact("s19", "kernel.ipvs", "page:50", Feature(("ipvs",)), _IPVS_MODE),
    Fact("s20", "kernel.ebpf", "page:52", Feature(("ebpf",)), _EBPF),
    Fact("s20", "kernel.tc", "page:52 upstream", Feature(("tc-bpf",)), _EBPF),
    Fact("s20", "kernel.xdp", "page:52", Feature(("xdp",)), _EBPF),
)
OPENSHIFT_NOTES = (
    Noted("s6", "node.firewalld", "page:16"),
    Noted("s9", "node.distro", "page:38"),
    Noted("s10", "kernel.iptables", "page:40"),
)

LOST_FACTS = (
    Fact("u1", "node.cpu", "upstream", Arch(("x86_64", "arm64", "ppc64le", "s390x"))),
    Fact("u2", "node.cali", "upstream", Interface(("cali*",))),
    Fact("u2", "node.tunl", "upstream", Interface(("tunl*",)), "ipip"),
    Fact("u2", "node.vxlan", "upstream", Interface(("vxlan.calico",)), "vxlan"),
    Fact("u3", "store.kubernetes", "page:18 upstream", Datastore("kubernetes")),
    Fact("u4", "network.bgp", "upstream", _BGP, "calico_networking"),
    Fact("u5", "network.ipip", "upstream", _TUNNEL, "calico_networking and ipip"),
    Fact("u6", "network.vxlan", "upstream", _VXLAN, "calico_networking and vxlan"),
    Fact(
        "u7",
        "network.typha",
        "upstream",
        _allow("tcp", Reference("typha_port"), "host", "->", "typha"),
        roles="typha",
    ),
    Fact(
        "u8",
        "network.apiserver",
        "page:22 upstream",
        _allow("tcp", Reference("apiserver_port"), "any", "->", "apiserver"),
        roles="apiserver",
    ),
    Fact("u9", "kernel.ip6tables", "upstream", Feature(("ip6tables",)), "ipv6"),
    Fact("u10", "kernel.match_multiport", "upstream", _match("multiport")),
    *(
        Fact(
            "u11",
            f"kernel.{name}",
            "upstream",
            Feature((name,)),
            f"calico_networking and {name}",
        )
        for name in ("ipip", "vxlan", "wireguard")
    ),
)

ANNOUNCED = Fact(
    "",
    "network.firewalls",
    "page:20",
    Manual("Confirm that no firewall on the hosts or between them stops this traffic."),
)
"""The sentence above the table of ports, the same on both pages."""
