"""Judges a node by a document: a state for every requirement, as the check script gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from reqc.compiler.conditions import options_of, written
from reqc.compiler.evaluation.facts import Facts
from reqc.compiler.evaluation.node import Node
from reqc.compiler.evaluation.outcome import Outcome, Verdict
from reqc.compiler.evaluation.probes import evaluate
from reqc.compiler.evaluation.results import Result, State
from reqc.compiler.evaluation.waivers import Waiver
from reqc.compiler.lowered import Level, LoweredDocument, LoweredRequirement

_NO_WAIVERS: Final[Mapping[str, Waiver]] = MappingProxyType({})


def judge(
    document: LoweredDocument,
    facts: Facts,
    *,
    strict: bool = False,
    waivers: Mapping[str, Waiver] = _NO_WAIVERS,
    today: date = date.max,
) -> tuple[Result, ...]:
    """Return a result for each requirement that can be judged, in the order of the page.

    `strict` requires what is recommended. `waivers` are by requirement, and in force up to their
    day as seen from `today`; without it none is.
    """
    node = Node(facts)
    return tuple(
        _waived(_judged(document, item, node, strict=strict), waivers, today)
        for item in document.requirements
        if item.complete
    )


def _judged(
    document: LoweredDocument, item: LoweredRequirement, node: Node, *, strict: bool
) -> Result:
    """Return the result of a requirement from its role, condition, guard and check, in order."""
    if not document.binds(item):
        return Result(item, State.NOT_APPLICABLE, f"binds {listed(item.roles)} hosts")
    if item.applies is False:
        asked = f": when {written(item.condition)}" if item.condition else ""
        return Result(item, State.NOT_APPLICABLE, f"not asked for{asked}")
    if item.applies is None:
        return Result(item, State.UNKNOWN, _undecided(document, item))
    if item.guard is not None:
        guard = evaluate(item.guard, node)
        if guard.verdict is not Verdict.PASS:
            return _not_guarded(item, guard)
    return _checked(item, evaluate(item.check, node), strict=strict)


def listed(names: Sequence[str]) -> str:
    """Return names as words of a sentence: `a, b and c`."""
    *first, last = names or ("no",)
    return f"{', '.join(first)} and {last}" if first else last


def _undecided(document: LoweredDocument, item: LoweredRequirement) -> str:
    """Return which options without a value keep the condition from being decided."""
    asked = options_of(item.condition)
    return "; ".join(
        f"choose a value with --set {option.name}=VALUE"
        for option in document.options
        if option.name in asked and option.value is None
    )


def _not_guarded(item: LoweredRequirement, guard: Outcome) -> Result:
    match guard.verdict:
        case Verdict.FAIL:
            found = f"not applicable here: {guard.found}"
            return Result(item, State.NOT_APPLICABLE, found, guard.looked)
        case Verdict.UNKNOWN:
            found = f"cannot tell whether it applies: {guard.found}"
            return Result(item, State.UNKNOWN, found, guard.looked)
        case _:
            return Result(item, State.MANUAL, guard.found, guard.looked)


def _checked(item: LoweredRequirement, outcome: Outcome, *, strict: bool) -> Result:
    state = _state(outcome, item.origin.level)
    if strict and state is State.WARN:
        state = State.FAIL
    return Result(item, state, outcome.caution or outcome.found, outcome.looked)


def _state(outcome: Outcome, level: Level) -> State:
    match outcome.verdict:
        case Verdict.UNKNOWN:
            return State.UNKNOWN
        case Verdict.MANUAL:
            return State.MANUAL
        case Verdict.FAIL:
            return _MISSED[level]
        case _ if outcome.caution:
            return State.INFO if level is Level.MAY else State.WARN
        case _:
            return State.PASS


_MISSED: Final = {
    Level.MUST: State.FAIL,
    Level.MUST_NOT: State.FAIL,
    Level.SHOULD: State.WARN,
    Level.SHOULD_NOT: State.WARN,
    Level.MAY: State.INFO,
}


def _waived(result: Result, waivers: Mapping[str, Waiver], today: date) -> Result:
    """Return a result under its waiver, if it has one: a miss is excused up to its last day."""
    waiver = waivers.get(result.requirement.origin.id)
    if waiver is None or result.state not in _WAIVABLE:
        return result
    if result.state is State.PASS:
        state, remark = State.PASS, f"the waiver until {waiver.until} is stale"
    elif waiver.expired(today):
        state, remark = State.FAIL, f"waiver expired on {waiver.until}"
    else:
        state, remark = State.WAIVED, f"waived until {waiver.until}: {waiver.reason}"
    return replace(result, state=state, found=f"{result.found}; {remark}")


_WAIVABLE: Final = frozenset({State.PASS, State.FAIL, State.WARN, State.UNKNOWN, State.INFO})
