"""Each probe on fake nodes, with the same verdict in every shell."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reqc.compiler.checks import (
    All,
    Any,
    CommandVersion,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    KernelVersion,
    Manual,
    Mounted,
    Not,
    OperatingSystem,
    OsRelease,
    Reachable,
    Relation,
    Sysctl,
)
from tests.backends.shell.nodes import SHELLS, Node, expect, report
from tests.backends.shell.samples import checking, script
from tests.tools import needs_root

HERE = FileExists("/etc/here")
AWAY = FileExists("/etc/away")
DARK = Sysctl("kernel.dark", Relation.EQUAL, "1")  # the fake node has no /proc/sys


def test_algebra_is_kleenes_and_manual_counts_as_undecided(node: Node) -> None:
    node.write("etc/here")
    person = Manual("look")

    expect(
        node,
        (All(()), "pass"),
        (Any(()), "fail"),
        (All((HERE, HERE)), "pass"),
        (All((DARK, AWAY)), "fail"),
        (All((HERE, DARK)), "unknown"),
        (All((DARK, person)), "unknown"),
        (All((HERE, person)), "manual"),
        (Any((DARK, HERE)), "pass"),
        (Any((AWAY, DARK)), "unknown"),
        (Any((AWAY, person)), "manual"),
        (Any((person, DARK)), "unknown"),
        (Any((AWAY, AWAY)), "fail"),
        (Not(HERE), "fail"),
        (Not(AWAY), "pass"),
        (Not(DARK), "unknown"),
        (Not(person), "manual"),
        (Not(All((HERE, Any((AWAY, Not(AWAY)))))), "fail"),
        (All((Any((All((HERE, Not(AWAY))), DARK)), Not(Any((AWAY, AWAY))))), "pass"),
    )


def test_a_miss_tells_every_failing_part(node: Node) -> None:
    node.write("etc/os-release", "ID=debian\n")
    check = All((OperatingSystem("rhel"), AWAY, HERE))

    found = report("dash", script(checking(check)), node.root.parent, "--root", str(node.root))

    assert found["node.n1"]["found"] == "debian; no such file"
    assert found["node.n1"]["looked"].count("/etc/") == 3


def test_operating_system_with_quotes_and_prefixes(node: Node) -> None:
    node.write("etc/os-release", "NAME='Red Hat'\nID=\"rhel\"\nID_LIKE=fedora\nVERSION_ID='7.9'")

    expect(
        node,
        (OperatingSystem("rhel"), "pass"),
        (OperatingSystem("fedora"), "fail"),
        (OperatingSystem("rhe"), "fail"),
        (OperatingSystem("rhel", Relation.EQUAL, "7"), "pass"),
        (OperatingSystem("rhel", Relation.EQUAL, "7.9"), "pass"),
        (OperatingSystem("rhel", Relation.EQUAL, "7.9.1"), "fail"),
        (OperatingSystem("rhel", Relation.NOT_EQUAL, "7"), "fail"),
        (OperatingSystem("rhel", Relation.AT_LEAST, "7.10"), "fail"),
        (OperatingSystem("rhel", Relation.LESS, "7.10"), "pass"),
        (OperatingSystem("rhel", Relation.AT_MOST, "7"), "fail"),
        (OperatingSystem("rhel", Relation.GREATER, "7"), "pass"),
        (OperatingSystem("rhel", Relation.AT_LEAST, "old"), "unknown"),
    )


def test_os_release_below_usr_through_an_absolute_link(node: Node) -> None:
    node.write(
        "usr/lib/os-release", 'ID=rhcos\nOPENSHIFT_VERSION="4.12"\nODD="a\\"\\$b"\nCODE=ussuri'
    )
    node.link("etc/os-release", "/usr/lib/os-release")

    expect(
        node,
        (OperatingSystem("rhcos"), "pass"),
        (OperatingSystem("rhcos", Relation.AT_LEAST, "4"), "unknown"),
        (OsRelease("OPENSHIFT_VERSION", Relation.AT_LEAST, "4.3"), "pass"),
        (OsRelease("OPENSHIFT_VERSION", Relation.EQUAL, "4"), "fail"),
        (OsRelease("OPENSHIFT_VERSION", Relation.LESS, "4.9"), "fail"),
        (OsRelease("OPENSHIFT", Relation.AT_LEAST, "1"), "unknown"),
        (OsRelease("ODD", Relation.EQUAL, 'a"$b'), "pass"),
        (OsRelease("CODE", Relation.EQUAL, "ussuri"), "pass"),
        (OsRelease("CODE", Relation.NOT_EQUAL, "train"), "pass"),
        (OsRelease("CODE", Relation.AT_LEAST, "train"), "unknown"),
    )


def test_a_node_without_os_release_is_unknown(node: Node) -> None:
    expect(
        node,
        (OperatingSystem("rhel"), "unknown"),
        (OsRelease("X", Relation.EQUAL, "1"), "unknown"),
    )


def test_a_line_without_a_number_declares_no_user(node: Node) -> None:
    node.write("etc/passwd", "x\nroot:x\netcd:x:y\n")
    node.write("etc/file")

    expect(node, (FileOwner("/etc/file", "root"), "unknown"))


def test_files_exist_hold_lines_and_have_modes_and_owners(node: Node) -> None:
    node.write("etc/passwd", "root:x:0:0::/root:/bin/sh\netcd:x:993:993::/:/bin/sh\nx:x:4:4::/:/x")
    node.write("etc/file", b"one\n-two*\n\\n $x\nab ab\nlast", mode=0o4751)
    node.link("etc/link", "/etc/file")
    node.link("etc/broken", "/nowhere")
    os.chown(node.root / "etc/file", 993, 0)
    os.chown(node.root / "etc/passwd", 4242, 0)
    (node.root / "etc/file").chmod(0o4751)

    expect(
        node,
        (FileExists("/etc/link"), "pass"),
        (FileExists("/etc/broken"), "fail"),
        (FileExists("/etc"), "fail"),
        (FileExists("/etc/file/below"), "fail"),
        (FileContains("/etc/link", ("last", "one", "-two*", "\\n $x", "ab ab")), "pass"),
        (FileContains("/etc/file", ("on",)), "fail"),
        (FileContains("/etc/file", ("ab",)), "fail"),
        (FileContains("/etc/file", (".*",)), "fail"),
        (FileContains("/etc/file", ("",)), "fail"),
        (FileContains("/etc/file", ("one\n-two*",)), "fail"),
        (FileContains("/etc/file", ("zero",)), "fail"),
        (FileContains("/etc/missing", ("x",)), "fail"),
        (FileMode("/etc/link", 0o4751), "pass"),
        (FileMode("/etc/file", 0o751), "fail"),
        (FileMode("/etc/missing", 0o751), "fail"),
        (FileOwner("/etc/link", "etcd"), "pass"),
        (FileOwner("/etc/file", "993"), "pass"),
        (FileOwner("/etc/file", "root"), "fail"),
        (FileOwner("/etc/file", "ldapuser"), "fail"),
        (FileOwner("/etc/passwd", "root"), "fail"),
        (FileOwner("/etc/passwd", "ldapuser"), "unknown"),
    )


MOUNTS = r"""sysfs /sys sysfs rw 0 0
bpf /sys/fs/bpf bpf rw 0 0
tmpfs /a\040b tmpfs rw 0 0
tmpfs /hash\043 tmpfs rw 0 0
systemd-1 /mnt/x autofs rw 0 0
/dev/vda1 /mnt/x ext4 rw 0 0
tmpfs /mnt/x/deeper tmpfs rw 0 0
/dev/vdb /last xfs rw 0 0"""


def test_mounts(node: Node) -> None:
    node.write("proc/mounts", MOUNTS)

    expect(
        node,
        (Mounted("/sys/fs/bpf", "bpf"), "pass"),
        (Mounted("/sys/fs/bpf/", "bpf"), "pass"),
        (Mounted("/sys/fs/bp", "bpf"), "fail"),
        (Mounted("/sys/fs", "bpf"), "fail"),
        (Mounted("/sys/fs/bpf", "sysfs"), "fail"),
        (Mounted("/a b", "tmpfs"), "pass"),
        (Mounted("/hash#", "tmpfs"), "pass"),
        (Mounted("/mnt/x", "ext4"), "pass"),
        (Mounted("/mnt/x", "autofs"), "fail"),
        (Mounted("/last", "xfs"), "pass"),
    )


def test_mounts_that_cannot_be_read_are_unknown(node: Node) -> None:
    expect(node, (Mounted("/sys/fs/bpf", "bpf"), "unknown"))


def test_commands_are_found_but_not_run_below_another_root(node: Node) -> None:
    node.write("usr/sbin/nft", "#!/bin/sh\ntouch canary\n", mode=0o755)
    node.write("usr/sbin/plain", "", mode=0o644)
    version = (Relation.AT_LEAST, "1.0")

    expect(
        node,
        (CommandVersion("nft"), "pass"),
        (CommandVersion("/usr/sbin/nft"), "pass"),
        (CommandVersion("plain"), "fail"),
        (CommandVersion("missing"), "fail"),
        (CommandVersion("../sbin/nft"), "fail"),
        (CommandVersion("nft", ("--version",), *version), "unknown"),
        (CommandVersion("missing", ("--version",), *version), "fail"),
    )
    assert not list(node.root.parent.rglob("canary"))


def test_connections_are_not_tried_unless_asked_for(node: Node) -> None:
    expect(
        node,
        (Reachable("etcd", ("127.0.0.1",), 2379), "unknown"),
        (Reachable("etcd", (), 2379), "unknown"),
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("run/systemd/container", "podman\n"),
        ("run/.containerenv", ""),
        (".dockerenv", ""),
        ("run/secrets/kubernetes.io/token", "x"),
        ("proc/1/environ", "A=b\0container=lxc\0"),
    ],
)
def test_in_a_container_the_image_is_not_the_host(node: Node, path: str, text: str) -> None:
    node.write(path, text)
    node.write("etc/os-release", "ID=debian\n")
    node.kernel("5.10.0")

    expect(
        node,
        (OperatingSystem("debian"), "unknown"),
        (OperatingSystem("rhel"), "unknown"),
        (KernelVersion(Relation.AT_LEAST, "5.10"), "pass"),
        (FileExists("/proc/sys/kernel/osrelease"), "pass"),
        (FileExists("/etc/os-release"), "unknown"),
    )


def test_windows_subsystem_is_no_container(node: Node) -> None:
    node.write("run/systemd/container", "wsl\n")
    node.write("etc/os-release", "ID=debian\n")

    expect(node, (OperatingSystem("debian"), "pass"))


@pytest.mark.parametrize("shell", SHELLS)
def test_what_only_root_can_read_is_unknown(shell: str, open_folder: Path) -> None:
    needs_root()
    node = Node(open_folder / "root")
    node.write("etc/secret/file", "x\n")
    node.write("etc/closed", "x\n", mode=0o600)
    node.write("proc/sys/net/core/secret", "1\n", mode=0o200)
    (node.root / "etc/secret").chmod(0o700)
    text = script(
        checking(
            FileExists("/etc/secret/file"),
            FileExists("/etc/secret/deeper/file"),
            FileContains("/etc/closed", ("x",)),
            Sysctl("net.core.secret", Relation.EQUAL, "1"),
            FileExists("/etc/absent"),
        )
    )

    found = report(shell, text, open_folder, "--root", str(node.root), user=65534)

    assert [item["state"] for item in found.values()] == ["unknown"] * 4 + ["fail"]
