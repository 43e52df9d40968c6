"""What can be proved of what is asked, and what not."""

from __future__ import annotations

from operator import and_

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler import checks
from reqc.compiler.comparison.formula import (
    Every,
    Formula,
    Literal,
    Some,
    of_check,
    of_predicate,
)
from reqc.compiler.comparison.prover import MOST_BRANCHES, entails
from reqc.compiler.comparison.ranges import Ranges, integers
from reqc.compiler.flows import Flow, Ports
from tests.language.reading import document, section


def asked(text: str) -> Formula:
    return of_predicate(document(section(f"must a: {text}")).requirements[0].predicate)


@pytest.mark.parametrize(
    ("premise", "conclusion"),
    [
        ("kernel >= 5.10", "kernel >= 3.10"),
        ("kernel >= 4.18.0-193", "kernel >= 4.18"),
        ("kernel == 4.18.0-193", "kernel == 4.18"),
        ("kernel >= 5.10.40", "kernel >= 5.10"),
        ("kernel < 5.10.40", "kernel < 5.11"),
        ("kernel >= 6", "kernel >= 5.10.40"),
        ("all { kernel >= 5; kernel < 5 }", "arch s390x"),
        ("cpu == 3", "any { cpu >= 5; cpu < 4 }"),
        ("any { cpu >= 4; all { cpu >= 2; memory >= 1GiB } }", "cpu >= 2"),
        ("sysctl a.b = 5", "sysctl a.b >= 3"),
        ("sysctl a.b = 5", "sysctl a.b != 3"),
        ("os rhel 7", "os rhel"),
        ("os rhel 7", "os rhel >= 7"),
        ("os rhel 8.4", "os rhel 8, ubuntu"),
        ("os rhel 7", "not os ubuntu"),
        ("os rhel 8.0", "not os rhel != 8.0"),
        ("arch x86_64", "not arch arm64"),
        ("service a masked", "service a disabled"),
        ("service a absent", "service a disabled"),
        ("service a enabled", "service a present"),
        ("not service a disabled", "not service a masked"),
        ("service a enabled", "not service a masked"),
        ('interface "cali*"', 'interface "cali1", "calico*"'),
        ('interface "cali*", "tunl0"', 'interface "cali*"'),
        ('unmanaged "a", "b"', 'unmanaged "b"'),
        ('file "/f" contains "x"', 'file "/f" exists'),
        ('file "/f" mode 0644', 'not file "/f" mode 0600'),
        ('command "c" >= 2', 'command "c"'),
        ('command "c" >= 2', 'not command "c" < 2'),
        ("software openstack >= yoga", "software openstack >= ussuri"),
        ("not software openstack >= ussuri", "not software openstack >= yoga"),
        ('mount "/m" bpf', 'not mount "/m" tmpfs'),
        ("kconfig ANY = y", "kconfig ANY"),
        ("kconfig ANY = m", "kconfig ANY"),
        ("module ip_tables", "feature iptables"),
        ("feature iptables-nft", "target ACCEPT"),
        ("module nf_conntrack_netlink", "feature conntrack"),
        ("match ipvs", "feature ipvs"),
        ("match set", "feature ipset"),
        ("kconfig VXLAN = y", "feature vxlan"),
        ("allow tcp 100-200 any -> host", "allow tcp 179 host -> host"),
        ("allow icmp any -> host", "allow icmp 8 any -> host"),
    ],
)
def test_one_way_only(premise: str, conclusion: str) -> None:
    assert entails(asked(premise), asked(conclusion))
    assert not entails(asked(conclusion), asked(premise))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not kernel < 5", "kernel >= 5"),
        ('file "/f" absent', 'not file "/f" exists'),
        ("cpu > 2", "cpu >= 3"),
        ("all { cpu >= 2; cpu <= 2 }", "cpu == 2"),
        ('sysctl a.b = "1  2"', 'sysctl a.b = "1 2"'),
        ('argument "a-b=c"', 'argument "a_b=c"'),
        ("match set", "module ipt_set"),
        ("not sysctl a.b = 3", "sysctl a.b != 3"),
        ("service a absent", "not service a present"),
        ("any { arch x86_64; arch arm64 }", "arch aarch64, amd64"),
    ],
)
def test_both_ways(one: str, other: str) -> None:
    assert entails(asked(one), asked(other))
    assert entails(asked(other), asked(one))


@pytest.mark.parametrize(
    ("premise", "conclusion"),
    [
        # Debian's 5.10.0-8 may be 5.10.46.
        ("kernel >= 5.10.40", "kernel >= 5.10.0-9"),
        ("kernel <= 5.10", "kernel <= 5.10.40"),
        ("kernel >= 5.10.40", "kernel > 5.10"),
        # 7.9 is a 7, and more than 7.
        ("os rhel 7", "os rhel <= 7"),
        ("os rhel <= 7", "os rhel 7"),
        # 8 is not known to be 8.0.
        ("os rhel 8", "os rhel 8.0"),
        ("all { os rhel >= 8; os rhel < 8.1 }", "os rhel 8.0"),
        ("os rhel 8.0", "os rhel 9.0"),
        # Without the command neither version is there.
        ('not command "c" >= 2', 'command "c" < 2'),
        ("service a disabled", "service a masked"),
        ('mount "/m" bpf', 'not mount "/n" tmpfs'),
        ("service a absent", "service a stopped"),
        ('interface "cali1"', 'interface "cali*"'),
        ("kconfig VXLAN", "feature vxlan"),
        ("feature ebpf", "kconfig BPF_SYSCALL = y"),
        ("feature conntrack", "module nf_conntrack_netlink"),
        ("allow tcp 179 host -> host", "allow tcp 179 any -> host"),
        ("allow tcp 179 host -> host", "allow udp 179 host -> host"),
        ('manual "One."', 'manual "Two."'),
        ("capability CAP_SYS_ADMIN", "capability CAP_NET_ADMIN"),
        ('endpoint tcp 443 "a.example"', 'endpoint tcp 443 "b.example"'),
        ('endpoint tcp 443 "a.example"', 'endpoint tcp 80 "a.example"'),
        ('file "/f" owner "root"', 'file "/f" owner "daemon"'),
        # A word is neither less nor more.
        ("sysctl a.b != 3", "any { sysctl a.b < 3; sysctl a.b > 3 }"),
        ("sysctl a.b = x", "sysctl a.c = x"),
        # Words have no order.
        ('sysctl a.b >= "x y"', 'sysctl a.b = "x y"'),
        ('sysctl a.b = "x y"', 'sysctl a.b >= "x y"'),
    ],
)
def test_what_is_not_so_is_not_proved(premise: str, conclusion: str) -> None:
    assert not entails(asked(premise), asked(conclusion))


def test_flows_of_all_protocols_have_no_ports() -> None:
    number = Flow(4, (), "host", "host")
    port = Flow(6, (Ports(1, 65535),), "host", "host")
    one = Flow(6, (Ports(179, 179),), "host", "host")

    assert entails(Literal(port), Literal(one))
    assert not entails(Literal(number), Literal(port))


NUMBERS = st.builds(integers, st.sampled_from(checks.Relation), st.integers(0, 4))
RANGES = st.recursive(
    NUMBERS, lambda some: st.builds(and_, some, some) | some.map(Ranges.outside), max_leaves=5
)


@given(RANGES, RANGES)
def test_ranges_are_sets(one: Ranges, other: Ranges) -> None:
    edges = [key for span in (one & other).spans for key in span]

    assert edges == sorted(set(edges)), "neither empty nor met"
    assert one.outside().outside() == one
    assert one & other == other & one
    assert (one & other & one.outside()).spans == ()
    assert (one & other).outside() & one == one & other.outside()


def test_a_proof_that_grows_too_large_is_given_up() -> None:
    """Eleven choices of three are more branches than are tried, and nothing is said wrongly."""
    letters = "abcdefghijk"
    choices = [
        Some(tuple(Literal(checks.FileExists(f"/{letter}{number}")) for number in range(3)))
        for letter in letters
    ]
    assert 3 ** len(letters) > MOST_BRANCHES
    assert not entails(Every(tuple(choices)), Literal(checks.FileExists("/x")))


FLOOR = checks.Relation.AT_LEAST
TWO = checks.CommandVersion("c", relation=FLOOR, version="2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (replace(TWO, version="train"), replace(TWO, version="ussuri")),
        (checks.OsRelease("K", FLOOR, "a"), checks.OsRelease("K", FLOOR, "b")),
        # What a command prints depends on how it is asked.
        (TWO, replace(TWO, arguments=("-V",))),
        (replace(TWO, arguments=("-v",)), replace(TWO, arguments=("-V",))),
    ],
)
def test_what_has_no_order_is_not_compared(one: checks.Probe, other: checks.Probe) -> None:
    assert not entails(of_check(one), of_check(other))
    assert not entails(of_check(other), of_check(one))


@pytest.mark.parametrize("probe", [TWO, replace(TWO, version="x"), replace(TWO, arguments=())])
def test_a_command_with_a_version_is_there(probe: checks.Probe) -> None:
    assert entails(of_check(probe), of_check(checks.CommandVersion("c")))
