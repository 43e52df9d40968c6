"""Nodes with kernels about which simple checks are wrong: blocks, twins, names, missing lists."""

from __future__ import annotations

from tests.nodes.carried import NAMES_OF_NO_KERNEL, PARTS
from tests.nodes.fleet import FLEET
from tests.nodes.machine import Machine, Truth
from tests.nodes.usual import of_age, usual_host, usual_kernel

NO_OPENSHIFT = ("platform.openshift",)
RELEASE = "6.1.0-50-amd64"
HARDENING = "etc/modprobe.d/hardening.conf"


def debian(machine: Machine, *, without: tuple[str, ...] = (), suffix: str = ".ko") -> None:
    """Make it a Debian 12 in all that is not special."""
    usual_kernel(machine, RELEASE, suffix=suffix, without=without)
    machine.config("boot/config-{R}")
    machine.os_release("debian", "12")
    usual_host(machine)


@FLEET.node(
    "install-false",
    "Hardened by a guide: an install command that does nothing stops every load.",
    {
        "kernel.sctp": "fail",
        "kernel.xt_sctp": "fail",
        "kernel.match_sctp": "fail",
        "kernel.ip_set": "pass",
        "kernel.vxlan": "pass",
    },
    dark=NO_OPENSHIFT,
)
def install_false(machine: Machine) -> None:
    debian(machine)
    text = (
        "# CIS\ninstall sctp /bin/false\n\n  install\txt-sctp \\\n   /usr/bin/true\n"
        "install vxlan /sbin/modprobe --ignore-install vxlan\n#install ip_set /bin/false\n"
    )
    machine.block("sctp", text, HARDENING)
    machine.blocks["xt_sctp"] = Truth.UNMET
    machine.tree()


@FLEET.node(
    "blacklisted-names",
    "A plain blacklist keeps modules from loading on demand, not from being loaded by name.",
    {
        "kernel.ip_set": "warn",
        "kernel.ipset": "warn",
        "kernel.xt_mark": "warn",
        "kernel.match_mark": "warn",
        "kernel.ipip": "pass",
        "kernel.xt_ipvs": "warn",
    },
    dark=NO_OPENSHIFT,
)
def blacklisted(machine: Machine) -> None:
    debian(machine)
    text = "blacklist ip_set\nblacklist xt-mark # by an admin\nblacklist ip_vs\nblacklist ipip2\n"
    for name in ("ip_set", "xt_mark", "ip_vs"):
        machine.block(name, text, "usr/lib/modprobe.d/blacklist.conf", Truth.CAUTION)
    machine.tree()


@FLEET.node(
    "lifted-blocks",
    "Files of the same name in an earlier folder hide blocks; another name does not.",
    {"kernel.sctp": "pass", "kernel.ip_set": "pass", "kernel.xt_u32": "fail"},
    dark=NO_OPENSHIFT,
)
def lifted(machine: Machine) -> None:
    debian(machine)
    machine.node.write("usr/lib/modprobe.d/a.conf", "install sctp /bin/false\n")
    machine.node.write("etc/modprobe.d/a.conf", "")
    machine.node.write("lib/modprobe.d/b.conf", "blacklist ip_set\ninstall ip_set /bin/false\n")
    machine.node.write("run/modprobe.d/b.conf", "# nothing\n")
    machine.block("xt_u32", "install xt_u32 /bin/false\n", "usr/lib/modprobe.d/c.conf")
    machine.node.write("etc/modprobe.d/c.conf.disabled", "")
    machine.node.write("etc/modprobe.d/d.conf.disabled", "install ipip /bin/false\n")
    machine.tree()


@FLEET.node(
    "modules-disabled",
    "Nothing loads before the next boot: what is loaded is all there is.",
    {
        "kernel.xt_set": "fail",
        "kernel.conntrack": "pass",
        "kernel.match_icmpv6": "fail",
        "kernel.conntrack_sctp": "pass",
    },
    dark=NO_OPENSHIFT,
)
def modules_disabled(machine: Machine) -> None:
    debian(machine)
    machine.load("nf_conntrack", "x_tables", "xt_conntrack")
    machine.blocks["*"] = Truth.UNMET
    machine.node.write("proc/sys/kernel/modules_disabled", "1\n")
    machine.tree()


@FLEET.node(
    "module-blacklist-of-the-kernel",
    "The command line of the kernel refuses two modules and blacklists a third.",
    {"kernel.xt_set": "fail", "kernel.ipt_set": "fail", "kernel.sctp": "warn"},
    dark=NO_OPENSHIFT,
)
def refused(machine: Machine) -> None:
    debian(machine)
    machine.blocks |= {
        "xt_set": Truth.UNMET,
        "ip_vs": Truth.UNMET,
        "sctp": Truth.CAUTION,
    }
    machine.node.write(
        "proc/cmdline",
        f"BOOT_IMAGE=/{RELEASE} ro * module_blacklist=xt-set,ip_vs modprobe.blacklist=sctp,x\n",
    )
    machine.tree()


@FLEET.node(
    "twins",
    "Not one of the modules, but something longer or shorter for each, everywhere.",
    {
        "kernel.ip_set": "fail",
        "kernel.xt_set": "fail",
        "kernel.sctp": "fail",
        "kernel.ipip": "fail",
        "kernel.match_tcp": "fail",
        "kernel.conntrack": "fail",
        "kernel.iptables": "fail",
    },
    dark=NO_OPENSHIFT,
)
def twins(machine: Machine) -> None:
    machine.kernel(RELEASE)
    machine.properties |= {"BPF_SYSCALL", "CGROUP_BPF", "NET_CLS_ACT"}
    names = sorted(of_age(RELEASE) | {"ipv6", "ipt_set", "ipt_icmp", "ip6t_icmp6"})
    twins = [twin for name in names for twin in (f"{name}2", f"{name}_x", f"my_{name}", name[:-1])]
    real = {name.replace("-", "_") for name in (*PARTS, *NAMES_OF_NO_KERNEL)}
    twins = sorted({name for name in twins if name not in real})
    lines = [f"{name} 16384 1 {','.join(names)}, Live 0x0\n" for name in twins[::3]]
    machine.node.write("proc/modules", "".join(lines))
    files = [f"kernel/net/{name}.ko" for name in twins[1::3]]
    for file in files:
        machine.node.write(f"lib/modules/{RELEASE}/{file}", "")
    needs = " ".join(f"kernel/net/{name}.ko" for name in names)
    base = f"lib/modules/{RELEASE}"
    machine.node.write(f"{base}/modules.dep", "".join(f"{file}: {needs}\n" for file in files))
    machine.node.write(
        f"{base}/modules.builtin", "".join(f"kernel/net/{name}.ko\n" for name in twins[2::3])
    )
    aliases = [f"alias {name} {twins[1]}\n" for name in twins[::5]]
    machine.node.write(f"{base}/modules.alias", "".join(aliases))
    machine.node.write("proc/net/ip_tables_names", "set\nrecent\n")
    machine.config("boot/config-{R}")
    config = machine.node.root / f"boot/config-{RELEASE}"
    symbols = {part.option for part in PARTS.values()}
    twin_symbols = "".join(f"CONFIG_{name}_X=y\nCONFIG_MY_{name}=y\n" for name in sorted(symbols))
    config.write_text(f"{config.read_text()}{twin_symbols}")
    machine.os_release("debiana", "12")
    usual_host(machine)


@FLEET.node(
    "only-aliases",
    "A vendor joined the extensions into one module, to which only their aliases lead.",
    {
        "kernel.xt_set": "pass",
        "kernel.ipt_set": "pass",
        "kernel.match_addrtype": "pass",
        "kernel.match_icmp": "pass",
        "kernel.match_sctp": "fail",
    },
    dark=NO_OPENSHIFT,
)
def only_aliases(machine: Machine) -> None:
    joined = ("xt_set", "xt_addrtype", "xt_mark", "xt_sctp")
    debian(machine, without=joined)
    machine.tree()
    base = f"lib/modules/{RELEASE}"
    folder = machine.node.root / base
    machine.node.write(f"{base}/kernel/net/vendor-filter.ko", "")
    listed = (folder / "modules.dep").read_text()
    machine.node.write(f"{base}/modules.dep", f"{listed}kernel/net/vendor-filter.ko:\n")
    known = (folder / "modules.alias").read_text()
    carried = ("ipt_set", "ip6t_set", "ipt_SET", "ipt_addrtype", "ipt_mark", "ipt_MARK")
    lines = "".join(f"alias {name} vendor_filter\n" for name in carried)
    machine.node.write(f"{base}/modules.alias", known + lines)
    for name in ("xt_set", "xt_addrtype", "xt_mark"):
        machine.on_disk[name] = "behind an alias"


@FLEET.node(
    "depmod-never-ran",
    "The files are there and no list of them.",
    {"kernel.xt_set": "pass", "kernel.xt_u32": "fail"},
    dark=(*NO_OPENSHIFT, "kernel.match_icmp", "kernel.match_icmpv6", "kernel.xt_icmp*"),
)
def depmod_never_ran(machine: Machine) -> None:
    debian(machine, without=("xt_u32",), suffix=".ko.xz")
    machine.tree(depmod=False)


@FLEET.node(
    "unloading",
    "Modules on their way out or in are no modules that are loaded.",
    {"kernel.sctp": "fail", "kernel.xt_u32": "fail", "kernel.xt_set": "pass"},
    dark=NO_OPENSHIFT,
)
def unloading(machine: Machine) -> None:
    debian(machine, without=("sctp", "xt_u32"))
    machine.load("sctp", state="Unloading")
    machine.load("xt_u32", state="Loading")
    machine.load("xt_set")
    machine.tree()


@FLEET.node(
    "lists-name-what-is-gone",
    "Somebody deleted a file after depmod had listed it.",
    {"kernel.xt_set": "fail", "kernel.ipt_set": "fail", "kernel.xt_mark": "pass"},
    dark=NO_OPENSHIFT,
)
def gone_files(machine: Machine) -> None:
    debian(machine)
    machine.tree()
    (machine.node.root / f"lib/modules/{RELEASE}" / machine.file("xt_set")).unlink()
    del machine.on_disk["xt_set"]
    machine.uninstalled.add("xt_set")


@FLEET.node(
    "mixed-spellings",
    "Files with dashes and every suffix beside each other; case still counts.",
    {"kernel.xt_set": "pass", "kernel.nf_conntrack_netlink": "pass", "kernel.target_log": "pass"},
    dark=NO_OPENSHIFT,
)
def mixed_spellings(machine: Machine) -> None:
    debian(machine)
    for name, suffix in zip(
        ("xt_set", "xt_mark", "xt_u32", "sctp"),
        (".ko.gz", ".ko.bz2", ".ko.zst", ".ko.xz"),
        strict=True,
    ):
        machine.on_disk[name] = suffix
    machine.tree()
    folder = machine.node.root / f"lib/modules/{RELEASE}"
    old = machine.file("nf_conntrack_netlink")
    new = old.replace("nf_conntrack_netlink", "nf-conntrack-netlink")
    (folder / old).rename(folder / new)
    listed = (folder / "modules.dep").read_text()
    machine.node.write(f"lib/modules/{RELEASE}/modules.dep", listed.replace(old, new))


@FLEET.node(
    "conntrack-not-installed",
    "SCTP is set in the configuration, but the module of which it is a part is missing.",
    {
        "kernel.conntrack": "fail",
        "kernel.conntrack_sctp": "fail",
        "kernel.nf_conntrack_proto_sctp": "fail",
    },
    dark=NO_OPENSHIFT,
)
def conntrack_not_installed(machine: Machine) -> None:
    debian(machine, without=("nf_conntrack", "nf_conntrack_netlink", "xt_conntrack"))
    machine.uninstalled |= {"nf_conntrack", "nf_conntrack_netlink", "xt_conntrack"}
    machine.config("boot/config-{R}")
    machine.tree()


@FLEET.node(
    "reboot-pending",
    "The kernel was replaced while it runs: its modules are gone, those of the next are there.",
    {"kernel.xt_set": "unknown", "kernel.conntrack": "pass", "kernel.ebpf": "pass"},
    dark=(
        *(*NO_OPENSHIFT, "kernel.*", "!kernel.ebpf", "!kernel.xdp", "!kernel.*conntrack"),
        *("!kernel.conntrack_sctp", "!kernel.nf_conntrack_proto_sctp"),
    ),
)
def reboot_pending(machine: Machine) -> None:
    debian(machine)
    machine.load("nf_conntrack", "xt_conntrack", "nf_tables")
    machine.node.write("lib/modules/6.1.0-51-amd64/modules.dep", "kernel/net/xt_set.ko:\n")
    machine.node.write("lib/modules/6.1.0-51-amd64/kernel/net/xt_set.ko", "")
    machine.uninstalled |= set(machine.on_disk)
    machine.on_disk.clear()
