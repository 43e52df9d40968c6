"""A fake node of the common sort: a new host of a distribution, on which every module is a file.

The tests count the processes of a check on it, and the benchmark measures how long it takes.
"""

from __future__ import annotations

from typing import Final

from tests.backends.shell.nodes import Node

COMMON_RELEASE: Final = "5.4.0-150-generic"
COMMON_TREE: Final = f"lib/modules/{COMMON_RELEASE}"

_FOLDERS: Final = {
    "drivers/net": "dummy macvlan tun veth vxlan wireguard",
    "drivers/net/ethernet/intel/igb": "igb",
    "drivers/vfio/pci": "vfio-pci",
    "fs/overlayfs": "overlay",
    "net/bridge": "bridge br_netfilter",
    "net/ipv4": "ipip ip_gre ip_tunnel tunnel4",
    "net/ipv4/netfilter": (
        "arp_tables ip_tables iptable_filter iptable_mangle iptable_nat iptable_raw ipt_REJECT "
        "ipt_rpfilter nf_log_ipv4 nf_reject_ipv4"
    ),
    "net/ipv6/netfilter": (
        "ip6_tables ip6table_filter ip6table_mangle ip6table_nat ip6table_raw ip6t_REJECT "
        "ip6t_rpfilter nf_log_ipv6 nf_reject_ipv6"
    ),
    "net/netfilter": (
        "nf_conntrack nf_conntrack_netlink nf_nat nf_tables nfnetlink nfnetlink_queue nft_compat "
        "x_tables xt_CT xt_LOG xt_MASQUERADE xt_NFLOG xt_addrtype xt_bpf xt_comment xt_connmark "
        "xt_conntrack xt_ipvs xt_mark xt_multiport xt_nat xt_sctp xt_set xt_statistic xt_tcpudp "
        "xt_u32"
    ),
    "net/netfilter/ipset": "ip_set ip_set_hash_ip ip_set_hash_ipport ip_set_hash_net",
    "net/netfilter/ipvs": "ip_vs ip_vs_rr ip_vs_sh ip_vs_wrr",
    "net/sched": "cls_bpf sch_ingress",
    "net/sctp": "sctp",
}
_ALIASES: Final = {
    "ip_tables": "ipt_icmp",
    "ip6_tables": "ip6t_icmp6",
    "xt_u32": "ipt_u32 ip6t_u32",
    "xt_set": "ipt_set ip6t_set ipt_SET ip6t_SET",
    "xt_tcpudp": "xt_tcp xt_udp ipt_tcp ipt_udp ip6t_tcp ip6t_udp",
    **{
        f"xt_{name}": f"ipt_{name} ip6t_{name}"
        for name in ("addrtype", "comment", "conntrack", "ipvs", "mark", "multiport", "sctp", "LOG")
    },
}
_OPTIONS: Final = """
BPF_SYSCALL=y CGROUP_BPF=y IP6_NF_IPTABLES=m IP6_NF_MATCH_RPFILTER=m IP6_NF_TARGET_REJECT=m
IP_NF_IPTABLES=m IP_NF_MATCH_RPFILTER=m IP_NF_TARGET_REJECT=m IP_SCTP=m IP_SET=m IP_VS=m MODULES=y
NETFILTER_XTABLES=m NETFILTER_XT_MARK=m NETFILTER_XT_MATCH_ADDRTYPE=m NETFILTER_XT_MATCH_BPF=m
NETFILTER_XT_MATCH_COMMENT=m NETFILTER_XT_MATCH_CONNTRACK=m NETFILTER_XT_MATCH_IPVS=m
NETFILTER_XT_MATCH_MULTIPORT=m NETFILTER_XT_MATCH_SCTP=m NETFILTER_XT_MATCH_U32=m
NETFILTER_XT_SET=m NETFILTER_XT_TARGET_LOG=m NET_CLS_ACT=y NET_CLS_BPF=m NET_IPIP=m
NET_SCH_INGRESS=m NFT_COMPAT=m NF_CONNTRACK=m NF_CT_NETLINK=m NF_CT_PROTO_SCTP=y NF_TABLES=m
VXLAN=m WIREGUARD=m
"""
_LOADED: Final = 60


def common(node: Node) -> Node:
    """Make the node a host on which every requirement of the page of Calico v3.16 is met.

    Its lists are as long as those of a distribution's kernel: 4,000 modules, 300 of them built in,
    20,000 aliases and 9,000 options. A few modules are loaded, none that a page asks for.
    """
    _machine(node)
    _modules(node)
    _configuration(node)
    _system(node)
    _sockets(node)
    return node


def _machine(node: Node) -> None:
    node.write("proc/sys/kernel/osrelease", f"{COMMON_RELEASE}\n")
    node.write("proc/sys/kernel/arch", "x86_64\n")
    node.write("proc/sys/kernel/modules_disabled", "0\n")
    node.write("proc/sys/net/ipv4/ip_forward", "1\n")
    node.write("proc/cmdline", f"BOOT_IMAGE=/vmlinuz-{COMMON_RELEASE} root=/dev/sda1 ro quiet\n")
    node.write("proc/meminfo", "MemTotal:       16384000 kB\nMemFree:         8192000 kB\n")
    node.write("sys/devices/system/cpu/online", "0-7\n")
    for number in range(_LOADED):
        node.write(f"sys/module/loaded_{number}/initstate", "live\n")
    loaded = (f"loaded_{n} 16384 1 - Live 0x0000000000000000\n" for n in range(_LOADED))
    node.write("proc/modules", "".join(loaded))


def _modules(node: Node) -> None:
    named = [f"{folder}/{name}" for folder, names in _FOLDERS.items() for name in names.split()]
    filler = [f"drivers/group{n % 97}/part{n % 13}/device_driver_{n}" for n in range(3640)]
    for name in named:
        node.write(f"{COMMON_TREE}/kernel/{name}.ko")
    for name in filler[:: len(filler) // 40]:
        node.write(f"{COMMON_TREE}/kernel/{name}.ko")
    lines = []
    for number, name in enumerate((*filler, *named)):
        needed = [named[number % len(named)]] if number % 20 == 0 else []
        needed.append(filler[number * 7 % len(filler)])
        lines.append(f"kernel/{name}.ko: {' '.join(f'kernel/{other}.ko' for other in needed)}\n")
    node.write(f"{COMMON_TREE}/modules.dep", "".join(lines))
    builtin = "".join(f"kernel/drivers/base{n % 9}/builtin_{n}.ko\n" for n in range(300))
    node.write(f"{COMMON_TREE}/modules.builtin", builtin)
    modinfo = "".join(f"builtin_{n}.license=GPL\0builtin_{n}.alias=thing_{n}\0" for n in range(300))
    node.write(f"{COMMON_TREE}/modules.builtin.modinfo", modinfo)
    aliases = [
        f"alias pci:v{n:08X}d{n * 7:08X}sv*sd*bc*sc*i* device_driver_{n % 3640}\n"
        for n in range(20_000)
    ]
    for module, names in _ALIASES.items():
        aliases += [f"alias {name} {module}\n" for name in names.split()]
    node.write(f"{COMMON_TREE}/modules.alias", "".join(["# Aliases of modules.\n", *aliases]))


def _configuration(node: Node) -> None:
    chosen = [f"CONFIG_{option}" for option in _OPTIONS.split()]
    filler = [
        f"CONFIG_FILLER_{n}={'ym'[n % 2]}" if n % 3 else f"# CONFIG_FILLER_{n} is not set"
        for n in range(9000 - len(chosen))
    ]
    lines = ["# Automatically generated file; DO NOT EDIT.", *filler[:4500], *chosen]
    text = "\n".join([*lines, *filler[4500:], ""])
    node.write(f"boot/config-{COMMON_RELEASE}", text)


def _system(node: Node) -> None:
    node.write(
        "etc/os-release",
        'NAME="Ubuntu"\nVERSION="18.04.6 LTS (Bionic Beaver)"\nID=ubuntu\nID_LIKE=debian\n'
        'PRETTY_NAME="Ubuntu 18.04.6 LTS"\nVERSION_ID="18.04"\n'
        'HOME_URL="https://www.ubuntu.com/"\nVERSION_CODENAME=bionic\n',
    )
    node.write("etc/NetworkManager/NetworkManager.conf", "[main]\nplugins=keyfile\n")
    node.write(
        "etc/NetworkManager/conf.d/calico.conf",
        "[keyfile]\nunmanaged-devices=interface-name:cali*;interface-name:tunl*;"
        "interface-name:vxlan.calico;interface-name:vxlan-v6.calico;interface-name:wireguard.cali;"
        "interface-name:wg-v6.cali\n",
    )
    node.write("usr/lib/systemd/system/NetworkManager.service", "[Service]\nType=dbus\n")
    node.write("etc/modprobe.d/blacklist.conf", "# Watchdogs.\nblacklist iTCO_wdt\n" * 20)
    node.write("lib/modprobe.d/aliases.conf", "# Names of old.\nalias net-pf-0 off\n" * 10)
    node.write("usr/lib/sysctl.d/50-default.conf", "# Defaults.\nkernel.sysrq = 16\n")
    node.write("etc/sysctl.d/99-network.conf", "net.ipv4.ip_forward = 1\n")
    node.link("sys/class/net/ens3/device", "../../../devices/pci0000:00")
    node.write("sys/devices/pci0000:00", "")
    for name in ("lo", "docker0"):
        node.write(f"sys/class/net/{name}/mtu", "1500\n")


def _sockets(node: Node) -> None:
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
    sockets = [
        f"{n:4}: 0100007F:{port:04X} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000\n"
        for n, (port, state) in enumerate([(22, "0A"), (25, "0A"), (53, "0A"), (40022, "01")] * 5)
    ]
    node.write("proc/net/tcp", head + "".join(sockets))
    node.write("proc/net/tcp6", head)
    node.write("proc/net/udp", head + sockets[2].replace(" 0A ", " 07 "))
    node.write("proc/net/udp6", head)
    node.write("proc/1/comm", "systemd\n")
    node.write("sys/fs/cgroup/system.slice/ssh.service/cgroup.events", "populated 1\nfrozen 0\n")
