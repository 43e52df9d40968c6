"""The switches of a page: what a reader can choose, and conditions as data for its script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from reqc.backends.document.choices import chosen, is_withdrawn
from reqc.backends.html.quoting import identifier
from reqc.compiler.conditions import (
    Both,
    Chosen,
    Compared,
    Condition,
    Either,
    OneOf,
    Unless,
    Value,
    compared_values,
    options_of,
    spelled,
)
from reqc.compiler.lowered import LoweredDocument, LoweredOption, LoweredRequirement

TYPED: Final = frozenset({"int", "port", "version"})
"""The types of options whose value a reader types, because conditions compare it by order."""


class Offer(Struct, frozen=True):
    """A value that a reader can choose; `value` is None for one that no condition names."""

    value: Value | None
    words: str
    start: bool


class Switch(Struct, frozen=True):
    """An option that decides whether something applies.

    `typed` says that the reader types the value instead of choosing an offer, and `start` is the
    value in such a field at first, empty where the option is open.
    """

    option: LoweredOption
    typed: bool
    offers: tuple[Offer, ...]
    start: str

    @property
    def id(self) -> str:
        """The id of the control; the row of the option has the one with `option:`."""
        return f"switch:{self.option.name}"


def switches(document: LoweredDocument) -> tuple[Switch, ...]:
    """Return the options that conditions mention; they start open unless somebody chose one."""
    conditions = [item.condition for item in document.requirements]
    conditions += [role.condition for role in document.roles]
    decisive = frozenset().union(*(options_of(condition) for condition in conditions))
    return tuple(
        _switch(option, conditions, begun=bool(chosen(document)))
        for option in document.options
        if option.name in decisive
    )


def _switch(
    option: LoweredOption, conditions: Iterable[Condition | None], *, begun: bool
) -> Switch:
    start = option.value if begun else None
    if option.kind in TYPED:
        return Switch(option, typed=True, offers=(), start="" if start is None else str(start))
    values = option.values or _named(option, conditions)
    offers = [Offer(value, _words(option, value), _same(value, start)) for value in values]
    if not option.values:
        offers.append(Offer(None, "another value", start=False))
    return Switch(option, typed=False, offers=tuple(offers), start="")


def _named(option: LoweredOption, conditions: Iterable[Condition | None]) -> tuple[Value, ...]:
    """Return the values that tell conditions apart where there are too many to list."""
    known = [value for value in (option.default, option.value) if value is not None]
    compared = (
        value for condition in conditions for value in compared_values(condition, option.name)
    )
    return tuple(dict.fromkeys((*known, *compared)))


def _words(option: LoweredOption, value: Value) -> str:
    return f"{spelled(value)} (default)" if _same(value, option.default) else spelled(value)


def _same(value: Value, other: Value | None) -> bool:
    return type(value) is type(other) and value == other


def script_data(document: LoweredDocument) -> Iterator[str]:
    """Yield the pieces of what the script of the page reads, as JSON in ASCII.

    Whole numbers are texts in an object, because JavaScript's own numbers end at 2^53.
    """
    values = {option.name: option.value for option in document.options}
    roles = [
        {"id": identifier(f"role:{role.name}"), "condition": _tree(role.condition)}
        for role in document.roles
    ]
    yield f'{{"switches": {json.dumps([_control(one) for one in switches(document)])}'
    yield ', "requirements": ['
    for number, item in enumerate(document.requirements):
        yield f"{', ' if number else ''}{json.dumps(_requirement(document, item, values))}"
    yield f'], "roles": {json.dumps(roles)}}}'


def _control(switch: Switch) -> dict[str, Any]:
    default = switch.option.default
    return {
        "name": switch.option.name,
        "id": identifier(switch.id),
        "kind": switch.option.kind,
        "offers": None if switch.typed else [_plain(offer.value) for offer in switch.offers],
        "default": None if default is None else _plain(default),
    }


def _requirement(
    document: LoweredDocument, item: LoweredRequirement, values: Mapping[str, Value | None]
) -> dict[str, Any]:
    bound = {name: values.get(name) for name in item.bound_to}
    return {
        "id": identifier(item.origin.id),
        "condition": _tree(item.condition),
        "withdrawn": is_withdrawn(document, item),
        "bound": {name: _plain(value) for name, value in bound.items() if value is not None},
    }


def _tree(  # noqa: PLR0911  # one return for each form of a condition
    condition: Condition | None,
) -> dict[str, Any] | None:
    match condition:
        case None:
            return None
        case Chosen(option):
            return {"type": "chosen", "option": option}
        case Compared(option, relation, value, ordered):
            return {
                "type": "compared",
                "option": option,
                "relation": relation.value,
                "value": _plain(value),
                "ordered": ordered,
            }
        case OneOf(option, values):
            return {"type": "one-of", "option": option, "values": [_plain(one) for one in values]}
        case Both(parts):
            return {"type": "both", "parts": [_tree(part) for part in parts]}
        case Either(parts):
            return {"type": "either", "parts": [_tree(part) for part in parts]}
        case Unless(part):
            return {"type": "unless", "part": _tree(part)}


def _plain(value: Value | None) -> bool | str | dict[str, str] | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"integer": str(value)}
    return value
