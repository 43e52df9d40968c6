"""Probes of the machine and its kernel, with the same verdict in every shell."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from reqc.backends.shell.patterns import with_bit
from reqc.compiler.checks import (
    Architecture,
    Capability,
    DiskSpace,
    InterfaceNamesFree,
    KernelVersion,
    Memory,
    PortFree,
    Processors,
    Relation,
    Sysctl,
)
from tests.backends.shell.nodes import Node, expect


def test_architecture_from_the_kernel(node: Node) -> None:
    node.write("proc/sys/kernel/arch", "aarch64\n")

    expect(
        node,
        (Architecture(("x86_64", "aarch64")), "pass"),
        (Architecture(("x86_64",)), "fail"),
        (Architecture(("aarch", "arch64", "x")), "fail"),
    )


def test_architecture_from_the_shell_of_an_older_node(node: Node) -> None:
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xb7\x00"
    node.write("usr/bin/busybox", header)
    node.link("bin", "/usr/bin")
    node.link("usr/bin/sh", "busybox")

    expect(node, (Architecture(("aarch64",)), "pass"), (Architecture(("x86_64",)), "fail"))


def test_architecture_of_a_node_that_does_not_tell_is_unknown(node: Node) -> None:
    expect(node, (Architecture(("x86_64",)), "unknown"))


def test_sysctl_compares_numbers_of_any_size_and_words(node: Node) -> None:
    node.write("proc/sys/kernel/osrelease", "6.1.0\n")
    node.write("proc/sys/net/ipv4/conf/eth0.100/rp_filter", "2\n")
    node.write("proc/sys/fs/file-max", "9223372036854775807\n")
    node.write("proc/sys/kernel/negative", "-1\n")
    node.write("proc/sys/net/ipv4/tcp_rmem", "4096\t131072  6291456\n")

    expect(
        node,
        (Sysctl("net.ipv4.conf.eth0/100.rp_filter", Relation.EQUAL, "2"), "pass"),
        (Sysctl("fs.file-max", Relation.AT_LEAST, "4294967296"), "pass"),
        (Sysctl("fs.file-max", Relation.LESS, "9223372036854775806"), "fail"),
        (Sysctl("kernel.negative", Relation.LESS, "0"), "pass"),
        (Sysctl("kernel.negative", Relation.GREATER, "-2"), "pass"),
        (Sysctl("kernel.negative", Relation.EQUAL, "-01"), "pass"),
        (Sysctl("net.ipv4.tcp_rmem", Relation.EQUAL, "4096 131072 6291456"), "pass"),
        (Sysctl("net.ipv4.tcp_rmem", Relation.EQUAL, "4096"), "fail"),
        (Sysctl("net.ipv4.tcp_rmem", Relation.AT_LEAST, "4096"), "unknown"),
        (Sysctl("net.bridge.bridge-nf-call-iptables", Relation.EQUAL, "1"), "fail"),
    )


def test_sysctl_of_an_empty_file_is_unknown_and_of_an_empty_line_is_not(node: Node) -> None:
    node.write("proc/sys/kernel/modprobe", "\n")
    node.write("proc/sys/kernel/nothing")

    expect(
        node,
        (Sysctl("kernel.modprobe", Relation.NOT_EQUAL, "/sbin/modprobe"), "pass"),
        (Sysctl("kernel.nothing", Relation.NOT_EQUAL, "x"), "unknown"),
    )


def test_sysctl_of_a_node_without_proc_is_unknown(node: Node) -> None:
    expect(node, (Sysctl("vm.swappiness", Relation.EQUAL, "1"), "unknown"))


INTERFACES = ("cali1", "eth0", "tunl0", "a(b", "x^")
GLOBS = (
    *("cali*", "[ce]*", "[!ce]*", "[^zc]*", "et?0", "*(b", "a(*", "@(eth0|x)", "x^", "[x", "eth"),
    *("[]a]*", "[a-c]*", "*[0-9]", "$(touch canary)", "x]", "'eth0'"),
)


def test_interface_names_belong_to_hardware_or_are_free(node: Node) -> None:
    for name in INTERFACES:
        node.write(f"sys/class/net/{name}/device/vendor")
    node.write("sys/class/net/veth0/address")

    expect(
        node,
        *(
            (
                InterfaceNamesFree((glob,)),
                "fail"
                if [name for name in INTERFACES if fnmatchcase(name, glob.replace("[^", "[!"))]
                else "pass",
            )
            for glob in GLOBS
        ),
        (InterfaceNamesFree(("veth*",)), "pass"),
        (InterfaceNamesFree((r"\c\a*",)), "fail"),
        (InterfaceNamesFree((r"cali\*", r"cali1\\")), "pass"),
        (InterfaceNamesFree(("veth*", "eth*")), "fail"),
    )


def test_interfaces_that_cannot_be_listed_are_unknown(node: Node) -> None:
    expect(node, (InterfaceNamesFree(("cali*",)), "unknown"))


@pytest.mark.parametrize("bit", [0, 3, 12, 21, 40, 63])
def test_capability_pattern_has_exactly_the_bit(bit: int) -> None:
    for number in (1 << bit, (1 << 64) - 1, (1 << 64) - 1 - (1 << bit), 0):
        text = f"{number:016x}"

        assert fnmatchcase(text, with_bit(bit)) == bool(number >> bit & 1)


def test_capability_of_this_process(node: Node) -> None:
    status = Path("/proc/self/status").read_text().split("CapBnd:\t")[1]
    bounding = int(status.partition("\n")[0], 16)

    expect(
        node,
        *(
            (Capability(f"bit {bit}", bit), "pass" if bounding >> bit & 1 else "fail")
            for bit in (0, 12, 21, 39, 40, 62, 70)
        ),
    )


@pytest.mark.parametrize(
    ("online", "states"),
    [
        ("0-3,5\n", ("pass", "fail")),
        ("0\n", ("fail", "fail")),
        ("0-127", ("pass", "pass")),
        ("0-$(touch canary)", ("unknown", "unknown")),
        ("0-08", ("unknown", "unknown")),
    ],
)
def test_processors(node: Node, online: str, states: tuple[str, str]) -> None:
    node.write("sys/devices/system/cpu/online", online)

    expect(
        node,
        *(
            (Processors(Relation.AT_LEAST, count), state)
            for count, state in zip((5, 6), states, strict=True)
        ),
    )
    assert not list(node.root.parent.rglob("canary"))


def test_processors_of_an_older_kernel(node: Node) -> None:
    node.write(
        "proc/cpuinfo", "processor\t: 0\n\nprocessor\t: 1\nprocessors too\n".replace("too", "")
    )

    expect(node, (Processors(Relation.GREATER, 1), "pass"))


def test_memory_beyond_32_bits(node: Node) -> None:
    node.write("proc/meminfo", "MemTotal:        8589934592 kB\nMemFree: 1 kB\n")

    expect(
        node,
        (Memory(Relation.AT_LEAST, 8589934592), "pass"),
        (Memory(Relation.AT_LEAST, 8589934593), "fail"),
        (Memory(Relation.GREATER, 4294967296), "pass"),
    )


def test_disk_space_of_the_file_system_that_would_hold_the_path(node: Node) -> None:
    statistics = os.statvfs(node.root)
    size = statistics.f_blocks * statistics.f_frsize // 1024

    expect(
        node,
        (DiskSpace("/etc", Relation.EQUAL, size), "pass"),
        (DiskSpace("/not/there/yet", Relation.EQUAL, size), "pass"),
        (DiskSpace("/etc", Relation.GREATER, size), "fail"),
    )


TCP = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 00000000:280A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:0016 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0
   2: 0100007F:01BB 00000000:0000 06 00000000:00000000 00:00000000 00000000     0"""
TCP6 = TCP.replace("00000000:280A", "00000000000000000000000000000000:0FA0")


def test_ports_are_free_unless_something_listens(node: Node) -> None:
    node.write("proc/net/tcp", TCP)
    node.write("proc/net/tcp6", TCP6)
    node.write("proc/net/udp", TCP.replace(" 0A ", " 07 "))

    expect(
        node,
        (PortFree("tcp", 0x280A), "fail"),
        (PortFree("tcp", 0xFA0), "fail"),
        (PortFree("tcp", 22), "pass"),
        (PortFree("tcp", 443), "pass"),
        (PortFree("tcp", 0x80A), "pass"),
        (PortFree("udp", 0x280A), "fail"),
        (PortFree("udp", 0xFA0), "pass"),
    )


def test_ports_of_a_mounted_host_are_those_of_its_first_process(node: Node) -> None:
    node.write("proc/net/tcp", "nothing\n")
    node.write("proc/1/net/tcp", TCP)

    expect(node, (PortFree("tcp", 0x280A), "fail"), (PortFree("udp", 1), "unknown"))


def test_kernel_versions(node: Node) -> None:
    node.kernel("4.18.0-305.el8.x86_64")

    expect(
        node,
        (KernelVersion(Relation.AT_LEAST, "4.18.0-193"), "pass"),
        (KernelVersion(Relation.AT_LEAST, "4.18.0-305.1"), "fail"),
        (KernelVersion(Relation.AT_LEAST, "4.18"), "pass"),
        (KernelVersion(Relation.EQUAL, "4.18"), "pass"),
        (KernelVersion(Relation.GREATER, "4.18"), "fail"),
        (KernelVersion(Relation.AT_LEAST, "4.19"), "fail"),
        (KernelVersion(Relation.AT_LEAST, "3.10"), "pass"),
        (KernelVersion(Relation.AT_LEAST, "10.0"), "fail"),
        (KernelVersion(Relation.AT_LEAST, "4.18.5"), "unknown"),
    )


def test_point_release_that_debian_hides_is_read_from_the_banner(node: Node) -> None:
    node.kernel()
    node.write(
        "proc/version", "Linux version 6.1.0-50-amd64 (gcc (Debian 12.2)) #1 SMP Debian 6.1.176-1"
    )

    expect(
        node,
        (KernelVersion(Relation.AT_LEAST, "6.1.176"), "pass"),
        (KernelVersion(Relation.AT_LEAST, "6.1.177"), "fail"),
        (KernelVersion(Relation.AT_LEAST, "6.2.1"), "fail"),
    )
    expect(
        node,
        (KernelVersion(Relation.AT_LEAST, "6.1.176"), "unknown"),
        (KernelVersion(Relation.AT_LEAST, "6.1"), "pass"),
        arguments=("--kernel-release", "6.1.0-51-amd64"),
    )


def test_point_release_of_ubuntu(node: Node) -> None:
    node.kernel("5.15.0-94-generic")
    node.write("proc/version_signature", "Ubuntu 5.15.0-94.104-generic 5.15.136\n")

    expect(
        node,
        (KernelVersion(Relation.AT_LEAST, "5.15.90"), "pass"),
        (KernelVersion(Relation.AT_LEAST, "5.15.137"), "fail"),
    )


def test_kernel_without_a_release_is_unknown(node: Node) -> None:
    expect(node, (KernelVersion(Relation.AT_LEAST, "3.10"), "unknown"))
