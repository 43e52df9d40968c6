"""Which traffic is in the table, why, and between which addresses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from reqc.backends.base import Reason
from reqc.backends.ports.table import Row, table
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import plain
from tests.backends.ports.reading import rendered
from tests.backends.ports.samples import HOSTILE_DOCUMENTS, page
from tests.documents import role


def said(row: Row) -> str:
    why = "+".join(reason.requirement.origin.id for reason in row.reasons)
    return f"{row.source.role}>{row.destination.role} {row.protocol} {row.ports}: {why}"


def test_what_applies_is_there_and_equal_traffic_is_one_row_with_all_reasons() -> None:
    assert [said(row) for row in table(page(), complete=False)] == [
        "host>host tcp 179: network.bgp",
        "host>host IP protocol 4 no ports: network.ipip",
        "host>host udp 4789: network.vxlan+network.flannel",
        "external>relay tcp all: network.relay",
        "host>etcd tcp 2379-2380: network.store",
        "any>etcd icmpv6 type 128 no ports: network.echo",
    ]


def test_a_complete_table_keeps_apart_what_applies_and_what_does_not() -> None:
    rows = table(page(), complete=True)

    vxlan = [row for row in rows if row.flow.protocol == 17]
    assert [(row.applies, said(row).partition(": ")[2]) for row in vxlan] == [
        (True, "network.vxlan+network.flannel"),
        (False, "network.other"),
        (None, "network.maybe"),
    ]
    assert [plain(reason.condition) for reason in vxlan[0].reasons] == [
        "when vxlan",
        "when flannel",
    ]


def test_the_direction_is_in_words() -> None:
    rows = {row.reasons[0].requirement.origin.id: row for row in table(page(), complete=False)}

    assert rows["network.bgp"].direction == "both ways between any two hosts of host"
    assert rows["network.store"].direction == "from host to etcd, incoming at etcd"


def test_addresses_are_those_in_which_the_protocol_exists() -> None:
    rows = {row.flow.protocol: row for row in table(page(), complete=False)}

    assert rows[17].source.known == "10.98.0.0/24, 10.98.7.7, fd00:98::/120"
    assert rows[4].source.known == "10.98.0.0/24, 10.98.7.7"
    assert rows[58].source.known == "any"
    assert rows[58].destination.known == ""


def test_addresses_of_the_other_version_are_not_the_same_as_none() -> None:
    rows = {
        row.flow.protocol: row
        for row in table(page(hosts=role("host", "fd00::/64")), complete=False)
    }

    assert rows[4].source.addresses == ()
    assert rows[4].source.known == "none that this protocol can use"


def test_a_role_without_hosts_is_named() -> None:
    (row,) = [row for row in table(page(), complete=False) if row.destination.role == "relay"]

    assert [remark.words for remark in row.reasons[0].remarks if remark.label == "Hosts"] == [
        "There are hosts of relay only when relay"
    ]


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        (("etcd",), ["network.store", "network.echo"]),
        (("relay",), ["network.relay", "network.echo"]),
        (
            ("host",),
            ["network.bgp", "network.ipip", "network.vxlan", "network.store", "network.echo"],
        ),
    ],
)
def test_roles_narrow_the_table_to_their_traffic(roles: tuple[str, ...], shown: list[str]) -> None:
    rows = table(page(host_roles=roles), complete=False)

    assert [row.reasons[0].requirement.origin.id for row in rows] == shown


def test_what_has_no_row_is_named() -> None:
    assert [(row.requirement, row.reason, row.detail) for row in rendered(page()).unsupported] == [
        ("node.cpu", Reason.ELSEWHERE, "it asks for no traffic; other targets carry it"),
        (
            "network.maybe",
            Reason.INEXPRESSIBLE,
            "an option that decides whether it applies has no value; choose one with --set",
        ),
    ]
    complete = rendered(page(), rows="all").unsupported
    assert [row.requirement for row in complete] == ["node.cpu"]
    narrowed = rendered(page(host_roles=("relay",))).unsupported
    assert ("network.store", "it is traffic from host to etcd; compile with --role etcd") in [
        (row.requirement, row.detail) for row in narrowed
    ]


@settings(max_examples=100, deadline=None)
@given(HOSTILE_DOCUMENTS)
def test_the_applicable_rows_are_those_of_the_complete_table_that_apply(
    lowered: LoweredDocument,
) -> None:
    complete = table(lowered, complete=True)

    assert table(lowered, complete=False) == tuple(row for row in complete if row.applies)


@settings(max_examples=100, deadline=None)
@given(HOSTILE_DOCUMENTS)
def test_every_flow_is_in_one_row_or_reported(lowered: LoweredDocument) -> None:
    rows = table(lowered, complete=False)
    reported = {row.requirement for row in rendered(lowered).unsupported}

    for item in lowered.requirements:
        mine = [row for row in rows if item in [reason.requirement for reason in row.reasons]]
        ends = {(row.flow.protocol, row.source.role, row.destination.role) for row in mine}
        missing = {(flow.protocol, flow.source, flow.destination) for flow in item.flows} - ends
        if item.applies is False:
            assert not mine
            assert item.origin.id not in reported
        else:
            assert item.origin.id in reported or (item.flows and not missing)


@settings(max_examples=50, deadline=None)
@given(HOSTILE_DOCUMENTS)
def test_no_two_rows_are_the_same_traffic(lowered: LoweredDocument) -> None:
    keys = [(row.flow, row.applies) for row in table(lowered, complete=True)]

    assert len(keys) == len(set(keys))
