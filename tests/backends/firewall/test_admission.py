"""Which traffic a rule set lets in, from whom, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.backends.base import Reason, SettingError
from reqc.backends.firewall.admission import Admission, admission
from reqc.backends.firewall.posture import Mode, Posture, posture
from reqc.backends.firewall.ruling import guarded, ruled
from reqc.backends.firewall.services import Service
from reqc.backends.firewall.text import HEADER_WIDTH, cut, header, object_name, one_line
from reqc.compiler.checks import Manual
from reqc.compiler.flows import Flow, Ports
from reqc.compiler.lowered import LoweredRole
from reqc.compiler.port_ranges import pieces, united, without
from tests.backends.firewall.samples import HOSTS, page, ports
from tests.documents import document, requirement, role

GUARD = Posture(Mode.GUARD, 22, 60)
RANGES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 9)).map(
        lambda row: Ports(row[0], row[0] + row[1])
    ),
    max_size=6,
)


def numbers(ranges: Iterable[Ports]) -> set[int]:
    return {number for item in ranges for number in range(item.first, item.last + 1)}


def asked(*flows: Flow, roles: Iterable[LoweredRole] | None = None) -> Admission:
    rows = [requirement(f"network.r{number}", flows=[flow]) for number, flow in enumerate(flows)]
    return admission(document(*rows, roles=roles))


def test_equal_flows_are_one_permit_with_both_reasons() -> None:
    permits = admission(page()).permits

    assert [str(item) for item in permits] == [
        "tcp 179 from host",
        "IP protocol 4 from host",
        "udp 4789 from host",
        "tcp 2379-2380 from host",
        "tcp 9099 from any source",
    ]
    assert permits[2].reasons == "network.vxlan (example.req:25), network.flannel (example.req:27)"


def test_every_requirement_is_carried_or_reported() -> None:
    for host_roles in [("host",), ("etcd",), ("typha",), ("host", "etcd")]:
        admitted = admission(page(host_roles=host_roles))
        carried = {origin.id for item in admitted.permits for origin in item.origins}
        reported = {row.requirement for row in admitted.unsupported}
        assert carried | reported == {item.origin.id for item in page().requirements}
        assert not carried & reported


def test_traffic_to_other_roles_names_the_role_to_compile_for() -> None:
    rows = admission(page()).unsupported

    assert [(row.requirement, row.reason, row.detail) for row in rows] == [
        ("node.cpu", Reason.ELSEWHERE, "it lets no traffic in; other targets carry it"),
        ("network.typha", Reason.ELSEWHERE, "it is traffic to typha; compile with --role typha"),
        (
            "network.undecided",
            Reason.INEXPRESSIBLE,
            "an option that decides whether it applies has no value; choose one with --set",
        ),
    ]


def test_a_requirement_that_binds_other_hosts_counts_by_where_its_traffic_goes() -> None:
    item = requirement("a.b", flows=[Flow(6, ports(1), "any", "etcd")], roles=("host",))

    assert admission(document(item, host_roles=("etcd",))).permits
    assert not admission(document(item, host_roles=("host",))).permits


def test_networks_are_collapsed_and_split_by_version() -> None:
    hosts = role("host", "10.0.0.0/24", "10.0.0.7", "10.0.1.9/24", "fd00::1", "fd00::/64", "::/0")
    peers = asked(Flow(6, ports(1), "host", "host"), roles=[hosts]).peers[0]

    assert peers.v4 == ("10.0.0.0/23",)
    assert peers.v6 == ("::/1", "8000::/1")


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        (Flow(0, (), "any", "host"), "every protocol"),
        (Flow(256, (), "any", "host"), "every protocol"),
        (Flow(4, ports(7), "any", "host"), "has no ports"),
        (Flow(6, ports(7), "any", "host", icmp_type=8), "has no ICMP types"),
        (Flow(4, (), "host", "host"), "exists in IPv4 only and host has no address there"),
    ],
)
def test_what_no_rule_can_say_is_reported(flow: Flow, words: str) -> None:
    admitted = asked(flow, roles=[role("host", "fd00::/64")])

    assert not admitted.permits
    assert [row.reason for row in admitted.unsupported] == [Reason.INEXPRESSIBLE]
    assert words in admitted.unsupported[0].detail


def test_partial_requirements_are_carried_and_reported() -> None:
    both = requirement(
        "a.both", flows=[Flow(6, ports(1), "host", "etcd"), Flow(6, ports(1), "etcd", "host")]
    )
    guarded_by_fact = requirement(
        "a.fact", flows=[Flow(51, (), "any", "host")], guard=Manual("look")
    )
    admitted = admission(document(both, guarded_by_fact))

    assert len(admitted.permits) == 2
    assert [row.detail for row in admitted.unsupported] == [
        "it is traffic to etcd; compile with --role etcd",
        "in IPv6 protocol 51 is an extension header; the rule is for IPv4 only",
        "it depends on a fact of the node; the rule is written whatever the fact",
    ]


def test_a_service_that_anyone_may_use_is_not_guarded() -> None:
    permits = asked(
        Flow(6, ports((2379, 2381)), "host", "host"),
        Flow(6, ports(2380), "any", "host"),
        Flow(4, (), "host", "host"),
        Flow(4, (), "unknown", "host"),
        roles=[HOSTS],
    ).permits

    assert guarded(permits, 22) == (Service(6, ports(2379, 2381)),)


def test_the_guard_never_takes_ssh_or_the_failsafe() -> None:
    flows = [
        Flow(6, ports((20, 25)), "host", "host"),
        Flow(1, (), "host", "host", icmp_type=8),
        Flow(58, (), "host", "host", icmp_type=135),
        Flow(1, (), "host", "host", icmp_type=13),
    ]
    permits = asked(*flows, roles=[HOSTS]).permits

    assert guarded(permits, 22) == (
        Service(6, ports((20, 21), (23, 25))),
        Service(1, icmp_type=13),
    )


def test_tcp_without_ports_is_all_of_tcp() -> None:
    permits = asked(Flow(6, (), "host", "host"), roles=[HOSTS]).permits

    assert guarded(permits, 2222) == (Service(6, ports((0, 2221), (2223, 65535))),)


def test_a_guard_keeps_permits_that_make_a_hole_in_it() -> None:
    admitted = asked(
        Flow(1, (), "host", "host"),
        Flow(1, (), "any", "host", icmp_type=13),
        Flow(6, ports(80), "any", "host"),
        roles=[HOSTS],
    )
    permits, denied = ruled(admitted, GUARD)

    assert [str(item) for item in permits] == ["icmp from host", "icmp type 13 from any source"]
    assert denied == (Service(1),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "closed"),
        ("ssh-port", "0"),
        ("ssh-port", "70000"),
        ("ssh-port", "²"),
        ("trial", "-1"),
    ],
)
def test_settings_out_of_range_are_refused(name: str, value: str) -> None:
    settings = {"mode": "guard", "ssh-port": "22", "trial": "60"} | {name: value}

    with pytest.raises(SettingError, match=name):
        posture(settings)


@given(RANGES, RANGES)
def test_ranges_are_sets_of_ports(left: list[Ports], right: list[Ports]) -> None:
    assert numbers(united(left)) == numbers(left)
    assert numbers(without(left, right)) == numbers(left) - numbers(right)
    overlapping = Service(6, united(left)).overlaps(Service(6, united(right)))
    assert overlapping == bool(numbers(left) & numbers(right)) or not left


@given(RANGES)
def test_pieces_neither_overlap_nor_lose_a_reason(ranges: list[Ports]) -> None:
    found = pieces((item, number) for number, item in enumerate(ranges))

    seen = [number for item, _ in found for number in numbers([item])]
    assert len(seen) == len(set(seen))
    for item, reasons in found:
        for port in numbers([item]):
            assert set(reasons) == {n for n, part in enumerate(ranges) if port in numbers([part])}


@given(st.text(), st.integers(10, 40))
def test_names_fit_and_differ(text: str, limit: int) -> None:
    name = object_name(text, limit)

    assert len(name) <= limit
    assert name.isascii()
    assert object_name(text + "x", limit) != name


@given(st.text(), st.integers(3, 50))
def test_comments_are_one_line_within_their_bytes(text: str, size: int) -> None:
    comment = cut(one_line(text), size)

    assert len(comment.encode()) <= size
    assert comment.isprintable()
    assert not set(comment) & {'"', "\\"}


@given(st.text())
def test_a_header_line_never_outgrows_a_reader(title: str) -> None:
    item = requirement("a.b", title=title + "x" * 300, flows=[Flow(4, (), "any", "host")])
    asked = document(item)

    for line in header(asked, admission(asked), ()):
        assert len(line) <= HEADER_WIDTH
        assert line.isprintable()
