"""Allowances silence a lint at a requirement or everywhere, and nothing else."""

from __future__ import annotations

import pytest

from tests.language.reading import section
from tests.lint.reading import codes, warnings

PHANTOM = "module xt_icmp"


def test_an_allowance_at_a_requirement_silences_it_there_only() -> None:
    text = section(
        f'must a: {PHANTOM} {{ allow REQ710 "As printed." }}', "must b: module xt_rpfilter"
    )

    (found,) = warnings(text)

    assert found.code == "REQ710"
    assert "s.b" in found.message


def test_an_allowance_of_the_file_silences_everywhere() -> None:
    text = section(
        f"must a: {PHANTOM}",
        "must b: module xt_rpfilter",
        head='role host\nallow REQ710 "Pages have such names."\n',
    )

    assert codes(text) == []


def test_an_allowance_silences_no_other_lint() -> None:
    text = section(
        f'must a: {PHANTOM} {{ allow REQ710 "As printed." }}',
        "must b: match icmp",
    )

    assert codes(text) == ["REQ702"]


@pytest.mark.parametrize("place", [0, 1])
def test_either_of_two_requirements_may_allow_what_is_about_both(place: int) -> None:
    allowed = ' { allow REQ702 "The page has both." }'
    rows = ["must a: match set", "must b: match set"]
    rows[place] += allowed

    assert codes(section(*rows)) == []


def test_both_of_two_requirements_may_allow_what_is_about_both() -> None:
    rows = [f'must {name}: match set {{ allow REQ702 "Both." }}' for name in "ab"]

    assert codes(section(*rows)) == []


def test_an_allowance_of_the_file_makes_none_idle_that_would_work() -> None:
    text = section(
        f'must a: {PHANTOM} {{ allow REQ710 "As printed." }}',
        head='role host\nallow REQ710 "Everywhere."\n',
    )

    assert codes(text) == []


def test_an_allowance_of_a_fragment_holds_for_the_whole_document() -> None:
    text = section(f"must a: {PHANTOM}", head='use "more.req"\nrole host\n')
    fragment = 'req 1\nfragment more\nallow REQ710 "Pages have such names."\n'

    assert codes(text, {"more.req": fragment}) == []


@pytest.mark.parametrize("code", ["REQ714", "REQ715", "REQ716"])
def test_what_is_said_about_allowances_cannot_be_allowed(code: str) -> None:
    text = section(
        'must a: match set { allow REQ702 "" }', head=f'role host\nallow {code} "Be quiet."\n'
    )

    assert codes(text) == ["REQ715", "REQ714", "REQ716"]
