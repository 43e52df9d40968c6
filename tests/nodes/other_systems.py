"""Nodes of other families, and the places where they keep the configuration of their kernels."""

from __future__ import annotations

from tests.nodes.carried import PARTS
from tests.nodes.fleet import FLEET
from tests.nodes.machine import Machine
from tests.nodes.usual import of_age, usual_host, usual_kernel

NO_OPENSHIFT = ("platform.openshift",)


@FLEET.node(
    "sles-15",
    "SUSE with the full kernel, its modules in zst.",
    {"kernel.vxlan": "pass", "kernel.match_set": "pass", "node.distro": "warn"},
    dark=NO_OPENSHIFT,
)
def sles(machine: Machine) -> None:
    usual_kernel(machine, "5.14.21-150500.55.73-default", suffix=".ko.zst")
    machine.config("boot/config-{R}")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("sles", "15.5", name="SLES")
    usual_host(machine)


@FLEET.node(
    "sles-15-base",
    "SUSE with kernel-default-base, which was built with VXLAN and comes without it.",
    {"kernel.vxlan": "fail", "kernel.match_set": "pass"},
    dark=NO_OPENSHIFT,
)
def sles_base(machine: Machine) -> None:
    usual_kernel(machine, "5.14.21-150500.55.73-default", suffix=".ko.zst", without=("vxlan",))
    machine.uninstalled.add("vxlan")
    machine.config("usr/lib/modules/{R}/config")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("sles", "15.5", name="SLES")
    usual_host(machine)


@FLEET.node(
    "azure-linux-3",
    "Some extensions of iptables were left out of the build.",
    {"kernel.match_multiport": "fail", "kernel.match_comment": "pass"},
    dark=NO_OPENSHIFT,
)
def azure_linux(machine: Machine) -> None:
    left_out = ("xt_multiport", "xt_u32", "ip6t_rpfilter")
    usual_kernel(machine, "6.6.47.1-1.azl3", suffix=".ko.xz", without=left_out)
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("azurelinux", "3.0")
    usual_host(machine)


@FLEET.node(
    "flatcar",
    "The configuration is in the running kernel alone.",
    {"kernel.ipset": "pass", "node.unmanaged": "n/a", "kernel.match_sctp": "pass"},
    dark=NO_OPENSHIFT,
)
def flatcar(machine: Machine) -> None:
    usual_kernel(machine, "5.15.153-flatcar", suffix=".ko.xz")
    machine.config("proc/config.gz")
    machine.node.link("lib", "usr/lib")
    machine.tree("usr/lib/modules")
    machine.os_release("flatcar", "3815.2.2")
    usual_host(machine)


@FLEET.node(
    "alpine",
    "Modules in gz, another init than systemd.",
    {"kernel.xt_u32": "pass", "node.distro": "warn"},
    dark=NO_OPENSHIFT,
)
def alpine(machine: Machine) -> None:
    usual_kernel(machine, "6.6.30-0-lts", suffix=".ko.gz")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("alpine", "3.20.0")
    machine.program("usr/bin/busybox")
    machine.interface("eth0", hardware=True)
    machine.node.link("bin", "usr/bin")
    machine.node.link("usr/bin/sh", "/bin/busybox")
    machine.node.write("proc/1/comm", "init\n")


@FLEET.node(
    "talos",
    "A kernel without loadable modules: what it has is built in, what is off is off.",
    {
        "kernel.match_set": "pass",
        "kernel.ip_tables": "pass",
        "kernel.xt_u32": "fail",
        "kernel.ipvs": "pass",
        "kernel.vxlan": "pass",
    },
    dark=NO_OPENSHIFT,
)
def talos(machine: Machine) -> None:
    machine.kernel("6.6.43-talos", modular=False)
    machine.build_in(*sorted(of_age(machine.release) - {"xt_u32", "sctp"}), "ipv6")
    machine.properties |= {"NF_CT_PROTO_SCTP", "BPF_SYSCALL", "CGROUP_BPF", "NET_CLS_ACT"}
    machine.config("proc/config.gz")
    machine.os_release("talos", "v1.7.6")
    machine.interface("eth0", hardware=True)
    machine.node.write("proc/1/comm", "machined\n")
    machine.node.write("usr/sbin/init", "", mode=0o755)


@FLEET.node(
    "modular-kernel-all-built-in",
    "Everything asked for is built in and only listed there: no configuration, nothing loaded.",
    {"kernel.xt_set": "pass", "kernel.ipt_set": "pass", "kernel.match_comment": "pass"},
    dark=(
        *(*NO_OPENSHIFT, "kernel.wireguard", "kernel.ebpf", "kernel.tc", "kernel.xdp"),
        *("kernel.nf_conntrack_proto_sctp", "kernel.conntrack_sctp"),
    ),
)
def all_built_in(machine: Machine) -> None:
    machine.kernel("5.10.66-24-rockchip")
    machine.build_in(*sorted(of_age(machine.release) - {"wireguard"}), "ipv6")
    machine.properties |= {"NF_CT_PROTO_SCTP", "BPF_SYSCALL", "CGROUP_BPF", "NET_CLS_ACT"}
    machine.tree()
    machine.os_release("debian", "11")
    usual_host(machine)


@FLEET.node(
    "nixos",
    "Modules are where no other system has them: nothing can be said about their files.",
    {"kernel.match_set": "unknown", "kernel.ipip": "unknown", "kernel.ebpf": "pass"},
    dark=(*NO_OPENSHIFT, "kernel.*", "!kernel.ebpf", "!kernel.xdp"),
)
def nixos(machine: Machine) -> None:
    usual_kernel(machine, "6.6.52", suffix=".ko.xz")
    machine.config("proc/config.gz")
    machine.tree("run/current-system/kernel-modules/lib/modules")
    machine.os_release("nixos", "24.05")
    usual_host(machine)


@FLEET.node(
    "gentoo",
    "Built here: the configuration is in the sources of this very release.",
    {"kernel.xt_u32": "fail", "kernel.match_icmp": "pass"},
    dark=NO_OPENSHIFT,
)
def gentoo(machine: Machine) -> None:
    usual_kernel(machine, "6.6.51-gentoo", without=("xt_u32", "ip_set", "xt_set"))
    machine.build_in("ip_set", "xt_set")
    machine.config("usr/src/linux-{R}/.config")
    machine.tree()
    machine.os_release("gentoo", "2.15")
    usual_host(machine)


@FLEET.node(
    "sources-of-another-kernel",
    "What lies in /usr/src/linux, and the configuration of the next kernel, prove nothing.",
    {
        "kernel.nf_conntrack_proto_sctp": "unknown",
        "kernel.xt_u32": "unknown",
        "kernel.xt_set": "pass",
        "kernel.ebpf": "unknown",
    },
    dark=(
        *NO_OPENSHIFT,
        *("kernel.nf_conntrack_proto_sctp", "kernel.conntrack_sctp", "kernel.xt_u32"),
        *("kernel.ebpf", "kernel.tc", "kernel.xdp"),
    ),
)
def other_sources(machine: Machine) -> None:
    usual_kernel(machine, "6.6.51-gentoo", without=("xt_u32",), properties=())
    machine.tree()
    other = Machine(machine.node, release="6.6.52-gentoo", built_in=set(PARTS))
    other.properties |= {"NF_CT_PROTO_SCTP", "BPF_SYSCALL", "CGROUP_BPF", "NET_CLS_ACT"}
    other.config("usr/src/linux/.config")
    other.config("boot/config-{R}")
    machine.os_release("gentoo", "2.15")
    usual_host(machine)


@FLEET.node(
    "configuration-from-headers",
    "Only the package of headers has the configuration.",
    {"kernel.xt_u32": "fail", "kernel.tc": "pass"},
    dark=NO_OPENSHIFT,
)
def from_headers(machine: Machine) -> None:
    usual_kernel(machine, "5.15.0-94-lowlatency", without=("xt_u32",))
    machine.config("usr/src/linux-headers-{R}/.config")
    machine.tree()
    machine.os_release("ubuntu", "22.04")
    usual_host(machine)


@FLEET.node(
    "configuration-behind-build",
    "Only the sources behind the link `build` have the configuration.",
    {"kernel.xt_u32": "fail", "kernel.tc": "pass"},
    dark=NO_OPENSHIFT,
)
def behind_build(machine: Machine) -> None:
    usual_kernel(machine, "5.14.0-503.el9.x86_64", suffix=".ko.xz", without=("xt_u32",))
    machine.config("usr/src/kernels/{R}/.config")
    machine.tree()
    build = f"lib/modules/{machine.release}/build"
    machine.node.link(build, f"/usr/src/kernels/{machine.release}")
    machine.os_release("centos", "9")
    usual_host(machine)


@FLEET.node(
    "configuration-of-kernel-install",
    "The configuration is where one distribution without /boot keeps it.",
    {"kernel.xt_u32": "fail", "kernel.tc": "pass"},
    dark=NO_OPENSHIFT,
)
def of_kernel_install(machine: Machine) -> None:
    usual_kernel(machine, "6.10.6-1463.native", suffix=".ko.zst", without=("xt_u32",))
    machine.config("usr/lib/kernel/config-{R}")
    machine.tree()
    machine.os_release("clear-linux-os", "42150")
    usual_host(machine)


@FLEET.node(
    "wsl",
    "Linux under Windows names itself where containers do, and is none.",
    {"node.distro": "warn", "kernel.match_set": "pass", "node.firewalld": "pass"},
    dark=NO_OPENSHIFT,
)
def wsl(machine: Machine) -> None:
    machine.kernel("5.15.153.1-microsoft-standard-WSL2")
    machine.build_in(*sorted(of_age(machine.release)), "ipv6")
    machine.properties |= {"NF_CT_PROTO_SCTP", "BPF_SYSCALL", "CGROUP_BPF", "NET_CLS_ACT"}
    machine.node.write("run/systemd/container", "wsl\n")
    machine.config("proc/config.gz")
    machine.os_release("ubuntu", "22.04")
    usual_host(machine)


@FLEET.node(
    "s390x",
    "A mainframe, whose executables have the other byte order.",
    {"node.cpu": "3.16 fail, 3.24 pass"},
    dark=NO_OPENSHIFT,
)
def s390x(machine: Machine) -> None:
    machine.architecture = "s390x"
    usual_kernel(machine, "5.14.0-427.el9.s390x", suffix=".ko.xz")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("rhel", "9.4")
    usual_host(machine)


@FLEET.node(
    "ppc64le",
    "A Power server with a kernel new enough to tell its architecture.",
    {"node.cpu": "3.16 fail, 3.24 pass"},
    dark=NO_OPENSHIFT,
)
def ppc64le(machine: Machine) -> None:
    machine.architecture = "ppc64le"
    usual_kernel(machine, "6.12.0-55.el10.ppc64le", suffix=".ko.xz")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("almalinux", "10.0")
    usual_host(machine)


@FLEET.node(
    "32-bit",
    "A machine of the wrong architecture, which the kernel tells.",
    {"node.cpu": "fail"},
    dark=NO_OPENSHIFT,
)
def thirty_two_bit(machine: Machine) -> None:
    machine.architecture = "i686"
    usual_kernel(machine, "6.1.0-50-686")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("debian", "12")
    usual_host(machine)


@FLEET.node(
    "too-old",
    "Kernel 2.6.32, which a comparison of texts takes for newer than 3.10.",
    {
        "node.kernel": "fail",
        "kernel.xdp": "fail",
        "kernel.vxlan": "fail",
        "kernel.match_conntrack": "pass",
        "kernel.iptables": "pass",
    },
    dark=NO_OPENSHIFT,
)
def too_old(machine: Machine) -> None:
    usual_kernel(machine, "2.6.32-754.el6.x86_64")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("centos", "6.10")
    usual_host(machine)


@FLEET.node(
    "a-little-too-old",
    "Kernel 3.9, whose number as a fraction is larger than 3.10.",
    {"node.kernel": "fail"},
    dark=NO_OPENSHIFT,
)
def a_little_too_old(machine: Machine) -> None:
    usual_kernel(machine, "3.9.11-200.fc18.x86_64")
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("fedora", "18")
    usual_host(machine)
