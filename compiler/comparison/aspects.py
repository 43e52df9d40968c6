"""Says in words in what a requirement differs from what it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reqc.compiler.comparison.cases import Side
from reqc.compiler.comparison.matching import Asked, Group
from reqc.compiler.comparison.meaning import RANKS, Reader, together
from reqc.compiler.comparison.prover import entails
from reqc.compiler.conditions import Condition, options_of, spelled, written
from reqc.compiler.kinds.base import Kind, Predicate
from reqc.compiler.model import Requirement
from reqc.compiler.prose import plain


def of(group: Group, old: Reader, new: Reader, renamed: Sequence[str]) -> Iterator[str]:
    """Yield what changed: the name, the demand, when it applies, where, how much and for whom."""
    olds, news = (tuple(item.requirement for item in side) for side in group)
    if not olds or not news:
        return
    yield from renaming(renamed)
    yield from _demands(group)
    before = tuple(dict.fromkeys(old.condition(item) for item in olds))
    after = tuple(dict.fromkeys(new.condition(item) for item in news))
    if before != after:
        yield _conditions(before, after)
    else:
        yield from _values(after, old.side, new.side)
    guards = [tuple(dict.fromkeys(_guard(item) for item in side)) for side in (olds, news)]
    if guards[0] != guards[1]:
        yield f"{' or '.join(guards[0])} -> {' or '.join(guards[1])}"
    levels = [max((item.level for item in side), key=RANKS.__getitem__) for side in (olds, news)]
    if levels[0] is not levels[1]:
        yield f"{levels[0]} -> {levels[1]}"
    roles = [sorted({role for item in side for role in item.roles}) for side in (olds, news)]
    if roles[0] != roles[1]:
        yield f"on {', '.join(roles[0])} -> {', '.join(roles[1])}"


def renaming(renamed: Sequence[str]) -> Iterator[str]:
    """Yield which ids a requirement had."""
    if renamed:
        yield f"was {', '.join(renamed)}"


def _demands(group: Group) -> Iterator[str]:
    """Yield what is asked for in addition and what no longer is, or else both in full."""
    olds, news = (
        [item for item in side if not _found(item, other)]
        for side, other in ((group[0], group[1]), (group[1], group[0]))
    )
    one, other = (together(item.formula for item in side) for side in group)
    if entails(one, other) and entails(other, one):
        return
    if len(olds) == len(news) == 1:
        told = list(_parts(olds[0].predicate, news[0].predicate))
        if told:
            yield from told
            return
    before, after = ("; ".join(_words(item.predicate) for item in side) for side in group)
    # the content of a file is too long to be said
    yield f"{before} -> {after}" if before != after else f"{after}, which is another one now"


def _found(item: Asked, others: Sequence[Asked]) -> bool:
    """Tell whether some other requirement asks for just the same."""
    return any(
        entails(item.formula, other.formula) and entails(other.formula, item.formula)
        for other in others
    )


def _parts(old: Predicate, new: Predicate) -> Iterator[str]:
    """Yield which elements of a list came and went, where a kind has one list and nothing else."""
    if type(old) is not type(new) or not isinstance(new, Kind):
        return
    name, *others = new.__struct_fields__
    before, after = getattr(old, name), getattr(new, name)
    if others or not isinstance(after, tuple):
        return
    came = tuple(item for item in after if item not in before)
    went = tuple(item for item in before if item not in after)
    if came:
        yield f"also {_words(replace(new, **{name: came}))}"
    if went:
        yield f"no longer {_words(replace(old, **{name: went}))}"


def _words(predicate: Predicate) -> str:
    return plain(predicate.words())


def _conditions(before: Sequence[Condition | None], after: Sequence[Condition | None]) -> str:
    if None in before:
        return f"now only {_when(after)}"
    if None in after:
        return f"no longer only {_when(before)}"
    return f"{_when(before)} -> {_when(after)}"


def _when(conditions: Sequence[Condition | None]) -> str:
    texts = [written(item) for item in conditions if item is not None]
    return f"when {' or '.join(texts)}" if texts else "always"


def _values(conditions: Sequence[Condition | None], old: Side, new: Side) -> Iterator[str]:
    """Yield which options are something else, chosen or by default, so that conditions are too."""
    for name in sorted({name for condition in conditions for name in options_of(condition)}):
        before, after = (
            "without a value" if value is None else spelled(value)
            for value in (old.value(name), new.value(name))
        )
        if before != after:
            yield f"{name} is {after} now, and was {before}"


def _guard(item: Requirement) -> str:
    return "on every node" if item.guard is None else f"where {_words(item.guard)}"
