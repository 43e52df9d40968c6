"""Capabilities of the kernel: the ladder of evidence, and the shortcuts that went wrong."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from msgspec.structs import replace

from reqc.compiler.checks import (
    All,
    Any,
    KernelCapability,
    KernelOption,
    KernelVersion,
    Not,
    ProcRow,
    Relation,
)
from tests.backends.shell.nodes import RELEASE, SHELLS, TREE, Node, agreed, expect, report
from tests.backends.shell.samples import XT_SET, checking, script
from tests.tools import needs_root

SET_BY_ALIAS = KernelCapability("ipt_set", modules=("ipt_set",))
IP_SET = KernelCapability("ip_set", modules=("ip_set",), options=(KernelOption("IP_SET"),))
SCTP = KernelCapability(
    "conntrack of SCTP", options=(KernelOption("NF_CT_PROTO_SCTP", values=("y",), since="4.12"),)
)
WIREGUARD = KernelCapability(
    "wireguard", modules=("wireguard",), options=(KernelOption("WIREGUARD", since="5.6"),)
)
BLACKLIST = "etc/modprobe.d/hardening.conf"


def described(node: Node, check: KernelCapability) -> str:
    """Return the state of a capability and what was found."""
    (item,) = agreed(node, check)
    return f"{item['state']}: {item['found']}"


def test_loaded_module(node: Node) -> None:
    node.kernel()
    node.write("proc/modules", "xt_set 16384 0 - Live 0x0\n")

    assert described(node, XT_SET) == "pass: match set: loaded"


def test_last_line_without_newline(node: Node) -> None:
    node.kernel()
    node.write("proc/modules", "snd 1 0 - Live 0x0\nxt_set 16384 0 - Live 0x0")
    node.write("proc/net/ip_tables_matches", "icmp\nset")

    expect(
        node,
        (KernelCapability("m", modules=("xt_set",)), "pass"),
        (KernelCapability("r", rows=(ProcRow("/proc/net/ip_tables_matches", "set"),)), "pass"),
    )


def test_module_that_is_still_loading_is_no_proof(node: Node) -> None:
    node.kernel()
    node.write("proc/modules", "xt_set 16384 0 - Loading 0x0\n")
    node.write("sys/module/xt_set/initstate", "coming\n")

    expect(node, (XT_SET, "unknown"))


def test_all_built_in(node: Node) -> None:
    node.kernel(modular=False)
    node.config("CONFIG_NETFILTER_XT_SET=y", "CONFIG_IP_SET=y")

    expect(node, (XT_SET, "pass"), (IP_SET, "pass"))


def test_built_in_without_a_folder_in_sysfs(node: Node) -> None:
    node.kernel()
    node.tree(builtin="kernel/net/netfilter/xt_set.ko\nkernel/net/ip_set.ko")

    assert described(node, XT_SET) == "pass: match set: built in"


def test_built_in_with_parameters_is_seen_in_sysfs(node: Node) -> None:
    node.kernel()
    node.write("sys/module/ip_set/parameters/max_sets", "0\n")

    assert described(node, IP_SET).startswith("pass: ip_set: ")
    expect(node, (KernelCapability("up", modules=("..", "../module/ip_set", "")), "unknown"))


def test_substring_match(node: Node) -> None:
    node.kernel()
    node.write(
        "proc/modules", "ip_set_hash_net 1 0 - Live 0x0\nnf_nat 1 1 ip_set,xt_set, Live 0x0\n"
    )
    node.tree("net/my_ip_set.ko", "net/ip_set_bitmap.ko.xz", builtin="kernel/net/ip_setx.ko\n")
    node.config("CONFIG_IP_SET_HASH_NET=m", "CONFIG_XIP_SET=y", "# CONFIG_IP_SET is not set")
    node.write("proc/net/ip_tables_matches", "setx\nsubset\n")

    expect(
        node,
        (IP_SET, "fail"),
        (replace(XT_SET, options=()), "unknown"),
    )


@pytest.mark.parametrize("suffix", [".ko", ".ko.gz", ".ko.xz", ".ko.zst", ".ko.bz2"])
def test_ko_xz_suffix(node: Node, suffix: str) -> None:
    node.kernel()
    node.tree(f"net/xt_set{suffix}")

    assert described(node, XT_SET) == (
        f"pass: match set: on disk, not loaded (kernel/net/xt_set{suffix})"
    )


def test_dashes_and_underscores_are_the_same_but_case_is_not(node: Node) -> None:
    node.kernel()
    node.tree("drivers/vfio-pci.ko", "net/xt_LOG.ko", aliases="alias some-thing vfio-pci\n")

    expect(
        node,
        (KernelCapability("a", modules=("vfio_pci",)), "pass"),
        (KernelCapability("b", modules=("vfio-pci",)), "pass"),
        (KernelCapability("c", modules=("some_thing",)), "pass"),
        (KernelCapability("d", modules=("xt_LOG",)), "pass"),
        (KernelCapability("e", modules=("xt_log",)), "unknown"),
    )


def test_alias_only(node: Node) -> None:
    node.kernel()
    node.tree(
        "net/xt_set.ko.zst", aliases="# Aliases\nalias ip6t_set xt_set\nalias ipt_set xt_set\n"
    )

    assert described(node, SET_BY_ALIAS) == (
        "pass: ipt_set: on disk as xt_set, not loaded (kernel/net/xt_set.ko.zst)"
    )
    expect(node, (KernelCapability("x", modules=("pt_set",)), "unknown"))


def test_alias_of_a_built_in_module(node: Node) -> None:
    node.kernel()
    node.tree()
    node.write(f"{TREE}/modules.builtin.modinfo", b"xt_set.license=GPL\0xt_set.alias=ipt_set\0")

    assert described(node, SET_BY_ALIAS) == "pass: ipt_set: built in as xt_set"


def test_module_that_is_built_in_and_known_by_another_alias_only(node: Node) -> None:
    node.kernel()
    node.tree()
    node.write(f"{TREE}/modules.builtin.modinfo", b"ip_set.alias=nfnetlink-subsys-6\0")

    assert described(node, IP_SET) == "pass: ip_set: built in"


def test_alias_with_a_colon(node: Node) -> None:
    node.kernel()
    node.tree("net/ip_set_hash_net.ko", aliases="alias ip_set_hash:net ip_set_hash_net\n")

    expect(node, (KernelCapability("sets", modules=("ip_set_hash:net",)), "pass"))


def test_file_that_depmod_listed_but_is_gone(node: Node) -> None:
    node.kernel()
    node.tree("net/xt_set.ko")
    (node.root / TREE / "kernel/net/xt_set.ko").unlink()

    expect(node, (XT_SET, "unknown"))


def test_tree_without_modules_dep_is_searched(node: Node) -> None:
    node.kernel()
    node.write(f"{TREE}/kernel/net/xt_set.ko.xz")

    expect(node, (XT_SET, "pass"), (IP_SET, "unknown"))


@pytest.mark.parametrize("command", ["/bin/false", "/bin/true", "/usr/bin/false", "false"])
def test_install_bin_false(node: Node, command: str) -> None:
    node.kernel()
    node.tree("net/xt_set.ko")
    node.write(BLACKLIST, f"# no sets here\n\ninstall xt-set {command}")

    found = described(node, XT_SET)

    assert found.startswith(
        "fail: match set: on disk, not loaded (kernel/net/xt_set.ko), but blocked"
    )
    assert found.endswith(f"/{BLACKLIST}:3)")


def test_blocks_do_not_matter_once_loaded(node: Node) -> None:
    node.kernel()
    node.write("proc/modules", "xt_set 1 0 - Live 0x0\n")
    node.tree("net/xt_set.ko")
    node.write(BLACKLIST, "install xt_set /bin/false\n")

    expect(node, (XT_SET, "pass"))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("install xt_set /sbin/modprobe --ignore-install xt_set", "pass"),
        ("install xt_set_x /bin/false", "pass"),
        ("#install xt_set /bin/false", "pass"),
        ("options xt_set max=1\nsoftdep xt_set pre: install", "pass"),
        ("install \\\n  xt_set \\\n /bin/false", "fail"),
        ("\tinstall\txt_set\t/bin/false", "fail"),
        ("blacklist xt_set", "warn"),
    ],
)
def test_lines_of_modprobe_configuration(node: Node, text: str, state: str) -> None:
    node.kernel()
    node.tree("net/xt_set.ko")
    node.write(BLACKLIST, text)

    expect(node, (XT_SET, state))


def test_blacklist_never_read(node: Node) -> None:
    node.kernel()
    node.tree("net/xt_set.ko", aliases="alias ipt_set xt_set\n")
    node.write("usr/lib/modprobe.d/x.conf", "blacklist xt_set\n")

    expect(
        node,
        (SET_BY_ALIAS, "fail"),
        (XT_SET, "warn"),
        (KernelCapability("either", modules=("ipt_set", "xt_set")), "warn"),
        (Any((XT_SET, KernelVersion(Relation.AT_LEAST, "3.10"))), "pass"),
        (All((XT_SET, KernelVersion(Relation.AT_LEAST, "3.10"))), "warn"),
        (Not(XT_SET), "fail"),
    )


def test_empty_file_lifts_a_block(node: Node) -> None:
    node.kernel()
    node.tree("net/sctp.ko")
    node.write("usr/lib/modprobe.d/sctp-blacklist.conf", "install sctp /bin/false\n")
    node.write("etc/modprobe.d/sctp-blacklist.conf")

    expect(node, (KernelCapability("sctp", modules=("sctp",)), "pass"))


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        ("quiet modprobe.blacklist=snd,xt-set ro", "warn"),
        ("module_blacklist=xt_set", "fail"),
        ("module_blacklist=xt_set_x * x", "pass"),
    ],
)
def test_blocks_of_the_command_line(node: Node, arguments: str, state: str) -> None:
    node.kernel()
    node.tree("net/xt_set.ko")
    node.write("proc/cmdline", f"{arguments}\n")

    expect(node, (XT_SET, state))


def test_modules_disabled_until_the_next_boot(node: Node) -> None:
    node.kernel()
    node.tree("net/xt_set.ko")
    node.write("proc/sys/kernel/modules_disabled", "1\n")

    expect(node, (XT_SET, "fail"))


def test_any_of_with_no_provider(node: Node) -> None:
    node.kernel()
    node.tree("net/other.ko")
    node.config("# CONFIG_NETFILTER_XT_SET is not set", "# CONFIG_IP_SET is not set")
    either = KernelCapability(
        "either",
        modules=("xt_set", "ip_set"),
        options=(KernelOption("NETFILTER_XT_SET"), KernelOption("IP_SET")),
    )

    expect(node, (either, "fail"), (Any((XT_SET, IP_SET)), "fail"))


def test_second_alternative_only(node: Node) -> None:
    node.kernel()
    node.tree("net/ip_set.ko")
    either = KernelCapability("either", modules=("xt_set", "ip_set"))

    expect(node, (either, "pass"), (Any((XT_SET, IP_SET)), "pass"))


def test_rows_and_paths_prove_what_is_live(node: Node) -> None:
    node.kernel()
    node.write("proc/net/ip_tables_matches", "icmp\nset\nset\n")
    node.write("proc/net/protocols", "protocol  size sockets\nSCTP      1448      0\n")
    node.write("proc/sys/net/netfilter/nf_conntrack_max", "1\n")

    expect(
        node,
        (XT_SET, "pass"),
        (KernelCapability("s", rows=(ProcRow("net/protocols", "SCTP"),)), "pass"),
        (KernelCapability("s", rows=(ProcRow("net/protocols", "SCT"),)), "unknown"),
        (KernelCapability("c", paths=("/proc/sys/net/netfilter",)), "pass"),
        (KernelCapability("v", paths=("/proc/net/ip_vs",)), "unknown"),
    )


def test_another_kernel_is_judged_by_its_own_files(node: Node) -> None:
    node.kernel("6.12.0")
    node.write("proc/modules", "ip_set 1 0 - Live 0x0\n")
    node.write("proc/net/ip_tables_matches", "set\n")
    node.write("proc/config.gz", gzip.compress(b"CONFIG_NETFILTER_XT_SET=y\n"))
    node.tree("net/ip_vs.ko")

    expect(
        node,
        (XT_SET, "unknown"),
        (IP_SET, "unknown"),
        (KernelCapability("ipvs", modules=("ip_vs",)), "pass"),
        arguments=("--kernel-release", RELEASE),
    )


def test_container_looked_at_instead_of_host(node: Node) -> None:
    node.write(".dockerenv")
    node.kernel()
    node.tree("net/ip_set.ko", "net/ip_vs.ko")
    node.write("etc/modprobe.d/x.conf", "install ip_vs /bin/false\nblacklist ip_set\n")
    node.config("CONFIG_NETFILTER_XT_SET=m")
    node.write("proc/config.gz", gzip.compress(b"CONFIG_IP_SET=m\nCONFIG_NETFILTER_XT_SET=m\n"))

    expect(
        node,
        (IP_SET, "pass"),
        (XT_SET, "unknown"),
        (KernelCapability("ipvs", modules=("ip_vs",)), "unknown"),
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_root_demanded_for_everything(shell: str, open_folder: Path) -> None:
    needs_root()
    node = Node(open_folder / "root")
    node.kernel()
    node.write("proc/net/ip_tables_matches", "set\n", mode=0o440)
    node.tree("net/ip_set.ko")
    node.write("boot/config-" + RELEASE, "CONFIG_NETFILTER_XT_SET=y\n", mode=0o600)
    text = script(checking(XT_SET, IP_SET))

    unprivileged = report(shell, text, open_folder, "--root", str(node.root), user=65534)
    privileged = report(shell, text, open_folder, "--root", str(node.root))

    assert [item["state"] for item in unprivileged.values()] == ["unknown", "pass"]
    assert "ip_tables_matches needs root" in unprivileged["node.n1"]["found"]
    assert [item["state"] for item in privileged.values()] == ["pass", "pass"]
