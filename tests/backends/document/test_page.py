"""The words of the page: what rows, remarks, options and left-out lines say."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reqc.backends.document.choices import LeftOut, cases, decisions, left_out
from reqc.backends.document.page import LEVELS, Entry, Passage, levels, passages, roles
from reqc.compiler.checks import Relation, Unit, UnitCondition
from reqc.compiler.conditions import Chosen, Compared
from reqc.compiler.flows import ICMP, ICMPV6, SCTP, TCP, UDP, Flow, Ports
from reqc.compiler.lowered import (
    Citation,
    Erratum,
    Level,
    LoweredDocument,
    LoweredRequirement,
    Reading,
)
from reqc.compiler.prose import plain, sentence
from tests.backends.example import example
from tests.documents import document, option, requirement

UNDECIDED = "undecided until an option has a value, then when"


def entry(item: LoweredRequirement, reading: Reading = "published") -> Entry:
    lowered = replace(document(item), reading=reading)
    return passages(lowered, lowered.sections[0])[0].entries[0]


def connection(flow: Flow) -> tuple[str, str, str, str]:
    (row,) = entry(requirement("a.b", flows=[flow])).connections
    return plain(row.source), plain(row.destination), row.protocol, row.ports


@pytest.mark.parametrize(
    ("flow", "row"),
    [
        (Flow(TCP, (Ports(179, 179),), "host", "host"), ("host (both ways)", "TCP", "179")),
        (Flow(UDP, (Ports(1, 2), Ports(9, 9)), "host", "relay"), ("relay", "UDP", "1-2, 9")),
        (Flow(SCTP, (), "host", "relay"), ("relay", "SCTP", "all")),
        (Flow(4, (), "host", "relay"), ("relay", "IP protocol 4", "no ports")),
        (Flow(ICMP, (), "host", "relay", 8), ("relay", "ICMP type 8", "no ports")),
        (Flow(ICMP, (), "host", "relay", 0), ("relay", "ICMP type 0", "no ports")),
        (Flow(ICMPV6, (), "host", "relay"), ("relay", "ICMPv6, every type", "no ports")),
    ],
)
def test_a_flow_is_a_row_for_the_firewall_team(flow: Flow, row: tuple[str, str, str]) -> None:
    assert connection(flow) == ("host", *row)


def test_two_roles_both_ways_are_two_rows() -> None:
    flows = [Flow(TCP, (Ports(1, 1),), "host", "relay"), Flow(TCP, (Ports(1, 1),), "relay", "host")]

    assert len(entry(requirement("a.b", flows=flows)).connections) == 2


def test_neighbours_share_a_table_and_the_order_stays() -> None:
    flows = [Flow(TCP, (Ports(1, 1),), "host", "host")]
    lowered = document(
        requirement("a.one"),
        requirement("a.two"),
        requirement("a.three", flows=flows),
        requirement("a.four"),
    )

    found = passages(lowered, lowered.sections[0])

    assert [ids(passage) for passage in found] == [["a.one", "a.two"], ["a.three"], ["a.four"]]
    assert [passage.connects for passage in found] == [False, True, False]


def ids(passage: Passage) -> list[str]:
    return [item.id for item in passage.entries]


def test_when_and_where_a_requirement_applies() -> None:
    guard = Unit("x.service", UnitCondition.PRESENT)

    assert plain(entry(requirement("a.b")).applies) == "always"
    assert plain(entry(requirement("a.b", condition=Chosen("x"))).applies) == "when x"
    assert (
        plain(entry(requirement("a.b", guard=guard)).applies)
        == "on nodes where the unit x.service is present"
    )
    assert (
        plain(entry(requirement("a.b", guard=guard, condition=Chosen("x"))).applies)
        == "when x, on nodes where the unit x.service is present"
    )


@pytest.mark.parametrize(
    ("citations", "words"),
    [
        ((), "example.req:1"),
        ((Citation("page"),), "page (example.req:1)"),
        ((Citation("page", 3, 3),), "page line 3 (example.req:1)"),
        ((Citation("page", 3),), "page line 3 (example.req:1)"),
        (
            (Citation("page", 3, 5), Citation("faq")),
            "page lines 3-5 and faq (example.req:1)",
        ),
    ],
)
def test_where_a_requirement_is_stated(citations: tuple[Citation, ...], words: str) -> None:
    item = requirement("a.b")

    cited = replace(item, origin=replace(item.origin, citations=citations))

    assert plain(entry(cited).stated) == words


@pytest.mark.parametrize(("title", "shown"), [("b", ""), ("a.b", ""), ("It is so", ""), ("T", "T")])
def test_a_title_is_shown_where_it_says_something_new(title: str, shown: str) -> None:
    item = requirement("a.b", title=title, statement=sentence("It is so"))

    assert entry(item).title == shown


@pytest.mark.parametrize(
    ("reading", "intended", "expected"),
    [
        (
            "published",
            "Else",
            ["Printed: S", "Meant: Else, always", "follows what the page prints"],
        ),
        (
            "published",
            "",
            ["Printed: S", "nothing; the page should not", "follows what the page prints"],
        ),
        ("corrected", "Else", ["Meant: Else, always", "follows what was meant"]),
        ("corrected", "", ["nothing; the page should not", "follows what was meant"]),
        (
            "published",
            "S",
            ["Printed: S", "Meant: S, always", "follows what the page prints"],
        ),
    ],
)
def test_an_erratum_says_what_is_printed_meant_and_used(
    reading: Reading, intended: str, expected: list[str]
) -> None:
    erratum = Erratum("Wrong", sentence(intended) if intended else None)

    found = entry(requirement("a.b", statement=sentence("S"), erratum=erratum), reading)

    remarks = [
        f"{remark.label}: {remark.text if isinstance(remark.text, str) else plain(remark.text)}"
        for remark in found.remarks
        if remark.label not in {"Check", "Fix"}
    ]
    assert remarks[0] == "Erratum: Wrong"
    assert len(remarks) == len(expected) + 1
    for remark, words in zip(remarks[1:], expected, strict=True):
        assert words in remark


@pytest.mark.parametrize(
    ("flow_to", "bound", "remarked"),
    [("relay", "host", False), ("relay", "store", True)],
)
def test_hosts_that_are_no_end_of_a_flow_are_named(
    flow_to: str, bound: str, *, remarked: bool
) -> None:
    flows = [Flow(TCP, (Ports(1, 1),), "host", flow_to)]

    found = entry(requirement("a.b", flows=flows, roles=(bound,)))

    assert ("Binds" in [remark.label for remark in found.remarks]) == remarked


def test_blank_remarks_are_none() -> None:
    item = requirement("a.b", because=" ", notes=("", "\n"), fix="", see=("",))

    assert [remark.label for remark in entry(item).remarks] == ["Check"]
    assert not entry(replace(item, complete=False)).annotated


def test_everything_is_shown_until_something_is_chosen() -> None:
    assert left_out(example()) == ()
    assert shown(example()) == [item.origin.id for item in example().requirements]
    assert any(item.applies is False for item in example().requirements)


def test_choices_leave_out_what_they_rule_out() -> None:
    lowered = example(tunnel="vxlan")

    assert left_out(lowered) == (
        LeftOut("Left out by your choices", ("node.unmanaged", "network.tunnel")),
        LeftOut("Left out as the other options stand", ("network.relay",)),
    )
    assert shown(lowered) == ["node.kernel", "node.release", "network.bgp", "network.sctp"]


def test_what_the_corrected_reading_withdraws_never_applies() -> None:
    withdrawn = requirement("a.b", applies=False, erratum=Erratum("A slip"))
    kept = requirement("a.c", erratum=Erratum("A slip", sentence("Else")))
    lowered = replace(document(withdrawn, kept), reading="corrected")

    assert plain(entry(withdrawn, "corrected").applies) == "never (erratum)"
    assert plain(entry(withdrawn, "published").applies) == "always"
    assert plain(entry(kept, "corrected").applies) == "always"
    assert [(plain(case.words), case.requirements) for case in cases(lowered)] == [
        ("always", ("a.c",)),
        ("never, because the page should not have it", ("a.b",)),
    ]
    assert left_out(lowered) == ()


def test_a_choice_is_not_blamed_for_what_is_withdrawn() -> None:
    withdrawn = requirement("a.b", applies=False, erratum=Erratum("A slip"))
    chosen = replace(example(mesh=True).options[1], chosen=True)
    lowered = replace(document(withdrawn), reading="corrected", options=(chosen,))

    assert left_out(lowered) == (
        LeftOut("Left out because the page should not have them", ("a.b",)),
    )


def shown(lowered: LoweredDocument) -> list[str]:
    return [
        item.id
        for section in lowered.sections
        for passage in passages(lowered, section)
        for item in passage.entries
    ]


def test_cases_go_from_always_to_undecided() -> None:
    assert [(plain(case.words), case.requirements) for case in cases(example())] == [
        ("always", ("node.kernel", "network.bgp", "network.sctp")),
        ("by default, as long as tunnel == ipip", ("network.tunnel",)),
        ("only when mesh", ("network.relay",)),
        (f"{UNDECIDED} tunnel == ipip and not release >= 2.10", ("node.unmanaged",)),
        (f"{UNDECIDED} release >= 2.10", ("node.release",)),
    ]


def test_an_undeclared_option_leaves_a_case_undecided() -> None:
    unknown = Compared("nobody", Relation.EQUAL, 1)

    (case,) = cases(document(requirement("a.b", condition=unknown)))

    assert plain(case.words).startswith("undecided")


def test_options_name_what_they_decide_and_where_their_value_comes_from() -> None:
    rows = {row.option.name: row for row in decisions(example(release="2.11"))}

    assert plain(rows["tunnel"].values) == "ipip, vxlan or none"
    assert plain(rows["tunnel"].in_force) == "ipip (default)"
    assert rows["tunnel"].requirements == ("node.unmanaged", "network.tunnel")
    assert plain(rows["release"].default) == "none"
    assert plain(rows["release"].in_force) == "2.11 (chosen)"
    assert plain(rows["mesh"].values) == "bool"
    assert rows["mesh"].roles == ("relay",)


def test_options_name_the_requirements_that_their_value_stands_in() -> None:
    items = requirement("a.b", bound_to=("port",)), requirement("a.c", condition=Chosen("port"))
    lowered = document(*items, options=[option("port", 1, "port")])

    (row,) = decisions(lowered)

    assert row.worded == ("a.b",)
    assert row.requirements == ("a.c",)


def test_levels_are_those_of_what_is_shown_with_their_meaning() -> None:
    assert [(row.name, row.count) for row in levels(example())] == [
        *(("MUST", 4), ("MUST NOT", 1), ("SHOULD", 1), ("MAY", 1)),
    ]
    assert [(row.name, row.count) for row in levels(example(tunnel="vxlan"))] == [
        *(("MUST", 2), ("SHOULD", 1), ("MAY", 1)),
    ]
    assert set(LEVELS) == set(Level)


def test_built_in_roles_are_explained_where_a_flow_names_them() -> None:
    assert [role.name for role in roles(example())] == ["host", "relay", "external"]
