"""What the configuration of the kernel proves, and what it cannot prove."""

from __future__ import annotations

import gzip
import os

import pytest

from reqc.compiler.checks import (
    KernelCapability,
    KernelOption,
)
from tests.backends.shell.nodes import RELEASE, TREE, Node, agreed, expect
from tests.backends.shell.samples import XT_SET

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


def test_config_unreadable_is_unknown(node: Node) -> None:
    node.kernel()
    node.tree("net/other.ko")

    expect(node, (XT_SET, "unknown"), (SCTP, "unknown"))


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bnonsense", b"<html>", b"\xfd7zXZ\0"])
def test_config_that_is_none_is_unknown(node: Node, content: bytes) -> None:
    node.kernel(modular=False)
    node.write("proc/config.gz", content)
    node.write(f"boot/config-{RELEASE}", content)

    expect(node, (XT_SET, "unknown"), (SCTP, "unknown"))


def test_config_cut_short_is_unknown(node: Node) -> None:
    node.kernel(modular=False)
    lines = "".join(f"CONFIG_SYMBOL_{os.urandom(8).hex()}=y\n" for _ in range(500))
    node.write("proc/config.gz", gzip.compress(lines.encode())[:-200])

    expect(node, (XT_SET, "unknown"))


def test_config_of_another_release_is_no_proof(node: Node) -> None:
    node.kernel(modular=False)
    node.write("boot/config-6.1.0-51-amd64", "CONFIG_NETFILTER_XT_SET=y\n")
    node.write("usr/src/linux/.config", "CONFIG_NETFILTER_XT_SET=y\n")

    expect(node, (XT_SET, "unknown"))


@pytest.mark.parametrize(
    "place",
    [
        "proc/config.gz",
        f"boot/config-{RELEASE}",
        f"usr/lib/modules/{RELEASE}/config",
        f"lib/modules/{RELEASE}/config",
        f"usr/lib/ostree-boot/config-{RELEASE}",
        f"usr/lib/kernel/config-{RELEASE}",
        f"usr/src/linux-headers-{RELEASE}/.config",
        f"lib/modules/{RELEASE}/build/.config",
        f"usr/src/linux-{RELEASE}/.config",
    ],
)
def test_every_place_of_the_config(node: Node, place: str) -> None:
    node.kernel(modular=False)
    text = b"CONFIG_NETFILTER_XT_SET=y\n# CONFIG_IP_SET is not set"
    node.write(place, gzip.compress(text) if place.endswith(".gz") else text)

    expect(node, (XT_SET, "pass"), (IP_SET, "fail"))


def test_package_missing_names_the_hint(node: Node) -> None:
    node.kernel()
    node.tree("net/other.ko")
    node.config("CONFIG_NETFILTER_XT_SET=m")

    found = described(node, XT_SET)

    assert found.startswith("fail: match set: CONFIG_NETFILTER_XT_SET=m, but its file is not in")
    assert found.endswith("; install kernel-modules-extra")


def test_module_that_was_built_may_have_another_name_where_aliases_are_not_known(
    node: Node,
) -> None:
    node.kernel()
    node.config("CONFIG_NETFILTER_XT_SET=m")
    node.write(f"{TREE}/kernel/net/vendor_set.ko")

    assert "modules.alias, which names its file, cannot be read" in described(node, XT_SET)
    expect(node, (XT_SET, "unknown"))
    node.tree()
    expect(node, (XT_SET, "fail"))


def test_module_that_was_built_without_a_tree_is_unknown(node: Node) -> None:
    node.kernel()
    node.config("CONFIG_NETFILTER_XT_SET=m", "# CONFIG_IP_SET is not set")
    node.write("lib/modules/6.1.0-51-amd64/modules.dep")

    found = described(node, XT_SET)

    assert found.startswith("unknown")
    assert "reboot pending" in found
    expect(node, (IP_SET, "unknown"))


def test_kernel_without_module_support(node: Node) -> None:
    node.kernel(modular=False)
    node.config("# CONFIG_MODULES is not set", "CONFIG_IP_SET=y")

    expect(node, (XT_SET, "fail"), (IP_SET, "pass"))


def test_not_listed_is_not_absent(node: Node) -> None:
    node.kernel()
    node.tree("net/other.ko", builtin="kernel/net/unix.ko\n")

    expect(node, (KernelCapability("nfnetlink", modules=("nfnetlink",)), "unknown"))


def test_property_of_the_kernel_is_decided_by_its_options(node: Node) -> None:
    node.kernel("5.10.0")
    node.write("boot/config-5.10.0", "CONFIG_NF_CT_PROTO_SCTP=y\nCONFIG_BPF_SYSCALL=m\n")

    expect(
        node,
        (SCTP, "pass"),
        (KernelCapability("m", options=(KernelOption("BPF_SYSCALL"),)), "pass"),
        (KernelCapability("y", options=(KernelOption("BPF_SYSCALL", ("y",)),)), "fail"),
        (KernelCapability("gone", options=(KernelOption("GONE"),)), "fail"),
        (
            KernelCapability("any", options=(KernelOption("GONE"), KernelOption("BPF_SYSCALL"))),
            "pass",
        ),
    )


def test_option_counts_only_in_its_lifetime(node: Node) -> None:
    node.kernel("4.12.0")
    node.write("boot/config-4.12.0", "CONFIG_A=y\nCONFIG_B=y\n# CONFIG_LEGACY is not set\n")

    def asks(**when: str) -> KernelCapability:
        return KernelCapability("a", options=(KernelOption("A", **when),))  # type: ignore[arg-type]  # words

    expect(
        node,
        (asks(since="4.12"), "pass"),
        (asks(since="4.12.1"), "unknown"),
        (asks(before="4.12"), "unknown"),
        (asks(before="4.12.1"), "pass"),
        (asks(unless="LEGACY"), "unknown"),
        (asks(unless="B"), "unknown"),
        (asks(unless="C"), "pass"),
        (
            KernelCapability(
                "base", options=(KernelOption("LEGACY"), KernelOption("A", unless="LEGACY"))
            ),
            "fail",
        ),
    )


def test_option_of_a_newer_kernel_says_nothing_about_an_older_one(node: Node) -> None:
    node.kernel("4.18.0-305.el8.x86_64")
    node.write("boot/config-4.18.0-305.el8.x86_64", "CONFIG_MODULES=y\n")
    node.write("lib/modules/4.18.0-305.el8.x86_64/modules.dep", "kernel/net/x.ko:\n")

    expect(node, (WIREGUARD, "unknown"))


@pytest.mark.parametrize("packed", [False, True])
def test_a_configuration_that_is_named_is_the_only_one(node: Node, *, packed: bool) -> None:
    node.kernel(modular=False)
    node.config("# CONFIG_NETFILTER_XT_SET is not set", "CONFIG_IP_SET=y")
    text = b"CONFIG_NETFILTER_XT_SET=y\n# CONFIG_IP_SET is not set\n"
    name = "mine.gz" if packed else "mine"
    node.write(f"../{name}", gzip.compress(text) if packed else text)
    arguments = ("--kernel-config", str(node.root.parent / name))

    expect(node, (XT_SET, "pass"), (IP_SET, "fail"), arguments=arguments)


def test_options_in_the_list_of_modules_are_read_in_one_go(node: Node) -> None:
    node.kernel()
    node.tree("net/other.ko")
    node.config("CONFIG_IP_SET=y", "CONFIG_IP_SETS=y", "# CONFIG_WIREGUARD is not set")
    node.write("etc/modprobe.d/x.conf", "# CONFIG_WIREGUARD is not set\noptions ip_set max=1\n")

    expect(node, (IP_SET, "pass"), (XT_SET, "fail"))
