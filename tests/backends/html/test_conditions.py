"""Conditions in the browser come to what the compiler's evaluation comes to."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping
from itertools import product

import pytest

from reqc.backends.html.switches import Switch, switches
from reqc.compiler.checks import Relation
from reqc.compiler.conditions import (
    Both,
    Chosen,
    Compared,
    Condition,
    Either,
    OneOf,
    Unless,
    Value,
    evaluate,
    options_of,
)
from reqc.compiler.lowered import LoweredDocument
from tests.documents import document, option, requirement
from tests.specs.shipped import NAMES, lowered
from tests.web.browser import Tab

Visit = Callable[..., Tab]

# Sets every control to each of its values in turn and says what became of each requirement.
SWEEP = """
(({names, turns}) => {
  const controls = names.map((name) => document.querySelector(`[data-switch="${name}"]`));
  const rows = [...document.querySelectorAll("tr[id][data-requirement]")];
  return turns.map((turn) => {
    turn.forEach((value, at) => { controls[at].value = value; });
    controls[0].dispatchEvent(new Event("input", {bubbles: true}));
    return rows.map((row) => {
      const state = row.querySelector(".state").textContent;
      return row.hidden ? "0" : state.startsWith("open") ? "?" : state === "applies" ? "1" : "-";
    }).join("");
  });
})(%s)
"""
SIGNS = {True: "1", False: "0", None: "?"}

BIG = ("9007199254740992", "9007199254740993")  # one number to JavaScript's own
TYPED: Mapping[str, tuple[Value, ...]] = {
    "int": (0, 5, 9007199254740992, 9007199254740993),
    "version": ("2.9", "2.10", "v2.10.0", "2.10-3", "2.10-12", "0099.1", *BIG),
}
OPTIONS = (
    option("flag", value=False),
    option("tunnel", None, "enum", "ipip", "vxlan"),
    option("count", 5, "int"),
    option("release", None, "version"),
    option("name", None, "string"),
)


def values_of(switch: Switch) -> list[tuple[str, Value | None]]:
    """Return what to put into a control, each with the value that it means."""
    if switch.typed:
        return [("", None), *((str(value), value) for value in TYPED[switch.option.kind])]
    offers = [offer.value for offer in switch.offers]
    # What no condition names can be any text that none of them names.
    meant = ["\0another" if value is None else value for value in offers]
    return [("", None), *((str(at), value) for at, value in enumerate(meant))]


def swept(tab: Tab, names: list[str], turns: Iterable[tuple[str, ...]]) -> list[str]:
    found: list[str] = tab.run(SWEEP % json.dumps({"names": names, "turns": list(turns)}))
    return found


def expected(page: LoweredDocument, choices: Mapping[str, Value | None]) -> str:
    touched = any(value is not None for value in choices.values())
    known = {option.name: choices.get(option.name) for option in page.options}
    return "".join(
        SIGNS[evaluate(item.condition, known)] if touched and options_of(item.condition) else "-"
        for item in page.requirements
    )


def compare(tab: Tab, page: LoweredDocument, controls: tuple[Switch, ...], **kept: bool) -> int:
    """Compare over all values of the controls, open among them unless told otherwise."""
    names = [switch.option.name for switch in controls]
    start = 0 if kept["open"] else 1
    turns = list(product(*(values_of(switch)[start:] for switch in controls)))
    found = swept(tab, names, [tuple(text for text, _ in turn) for turn in turns])
    for turn, signs in zip(turns, found, strict=True):
        choices = dict(zip(names, (value for _, value in turn), strict=True))
        assert signs == expected(page, choices), choices
    return len(turns)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_conditions_over_all_values(visit: Visit, name: str) -> None:
    page = lowered(name)
    tab = visit(page)

    assert compare(tab, page, switches(page), open=False) == 2 ** len(switches(page))
    for number in range(0, len(switches(page)) - 3, 2):
        tab = visit(page)  # all the others are open
        assert compare(tab, page, switches(page)[number : number + 4], open=True) == 3**4


def test_any_conditions_over_values_of_every_type(visit: Visit) -> None:
    pick = random.Random(7)  # noqa: S311  # the same conditions every time
    conditions = [made(pick, 3) for _ in range(120)]
    items = [requirement(f"a.r{at}", condition=one) for at, one in enumerate(conditions)]
    page = document(*items, options=OPTIONS)
    tab = visit(page)

    assert {switch.option.name for switch in switches(page)} == {one.name for one in OPTIONS}
    assert compare(tab, page, switches(page), open=True) > 1000
    outcomes = [expected(page, {"flag": True, "count": 5})]
    assert {"0", "1", "?"} <= set("".join(outcomes))


def made(pick: random.Random, depth: int) -> Condition:
    """Return a condition with all forms and types in it sooner or later."""
    kind = pick.choice(["leaf", "both", "either", "unless"]) if depth else "leaf"
    if kind == "leaf":
        return leaf(pick)
    if kind == "unless":
        return Unless(made(pick, depth - 1))
    parts = tuple(made(pick, depth - 1) for _ in range(pick.randint(1, 3)))
    return Both(parts) if kind == "both" else Either(parts)


def leaf(pick: random.Random) -> Condition:
    relation = pick.choice(list(Relation))
    equality = pick.choice([Relation.EQUAL, Relation.NOT_EQUAL])
    return pick.choice(
        (
            Chosen("flag"),
            Compared("flag", equality, pick.choice([False, True])),
            Compared("tunnel", equality, pick.choice(["ipip", "vxlan"])),
            OneOf("tunnel", ("ipip", "vxlan")[: pick.randint(1, 2)]),
            Compared("count", relation, pick.choice(TYPED["int"])),
            OneOf("count", tuple(pick.sample(TYPED["int"], 2))),
            Compared("release", relation, str(pick.choice(TYPED["version"])), ordered=True),
            Compared("name", equality, pick.choice(["a", "b"])),
            OneOf("name", ("a", "c")),
        )
    )
