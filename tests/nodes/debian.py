"""Nodes of the Debian family."""

from __future__ import annotations

from tests.nodes.fleet import FLEET
from tests.nodes.machine import Machine
from tests.nodes.usual import DROP_IN, UNMANAGED, usual_host, usual_kernel

BANNER = "Linux version {R} (debian-kernel@lists.debian.org) (gcc) #1 SMP Debian {P} (2026-09-30)\n"


def debian(machine: Machine, version: str, release: str, banner: str, suffix: str = ".ko") -> None:
    """Make it a Debian of a version with the kernel that it ships."""
    usual_kernel(machine, release, suffix=suffix)
    machine.node.write("proc/version", BANNER.format(R=release, P=banner))
    machine.os_release("debian", version, name="Debian GNU/Linux")
    usual_host(machine)


@FLEET.node(
    "ubuntu-18.04",
    "The distribution that the older page names.",
    {"node.distro": "3.16 pass, 3.24 warn", "kernel.wireguard": "fail", "node.unmanaged": "n/a"},
    dark=("platform.openshift",),
)
def ubuntu_18_04(machine: Machine) -> None:
    usual_kernel(machine, "4.15.0-213-generic")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("ubuntu", "18.04", name="Ubuntu")
    usual_host(machine)


@FLEET.node(
    "ubuntu-20.04",
    "Its upstream level is in a file of its own; /lib is a link.",
    {"node.distro": "warn", "kernel.ip_tables": "pass", "kernel.xt_icmp": "pass"},
    dark=("platform.openshift",),
)
def ubuntu_20_04(machine: Machine) -> None:
    usual_kernel(machine, "5.4.0-192-generic", without=("wireguard",))
    machine.build_in("wireguard")
    machine.node.write("proc/version_signature", "Ubuntu 5.4.0-192.212-generic 5.4.277\n")
    machine.config("boot/config-{R}")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("ubuntu", "20.04", name="Ubuntu")
    usual_host(machine)


@FLEET.node(
    "ubuntu-22.04-zst",
    "Modules in zst, the tools of NetworkManager with a drop-in of the distribution.",
    {"kernel.xt_set": "pass", "kernel.ipt_set": "pass", "kernel.sctp": "pass"},
    dark=("platform.openshift",),
)
def ubuntu_22_04(machine: Machine) -> None:
    usual_kernel(machine, "5.15.0-94-generic", suffix=".ko.zst")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("ubuntu", "22.04", name="Ubuntu")
    globally = "[keyfile]\nunmanaged-devices=*,except:type:wifi,except:type:gsm\n"
    machine.network_manager(
        *UNMANAGED, usr__10_globally_managed_devices=globally, etc__calico=DROP_IN
    )
    usual_host(machine)


@FLEET.node(
    "ubuntu-22.04-kvm",
    "A small kernel without IPVS.",
    {"kernel.ipvs": "fail", "kernel.match_ipvs": "fail", "kernel.match_set": "pass"},
    dark=("platform.openshift",),
)
def ubuntu_kvm(machine: Machine) -> None:
    without = ("ip_vs", "ip_vs_rr", "xt_ipvs", "vfio-pci")
    usual_kernel(machine, "5.15.0-1048-kvm", without=without)
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("ubuntu", "22.04", name="Ubuntu")
    usual_host(machine)


@FLEET.node(
    "ubuntu-23.10-raspi",
    "VXLAN was built and is in a package that is not installed.",
    {"kernel.vxlan": "fail", "kernel.ipip": "pass", "node.cpu": "3.16 fail, 3.24 pass"},
    dark=("platform.openshift",),
)
def ubuntu_raspi(machine: Machine) -> None:
    machine.architecture = "aarch64"
    usual_kernel(machine, "6.5.0-1010-raspi", suffix=".ko.zst", without=("vxlan",))
    machine.uninstalled.add("vxlan")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("ubuntu", "23.10", name="Ubuntu")
    usual_host(machine)


@FLEET.node(
    "debian-10",
    "Kernel 4.19, whose point release only /proc/version tells.",
    {"kernel.wireguard": "fail", "kernel.xt_icmp": "pass", "kernel.xt_rpfilter": "pass"},
    dark=("platform.openshift",),
)
def debian_10(machine: Machine) -> None:
    debian(machine, "10", "4.19.0-27-amd64", "4.19.316-1")
    machine.config("boot/config-{R}")
    machine.tree()


@FLEET.node(
    "debian-11",
    "Kernel 5.10: icmp is a part of the legacy tables.",
    {"kernel.ip_set": "pass", "kernel.xt_icmp6": "pass", "kernel.match_icmpv6": "pass"},
    dark=("platform.openshift",),
)
def debian_11(machine: Machine) -> None:
    debian(machine, "11", "5.10.0-30-amd64", "5.10.218-1")
    machine.config("boot/config-{R}")
    machine.tree()


@FLEET.node(
    "debian-12",
    "Kernel 6.1 on which the page's five names of no module must all pass.",
    {
        "kernel.ipt_set": "pass",
        "kernel.xt_rpfilter": "pass",
        "kernel.xt_icmp": "pass",
        "kernel.nf_conntrack_proto_sctp": "pass",
    },
    dark=("platform.openshift",),
)
def debian_12(machine: Machine) -> None:
    debian(machine, "12", "6.1.0-50-amd64", "6.1.176-1")
    machine.config("boot/config-{R}")
    machine.tree()


@FLEET.node(
    "debian-12-nothing-but-icmp-carrier-gone",
    "A kernel 6.1 built without the legacy tables: icmp goes with them, tcp stays.",
    {"kernel.match_icmp": "fail", "kernel.match_tcp": "pass", "kernel.iptables": "pass"},
    dark=("platform.openshift",),
)
def debian_without_legacy(machine: Machine) -> None:
    legacy = ("ip_tables", "ip6_tables", "iptable_filter", "iptable_nat", "ip6table_filter")
    usual_kernel(machine, "6.1.0-50-custom", without=legacy)
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("debian", "12")
    usual_host(machine)


@FLEET.node(
    "debian-13",
    "Kernel 6.12 with modules in xz: icmp moved to xt_tcpudp.",
    {"kernel.match_icmp": "pass", "kernel.match_icmpv6": "pass", "kernel.iptables": "pass"},
    dark=("platform.openshift",),
)
def debian_13(machine: Machine) -> None:
    debian(machine, "13", "6.12.107+deb13-amd64", "6.12.107-1", ".ko.xz")
    machine.config("boot/config-{R}")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")


@FLEET.node(
    "debian-13-nft-only",
    "A real-time kernel, which cannot have the legacy tables: icmp does not need them any more.",
    {
        "kernel.match_icmp": "pass",
        "kernel.iptables": "pass",
        "kernel.ip_tables": "fail",
        "kernel.xt_icmp": "pass",
        "kernel.target_drop": "pass",
    },
    dark=("platform.openshift",),
)
def debian_13_nft_only(machine: Machine) -> None:
    legacy = ("ip_tables", "ip6_tables", "iptable_filter", "iptable_nat", "ip6table_filter")
    usual_kernel(machine, "6.12.107+deb13-rt-amd64", suffix=".ko.xz", without=legacy)
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("debian", "13")
    usual_host(machine)


@FLEET.node(
    "debian-sid",
    "Kernel 7.2: the configuration lies beside the modules, ipv6 and nfnetlink are in no list.",
    {"kernel.nf_conntrack_netlink": "pass", "kernel.match_icmpv6": "pass", "node.kernel": "pass"},
    dark=("platform.openshift",),
)
def debian_sid(machine: Machine) -> None:
    usual_kernel(machine, "7.2.13+deb14-amd64", suffix=".ko.xz", without=("nfnetlink",))
    machine.build_in("nfnetlink")
    machine.config("usr/lib/modules/{R}/config")
    machine.node.link("lib", "/usr/lib")
    machine.tree("usr/lib/modules", unlisted=("nfnetlink", "ipv6"))
    machine.os_release("debian", "")
    usual_host(machine)


@FLEET.node(
    "debian-12-loaded",
    "Everything is loaded and registered, and blocks come too late for what is.",
    {"kernel.xt_set": "pass", "kernel.sctp": "pass", "kernel.xt_u32": "fail"},
    dark=("platform.openshift",),
)
def debian_loaded(machine: Machine) -> None:
    debian(machine, "12", "6.1.0-50-amd64", "6.1.176-1")
    machine.load(*sorted(set(machine.on_disk) - {"xt_u32"}))
    late = "install sctp /bin/false\ninstall xt_set /bin/true\ninstall xt_u32 /bin/false\n"
    machine.block("xt_u32", late, "etc/modprobe.d/late.conf")
    machine.config("boot/config-{R}")
    machine.tree()
