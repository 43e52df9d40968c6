"""What is true of a machine for every requirement of the shipped pages, from its description."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, TypeAlias

from tests.nodes.carried import carrier_of_icmp, known
from tests.nodes.machine import Machine, Truth

Rule: TypeAlias = Callable[[Machine], Truth]

OPENSTACK: Final = "v3.16-openstack"
OPENSHIFT: Final = "v3.24-openshift"

SHOULD: Final = frozenset({"node.distro", "store.members", "platform.release"})
MAY: Final = frozenset({"platform.tested"})


def truth(spec: str, requirement: str, machine: Machine) -> Truth | None:
    """Return what is true, None where no program can tell or nothing was described."""
    rule = {OPENSTACK: _OPENSTACK, OPENSHIFT: _OPENSHIFT}[spec].get(requirement)
    if rule is None or not (machine.release or rule is _ADMINISTERS):
        return None
    return rule(machine)


def applies(requirement: str, machine: Machine) -> bool:
    """Tell whether the guard of a requirement holds."""
    if requirement == "node.unmanaged":
        return machine.manager_present
    if requirement == "kernel.match_icmpv6":
        return machine.can("ipv6") is not Truth.UNMET
    return True


def expected(spec: str, requirement: str, machine: Machine, dark: tuple[str, ...]) -> str:
    """Return the state that tells the truth; `dark` patterns name what cannot be seen there."""
    if _in_the_dark(requirement, dark):
        return "unknown"
    if not applies(requirement, machine):
        return "n/a"
    match truth(spec, requirement, machine):
        case None:
            return "manual"
        case Truth.MET:
            return "pass"
        case Truth.CAUTION:
            return "warn"
        case _:
            return "warn" if requirement in SHOULD else "info" if requirement in MAY else "fail"


def _in_the_dark(requirement: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether the last pattern that matches takes it in; one behind `!` leaves it out."""
    hidden = False
    for pattern in patterns:
        if fnmatchcase(requirement, pattern.removeprefix("!")):
            hidden = not pattern.startswith("!")
    return hidden


def _part(*names: str) -> Rule:
    return lambda machine: min(machine.can(name) for name in names)


def _either(*rules: Rule) -> Rule:
    return lambda machine: max(rule(machine) for rule in rules)


def _every(*rules: Rule) -> Rule:
    return lambda machine: min(rule(machine) for rule in rules)


def _property(*symbols: str) -> Rule:
    return lambda machine: min(machine.has(symbol) for symbol in symbols)


def _says(asked: Callable[[Machine], bool]) -> Rule:
    return lambda machine: Truth.MET if asked(machine) else Truth.UNMET


def _icmp(family: str) -> Rule:
    return lambda machine: machine.can(carrier_of_icmp(machine.release, family))


def _architecture(*machines: str) -> Rule:
    return _says(lambda machine: machine.architecture in machines)


def _system(*wanted: tuple[str, str]) -> Rule:
    def is_one(machine: Machine) -> bool:
        name, version = machine.system or ("", "")
        return any(
            name == id_ and f"{version}.".startswith(f"{prefix}." if prefix else "")
            for id_, prefix in wanted
        )

    return _says(is_one)


def _free(pattern: str) -> Rule:
    return _says(lambda machine: not any(fnmatchcase(name, pattern) for name in machine.hardware))


def _left_alone(*globs: str) -> Rule:
    items = {f"interface-name:{glob}" for glob in globs}
    return _says(lambda machine: items <= machine.unmanaged)


def _may_administer(machine: Machine) -> bool:
    del machine  # the set belongs to the process that runs the check
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (bounding,) = (line.split()[1] for line in status if line.startswith("CapBnd:"))
    return bool(int(bounding, 16) >> 21 & 1)


def _openshift(machine: Machine) -> bool:
    return [int(number) for number in machine.openshift.split(".") if number] >= [4, 3]


_LEGACY: Final = _part("ip_tables")
_LEGACY6: Final = _part("ip6_tables")
_NFT: Final = _part("nf_tables", "nft_compat")
_SCTP_TRACKING: Final = _either(
    _part("nf_conntrack_proto_sctp"), _every(_property("NF_CT_PROTO_SCTP"), _part("nf_conntrack"))
)
_KERNEL: Final = _says(lambda machine: known("3.10", machine.release))
_ADMINISTERS: Final = _says(_may_administer)
_BPF: Final = _property("BPF_SYSCALL", "CGROUP_BPF")

_OPENSTACK: Final[dict[str, Rule]] = {
    "node.cpu": _architecture("x86_64"),
    "node.kernel": _KERNEL,
    "node.distro": _system(
        ("rhel", "7"), ("centos", "7"), ("ubuntu", "16.04"), ("ubuntu", "18.04")
    ),
    "node.cali": _free("cali*"),
    "node.tunl": _free("tunl*"),
    "node.vxlan": _free("vxlan.calico"),
    "node.unmanaged": _left_alone("cali*", "tunl*", "vxlan.calico"),
    "privileges.sys_admin": _ADMINISTERS,
    "kernel.ip_set": _part("ip_set"),
    "kernel.ip_tables": _LEGACY,
    "kernel.ip6_tables": _LEGACY6,
    "kernel.ipt_reject": _part("ipt_REJECT"),
    "kernel.ipt_rpfilter": _part("ipt_rpfilter"),
    "kernel.ipt_set": _part("xt_set"),
    "kernel.nf_conntrack_netlink": _part("nf_conntrack_netlink"),
    "kernel.nf_conntrack_proto_sctp": _SCTP_TRACKING,
    "kernel.sctp": _part("sctp"),
    "kernel.xt_addrtype": _part("xt_addrtype"),
    "kernel.xt_comment": _part("xt_comment"),
    "kernel.xt_conntrack": _part("xt_conntrack"),
    "kernel.xt_icmp": _icmp("ip"),
    "kernel.xt_icmp6": _icmp("ip6"),
    "kernel.xt_ipvs": _part("xt_ipvs", "ip_vs"),
    "kernel.xt_mark": _part("xt_mark"),
    "kernel.xt_multiport": _part("xt_multiport"),
    "kernel.xt_rpfilter": _part("ipt_rpfilter"),
    "kernel.xt_sctp": _part("xt_sctp"),
    "kernel.xt_set": _part("xt_set"),
    "kernel.xt_u32": _part("xt_u32"),
    "kernel.ipip": _part("ipip"),
}
"""What has no rule here can be checked by no program."""

_OPENSHIFT: Final[dict[str, Rule]] = {
    "node.cpu": _architecture("x86_64", "aarch64", "ppc64le", "s390x"),
    "node.kernel": _KERNEL,
    "node.distro": _system(("rhel", "7"), ("rhcos", "")),
    "node.cali": _free("cali*"),
    "node.tunl": _free("tunl*"),
    "node.vxlan": _free("vxlan.calico"),
    "node.unmanaged": _left_alone(
        "cali*", "tunl*", "vxlan.calico", "vxlan-v6.calico", "wireguard.cali", "wg-v6.cali"
    ),
    "node.firewalld": _says(
        lambda machine: machine.firewalld != "enabled" and not machine.firewalld_runs
    ),
    "privileges.sys_admin": _ADMINISTERS,
    "platform.openshift": _says(_openshift),
    "kernel.iptables": _either(_LEGACY, _NFT),
    "kernel.ip6tables": _either(_LEGACY6, _NFT),
    "kernel.match_set": _part("xt_set"),
    "kernel.match_rpfilter": _part("ipt_rpfilter"),
    "kernel.match_rpfilter_ipv6": _part("ip6t_rpfilter"),
    "kernel.match_addrtype": _part("xt_addrtype"),
    "kernel.match_comment": _part("xt_comment"),
    "kernel.match_conntrack": _part("xt_conntrack"),
    "kernel.match_icmp": _icmp("ip"),
    "kernel.match_tcp": _part("xt_tcpudp"),
    "kernel.match_udp": _part("xt_tcpudp"),
    "kernel.match_ipvs": _part("xt_ipvs", "ip_vs"),
    "kernel.match_icmpv6": _icmp("ip6"),
    "kernel.match_mark": _part("xt_mark"),
    "kernel.match_multiport": _part("xt_multiport"),
    "kernel.match_sctp": _part("xt_sctp"),
    "kernel.target_reject": _part("ipt_REJECT"),
    "kernel.target_reject_ipv6": _part("ip6t_REJECT"),
    "kernel.target_accept": _either(_LEGACY, _NFT),
    "kernel.target_drop": _either(_LEGACY, _NFT),
    "kernel.target_log": _part("xt_LOG"),
    "kernel.ipset": _part("ip_set"),
    "kernel.conntrack": _part("nf_conntrack"),
    "kernel.conntrack_sctp": _SCTP_TRACKING,
    "kernel.ipvs": _part("ip_vs"),
    "kernel.ipip": _part("ipip"),
    "kernel.vxlan": _part("vxlan"),
    "kernel.wireguard": _part("wireguard"),
    "kernel.ebpf": _BPF,
    "kernel.tc": _every(_part("cls_bpf", "sch_ingress"), _property("NET_CLS_ACT")),
    "kernel.xdp": _every(
        _property("BPF_SYSCALL"), _says(lambda machine: known("4.8", machine.release))
    ),
}
