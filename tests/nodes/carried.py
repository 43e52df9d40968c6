"""What kernels carry: modules with their folders, options, aliases and rows, as depmod sees them.

Written from the module lists of real kernels and not from the knowledge of the compiler, so that a
mistake there shows here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """A module of the kernel, or what it is where it is built in.

    `since` is the first kernel whose configuration mentions the option.
    """

    name: str
    folder: str
    option: str
    aliases: tuple[str, ...] = ()
    since: str = "2.6"
    matches: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def _both(*names: str) -> tuple[str, ...]:
    """Return the names under which the kernel asks for an extension in both families."""
    return tuple(f"{family}_{name}" for name in names for family in ("ipt", "ip6t"))


def _match(name: str) -> Part:
    option = f"NETFILTER_XT_MATCH_{name.upper()}"
    return Part(f"xt_{name}", "net/netfilter", option, _both(name), matches=(name,))


_NETFILTER: Final = "net/netfilter"
_V4: Final = "net/ipv4/netfilter"
_V6: Final = "net/ipv6/netfilter"

_PARTS: Final = (
    Part("x_tables", _NETFILTER, "NETFILTER_XTABLES"),
    Part("ip_tables", _V4, "IP_NF_IPTABLES"),
    Part("ip6_tables", _V6, "IP6_NF_IPTABLES"),
    Part("iptable_filter", _V4, "IP_NF_FILTER"),
    Part("iptable_nat", _V4, "IP_NF_NAT"),
    Part("ip6table_filter", _V6, "IP6_NF_FILTER"),
    Part(
        "xt_tcpudp",
        _NETFILTER,
        "NETFILTER_XTABLES",
        ("xt_udp", "xt_tcp", *_both("udp", "tcp")),
        matches=("tcp", "udp"),
    ),
    *map(_match, ("addrtype", "bpf", "comment", "conntrack", "multiport", "sctp", "u32")),
    Part("xt_ipvs", _NETFILTER, "NETFILTER_XT_MATCH_IPVS", _both("ipvs"), matches=("ipvs",)),
    Part(
        "xt_mark",
        _NETFILTER,
        "NETFILTER_XT_MARK",
        (*_both("mark", "MARK"), "arpt_MARK"),
        matches=("mark",),
        targets=("MARK",),
    ),
    Part(
        "xt_set",
        _NETFILTER,
        "NETFILTER_XT_SET",
        ("xt_SET", *_both("set", "SET")),
        matches=("set",),
        targets=("SET",),
    ),
    Part("xt_LOG", _NETFILTER, "NETFILTER_XT_TARGET_LOG", _both("LOG"), targets=("LOG",)),
    Part("ipt_REJECT", _V4, "IP_NF_TARGET_REJECT", targets=("REJECT",)),
    Part("ip6t_REJECT", _V6, "IP6_NF_TARGET_REJECT"),
    Part("ipt_rpfilter", _V4, "IP_NF_MATCH_RPFILTER", matches=("rpfilter",)),
    Part("ip6t_rpfilter", _V6, "IP6_NF_MATCH_RPFILTER"),
    Part("ip_set", f"{_NETFILTER}/ipset", "IP_SET", ("nfnetlink-subsys-6",)),
    Part("ip_set_hash_net", f"{_NETFILTER}/ipset", "IP_SET_HASH_NET", ("ip_set_hash:net",)),
    Part("nf_conntrack", _NETFILTER, "NF_CONNTRACK", ("nf_conntrack-2", "ip_conntrack")),
    Part("nf_conntrack_netlink", _NETFILTER, "NF_CT_NETLINK", ("ip_conntrack_netlink",)),
    Part("nfnetlink", _NETFILTER, "NETFILTER_NETLINK", ("net-pf-16-proto-12",)),
    Part("nf_tables", _NETFILTER, "NF_TABLES", ("nfnetlink-subsys-10",), since="3.13"),
    Part("nft_compat", _NETFILTER, "NFT_COMPAT", ("nft-expr-match",), since="3.13"),
    Part("nf_log_syslog", _NETFILTER, "NF_LOG_SYSLOG", ("nf_log_ipv4",), since="5.13"),
    Part("ip_vs", f"{_NETFILTER}/ipvs", "IP_VS"),
    Part("ip_vs_rr", f"{_NETFILTER}/ipvs", "IP_VS_RR"),
    Part("sctp", "net/sctp", "IP_SCTP", ("net-pf-2-proto-132", "net-pf-10-proto-132")),
    Part("ipip", "net/ipv4", "NET_IPIP", ("netdev-tunl0", "rtnl-link-ipip")),
    Part("ipv6", "net/ipv6", "IPV6", ("net-pf-10",)),
    Part("vxlan", "drivers/net", "VXLAN", ("rtnl-link-vxlan",), since="3.7"),
    Part("wireguard", "drivers/net/wireguard", "WIREGUARD", ("rtnl-link-wireguard",), since="5.6"),
    Part("cls_bpf", "net/sched", "NET_CLS_BPF", since="3.13"),
    Part("sch_ingress", "net/sched", "NET_SCH_INGRESS", ("sch_clsact",)),
    Part("vfio-pci", "drivers/vfio/pci", "VFIO_PCI"),
    # A module of its own on old kernels only; a property of nf_conntrack afterwards.
    Part("nf_conntrack_proto_sctp", _NETFILTER, "NF_CT_PROTO_SCTP"),
)

PARTS: Final = {part.name: part for part in _PARTS}

PROPERTIES: Final = {
    "NF_CT_PROTO_SCTP": "2.6",
    "BPF_SYSCALL": "3.18",
    "CGROUP_BPF": "4.10",
    "NET_CLS_ACT": "2.6",
}
"""Options that are no module and only the configuration shows, with their first kernel."""

USUAL: Final = frozenset(PARTS) - {"ipv6", "nf_conntrack_proto_sctp"}
"""What a distribution's kernel of these years has as modules."""

NAMES_OF_NO_KERNEL: Final = ("xt_icmp", "xt_icmp6", "xt_rpfilter", "xt_REJECT", "xt_tables")


def known(since: str, release: str) -> bool:
    """Tell whether a kernel is as new as `since`, by its first two numbers."""
    return _age(release) >= _age(since)


def _age(release: str) -> tuple[int, int]:
    shape = re.match(r"(\d+)\.(\d+)", release)
    assert shape, release
    return int(shape[1]), int(shape[2])


def carrier_of_icmp(release: str, family: str = "ip") -> str:
    """Return the part that brings the icmp match: it moved in 6.4."""
    return "xt_tcpudp" if known("6.4", release) else f"{family}_tables"


def carries_legacy_option(release: str) -> bool:
    """Tell whether the legacy base has an option of its own on kernels of this age."""
    return known("6.9", release)


def aliases(part: Part, release: str) -> Iterator[str]:
    """Yield the aliases of a part on a kernel."""
    yield from part.aliases
    for family, name in (("ip", "ipt_icmp"), ("ip6", "ip6t_icmp6")):
        if part.name == carrier_of_icmp(release, family):
            yield name


def option(part: Part, release: str) -> str:
    """Return the symbol that decides about a part on a kernel."""
    if part.name in ("ip_tables", "ip6_tables") and carries_legacy_option(release):
        return f"{part.option}_LEGACY"
    return part.option
