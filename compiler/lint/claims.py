"""What requirements claim about one subject, so that contradictions show without a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import singledispatch
from typing import TypeAlias

from msgspec import Struct

from reqc.compiler.checks import Relation, UnitCondition
from reqc.compiler.kinds.base import Predicate, Reference
from reqc.compiler.kinds.hardware import Cpu, Disk, Memory
from reqc.compiler.kinds.host import File, Mount, Service, Sysctl
from reqc.compiler.kinds.kernel_features import Kconfig
from reqc.compiler.kinds.platform import Arch, Command, Kernel, Os, Software
from reqc.compiler.knowledge.software import SOFTWARE
from reqc.compiler.lint.bounds import OPPOSITE, Bound
from reqc.compiler.lint.parts import Wish
from reqc.compiler.versions import compare_versions


class Among(Struct, frozen=True):
    """The truth is one of several; `others` are those left when it is not, where they are known."""

    values: AbstractSet[object]
    others: AbstractSet[object] | None = None

    def excludes(self, other: Among) -> bool:
        """Tell whether nothing is among both."""
        return self.values.isdisjoint(other.values)


Claim: TypeAlias = tuple[object, Among | Bound]
"""A subject, and what is said about it. All claims about one subject are of one sort."""

_WANTED = {wanted: Among(frozenset({wanted})) for wanted in (True, False)}
_UNIT_STATES = ("enabled", "disabled", "masked")
_ABSENT = ("absent", "")
# Masked and running does not outlast a boot.
_PRESENT = {(state, run) for state in _UNIT_STATES for run in ("running", "stopped")} - {
    ("masked", "running")
}
_ALL_UNITS = _PRESENT | {_ABSENT}
_UNITS: dict[UnitCondition, set[tuple[str, str]]] = {
    UnitCondition.PRESENT: _PRESENT,
    UnitCondition.ABSENT: {_ABSENT},
    UnitCondition.ENABLED: {unit for unit in _PRESENT if unit[0] == "enabled"},
    UnitCondition.DISABLED: {unit for unit in _ALL_UNITS if unit[0] != "enabled"},
    UnitCondition.MASKED: {unit for unit in _PRESENT if unit[0] == "masked"},
    UnitCondition.RUNNING: {unit for unit in _PRESENT if unit[1] == "running"},
    UnitCondition.STOPPED: {unit for unit in _ALL_UNITS if unit[1] != "running"},
}
"""The ways a unit can be while a condition holds, as `checks.Unit` defines the conditions."""


def claims(wish: Wish) -> Iterator[Claim]:
    """Yield what a wish claims: that its thing is wanted or not, and what its kind knows beside."""
    yield ("wanted", wish.thing), _WANTED[wish.wanted]
    for subject, claim in _claims(wish.part):
        if wish.wanted:
            yield subject, claim
        elif isinstance(claim, Bound):
            yield subject, Bound(OPPOSITE[claim.relation], claim.value, claim.order)
        elif claim.others is not None:
            yield subject, Among(claim.others)


@singledispatch
def _claims(_part: Predicate) -> Iterator[Claim]:
    """Yield what a kind claims about values; most kinds have nothing to say."""
    return iter(())


def _bound(
    subject: object, relation: Relation, value: object, order: Callable[..., int]
) -> Iterator[Claim]:
    """Yield a bound; a value that a deployment chooses bounds nothing yet."""
    if not isinstance(value, Reference):
        yield subject, Bound(relation, value, order)


def _by_number(found: int, wanted: int) -> int:
    return (found > wanted) - (found < wanted)


def _by_text(found: str, wanted: str) -> int:
    """Compare values of kernel parameters, as numbers where both are."""
    if found.isdecimal() and wanted.isdecimal():
        return _by_number(int(found), int(wanted))
    return (found > wanted) - (found < wanted)


@_claims.register
def _(part: Kernel) -> Iterator[Claim]:
    return _bound("kernel", part.relation, part.version, compare_versions)


@_claims.register
def _(part: Cpu) -> Iterator[Claim]:
    return _bound("cpu", part.relation, part.count, _by_number)


@_claims.register
def _(part: Memory) -> Iterator[Claim]:
    return _bound("memory", part.relation, part.size, _by_number)


@_claims.register
def _(part: Disk) -> Iterator[Claim]:
    return _bound(("disk", part.path), part.relation, part.size, _by_number)


@_claims.register
def _(part: Software) -> Iterator[Claim]:
    if part.version is not None:
        order = SOFTWARE[part.software].compare
        yield from _bound(("software", part.software), part.relation, part.version, order)


@_claims.register
def _(part: Command) -> Iterator[Claim]:
    if part.relation is not None and part.version is not None:
        yield from _bound(("command", part.command), part.relation, part.version, compare_versions)


@_claims.register
def _(part: Sysctl) -> Iterator[Claim]:
    if isinstance(part.value, Reference):
        return
    # A text has no order, so a bound by one bounds nothing.
    if part.value.isdecimal() or part.relation in {Relation.EQUAL, Relation.NOT_EQUAL}:
        yield from _bound(("sysctl", part.key), part.relation, part.value, _by_text)


@_claims.register
def _(part: Arch) -> Iterator[Claim]:
    yield "arch", Among(frozenset(part.machines))


@_claims.register
def _(part: Os) -> Iterator[Claim]:
    yield "os", Among(frozenset(system.id for system in part.systems))


@_claims.register
def _(part: Kconfig) -> Iterator[Claim]:
    values = {"y", "m"} if part.value == "either" else {part.value}
    yield ("kconfig", part.symbol.removeprefix("CONFIG_")), Among(frozenset(values))


@_claims.register
def _(part: Mount) -> Iterator[Claim]:
    yield ("mount", part.path), Among(frozenset({part.filesystem}))


@_claims.register
def _(part: Service) -> Iterator[Claim]:
    units = frozenset(_UNITS[UnitCondition(part.condition)])
    yield ("service", part.unit), Among(units, _ALL_UNITS - units)


@_claims.register
def _(part: File) -> Iterator[Claim]:
    there, gone = frozenset({"there"}), frozenset({"gone"})
    if part.aspect == "absent":
        yield ("file", part.path), Among(gone, there)
        return
    # A file with another mode is there too, so only existence has an opposite.
    yield ("file", part.path), Among(there, gone if part.aspect == "exists" else None)
    if part.aspect in {"content", "mode", "owner"} and not isinstance(part.value, Reference):
        value = int(part.value, 8) if part.aspect == "mode" else part.value
        yield ("file", part.path, part.aspect), Among(frozenset({value}))
