"""The algebra of outcomes follows Kleene's logic, with manual as a weaker unknown."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler.checks import All, Any, Check, Manual, Memory, Not, Processors, Relation
from reqc.compiler.evaluation.outcome import (
    Outcome,
    Verdict,
    all_of,
    any_of,
    join,
    negated,
)
from tests.evaluation.nodes import verdicts

VERDICTS = st.sampled_from(Verdict)
TEXTS = st.sampled_from(["", "a", "b", "a; b"])
OUTCOMES = st.builds(Outcome, VERDICTS, TEXTS, TEXTS).flatmap(
    lambda outcome: (
        st.builds(lambda caution: replace(outcome, caution=caution), TEXTS)
        if outcome.verdict is Verdict.PASS
        else st.just(outcome)
    )
)
LISTS = st.lists(OUTCOMES, max_size=5)
DEFINITE = (Verdict.PASS, Verdict.FAIL)
TRUTH = {Verdict.PASS: True, Verdict.FAIL: False}


def proven(outcome: Outcome) -> bool | None:
    return TRUTH.get(outcome.verdict)


@given(LISTS)
def test_all_and_any_are_kleenes(parts: list[Outcome]) -> None:
    values = {proven(part) for part in parts}

    assert proven(all_of(parts)) is (False if False in values else None if None in values else True)
    assert proven(any_of(parts)) is (True if True in values else None if None in values else False)


@given(LISTS)
def test_not_turns_all_into_any(parts: list[Outcome]) -> None:
    inverse = [negated(part) for part in parts]

    assert all_of(inverse).verdict is negated(any_of(parts)).verdict
    assert any_of(inverse).verdict is negated(all_of(parts)).verdict


@given(OUTCOMES)
def test_not_is_its_own_inverse_but_for_the_caution(outcome: Outcome) -> None:
    assert negated(negated(outcome)) == replace(outcome, caution="")


@given(LISTS, st.randoms(use_true_random=False))
def test_order_changes_no_verdict(parts: list[Outcome], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random generator

    assert all_of(shuffled).verdict is all_of(parts).verdict
    assert any_of(shuffled).verdict is any_of(parts).verdict


@given(LISTS, st.lists(st.sampled_from(DEFINITE), min_size=5, max_size=5))
def test_learning_more_flips_nothing_that_was_definite(
    parts: list[Outcome], learned: list[Verdict]
) -> None:
    answered = [
        replace(part, verdict=now) if proven(part) is None else part
        for part, now in zip(parts, learned, strict=False)
    ]

    for combine in (all_of, any_of):
        before, after = proven(combine(parts)), proven(combine(answered))
        assert after is not None
        assert before in (None, after)


@given(LISTS)
def test_a_caution_survives_only_where_nothing_holds_without_one(parts: list[Outcome]) -> None:
    found = any_of(parts)
    holding = [part for part in parts if part.verdict is Verdict.PASS]

    assert bool(found.caution) is (bool(holding) and all(part.caution for part in holding))
    assert bool(all_of(parts).caution) is (
        all_of(parts).verdict is Verdict.PASS and any(part.caution for part in parts)
    )


def test_the_first_that_holds_without_a_caution_answers_alone() -> None:
    doubtful = Outcome(Verdict.PASS, "on disk", "modules.dep", "blacklisted")
    sure = Outcome(Verdict.PASS, "loaded", "modules")
    later = Outcome(Verdict.PASS, "built in", "modules.builtin")

    assert any_of([doubtful, sure, later]) is sure
    assert any_of([doubtful, Outcome(Verdict.UNKNOWN)]) == doubtful


def test_equal_answers_are_joined_and_stronger_ones_stand_alone() -> None:
    parts = [
        Outcome(Verdict.PASS, "fine", "x"),
        Outcome(Verdict.FAIL, "no a", "f"),
        Outcome(Verdict.UNKNOWN, "dark", "y"),
        Outcome(Verdict.FAIL, "no b", "f"),
    ]

    assert all_of(parts) == Outcome(Verdict.FAIL, "no a; no b", "f")


def test_texts_are_joined_once() -> None:
    cases = {
        ("", ""): "",
        ("a", ""): "a",
        ("", "a"): "a",
        ("a", "a"): "a",
        ("a; b", "b"): "a; b",
        ("ab", "b"): "ab; b",
    }

    assert {texts: join(*texts) for texts in cases} == cases


def test_checks_combine_as_their_outcomes_do() -> None:
    leaves: dict[str, Check] = {
        "pass": Processors(Relation.EQUAL, 2),
        "fail": Processors(Relation.EQUAL, 3),
        "manual": Manual("look"),
        "unknown": Not(Any((Manual("look"), All((DARK,))))),
    }
    pairs = list(product(leaves.values(), repeat=2))

    both = verdicts(*(All(pair) for pair in pairs), processors=2)
    either = verdicts(*(Any(pair) for pair in pairs), processors=2)
    named = list(product(leaves, repeat=2))
    assert both == [min(pair, key=ALL_ORDER.index) for pair in named]
    assert either == [min(pair, key=ANY_ORDER.index) for pair in named]
    assert verdicts(All(()), Any(()), *leaves.values(), processors=2) == ["pass", "fail", *leaves]


DARK = Memory(Relation.EQUAL, 1)
ALL_ORDER = ("fail", "unknown", "manual", "pass")
ANY_ORDER = ("pass", "unknown", "manual", "fail")
