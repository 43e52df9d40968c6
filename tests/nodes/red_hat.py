"""Nodes of the Red Hat family."""

from __future__ import annotations

from tests.nodes.fleet import FLEET
from tests.nodes.machine import Machine, Truth
from tests.nodes.usual import DROP_IN, EL10_EXTRA, UNMANAGED, usual_host, usual_kernel

SCTP_FILE = "etc/modprobe.d/sctp-blacklist.conf"
SCTP_TEXT = (
    "# Remove the blacklist by adding a comment # at the start of the line.\nblacklist sctp\n"
)


@FLEET.node(
    "rhel-7.9",
    "Kernel 3.10, modules in xz, SCTP tracking still a module, firewalld runs.",
    {
        "node.distro": "pass",
        "node.unmanaged": "fail",
        "node.firewalld": "fail",
        "kernel.nf_conntrack_proto_sctp": "pass",
        "kernel.iptables": "pass",
        "kernel.xdp": "fail",
        "kernel.ebpf": "fail",
        "kernel.wireguard": "fail",
        "platform.openshift": "unknown",
    },
    dark=("platform.openshift",),
)
def rhel_7_9(machine: Machine) -> None:
    without = ("cls_bpf", "sch_ingress", "vfio-pci")
    usual_kernel(machine, "3.10.0-1160.el7.x86_64", suffix=".ko.xz", without=without)
    machine.modules("nf_conntrack_proto_sctp", "cls_bpf", "sch_ingress", suffix=".ko.xz")
    # The vendor ported nf_tables back; the upstream kernel of that number has none.
    machine.modules("nf_tables", "nft_compat", suffix=".ko.xz")
    machine.load("nf_conntrack", "ip_tables", "xt_conntrack", "ipt_REJECT")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("rhel", "7.9", name="Red Hat Enterprise Linux Server")
    machine.network_manager()
    machine.firewall_daemon("enabled", runs=True)
    usual_host(machine, "firewalld.service", "NetworkManager.service")


@FLEET.node(
    "centos-7-minimal",
    "Neither NetworkManager nor firewalld, control groups of version 1 only.",
    {"node.unmanaged": "n/a", "node.firewalld": "pass", "node.distro": "3.16 pass, 3.24 warn"},
    dark=("platform.openshift",),
)
def centos_7(machine: Machine) -> None:
    usual_kernel(machine, "3.10.0-1160.119.1.el7.x86_64", suffix=".ko.xz")
    machine.modules("nf_tables", "nft_compat", "cls_bpf", suffix=".ko.xz")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("centos", "7")
    usual_host(machine)
    machine.node.write("sys/fs/cgroup/systemd/system.slice/sshd.service/tasks", "812\n")


@FLEET.node(
    "rhel-8.2",
    "Kernel 4.18.0-193 with BPF ported back, without u32, sctp on disk but blacklisted.",
    {
        "kernel.sctp": "warn",
        "kernel.xt_u32": "fail",
        "kernel.wireguard": "fail",
        "kernel.ebpf": "pass",
        "node.distro": "warn",
        "node.kernel": "pass",
    },
    dark=("platform.openshift",),
)
def rhel_8_2(machine: Machine) -> None:
    usual_kernel(machine, "4.18.0-193.el8.x86_64", suffix=".ko.xz", without=("xt_u32",))
    machine.block("sctp", SCTP_TEXT, SCTP_FILE, Truth.CAUTION)
    machine.config("boot/config-{R}")
    machine.config("usr/lib/modules/{R}/config")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("rhel", "8.2")
    machine.network_manager(*UNMANAGED, etc__calico=DROP_IN)
    machine.firewall_daemon("disabled")
    usual_host(machine)


@FLEET.node(
    "rhel-8.4-no-extra",
    "Kernel 4.18.0-305: sctp was built, but kernel-modules-extra is not installed.",
    {"kernel.sctp": "fail", "kernel.match_sctp": "pass", "node.firewalld": "pass"},
    dark=("platform.openshift",),
)
def rhel_8_4(machine: Machine) -> None:
    usual_kernel(machine, "4.18.0-305.el8.x86_64", suffix=".ko.xz", without=("sctp", "xt_u32"))
    machine.uninstalled |= {"sctp", "xt_u32"}
    machine.config("boot/config-{R}")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("rhel", "8.4")
    machine.network_manager(*UNMANAGED, usr__calico=DROP_IN)
    machine.firewall_daemon("masked")
    usual_host(machine)


@FLEET.node(
    "rhel-9.4-aarch64",
    "An Arm server, whose architecture only an executable tells; no u32 since RHEL 9.",
    {"node.cpu": "3.16 fail, 3.24 pass", "kernel.xt_u32": "fail", "kernel.match_set": "pass"},
    dark=("platform.openshift",),
)
def rhel_9_4(machine: Machine) -> None:
    machine.architecture = "aarch64"
    release = "5.14.0-427.13.1.el9_4.aarch64"
    usual_kernel(machine, release, suffix=".ko.xz", without=("xt_u32",))
    machine.config("boot/config-{R}", mode=0o600)
    machine.config("usr/lib/modules/{R}/config")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("rhel", "9.4")
    machine.network_manager(*UNMANAGED, etc__99_calico=DROP_IN)
    machine.firewall_daemon("disabled", runs=True)
    usual_host(machine, "firewalld.service")


@FLEET.node(
    "rhel-10-no-extra",
    "No legacy iptables, and what nf_tables lends from it is in a package that is missing.",
    {
        "kernel.iptables": "fail",
        "kernel.ip_tables": "fail",
        "kernel.match_set": "fail",
        "kernel.ipset": "fail",
        "kernel.target_reject": "fail",
        "kernel.match_icmp": "fail",
        "kernel.target_accept": "fail",
        "kernel.conntrack": "pass",
        "kernel.conntrack_sctp": "pass",
    },
    dark=("platform.openshift",),
)
def rhel_10(machine: Machine) -> None:
    gone = ("ip_tables", "ip6_tables", "iptable_filter", "iptable_nat", "ip6table_filter", "xt_u32")
    release = "6.12.0-55.9.1.el10_0.x86_64"
    usual_kernel(machine, release, suffix=".ko.xz", without=(*gone, *EL10_EXTRA))
    machine.uninstalled |= set(EL10_EXTRA)
    machine.config("lib/modules/{R}/config")
    machine.tree()
    machine.os_release("rhel", "10.0")
    machine.network_manager()
    machine.firewall_daemon("enabled", runs=True)
    usual_host(machine, "firewalld.service")


@FLEET.node(
    "rhel-10-extra",
    "The same with kernel-modules-extra: iptables works over nf_tables.",
    {
        "kernel.iptables": "pass",
        "kernel.ip_tables": "fail",
        "kernel.match_set": "pass",
        "kernel.ipset": "pass",
        "kernel.match_icmp": "pass",
        "kernel.target_accept": "pass",
        "kernel.sctp": "warn",
    },
    dark=("platform.openshift",),
)
def rhel_10_extra(machine: Machine) -> None:
    gone = ("ip_tables", "ip6_tables", "iptable_filter", "iptable_nat", "ip6table_filter", "xt_u32")
    usual_kernel(machine, "6.12.0-55.9.1.el10_0.x86_64", suffix=".ko.xz", without=gone)
    machine.block("sctp", SCTP_TEXT, SCTP_FILE, Truth.CAUTION)
    machine.config("lib/modules/{R}/config")
    machine.tree()
    machine.os_release("rhel", "10.0")
    machine.network_manager(*UNMANAGED, run__calico=DROP_IN)
    machine.firewall_daemon("disabled")
    usual_host(machine)


@FLEET.node(
    "rhcos-4.12",
    "RHEL CoreOS: the configuration is where ostree keeps it, sctp is blacklisted.",
    {
        "node.distro": "3.16 warn, 3.24 pass",
        "platform.openshift": "pass",
        "node.unmanaged": "pass",
        "kernel.sctp": "warn",
        "kernel.match_sctp": "pass",
    },
)
def rhcos_4_12(machine: Machine) -> None:
    usual_kernel(machine, "4.18.0-372.59.1.el8_6.x86_64", suffix=".ko.xz", without=("xt_u32",))
    machine.load("nf_tables", "nft_compat", "xt_conntrack", "nf_conntrack", "xt_comment", "ip_set")
    machine.block("sctp", SCTP_TEXT, SCTP_FILE, Truth.CAUTION)
    machine.config("usr/lib/ostree-boot/config-{R}")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("rhcos", "4.12", openshift="4.12")
    machine.network_manager(*UNMANAGED, etc__calico=DROP_IN)
    usual_host(machine, "crio.service", "kubelet.service")


@FLEET.node(
    "rhcos-4.2-sctp-lifted",
    "Too old an OpenShift; an empty file of the same name lifts the vendor's block on sctp.",
    {"platform.openshift": "fail", "kernel.sctp": "pass", "node.distro": "3.16 warn, 3.24 pass"},
)
def rhcos_4_2(machine: Machine) -> None:
    usual_kernel(machine, "4.18.0-80.11.2.el8_0.x86_64", suffix=".ko.xz")
    machine.node.write("usr/lib/modprobe.d/sctp-blacklist.conf", SCTP_TEXT)
    machine.node.write(SCTP_FILE, "")
    machine.config("usr/lib/ostree-boot/config-{R}")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("rhcos", "42.80", openshift="4.2")
    machine.network_manager(*UNMANAGED, etc__calico=DROP_IN)
    usual_host(machine)


@FLEET.node(
    "fedora-coreos",
    "An image without /boot, its configuration beside its modules.",
    {"node.distro": "warn", "kernel.match_icmp": "pass", "kernel.wireguard": "pass"},
    dark=("platform.openshift",),
)
def fedora_coreos(machine: Machine) -> None:
    usual_kernel(machine, "6.8.9-300.fc40.x86_64", suffix=".ko.xz")
    machine.config("usr/lib/modules/{R}/config")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("fedora", "40", name="Fedora Linux")
    machine.network_manager()
    usual_host(machine)


@FLEET.node(
    "amazon-linux-2023",
    "The tables are on disk and not loaded, IPVS and WireGuard are built in.",
    {"kernel.iptables": "pass", "kernel.conntrack": "pass", "node.unmanaged": "n/a"},
    dark=("platform.openshift",),
)
def amazon_linux(machine: Machine) -> None:
    without = ("ip_vs", "ip_vs_rr", "wireguard")
    usual_kernel(machine, "6.1.141-155.222.amzn2023.x86_64", without=without)
    machine.build_in("ip_vs", "ip_vs_rr", "wireguard")
    machine.config("boot/config-{R}")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("amzn", "2023")
    usual_host(machine)
