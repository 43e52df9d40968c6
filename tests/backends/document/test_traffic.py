"""The diagram before it is drawn, and the summary for programs."""

from __future__ import annotations

import json

from hypothesis import given, settings

from reqc.backends.document.summary import as_json, summary
from reqc.backends.document.traffic import Arrow, diagram
from reqc.compiler.conditions import Chosen
from reqc.compiler.flows import ICMP, TCP, Flow, Ports
from reqc.compiler.lowered import LoweredDocument
from tests.backends.example import example
from tests.backends.strategies import HOSTILE, documents
from tests.documents import document, requirement, role

ONE = Flow(TCP, (Ports(1, 1),), "host", "relay")
PING = Flow(ICMP, (), "any", "any", 8)


def test_equal_traffic_is_one_arrow_with_all_its_reasons() -> None:
    lowered = document(
        requirement("a.b", flows=[ONE, PING], condition=Chosen("x")),
        requirement("a.c", flows=[ONE]),
        roles=[role("relay"), role("unused"), role("host")],
    )

    found = diagram(lowered, lowered.requirements)

    assert found.roles == ("relay", "host", "any")
    assert found.arrows == (
        Arrow("host", "relay", "TCP 1", ("a.b", "a.c"), conditional=False),
        Arrow("any", "any", "ICMP type 8", ("a.b",), conditional=True),
    )
    assert [arrow.both_ways for arrow in found.arrows] == [False, True]


@settings(max_examples=40, deadline=None)
@given(documents(HOSTILE))
def test_every_flow_is_in_the_diagram(lowered: LoweredDocument) -> None:
    found = diagram(lowered, lowered.requirements)

    asked = {
        (flow.source, flow.destination, item.origin.id)
        for item in lowered.requirements
        for flow in item.flows
    }
    assert asked == {
        (arrow.source, arrow.destination, id_)
        for arrow in found.arrows
        for id_ in arrow.requirements
    }
    assert set(found.roles) == {end for source, end, _ in asked} | {one for one, _, _ in asked}


@settings(max_examples=40, deadline=None)
@given(documents(HOSTILE))
def test_the_summary_has_a_row_for_each_requirement(lowered: LoweredDocument) -> None:
    text = "".join(as_json(summary(lowered, lowered.requirements)))

    read = json.loads(text)
    assert [row["id"] for row in read["requirements"]] == [
        item.origin.id for item in lowered.requirements
    ]
    assert [row["name"] for row in read["options"]] == [one.name for one in lowered.options]
    assert text.isascii()


def test_a_row_of_the_summary_says_what_programs_ask_for() -> None:
    rows = {row["id"]: row for row in summary(example(), example().requirements)["requirements"]}

    assert rows["network.relay"] == {
        "id": "network.relay",
        "level": "MUST",
        "says": "Hosts and relays exchange updates",
        "hosts": ["host"],
        "applies": False,
        "condition": "mesh",
        "withdrawn": False,
        "traffic": [
            traffic("host", 6, "5473", "6000-6010"),
            traffic("external", 17, "5473"),
        ],
        "stated": ["page:14"],
        "place": "example.req:14",
    }


def traffic(source: str, protocol: int, *ports: str) -> dict[str, object]:
    ends: dict[str, object] = {"from": source, "to": "relay"}
    return {**ends, "protocol": protocol, "ports": list(ports), "icmp-type": None}
