"""A kernel as evidence, and what a capability comes to on it; as small as it can be."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from reqc.compiler.checks import All, Any, Check, KernelCapability, KernelOption, KernelVersion
from reqc.compiler.conditions import conjunction, disjunction, holds
from reqc.compiler.versions import compare_versions


@dataclass(frozen=True, slots=True)
class Node:
    """A running kernel.

    `config` holds the symbols that its configuration mentions ("n" where it is not set) and is
    None where nobody can read it; `modules` are names on disk; `aliases` name their carriers.
    """

    release: str
    config: Mapping[str, str] | None = None
    modules: AbstractSet[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)


def outcome(check: Check, node: Node) -> bool | None:
    """Return whether a check on kernels holds, None where the node cannot tell."""
    match check:
        case All(parts):
            return conjunction(outcome(part, node) for part in parts)
        case Any(parts):
            return disjunction(outcome(part, node) for part in parts)
        case KernelVersion(relation, version):
            return holds(relation, compare_versions(node.release, version))
        case KernelCapability():
            return _offered(check, node)
        case _:
            raise AssertionError(check)


def proven(option: KernelOption, node: Node) -> bool:
    """Tell whether the configuration proves the capability by this option."""
    config = node.config or {}
    return (
        config.get(option.symbol) in option.values
        and option.unless not in config
        and (option.since is None or compare_versions(node.release, option.since) >= 0)
        and (option.before is None or compare_versions(node.release, option.before) < 0)
    )


def _offered(capability: KernelCapability, node: Node) -> bool | None:
    if any(node.aliases.get(name, name) in node.modules for name in capability.modules):
        return True
    if any(proven(option, node) for option in capability.options):
        return True
    return None if node.config is None or not capability.options else False


LISTED = frozenset(
    {
        "cls_bpf",
        "ip6_tables",
        "ip6t_REJECT",
        "ip6t_rpfilter",
        "ip_set",
        "ip_tables",
        "ip_vs",
        "ipip",
        "ipt_REJECT",
        "ipt_rpfilter",
        "nf_conntrack",
        "nf_conntrack_netlink",
        "nf_tables",
        "nft_compat",
        "sch_ingress",
        "sctp",
        "vxlan",
        "wireguard",
        "xt_LOG",
        "xt_addrtype",
        "xt_comment",
        "xt_conntrack",
        "xt_ipvs",
        "xt_mark",
        "xt_multiport",
        "xt_sctp",
        "xt_set",
        "xt_tcpudp",
        "xt_u32",
    }
)
OLD = Node(  # Debian 12: the icmp matches are in ip_tables
    "6.1.0-50-amd64",
    {"NF_CT_PROTO_SCTP": "y", "BPF_SYSCALL": "y", "CGROUP_BPF": "y", "NET_CLS_ACT": "y"},
    LISTED,
    {"ipt_set": "xt_set", "ipt_icmp": "ip_tables", "ip6t_icmp6": "ip6_tables"},
)
NEW = Node(  # Debian 13: they are in xt_tcpudp
    "6.12.107+deb13-amd64",
    OLD.config,
    LISTED,
    {"ipt_set": "xt_set", "ipt_icmp": "xt_tcpudp", "ip6t_icmp6": "xt_tcpudp"},
)
