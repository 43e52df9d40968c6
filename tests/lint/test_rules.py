"""The table of rules, and what all rules have in common."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reqc.compiler import trace
from reqc.compiler.codes import all_codes
from reqc.compiler.diagnostics import Code, Severity
from reqc.compiler.explanations.pages import pages
from reqc.compiler.lint import overlap
from reqc.compiler.lint.linter import lint
from reqc.compiler.lint.overlap import MOST_COMPARED, Overlap
from reqc.compiler.lint.table import MODULES, allowable_codes, rules
from reqc.compiler.model import Requirement
from tests.language.reading import document, section
from tests.specs.shipped import NAMES, REPOSITORY, shipped


def test_rules_are_sorted_and_named_as_their_modules() -> None:
    found = rules()

    assert [rule.code for rule in found] == sorted({rule.code for rule in found})
    assert [rule.name for rule in found] == [name.replace("_", "-") for name in MODULES]


def test_every_module_that_holds_a_rule_is_in_the_table() -> None:
    folder = REPOSITORY / "compiler" / "lint"
    holding = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^RULE\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert holding == set(MODULES)


def test_a_rule_has_the_title_of_its_explanation() -> None:
    assert {rule.code: rule.summary for rule in rules()} == {
        rule.code: pages()[rule.code].title for rule in rules()
    }


def test_only_rules_about_allowances_cannot_be_allowed() -> None:
    assert {rule.code for rule in rules()} - allowable_codes() == {"REQ714", "REQ715", "REQ716"}


def test_all_codes_are_different_and_explained() -> None:
    found = all_codes()

    assert list(found) == sorted(set(found))
    assert set(found) == {*map(str, Code), *trace.CODES, *(rule.code for rule in rules())}
    assert set(found) <= set(pages())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_specification_is_clean(name: str) -> None:
    assert lint(shipped(name)) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_specification_allows_only_with_a_reason_in_words(name: str) -> None:
    allowed = shipped(name).allowances

    assert allowed
    assert all(len(item.reason.split()) > 3 and item.requirement for item in allowed)


def test_warnings_come_in_the_order_of_the_text() -> None:
    text = section(
        "must b: module xt_icmp",
        "must a: match icmp",
        head="option one: bool = false\nrole host\nrole two\n",
    )

    found = lint(document(text))

    assert [item.code for item in found] == ["REQ703", "REQ704", "REQ710", "REQ702"]
    assert {item.severity for item in found} == {Severity.WARNING}


def test_what_an_amended_document_declares_need_not_be_used() -> None:
    base = section(
        "must a: cpu >= 2 on two when one",
        head=('option one: bool = false\nrole host\nrole two\nallow REQ710 "Gone with s.b."\n'),
    )
    text = 'req 1\namends "base.req"\nspec demo 1.1 on linux\nremove s.a\n'

    assert lint(document(text, {"base.req": base})) == ()


def test_a_message_names_what_it_is_about() -> None:
    for golden in (Path(__file__).parent / "cases").glob("*.txt"):
        for line in golden.read_text(encoding="utf-8").splitlines():
            if line.startswith("warning["):
                assert re.search(r"`[^`]+`|REQ\d{3} ", line.partition(": ")[2])


def test_the_work_grows_with_the_document_and_not_with_its_square(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = 600
    met: list[tuple[Requirement, Requirement]] = []
    real = Overlap.meet

    def meet(self: Overlap, one: Requirement, other: Requirement) -> bool:
        met.append((one, other))
        return real(self, one, other)

    monkeypatch.setattr(overlap.Overlap, "meet", meet)
    options = "".join(f"option o{number}: bool = false\n" for number in range(count))
    rows = [
        f"must r{number}: service firewalld {'enabled' if number % 2 else 'disabled'} "
        f"on {'a' if number % 3 else 'host'} when o{number}"
        for number in range(count)
    ]

    lint(document(section(*rows, head=f"{options}role host\nrole a\n")))

    # Duplicates, and two subjects of a service: itself, and the state of its unit.
    assert 0 < len(met) <= 3 * count * MOST_COMPARED
