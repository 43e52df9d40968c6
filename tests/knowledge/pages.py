"""What the two pages name, each with what the kernel knowledge must make of it."""

from __future__ import annotations

PAGE_MODULES = {  # the names on the page of v3.16: the thing behind each, and what to load at boot
    "ip_set": ("feature:ipset", ("ip_set",)),
    "ip_tables": ("feature:iptables-legacy", ("ip_tables",)),
    "ip6_tables": ("feature:ip6tables-legacy", ("ip6_tables",)),
    "ipt_REJECT": ("target:REJECT", ("ipt_REJECT",)),
    "ipt_rpfilter": ("match:rpfilter", ("ipt_rpfilter",)),
    "ipt_set": ("match:set", ("xt_set",)),
    "nf_conntrack_netlink": ("feature:conntrack-netlink", ("nf_conntrack_netlink",)),
    "nf_conntrack_proto_sctp": ("feature:conntrack-sctp", ("nf_conntrack",)),
    "sctp": ("feature:sctp", ("sctp",)),
    "xt_addrtype": ("match:addrtype", ("xt_addrtype",)),
    "xt_comment": ("match:comment", ("xt_comment",)),
    "xt_conntrack": ("match:conntrack", ("xt_conntrack",)),
    "xt_icmp": ("match:icmp", ()),
    "xt_icmp6": ("match:icmpv6", ()),
    "xt_ipvs": ("match:ipvs", ("xt_ipvs", "ip_vs")),
    "xt_mark": ("match:mark", ("xt_mark",)),
    "xt_multiport": ("match:multiport", ("xt_multiport",)),
    "xt_rpfilter": ("match:rpfilter", ("ipt_rpfilter",)),
    "xt_sctp": ("match:sctp", ("xt_sctp",)),
    "xt_set": ("match:set", ("xt_set",)),
    "xt_u32": ("match:u32", ("xt_u32",)),
    "ipip": ("feature:ipip", ("ipip",)),
}
PAGE_MATCHES = {  # the matches of v3.24 with the modules to load at boot
    "set": ("xt_set",),
    "rpfilter": ("ipt_rpfilter", "ip6t_rpfilter"),
    "addrtype": ("xt_addrtype",),
    "comment": ("xt_comment",),
    "conntrack": ("xt_conntrack",),
    "icmp": (),
    "tcp": ("xt_tcpudp",),
    "udp": ("xt_tcpudp",),
    "ipvs": ("xt_ipvs", "ip_vs"),
    "icmpv6": (),
    "mark": ("xt_mark",),
    "multiport": ("xt_multiport",),
    "sctp": ("xt_sctp",),
}
PAGE_TARGETS = {
    "REJECT": ("ipt_REJECT", "ip6t_REJECT"),
    "ACCEPT": (),
    "DROP": (),
    "LOG": ("xt_LOG",),
}
PAGE_FEATURES = (
    "ipset",
    "conntrack",
    "conntrack-sctp",
    "ipvs",
    "ebpf",
    "tc-bpf",
    "xdp",
    "iptables",
    "ip6tables",
    "ipip",
    "vxlan",
    "wireguard",
)
