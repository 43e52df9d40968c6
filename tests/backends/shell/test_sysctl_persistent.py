"""Settings that hold now, against what sysctl.d makes of them at the next boot."""

from __future__ import annotations

import pytest

from reqc.compiler.checks import Not, Relation, Sysctl
from tests.backends.shell.nodes import Node, agreed, expect

FORWARD = Sysctl("net.ipv4.ip_forward", Relation.EQUAL, "1")
FILTER = Sysctl("net.ipv4.conf.all.rp_filter", Relation.AT_MOST, "1")


@pytest.fixture
def forwarding(node: Node) -> Node:
    """Return a node that forwards packets now."""
    node.write("proc/sys/kernel/osrelease", "6.1.0\n")
    node.write("proc/sys/net/ipv4/ip_forward", "1\n")
    node.write("proc/sys/net/ipv4/conf/all/rp_filter", "1\n")
    return node


def found(node: Node, check: Sysctl = FORWARD) -> str:
    """Return the state of a setting and what was found, the root left out."""
    (item,) = agreed(node, check)
    return f"{item['state']}: {item['found']}".replace(str(node.root), "")


def test_nothing_persistent_is_no_caution(forwarding: Node) -> None:
    assert found(forwarding) == "pass: 1"


def test_what_the_next_boot_undoes_is_a_caution(forwarding: Node) -> None:
    forwarding.write("etc/sysctl.d/50-router.conf", "# no router\nnet.ipv4.ip_forward = 0\n")

    assert found(forwarding) == (
        "warn: 1 holds now, but /etc/sysctl.d/50-router.conf:2 sets 0 at the next boot"
    )
    expect(forwarding, (Not(FORWARD), "fail"))


def test_what_the_next_boot_brings_is_said_and_fails(forwarding: Node) -> None:
    forwarding.write("proc/sys/net/ipv4/ip_forward", "0\n")
    forwarding.write("etc/sysctl.d/50-router.conf", "net.ipv4.ip_forward=1")

    assert found(forwarding) == (
        "fail: 0, although /etc/sysctl.d/50-router.conf:1 sets 1 at the next boot"
    )


@pytest.mark.parametrize(
    "line",
    [
        "net.ipv4.ip_forward=0",
        "net/ipv4/ip_forward = 0",
        "-net.ipv4.ip_forward = 0",
        "  net.ipv4.ip_forward\t=\t0  ",
        "net.ipv4.ip_forward = 0\r",
        "net.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = 0",
        "net.ipv4.ip_forw?rd = 0",
        "net.ipv4.* = 0",
        "net/*/ip_forward = 0",
        "net.ipv4.ip_[!x]orward = 0",
        "net.ipv4.ip_forward = words",
    ],
)
def test_lines_that_count(forwarding: Node, line: str) -> None:
    forwarding.write("etc/sysctl.d/x.conf", line)

    assert found(forwarding).startswith("warn")


@pytest.mark.parametrize(
    "line",
    [
        "#net.ipv4.ip_forward=0",
        "; net.ipv4.ip_forward = 0",
        "net.ipv4.ip_forward",
        "net.ipv4.ip_forward_use_pmtu = 0",
        "xnet.ipv4.ip_forward = 0",
        "net.* = 0",
        "*.ip_forward = 0",
        "net.ipv4.ip_[!f]orward = 0",
        "net.ipv4/ip_forward = 0",
        "net.ipv4.ip_forward = 0\nnet.ipv4.ip_forward = 1",
        "net.ipv4.ip_forward = 1\nnet.ipv4.* = 0",
        "net.ipv4.* = 0\n-net.ipv4.ip_forward",
        "-net.ipv4.ip_forward\nnet.ipv4.* = 0",
        "net.ipv4.ip_forward = 0\n-net.ipv4.ip_forward",
        "net.ipv4.* = 0\nnet.*.ip_forward = 1",
        "",
        "= 0",
    ],
)
def test_lines_that_do_not_count(forwarding: Node, line: str) -> None:
    forwarding.write("etc/sysctl.d/x.conf", line)

    assert found(forwarding) == "pass: 1"


def test_a_slash_first_leaves_dots_alone(forwarding: Node) -> None:
    forwarding.write("proc/sys/net/ipv4/conf/eth0.100/rp_filter", "1\n")
    forwarding.write("etc/sysctl.d/x.conf", "net/ipv4/conf/eth0.100/rp_filter = 2\n")
    check = Sysctl("net.ipv4.conf.eth0/100.rp_filter", Relation.AT_MOST, "1")

    assert found(forwarding, check).startswith("warn")
    forwarding.write("etc/sysctl.d/x.conf", "net.ipv4.conf.eth0/100.rp_filter = 2\n")
    assert found(forwarding, check).startswith("warn")


@pytest.mark.parametrize(
    "key",
    [
        "net/ipv4/conf/eth0.100/rp_filter",
        "/net/ipv4/conf/eth0.100/rp_filter",
        "net.ipv4.conf.eth0/100.rp_filter",
    ],
)
def test_a_key_is_spelled_as_in_its_files(forwarding: Node, key: str) -> None:
    forwarding.write("proc/sys/net/ipv4/conf/eth0.100/rp_filter", "1\n")
    check = Sysctl(key, Relation.EQUAL, "1")

    assert found(forwarding, check) == "pass: 1"
    forwarding.write("etc/sysctl.d/x.conf", f"{key} = 2\n")
    assert found(forwarding, check).startswith("warn: 1 holds now, but /etc/sysctl.d/x.conf:1")


def test_files_go_by_name_over_all_folders(forwarding: Node) -> None:
    forwarding.write("etc/sysctl.d/10-a.conf", "net.ipv4.ip_forward = 0\n")
    forwarding.write("usr/lib/sysctl.d/20-b.conf", "net.ipv4.ip_forward = 1\n")
    forwarding.write("run/sysctl.d/15-c.conf", "net.ipv4.ip_forward = 0\n")
    forwarding.write("etc/sysctl.d/99-readme", "net.ipv4.ip_forward = 0\n")

    assert found(forwarding) == "pass: 1"


def test_an_earlier_folder_hides_a_name(forwarding: Node) -> None:
    forwarding.write("usr/lib/sysctl.d/50-x.conf", "net.ipv4.ip_forward = 0\n")
    forwarding.write("usr/lib/sysctl.d/60-y.conf", "net.ipv4.ip_forward = 0\n")
    forwarding.write("etc/sysctl.d/50-x.conf")
    forwarding.link("run/sysctl.d/60-y.conf", "/dev/null")

    assert found(forwarding) == "pass: 1"


def test_sysctl_conf_comes_last(forwarding: Node) -> None:
    forwarding.write("etc/sysctl.d/zz.conf", "net.ipv4.ip_forward = 1\n")
    forwarding.write("etc/sysctl.conf", "net.ipv4.ip_forward = 0\n")

    assert "/etc/sysctl.conf:1 sets 0" in found(forwarding)


def test_the_link_to_sysctl_conf_has_its_place(forwarding: Node) -> None:
    forwarding.write("etc/sysctl.conf", "net.ipv4.ip_forward = 0\n")
    forwarding.link("etc/sysctl.d/99-sysctl.conf", "../sysctl.conf")
    forwarding.write("etc/sysctl.d/zz.conf", "net.ipv4.ip_forward = 1\n")

    assert found(forwarding) == "pass: 1"


def test_several_words_are_compared_as_words(node: Node) -> None:
    node.write("proc/sys/kernel/printk", "4\t4\t1\t7\n")
    node.write("etc/sysctl.d/x.conf", "kernel.printk = 4 4  1 7\n")
    check = Sysctl("kernel.printk", Relation.EQUAL, "4 4 1 7")

    assert found(node, check) == "pass: 4 4 1 7"


def test_the_image_of_a_container_is_not_its_host(forwarding: Node) -> None:
    forwarding.write("proc/sys/kernel/pid_max", "65536\n")
    forwarding.write("etc/sysctl.d/x.conf", "kernel.pid_max = 1\n")
    forwarding.write(".dockerenv")

    assert found(forwarding, Sysctl("kernel.pid_max", Relation.AT_LEAST, "2")) == "pass: 65536"


def test_a_hostile_line_is_only_a_line(forwarding: Node) -> None:
    forwarding.write(
        "etc/sysctl.d/x.conf",
        "[ = 0\nnet.ipv4.[ = 0\nnet.ipv4.+( = 0\n\\ = 1\n$(touch canary) = `id`\n"
        "net.ipv4.ip_forward = 1\\n\tnow\n",
    )

    assert found(forwarding).startswith("warn: 1 holds now, but /etc/sysctl.d/x.conf:6 sets 1\\n n")
    assert not list(forwarding.root.parent.rglob("canary"))


def test_many_settings_are_read_by_one_process(forwarding: Node) -> None:
    for number in range(20):
        forwarding.write(f"proc/sys/kernel/value{number}", f"{number}\n")

    expect(
        forwarding,
        *(
            (Sysctl(f"kernel.value{number}", Relation.EQUAL, str(number)), "pass")
            for number in range(20)
        ),
        (FILTER, "pass"),
    )
