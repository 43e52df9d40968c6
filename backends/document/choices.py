"""What the options decide: which requirements apply when, and which the choices made rule out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from reqc.compiler.conditions import Condition, Value, evaluate, options_of, spelled, written
from reqc.compiler.lowered import LoweredDocument, LoweredOption, LoweredRequirement
from reqc.compiler.prose import Code, Sentence, joined, sentence


class Case(Struct, frozen=True):
    """Requirements, by id, that apply on the same condition."""

    words: Sentence
    requirements: tuple[str, ...]


class Decision(Struct, frozen=True):
    """An option, and the ids of requirements and names of roles that depend on it.

    The value of the option decides whether `requirements` and `roles` apply, and stands in what
    `worded` ask for.
    """

    option: LoweredOption
    values: Sentence
    default: Sentence
    in_force: Sentence
    requirements: tuple[str, ...]
    worded: tuple[str, ...]
    roles: tuple[str, ...]


class LeftOut(Struct, frozen=True):
    """Requirements, by id, that the document does not show, and why not."""

    reason: str
    requirements: tuple[str, ...]


_WORDS: Final = {
    True: "by default, as long as ",
    False: "only when ",
    None: "undecided until an option has a value, then when ",
}

_BY_CHOICE: Final = "Left out by your choices"
_BY_DEFAULT: Final = "Left out as the other options stand"
_WITHDRAWN: Final = "Left out because the page should not have them"


def chosen(document: LoweredDocument) -> tuple[LoweredOption, ...]:
    """Return the options for which somebody chose a value."""
    return tuple(option for option in document.options if option.chosen)


def is_shown(document: LoweredDocument, requirement: LoweredRequirement) -> bool:
    """Tell whether the document shows a requirement: every one as long as nothing is chosen."""
    return requirement.applies is not False or not chosen(document)


def is_withdrawn(document: LoweredDocument, requirement: LoweredRequirement) -> bool:
    """Tell whether the corrected reading of errata leaves nothing of a requirement."""
    erratum = requirement.erratum
    return document.reading == "corrected" and erratum is not None and erratum.intended is None


def holds_by_default(document: LoweredDocument, condition: Condition | None) -> bool | None:
    """Return whether a condition holds where nobody chooses anything."""
    defaults: dict[str, Value | None] = dict.fromkeys(options_of(condition))
    for option in document.options:
        if option.name in defaults:
            defaults[option.name] = option.default
    return evaluate(condition, defaults)


def left_out(document: LoweredDocument) -> tuple[LeftOut, ...]:
    """Return what the document does not show, by what rules it out."""
    reasons: dict[str, list[str]] = {_BY_CHOICE: [], _BY_DEFAULT: [], _WITHDRAWN: []}
    for item in document.requirements:
        if not is_shown(document, item):
            reasons[_reason(document, item)].append(item.origin.id)
    return tuple(LeftOut(reason, tuple(ids)) for reason, ids in reasons.items() if ids)


def cases(document: LoweredDocument) -> tuple[Case, ...]:
    """Return what applies always, by default, on demand, if decided so, and never, in turn."""
    found: dict[tuple[int, Sentence], list[str]] = {}
    for item in document.requirements:
        if is_shown(document, item):
            found.setdefault(_case(document, item), []).append(item.origin.id)
    ranked = sorted(found.items(), key=lambda entry: entry[0][0])
    return tuple(Case(words, tuple(requirements)) for (_, words), requirements in ranked)


def decisions(document: LoweredDocument) -> tuple[Decision, ...]:
    """Return every option with what depends on it."""
    dependent: dict[str, list[str]] = defaultdict(list)
    worded: dict[str, list[str]] = defaultdict(list)
    for item in document.requirements:
        for name in options_of(item.condition):
            dependent[name].append(item.origin.id)
        for name in item.bound_to:
            worded[name].append(item.origin.id)
    return tuple(
        _decision(document, option, dependent[option.name], worded[option.name])
        for option in document.options
    )


def assignment(option: LoweredOption) -> Sentence:
    """Return an option and its value in words."""
    return (Code(option.name), *sentence(" = "), *_value(option.value))


def _outcome(condition: Condition | None, choices: Mapping[str, Value | None]) -> bool | None:
    unknown: dict[str, Value | None] = dict.fromkeys(options_of(condition))
    return evaluate(condition, {**unknown, **choices})


def _reason(document: LoweredDocument, item: LoweredRequirement) -> str:
    if is_withdrawn(document, item):
        return _WITHDRAWN
    choices = {option.name: option.value for option in chosen(document)}
    return _BY_CHOICE if _outcome(item.condition, choices) is False else _BY_DEFAULT


def _case(document: LoweredDocument, item: LoweredRequirement) -> tuple[int, Sentence]:
    """Return the words of a requirement's case behind its rank among the cases."""
    if is_withdrawn(document, item):
        return len(_WORDS) + 1, sentence("never, because the page should not have it")
    if item.condition is None:
        return 0, sentence("always")
    outcome = holds_by_default(document, item.condition)
    rank = 1 + list(_WORDS).index(outcome)
    return rank, sentence(_WORDS[outcome], Code(written(item.condition)))


def _decision(
    document: LoweredDocument, option: LoweredOption, dependent: list[str], worded: list[str]
) -> Decision:
    values = tuple((Code(spelled(value)),) for value in option.values)
    how = " (chosen)" if option.chosen else " (default)" if option.value is not None else ""
    return Decision(
        option=option,
        values=joined(values, "or") or (Code(option.kind),),
        default=_value(option.default),
        in_force=(*_value(option.value), *sentence(how)),
        requirements=tuple(dependent),
        worded=tuple(worded),
        roles=tuple(
            role.name for role in document.roles if option.name in options_of(role.condition)
        ),
    )


def _value(value: Value | None) -> Sentence:
    return sentence("none") if value is None else (Code(spelled(value)),)
