"""What the kernel requirements of the shipped pages come to, in the words of kmod and of iptables.

Written from the pages and from the kernel's own naming, not from the tables of the compiler, so
that it can judge them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reqc.compiler.conditions import Value
from tests.specs.shipped import OPENSHIFT, OPENSTACK

CHOICES: Final[Mapping[str, Mapping[str, Value]]] = {
    OPENSTACK: {"ipv6": True, "vxlan": True},
    OPENSHIFT: {
        "ipv6": True,
        "vxlan": True,
        "wireguard": True,
        "sctp": True,
        "kube_proxy": "ipvs",
        "dataplane": "ebpf",
    },
}
"""Choices under which every kernel requirement of the page applies."""

Way = tuple[str, ...]
"""Names that kmod resolves and lines of the configuration, all of which must be there."""

_IPTABLES: Final[tuple[Way, ...]] = (("ip_tables",), ("nf_tables", "nft_compat"))
_IP6TABLES: Final[tuple[Way, ...]] = (("ip6_tables",), ("nf_tables", "nft_compat"))
_SCTP_TRACKING: Final = ("nf_conntrack", "CONFIG_NF_CT_PROTO_SCTP=y")

NEEDS: Final[Mapping[str, Mapping[str, tuple[Way, ...]]]] = {
    OPENSTACK: {
        "kernel.ip_set": (("ip_set",),),
        "kernel.ip_tables": (("ip_tables",),),
        "kernel.ip6_tables": (("ip6_tables",),),
        "kernel.ipt_reject": (("ipt_REJECT",),),
        "kernel.ipt_rpfilter": (("ipt_rpfilter",),),
        "kernel.ipt_set": (("ipt_set",),),
        "kernel.nf_conntrack_netlink": (("nf_conntrack_netlink",),),
        "kernel.nf_conntrack_proto_sctp": (_SCTP_TRACKING,),
        "kernel.sctp": (("sctp",),),
        "kernel.xt_addrtype": (("xt_addrtype",),),
        "kernel.xt_comment": (("xt_comment",),),
        "kernel.xt_conntrack": (("xt_conntrack",),),
        "kernel.xt_icmp": (("ipt_icmp",),),
        "kernel.xt_icmp6": (("ip6t_icmp6",),),
        "kernel.xt_ipvs": (("xt_ipvs", "ip_vs"),),
        "kernel.xt_mark": (("xt_mark",),),
        "kernel.xt_multiport": (("xt_multiport",),),
        "kernel.xt_rpfilter": (("ipt_rpfilter",),),
        "kernel.xt_sctp": (("xt_sctp",),),
        "kernel.xt_set": (("xt_set",),),
        "kernel.xt_u32": (("xt_u32",),),
        "kernel.ipip": (("ipip",),),
    },
    OPENSHIFT: {
        "kernel.iptables": _IPTABLES,
        "kernel.ip6tables": _IP6TABLES,
        "kernel.match_set": (("ipt_set",),),
        "kernel.match_rpfilter": (("ipt_rpfilter",),),
        "kernel.match_rpfilter_ipv6": (("ip6t_rpfilter",),),
        "kernel.match_addrtype": (("ipt_addrtype",),),
        "kernel.match_comment": (("ipt_comment",),),
        "kernel.match_conntrack": (("ipt_conntrack",),),
        "kernel.match_icmp": (("ipt_icmp",),),
        "kernel.match_tcp": (("ipt_tcp",),),
        "kernel.match_udp": (("ipt_udp",),),
        "kernel.match_ipvs": (("ipt_ipvs", "ip_vs"),),
        "kernel.match_icmpv6": (("ip6t_icmp6",),),
        "kernel.match_mark": (("ipt_mark",),),
        "kernel.match_multiport": (("ipt_multiport",),),
        "kernel.match_sctp": (("ipt_sctp",),),
        "kernel.target_reject": (("ipt_REJECT",),),
        "kernel.target_reject_ipv6": (("ip6t_REJECT",),),
        "kernel.target_accept": _IPTABLES,
        "kernel.target_drop": _IPTABLES,
        "kernel.target_log": (("ipt_LOG",),),
        "kernel.ipset": (("ip_set",),),
        "kernel.conntrack": (("nf_conntrack",),),
        "kernel.conntrack_sctp": (_SCTP_TRACKING,),
        "kernel.ipvs": (("ip_vs",),),
        "kernel.ipip": (("ipip",),),
        "kernel.vxlan": (("vxlan",),),
        "kernel.wireguard": (("wireguard",),),
        "kernel.ebpf": (("CONFIG_BPF_SYSCALL=y", "CONFIG_CGROUP_BPF=y"),),
        "kernel.tc": (("cls_bpf", "sch_ingress", "CONFIG_NET_CLS_ACT=y"),),
        "kernel.xdp": (("CONFIG_BPF_SYSCALL=y",),),
    },
}
"""Each kernel requirement, with ways to meet it of which one is enough.

The kernel itself asks for ipt_NAME or ip6t_NAME when a rule needs a match or target.
"""

_MATCHES_4: Final = {
    "-m set --match-set probe src": ("kernel.ipt_set", "kernel.xt_set", "kernel.match_set"),
    "-m addrtype --dst-type LOCAL": ("kernel.xt_addrtype", "kernel.match_addrtype"),
    "-m comment --comment words": ("kernel.xt_comment", "kernel.match_comment"),
    "-m conntrack --ctstate NEW": ("kernel.xt_conntrack", "kernel.match_conntrack"),
    "-p icmp -m icmp --icmp-type echo-request": ("kernel.xt_icmp", "kernel.match_icmp"),
    "-p tcp -m tcp --dport 1": ("kernel.match_tcp",),
    "-p udp -m udp --dport 1": ("kernel.match_udp",),
    "-m ipvs --ipvs": ("kernel.xt_ipvs", "kernel.match_ipvs"),
    "-m mark --mark 1": ("kernel.xt_mark", "kernel.match_mark"),
    "-p tcp -m multiport --dports 1,2": ("kernel.xt_multiport", "kernel.match_multiport"),
    "-p sctp -m sctp --dport 1": ("kernel.xt_sctp", "kernel.match_sctp"),
    "-m u32 --u32 0=0": ("kernel.xt_u32",),
    "-j REJECT": ("kernel.ipt_reject", "kernel.target_reject"),
    "-j ACCEPT": ("kernel.target_accept",),
    "-j DROP": ("kernel.target_drop",),
    "-j LOG": ("kernel.target_log",),
}
_MATCHES_6: Final = {
    "-p icmpv6 -m icmp6 --icmpv6-type echo-request": ("kernel.xt_icmp6", "kernel.match_icmpv6"),
    "-j REJECT": ("kernel.target_reject_ipv6",),
}
_RPFILTER: Final = "-t raw -A PREROUTING -m rpfilter"

RULES: Final[Mapping[str, tuple[str, ...]]] = {
    **{f"iptables-legacy -A INPUT {rule}": ids for rule, ids in _MATCHES_4.items()},
    f"iptables-legacy {_RPFILTER}": (
        *("kernel.ipt_rpfilter", "kernel.xt_rpfilter"),
        "kernel.match_rpfilter",
    ),
    **{f"ip6tables-legacy -A INPUT {rule}": ids for rule, ids in _MATCHES_6.items()},
    f"ip6tables-legacy {_RPFILTER}": ("kernel.match_rpfilter_ipv6",),
}
"""Commands that succeed exactly where the requirements hold, on a kernel with legacy iptables."""

REGISTERED: Final[Mapping[str, str]] = {
    "ip_tables_matches": "set addrtype comment conntrack icmp tcp udp ipvs mark multiport sctp u32"
    " rpfilter",
    "ip_tables_targets": "REJECT LOG",
    "ip6_tables_matches": "icmp6 rpfilter",
    "ip6_tables_targets": "REJECT",
}
"""What the files below /proc/net must then name on a whole kernel."""

SHOWN: Final = {"CONFIG_BPF_SYSCALL=y"}
"""Options that a running kernel shows without its configuration: by the folder /sys/fs/bpf."""
