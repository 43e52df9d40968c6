"""A requirement is judged by its role, its condition, its guard and its check, in this order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler.checks import Check, KernelCapability, Manual, Memory, Processors, Relation
from reqc.compiler.conditions import Both, Chosen, Compared, Condition
from reqc.compiler.evaluation.facts import Facts
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.evaluation.results import Result, State, status
from reqc.compiler.evaluation.waivers import Waiver
from reqc.compiler.lowered import Level, LoweredDocument, LoweredOption, LoweredRequirement
from tests.backends.strategies import HOSTILE, documents
from tests.documents import document, requirement
from tests.evaluation.nodes import facts

GOOD, BAD = Processors(Relation.EQUAL, 2), Processors(Relation.EQUAL, 3)
DARK = Memory(Relation.EQUAL, 1)
CAUTIONED = KernelCapability("set", modules=("xt_set",))
NODE = facts(
    processors=2,
    kernel={
        "release": "6.1.0",
        "running": True,
        "modules": {"supported": True, "tree": "/lib/modules/6.1.0", "disk": ["xt_set"]},
        "blocks": [{"rule": "blacklist", "module": "xt_set", "place": "a.conf:1"}],
        "configuration": None,
    },
)


def judged(item: LoweredRequirement, *, strict: bool = False) -> Result:
    (result,) = judge(document(item), NODE, strict=strict)
    return result


@pytest.mark.parametrize(
    ("level", "check", "state", "strict"),
    [
        (Level.MUST, GOOD, "pass", "pass"),
        (Level.MUST, BAD, "fail", "fail"),
        (Level.MUST_NOT, BAD, "fail", "fail"),
        (Level.SHOULD, BAD, "warn", "fail"),
        (Level.SHOULD_NOT, BAD, "warn", "fail"),
        (Level.MAY, BAD, "info", "info"),
        (Level.MUST, DARK, "unknown", "unknown"),
        (Level.MAY, DARK, "unknown", "unknown"),
        (Level.MUST, Manual("look"), "manual", "manual"),
        (Level.MUST, CAUTIONED, "warn", "fail"),
        (Level.SHOULD, CAUTIONED, "warn", "fail"),
        (Level.MAY, CAUTIONED, "info", "info"),
    ],
)
def test_a_level_says_what_a_miss_is(level: Level, check: Check, state: str, strict: str) -> None:
    item = requirement("node.x", check=check, level=level)

    assert (judged(item).state, judged(item, strict=True).state) == (state, strict)


def test_a_caution_is_what_was_found() -> None:
    assert "blacklisted (a.conf:1)" in judged(requirement("node.x", check=CAUTIONED)).found


@pytest.mark.parametrize(
    ("guard", "state", "found"),
    [
        (GOOD, "fail", "2 online"),
        (BAD, "n/a", "not applicable here: 2 online"),
        (DARK, "unknown", "cannot tell whether it applies: MemTotal cannot be read"),
        (Manual("ask"), "manual", "ask"),
        (CAUTIONED, "fail", "2 online"),
    ],
)
def test_a_guard_comes_before_the_check(guard: Check, state: str, found: str) -> None:
    result = judged(requirement("node.x", check=BAD, guard=guard))

    assert (result.state, result.found) == (state, found)


def test_all_that_can_apply_is_reported_in_the_order_of_the_page() -> None:
    asked = Chosen("mesh")
    made = document(
        requirement("node.other", check=BAD, roles=("typha", "etcd", "router"), applies=None),
        requirement("node.off", check=BAD, condition=asked, applies=False, guard=DARK),
        replace(requirement("node.open", check=BAD), complete=False, applies=None),
        requirement("net.good", check=GOOD, condition=asked),
    )

    assert [(item.requirement.origin.id, item.state, item.found) for item in judge(made, NODE)] == [
        ("node.other", "n/a", "binds typha, etcd and router hosts"),
        ("node.off", "n/a", "not asked for: when mesh"),
        ("net.good", "pass", "2 online"),
    ]


def test_a_condition_that_is_open_names_its_options() -> None:
    condition: Condition = Both((Chosen("mesh"), Compared("mode", Relation.EQUAL, "bgp")))
    options = tuple(
        LoweredOption(name, "bool", (), None, value, chosen=False, help="")
        for name, value in (("ipv6", None), ("mode", None), ("mesh", True))
    )
    item = requirement("node.x", check=GOOD, condition=condition, applies=None)

    (result,) = judge(replace(document(item), options=options), NODE)

    assert (result.state, result.found) == ("unknown", "choose a value with --set mode=VALUE")


LAST = date(2027, 2, 28)


def under_waiver(check: Check, today: date, level: Level = Level.MUST) -> tuple[str, str]:
    made = document(requirement("node.x", check=check, level=level))
    waivers = {"node.x": Waiver("node.x", LAST, "a ticket")}
    (result,) = judge(made, NODE, waivers=waivers, today=today)
    return result.state.value, result.found


@pytest.mark.parametrize(
    ("check", "level"),
    [
        (BAD, Level.MUST),
        (BAD, Level.SHOULD),
        (BAD, Level.MAY),
        (DARK, Level.MUST),
        (CAUTIONED, Level.MUST),
    ],
)
def test_a_waiver_excuses_until_its_last_day(check: Check, level: Level) -> None:
    in_force = under_waiver(check, LAST, level)
    expired = under_waiver(check, date(2027, 3, 1), level)

    assert in_force[0] == "waived"
    assert in_force[1].endswith("; waived until 2027-02-28: a ticket")
    assert expired[0] == "fail"
    assert expired[1].endswith("; waiver expired on 2027-02-28")


def test_a_waiver_of_what_is_met_is_stale_and_one_of_a_manual_check_idle() -> None:
    assert under_waiver(GOOD, LAST) == ("pass", "2 online; the waiver until 2027-02-28 is stale")
    assert under_waiver(Manual("look"), LAST) == ("manual", "look")


def made_of(*states: tuple[str, Level]) -> list[Result]:
    return [Result(requirement("a.b", level=level), State(state)) for state, level in states]


@pytest.mark.parametrize(
    ("states", "exit_status", "strict"),
    [
        ((), 0, 0),
        ((("pass", Level.MUST), ("warn", Level.SHOULD), ("n/a", Level.MUST)), 0, 0),
        ((("waived", Level.MUST), ("manual", Level.MUST), ("info", Level.MAY)), 0, 0),
        ((("unknown", Level.MUST),), 3, 3),
        ((("unknown", Level.SHOULD_NOT),), 0, 3),
        ((("unknown", Level.MAY),), 0, 0),
        ((("unknown", Level.MUST), ("fail", Level.MUST)), 1, 1),
    ],
)
def test_the_exit_status_is_that_of_the_script(
    states: tuple[tuple[str, Level], ...], exit_status: int, strict: int
) -> None:
    results = made_of(*states)

    assert (status(results), status(results, strict=True)) == (exit_status, strict)


def test_without_a_day_no_waiver_is_in_force() -> None:
    made = document(requirement("node.x", check=BAD))

    (result,) = judge(made, NODE, waivers={"node.x": Waiver("node.x", LAST, "a ticket")})

    assert result.state == "fail"


@given(documents(HOSTILE), st.sampled_from([facts(), NODE, facts(container="docker")]))
def test_any_document_can_be_judged_by_any_node(made: LoweredDocument, node: Facts) -> None:
    results = judge(made, node, strict=True)

    assert [item.requirement for item in results] == [
        item for item in made.requirements if item.complete
    ]
    for item in results:
        if item.requirement.applies is None and made.binds(item.requirement):
            assert item.state is State.UNKNOWN
    assert status(results, strict=True) in {0, 1, 3}


def test_a_document_without_requirements_gives_no_results() -> None:
    empty: LoweredDocument = document()

    assert judge(empty, NODE) == ()
