"""The facts about kernels and their settings that the check script collects from fake nodes."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from reqc.compiler.checks import KernelCapability, ProcRow
from reqc.compiler.evaluation.facts import Block, Setting
from tests.backends.shell.collecting import collected
from tests.backends.shell.nodes import RELEASE, TREE, Node
from tests.tools import needs_root

NOBODY = 65534


@pytest.fixture
def open_node(open_folder: Path) -> Node:
    """Return a node that every user may look at."""
    needs_root()
    root = open_folder / "root"
    (root / "etc").mkdir(parents=True)
    return Node(root)


def test_the_release(node: Node) -> None:
    node.kernel()
    node.write("proc/version", f"Linux version {RELEASE} (x) #1 SMP Debian 6.1.176-1\n")
    node.write("proc/version_signature", "Ubuntu 5.15.0-94 5.15.136\n")

    kernel = collected(node).kernel

    assert (kernel.release, kernel.running) == (RELEASE, True)
    assert kernel.banner.endswith("Debian 6.1.176-1")
    assert kernel.signature == "Ubuntu 5.15.0-94 5.15.136"


def test_modules(node: Node) -> None:
    node.kernel()
    node.write(
        "proc/modules",
        "live 1 0 - Live 0x0\nleaving 1 0 - Unloading 0x0\n"
        "odd-name 1 2 a,b, Live 0x0 (OE)\nold 1 0\n",
    )
    for name, state in (
        ("live", "live\n"),
        ("coming", "coming\n"),
        ("built_in", None),
        ("a-b", None),
    ):
        node.write(f"sys/module/{name}/refcnt", "0\n")
        if state is not None:
            node.write(f"sys/module/{name}/initstate", state)
    node.tree(
        *("net/plain.ko", "net/gz.ko.gz", "net/xz.ko.xz", "net/zst.ko.zst", "net/bz2-dash.ko.bz2"),
        builtin="kernel/net/x-y.ko\nkernel/lib/crc.ko\nkernel/lib/crc.ko\n",
        aliases="# Aliases\nalias ipt-set xt_set\nalias pci:v0* pcimod\nalias two words more\n"
        "alias net-pf-2 inet\nalias ipt_set xt_set\nalias ipt_set other-set\n"
        "alias ip_set_hash:net,iface ip_set_hash_netiface\n",
    )
    dependencies = node.root / TREE / "modules.dep"
    absolute = "/opt/vendor/far.ko: x.ko\n/opt/vendor/farther.ko:\n"
    dependencies.write_text(
        f"\n{dependencies.read_text()}kernel/net/gone.ko:\nlink.ko:\nbroken.ko:\n{absolute}"
    )
    node.write("opt/vendor/far.ko")
    node.link(f"{TREE}/link.ko", "kernel/net/plain.ko")
    node.link(f"{TREE}/broken.ko", "nowhere.ko")
    node.write(
        f"{TREE}/modules.builtin.modinfo",
        b"ext4.alias=fs-ext4\0ext4.license=GPL\0a.parm=x:first\n\tis true\ntext forged\0"
        b"netfilter.alias=net-pf-16-proto-12\0odd-one.alias=odd:*\0ext4.alias=ext3\0",
    )
    node.write("lib/modules/7.0/modules.dep")
    node.write("lib/modules/empty/other")

    modules = collected(node).kernel.modules

    assert (modules.supported, modules.tree) == (True, f"/{TREE}")
    assert modules.loaded == ["live", "odd_name", "old"]
    assert modules.sysfs == ["built_in", "live"]
    assert modules.builtin == ["x_y", "crc"]
    assert modules.disk == ["plain", "gz", "xz", "zst", "bz2_dash", "link", "far"]
    assert modules.aliases == [
        ("ipt_set", "xt_set"),
        ("net_pf_2", "inet"),
        ("ipt_set", "other_set"),
        ("ip_set_hash:net,iface", "ip_set_hash_netiface"),
    ]
    assert modules.builtin_aliases == [
        ("fs_ext4", "ext4"),
        ("net_pf_16_proto_12", "netfilter"),
        ("ext3", "ext4"),
    ]
    assert modules.other_kernels == ["7.0"]


def test_modules_that_nobody_listed(node: Node) -> None:
    node.kernel(modular=False)
    node.write(f"{TREE}/kernel/net/a-b.ko.zst")
    node.write(f"{TREE}/kernel/net/c.ko")

    modules = collected(node).kernel.modules

    assert (modules.supported, modules.tree) == (False, f"/{TREE}")
    assert sorted(modules.disk) == ["a_b", "c"]
    assert modules.aliases is None


def test_a_kernel_that_does_not_run(node: Node) -> None:
    node.kernel("5.10.0")
    node.tree("net/plain.ko")
    node.write("sys/module/ip_set/version", "7\n")
    node.write("proc/net/ip_tables_matches", "set\n")
    node.write("proc/cmdline", "module_blacklist=x\n")

    kernel = collected(node, arguments=("--kernel-release", RELEASE)).kernel

    assert (kernel.release, kernel.running) == (RELEASE, False)
    assert kernel.modules.disk == ["plain"]
    assert (kernel.modules.loaded, kernel.modules.sysfs, kernel.blocks) == ([], [], [])
    assert (kernel.paths, kernel.lists) == ([], {})


def test_no_tree_but_those_of_others(node: Node) -> None:
    node.kernel()
    node.write("usr/lib/modules/7.0/modules.dep")
    node.link("lib/modules", "../usr/lib/modules")

    modules = collected(node).kernel.modules

    assert modules.tree is None
    assert set(modules.other_kernels) == {"7.0"}
    assert (modules.disk, modules.builtin, modules.builtin_aliases) == ([], [], [])
    assert not modules.aliases


def test_blocks(node: Node) -> None:
    node.kernel()
    node.write("proc/sys/kernel/modules_disabled", "1\n")
    node.write("proc/cmdline", "quiet modprobe.blacklist=a-b,c module_blacklist=d\n")
    node.write(
        "etc/modprobe.d/x.conf",
        "# x\nblacklist  e-f\ninstall g \\\n  /bin/false\ninstall h /sbin/h\n",
    )
    node.write("usr/lib/modprobe.d/x.conf", "blacklist hidden\n")
    node.write('usr/lib/modprobe.d/with "blank".conf', "blacklist i\n")

    blocks = collected(node).kernel.blocks

    assert sorted(blocks, key=lambda block: (block.place, block.module)) == [
        Block(rule="blacklist", module="e_f", place="/etc/modprobe.d/x.conf:2"),
        Block(rule="install", module="g", place="/etc/modprobe.d/x.conf:3"),
        Block(rule="blacklist", module="a_b", place="/proc/cmdline"),
        Block(rule="blacklist", module="c", place="/proc/cmdline"),
        Block(rule="refused", module="d", place="/proc/cmdline"),
        Block(rule="all", module="", place="/proc/sys/kernel/modules_disabled"),
        Block(rule="blacklist", module="i", place='/usr/lib/modprobe.d/with "blank".conf:1'),
    ]


CONFIG = (
    '# Linux "x"\nCONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D="a = \\"b\\""\n'
    "CONFIG_A=m\nis true\n CONFIG_E=y\n# CONFIG_F is odd\nCONFIG_G="
)
SYMBOLS = {"A": "y", "B": "m", "C": "n", "D": '"a = \\"b\\""', "G": ""}


def test_the_configuration(node: Node) -> None:
    node.kernel()
    node.write("proc/config.gz", gzip.compress(CONFIG.encode()))
    node.write(f"boot/config-{RELEASE}", "CONFIG_A=n\n")
    node.write("elsewhere", "CONFIG_H=y\n")

    running = collected(node).kernel.configuration
    other = collected(node, arguments=("--kernel-release", RELEASE.replace("6.1", "6.2"))).kernel
    named = collected(node, arguments=("--kernel-config", str(node.root / "elsewhere"))).kernel

    assert running is not None
    assert (running.file, running.symbols) == ("/proc/config.gz", SYMBOLS)
    assert other.configuration is None
    assert named.configuration is not None
    assert named.configuration.symbols == {"H": "y"}


def test_a_configuration_that_is_cut_off(node: Node) -> None:
    node.kernel()
    node.write(
        "proc/config.gz", gzip.compress(os.urandom(64).hex().encode() + CONFIG.encode())[:-9]
    )

    kernel = collected(node).kernel

    assert kernel.configuration is None
    assert any("/proc/config.gz" in reason for reason in kernel.unread)


def test_lists_and_signs(open_node: Node) -> None:
    open_node.kernel()
    open_node.write("proc/net/ip_tables_matches", "set\nset\n  two   words  here \n\nno end")
    open_node.write("proc/net/ip_tables_targets", "SNAT\n", mode=0o440)
    open_node.write('proc/net/odd "list"', "SCTP  1\n")
    open_node.write("sys/kernel/btf/vmlinux")
    asked = KernelCapability(
        "x", rows=(ProcRow('/proc/net/odd "list"', "SCTP"),), paths=("/etc", "/nowhere")
    )

    kernel = collected(open_node, asked, user=NOBODY).kernel

    assert kernel.lists == {
        "net/ip_tables_matches": ["set", "two words  here", "no end"],
        "net/ip_tables_targets": None,
        'net/odd "list"': ["SCTP 1"],
    }
    assert {"/sys/kernel/btf/vmlinux", "/etc"} <= set(kernel.paths)
    assert "/nowhere" not in kernel.paths
    assert kernel.unread == ["/proc/net/ip_tables_targets needs root"]


def test_settings(open_node: Node) -> None:
    open_node.kernel()
    for key, value in {
        "net/ipv4/ip_forward": "1\n",
        "kernel/printk": "4\t4\t1\t7\n",
        "kernel/modprobe": "\n",
        "dev/cdrom/info": 'CD-ROM: "x"\nsecond: 2\n',
        "net/ipv4/conf/eth0.1/rp_filter": "no end",
        "net/ipv4/conf/a=b/rp_filter": "2\n",
        "kernel/odd": "a: \xe9 \x1b[31m\n",
        "vm/empty": "",
        "net/ipv4/tcp_fastopen_key": "secret\n",
        "net/ipv6/conf/all/stable_secret": "secret\n",
        "fs/binfmt_misc/status": "enabled\n",
    }.items():
        open_node.write(f"proc/sys/{key}", value)
    open_node.write("proc/sys/vm/drop_caches", "0\n", mode=0o200)

    settings = collected(open_node, user=NOBODY).settings

    assert settings.visible
    assert settings.values == {
        "kernel/osrelease": RELEASE,
        "net/ipv4/ip_forward": "1",
        "kernel/printk": "4\t4\t1\t7",
        "kernel/modprobe": "",
        "dev/cdrom/info": 'CD-ROM: "x"',
        "net/ipv4/conf/eth0.1/rp_filter": "no end",
        "net/ipv4/conf/a=b/rp_filter": "2",
        "kernel/odd": "a: \xe9 \x1b[31m",
        "vm/empty": None,
        "vm/drop_caches": None,
        "net/ipv4/tcp_fastopen_key": None,
        "net/ipv6/conf/all/stable_secret": None,
        "fs/binfmt_misc": None,
    }


def test_settings_of_the_next_boot(node: Node) -> None:
    node.write("etc/sysctl.conf", "vm.last=1\n")
    node.write(
        "etc/sysctl.d/20-b.conf", '; x\n\nnet.ipv4.ip_forward = 1 \n-kernel/x.y="2"\nno value\n'
    )
    node.write("usr/lib/sysctl.d/20-b.conf", "vm.hidden=1\n")
    node.write(
        "usr/lib/sysctl.d/10-a.conf",
        "net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter\n",
    )
    node.write("run/sysctl.d/30-none.txt", "vm.other=1\n")

    persistent = collected(node).settings.persistent

    assert persistent == [
        Setting(key="net/ipv4/conf/*/rp_filter", value="2", place="/usr/lib/sysctl.d/10-a.conf:1"),
        Setting(
            key="-net/ipv4/conf/all/rp_filter", value="", place="/usr/lib/sysctl.d/10-a.conf:2"
        ),
        Setting(key="net/ipv4/ip_forward", value="1", place="/etc/sysctl.d/20-b.conf:3"),
        Setting(key="kernel/x.y", value='"2"', place="/etc/sysctl.d/20-b.conf:4"),
        Setting(key="vm/last", value="1", place="/etc/sysctl.conf:1"),
    ]


def test_thousands_of_names_are_no_trouble(node: Node) -> None:
    node.kernel()
    names = [f"m{number:05}" for number in range(3000)]
    node.write(f"{TREE}/modules.dep", "".join(f"kernel/{name}.ko: kernel/x.ko\n" for name in names))
    for name in names[::2]:
        node.write(f"{TREE}/kernel/{name}.ko")
    node.write(f"{TREE}/modules.alias", "".join(f"alias a-{name} {name}\n" for name in names))
    node.config(*(f"CONFIG_{name.upper()}={'y' * 60}" for name in names))
    for name in names[:400]:
        node.write(f"etc/systemd/system/{name * 20}.service", "[Unit]\n")

    facts = collected(node)

    assert facts.kernel.modules.disk == names[::2]
    assert facts.kernel.modules.aliases == [(f"a_{name}", name) for name in names]
    assert facts.kernel.configuration is not None
    assert len(facts.kernel.configuration.symbols) == len(names) + 1
    assert facts.units.files is not None
    assert len(facts.units.files) == 400
