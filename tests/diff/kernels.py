"""Kernels that could be: a configuration that keeps its own dependencies, and its modules."""

from __future__ import annotations

from random import Random
from typing import Any

PARTS = {
    "NETFILTER_XTABLES": ("x_tables", ()),
    "IP_SET": ("ip_set", ()),
    "NETFILTER_XT_SET": ("xt_set", ("NETFILTER_XTABLES", "IP_SET")),
    "NETFILTER_XT_MARK": ("xt_mark", ("NETFILTER_XTABLES",)),
    "NF_CONNTRACK": ("nf_conntrack", ()),
    "NF_CT_NETLINK": ("nf_conntrack_netlink", ("NF_CONNTRACK", "NETFILTER_NETLINK")),
    "NETFILTER_NETLINK": ("nfnetlink", ()),
    "NETFILTER_XT_MATCH_CONNTRACK": ("xt_conntrack", ("NETFILTER_XTABLES", "NF_CONNTRACK")),
    "NF_TABLES": ("nf_tables", ()),
    "NFT_COMPAT": ("nft_compat", ("NF_TABLES", "NETFILTER_XTABLES")),
    "IP_NF_IPTABLES": ("ip_tables", ("NETFILTER_XTABLES",)),
    "IP_VS": ("ip_vs", ()),
    "NETFILTER_XT_MATCH_IPVS": ("xt_ipvs", ("NETFILTER_XTABLES", "IP_VS")),
    "IP_SCTP": ("sctp", ()),
    "VXLAN": ("vxlan", ()),
}
"""What a part of the kernel is as a module, and the parts that it needs."""

ALIASES = [("ipt_set", "xt_set"), ("ip6t_set", "xt_set"), ("ipt_mark", "xt_mark")]
ALIASES += [("ip6t_mark", "xt_mark"), ("ipt_conntrack", "xt_conntrack"), ("ipt_ipvs", "xt_ipvs")]

PREDICATES = [
    *("module ip_set", "feature ipset", "module xt_set", "module ipt_set", "match set"),
    *("match set, mark", "module xt_mark", "module nf_conntrack_netlink", "feature conntrack"),
    *("match conntrack", "module ip_tables", "feature iptables", "feature iptables-nft"),
    *("feature nftables", "target ACCEPT", "feature ipvs", "match ipvs", "module sctp"),
    *("feature vxlan", "module ip_vs, xt_ipvs", "kconfig VXLAN", "kconfig VXLAN = y"),
    *("feature conntrack-sctp", "module nf_conntrack_proto_sctp"),
]
"""What can be asked of them."""


def kernel(random: Random) -> dict[str, Any]:
    """Return the facts of a kernel; its configuration and its modules may be out of sight."""
    wanted = {symbol: random.choice("nmy") for symbol in PARTS}
    # Parts that others need are there with them, and built in where one of those is.
    for symbol in [*PARTS, *PARTS]:
        for needed in PARTS[symbol][1]:
            wanted[needed] = max(wanted[needed], wanted[symbol], key="nmy".index)
    symbols = {**wanted, "MODULES": "y"}
    symbols["NF_CT_PROTO_SCTP"] = random.choice("ny") if wanted["NF_CONNTRACK"] != "n" else "n"
    names = {symbol: PARTS[symbol][0] for symbol in PARTS}
    disk = [names[symbol] for symbol, value in wanted.items() if value == "m"]
    # Files of modules can be in a package that is not installed.
    disk = [name for name in disk if name != "vxlan" or random.randrange(2)]
    there = {*disk, *(names[symbol] for symbol, value in wanted.items() if value == "y")}
    tree = random.choice([True, False])
    modules = {
        "supported": True,
        "tree": "/lib/modules/5.10.0" if tree else None,
        "builtin": [names[symbol] for symbol in PARTS if wanted[symbol] == "y"] if tree else [],
        "disk": disk if tree else [],
        "aliases": [pair for pair in ALIASES if pair[1] in there] if tree else [],
    }
    configuration = (
        {"file": "/boot/config", "symbols": symbols} if random.choice([True, False]) else None
    )
    return {"modules": modules, "configuration": configuration}
