"""What the choices of a deployment make of a document."""

from __future__ import annotations

import tracemalloc

import pytest

from reqc.compiler import checks
from reqc.compiler.conditions import Chosen
from reqc.compiler.flows import Ports
from reqc.compiler.lower import Deployment, Lowering, lower
from reqc.compiler.prose import plain
from tests.language.reading import document, lowered, only, section

HEAD = "role host\nrole typha when typha\noption typha: bool\noption port: port\n"
TYPHA = HEAD.replace("typha: bool", "typha: bool = false").replace("port: port", "port: port = 9")


@pytest.mark.parametrize(("typha", "applies"), [(True, True), (False, False)])
def test_a_choice_decides_what_applies(typha: bool, applies: bool) -> None:  # noqa: FBT001
    found = lowered(section("must a: cpu >= 2 when typha", head=HEAD), typha=typha)

    assert only(found).applies is applies
    assert found.roles[1].applies is applies
    assert bool(found.here) is applies


def test_a_default_decides_where_nobody_chose() -> None:
    found = lowered(section("must a: cpu >= 2 when typha", head=TYPHA))

    assert only(found).applies is False
    assert [option.chosen for option in found.options] == [False, False]


def test_without_a_default_nothing_is_decided() -> None:
    found = lowered(section("must a: cpu >= 2 when typha", head=HEAD))

    assert only(found).applies is None
    assert only(found).condition == Chosen("typha")
    assert found.roles[1].applies is None
    assert found.here == ()


def test_what_no_missing_choice_can_change_is_decided() -> None:
    text = section("must a: cpu >= 2 when typha or port == 1", head=HEAD)

    assert only(lowered(text, typha=True)).applies is True
    assert only(lowered(text, typha=False)).applies is None


def test_an_option_stands_for_its_value() -> None:
    text = section("must a: allow tcp port host -> host", head=TYPHA)

    default, chosen = only(lowered(text)), only(lowered(text, port=4242))

    assert default.flows[0].ports == (Ports(9, 9),)
    assert chosen.flows[0].ports == (Ports(4242, 4242),)
    assert "4242" in plain(chosen.statement)


def test_a_value_that_nobody_chose_leaves_a_requirement_undecided() -> None:
    item = only(lowered(section("must a: allow tcp port host -> host", head=HEAD)))

    assert item.applies is None
    assert (item.flows, item.states) == ((), ())
    assert item.check == checks.Manual("choose a value for the option port")
    assert "port" in plain(item.statement)


def test_a_guard_that_nobody_decided_leaves_a_requirement_undecided() -> None:
    text = section("must a: cpu >= 2 {", "where free tcp port", "}", head=HEAD)

    assert only(lowered(text)).applies is None
    assert only(lowered(text, port=7)).guard == checks.PortFree("tcp", 7)


def test_what_does_not_apply_stays_so_without_its_values() -> None:
    text = section("must a: allow tcp port host -> host when typha", head=HEAD)

    assert only(lowered(text, typha=False)).applies is False


@pytest.mark.parametrize("level", ["must not", "should not"])
def test_not_inverts_the_check_and_brings_nothing_about(level: str) -> None:
    item = only(lowered(section(f"{level} a: service x enabled")))

    assert item.check == checks.Not(
        checks.Unit("x.service", checks.UnitCondition.ENABLED),
    )
    assert (item.states, item.flows) == ((), ())


def test_all_requirements_stay_and_only_some_are_here() -> None:
    found = lowered(
        section(
            "must a: cpu >= 2",
            "must b: cpu >= 2 on typha",
            "must c: cpu >= 2 when typha",
            head=TYPHA,
        )
    )

    assert [item.origin.id for item in found.requirements] == ["s.a", "s.b", "s.c"]
    assert [item.origin.id for item in found.here] == ["s.a"]


def test_hosts_may_have_other_roles() -> None:
    text = section("must a: cpu >= 2", "must b: cpu >= 2 on typha", head=TYPHA)

    found = lower(document(text), Deployment(host_roles=("typha",)))

    assert found.host_roles == ("typha",)
    assert [item.origin.id for item in found.here] == ["s.b"]


ERRATUM = section(
    "must gone: cpu >= 2 when typha {",
    'erratum "printed by mistake"',
    "}",
    "must meant: cpu >= 2 {",
    'erratum "a digit is missing" intended cpu >= 20 when not typha',
    "}",
    head=TYPHA,
)


def test_an_erratum_is_read_as_published_by_default() -> None:
    gone, meant = lowered(ERRATUM, typha=True).requirements

    assert (gone.applies, meant.applies) == (True, True)
    assert meant.check == checks.Processors(checks.Relation.AT_LEAST, 2)
    assert gone.erratum is not None
    assert gone.erratum.intended is None
    assert meant.erratum is not None
    assert plain(meant.erratum.intended or ()) == "at least 20 processors"


def test_an_erratum_is_read_as_its_authors_meant_it_when_asked() -> None:
    found = document(ERRATUM)

    gone, meant = lower(found, Deployment({"typha": True}, reading="corrected")).requirements
    _, without = lower(found, Deployment(reading="corrected")).requirements

    assert (gone.applies, meant.applies, without.applies) == (False, False, True)
    assert meant.check == checks.Processors(checks.Relation.AT_LEAST, 20)


def test_an_output_names_the_line_it_comes_from() -> None:
    item = only(lowered(section("must a: cpu >= 2 @page:4", head="role host\nsource page\n")))

    assert str(item.origin.place) == "sample.req:6"
    assert str(item.origin.citations[0]) == "page:4"


def test_without_a_title_a_requirement_has_its_words() -> None:
    bare, titled = lowered(
        section("must a: cpu >= 2", "must b: cpu >= 2 {", 'title "Enough"', "}")
    ).requirements

    assert bare.origin.title == "at least 2 processors"
    assert titled.origin.title == "Enough"


def test_a_deprecated_requirement_says_so_last() -> None:
    item = only(lowered(section("must a: cpu >= 2 {", 'note "N"', 'deprecated "Use b."', "}")))

    assert item.notes == ("N", "Deprecated. Use b.")


def test_a_requirement_is_let_go_of_as_soon_as_it_is_lowered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reqc.compiler.lower.digest", lambda _: "")
    found = document(section(*(f"must r{number}: kernel >= 3.{number}" for number in range(300))))
    kept = more(Lowering(found, Deployment()))
    tracemalloc.start()
    found = document(section(*(f"must r{number}: kernel >= 3.{number}" for number in range(300))))
    lowering = Lowering(found, Deployment())
    del found

    assert more(lowering) < kept / 2


def more(lowering: Lowering) -> int:
    """Return how many bytes more there are, at most, while a document is lowered."""
    tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        lowering.finished()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
