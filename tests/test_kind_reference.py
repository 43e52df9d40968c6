"""The reference of the kinds is complete, true and up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from markdown_it import MarkdownIt

from reqc.compiler import reference
from reqc.compiler.checks import Check, Probe
from reqc.compiler.kinds.forms import ArgumentError, Scope, Slot
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.reference import (
    kinds_reference,
    listed_names,
    places,
    predicate,
    refers,
)
from reqc.compiler.source import Source, Span
from reqc.compiler.states import State
from reqc.compiler.syntax.tree import String, Term, Word
from reqc.compiler.values import TYPES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
NOWHERE = Span(Source("", "", ""), 0, 0)
PLACES = [
    pytest.param(label, slots, id=f"{name}-{label}")
    for name in KINDS
    for label, slots in places(kind(name)).items()
]


def chapter(name: str) -> str:
    start = PAGE.index(f"### `{name}`\n")
    return PAGE[start:].split("\n##", 1)[0]


def accepted(slots: list[Slot], term: Term) -> bool:
    """Tell whether one of the slots reads the term."""
    for slot in slots:
        try:
            if slot.accepts(term):
                slot.read(term, Scope({}, {"host"}))
                return True
        except ArgumentError:
            pass  # another slot of this label may take it
    return False


def test_it_is_up_to_date() -> None:
    assert kinds_reference() == PAGE, "run make docs"


def test_every_kind_has_one_chapter_in_the_order_of_the_registry() -> None:
    assert re.findall(r"^### `(.*)`$", PAGE, re.MULTILINE) == list(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_chapter_has_the_forms_and_the_examples(name: str) -> None:
    found, text = kind(name), chapter(name)

    assert found.summary in text
    for form in found.forms:
        assert f"\n{name} {form.usage}\n" in text
    for example in found.examples:
        assert re.search(rf"^must \w+: {re.escape(example)}$", text, re.MULTILINE)


@pytest.mark.parametrize("name", KINDS)
def test_a_chapter_names_what_its_examples_lower_to(name: str) -> None:
    text = chapter(name)
    for example in kind(name).examples:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{example}` |"))
        lowered = predicate(example)
        named = {
            *_probes(lowered.check()),
            *(state.__struct_config__.tag for state in lowered.states("example")),
        }

        assert {word for word in _types() if f"`{word}` " in row} >= named
        assert row.count(" -> ") >= len(lowered.flows())


def _types() -> list[str]:
    nodes = get_args(Probe | State)
    return [str(node.__struct_config__.tag) for node in nodes]


def _probes(check: Check) -> set[str]:
    parts = (*getattr(check, "parts", ()), *filter(None, [getattr(check, "part", None)]))
    return set().union(*map(_probes, parts)) if parts else {str(check.__struct_config__.tag)}


def test_every_probe_and_every_state_is_explained() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| \S", PAGE[PAGE.index("## Probes") :], re.MULTILINE)

    assert rows == _types()


@pytest.mark.parametrize(("label", "slots"), PLACES)
def test_names_that_are_listed_are_all_that_are_taken(label: str, slots: list[Slot]) -> None:
    names = listed_names(label)

    assert all(accepted(slots, Word(name, NOWHERE)) for name in names)
    if names:
        assert not accepted(slots, Word("no-such-name", NOWHERE))


@pytest.mark.parametrize(("label", "slots"), PLACES)
def test_what_a_place_is_said_to_take_it_takes(label: str, slots: list[Slot]) -> None:
    said = {
        line
        for line in PAGE.splitlines()
        if line.startswith(f"- `{label}`: ") and not line.startswith(f"- `{label}`: one of ")
    }
    examples = {found for line in said for found in re.findall(r"such as `(.*?)`", line)}
    options = {name for slot in slots for name in TYPES if refers(slot, name)}

    assert all(accepted(slots, Word(example, NOWHERE)) for example in examples)
    assert all(any(f"option of type `{name}`" in line for line in said) for name in options)
    if any("in quotes" in line for line in said):
        assert accepted(slots, String("/x", long=False, span=NOWHERE)) or label == '"GLOB"'


def test_every_label_that_is_explained_is_used() -> None:
    used = {label for name in KINDS for label in places(kind(name))}

    assert {*reference._PLACES, *reference._LISTED} <= used  # noqa: SLF001  # its tables


def test_the_rows_of_every_table_have_its_columns() -> None:
    bar = re.compile(r"(?<!\\)\|")
    tables = re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
    columns = [{len(bar.findall(row)) for row in table.splitlines()} for table in tables]
    rendered = MarkdownIt().enable("table").render(PAGE)

    assert len(tables) == rendered.count("<table>") == len(KINDS) + 2
    assert all(len(counts) == 1 for counts in columns)


def test_a_wrong_example_is_told() -> None:
    with pytest.raises(ValueError, match="there is no kind `kernal`"):
        predicate("kernal >= 3.10")


def test_a_kind_without_a_docstring_to_quote_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind("kernel").check, "__doc__", "Do something.")

    with pytest.raises(ValueError, match=r"Kernel\.check does not begin with `Return`"):
        kinds_reference()
