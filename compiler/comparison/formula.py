"""Formulas: what a requirement asks for, as literals that are joined, ready to be proved from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reqc.compiler import checks
from reqc.compiler.checks import Relation, UnitCondition
from reqc.compiler.comparison import ranges
from reqc.compiler.comparison.ranges import PRESENT, Ranges
from reqc.compiler.flows import Flow
from reqc.compiler.kinds.base import AllOf, AnyOf, NotOf, Predicate

Atom: TypeAlias = checks.Probe | Flow | Predicate
"""What is true of a node or not: a probe, an opening, or a predicate that no program can check."""

Subject: TypeAlias = tuple[str, ...]
"""What a value is of, such as `("kernel",)`."""


class Literal(Struct, frozen=True):
    """An atom, or that it does not hold."""

    atom: Atom
    holds: bool = True


class Within(Struct, frozen=True):
    """The value of a subject is one of some that have an order; whatever else is not, is not."""

    subject: Subject
    values: Ranges


class Every(Struct, frozen=True):
    """Every part is true."""

    parts: tuple[Formula, ...]


class Some(Struct, frozen=True):
    """At least one part is true."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Literal | Within | Every | Some


def negated(formula: Formula) -> Formula:
    """Return that the formula is not true."""
    match formula:
        case Literal(atom, holds):
            return Literal(atom, not holds)
        case Within(subject, values):
            return Within(subject, values.outside())
        case Every(parts):
            return Some(tuple(map(negated, parts)))
        case Some(parts):
            return Every(tuple(map(negated, parts)))


def of_predicate(predicate: Predicate) -> Formula:
    """Return what a bound predicate asks for.

    Traffic counts as the flows that are let through. What no program can check stands for itself,
    because its instruction says less than its kind knows.
    """
    match predicate:
        case AllOf(parts):
            return Every(tuple(map(of_predicate, parts)))
        case AnyOf(parts):
            return Some(tuple(map(of_predicate, parts)))
        case NotOf(part):
            return negated(of_predicate(part))
    flows = predicate.flows()
    if flows:
        return _every(map(Literal, flows))
    check = predicate.check()
    return Literal(predicate) if isinstance(check, checks.Manual) else of_check(check)


def of_check(check: checks.Check) -> Formula:  # noqa: C901, PLR0911, PLR0912  # one for each probe
    """Return a check as literals; a probe that asks for several things is one for each."""
    match check:
        case checks.All(parts):
            return _every(map(of_check, parts))
        case checks.Any(parts):
            return Some(tuple(map(of_check, parts)))
        case checks.Not(part):
            return negated(of_check(part))
        case checks.Architecture(machines):
            return Some(tuple(Literal(checks.Architecture((one,))) for one in machines))
        case checks.OperatingSystem():
            return _system(check)
        case checks.KernelVersion(relation, version):
            return _kernel(relation, version) or Literal(check)
        case checks.Sysctl():
            return _sysctl(check)
        case checks.InterfaceNamesFree(globs):
            return _every(Literal(checks.InterfaceNamesFree((glob,))) for glob in globs)
        case checks.IniList(items=items):
            return _every(Literal(replace(check, items=(item,))) for item in items)
        case checks.Unit(unit, condition) if condition in _OPPOSITE:
            return Literal(checks.Unit(unit, _OPPOSITE[condition]), holds=False)
        case checks.FileContains(path, lines) if lines:
            return _every(Literal(checks.FileContains(path, (line,))) for line in lines)
        case checks.OsRelease(key, relation, version):
            return _ordered(("os-release", key), ranges.versions(relation, version), check)
        case checks.CommandVersion():
            return _command(check)
        case checks.Processors(relation, count):
            return Within(("processors",), ranges.integers(relation, count))
        case checks.Memory(relation, size):
            return Within(("memory",), ranges.integers(relation, size))
        case checks.DiskSpace(path, relation, size):
            return Within(("disk", path), ranges.integers(relation, size))
        case _:
            return Literal(check)


_OPPOSITE: Final = {
    UnitCondition.ABSENT: UnitCondition.PRESENT,
    UnitCondition.ENABLED: UnitCondition.DISABLED,
    UnitCondition.STOPPED: UnitCondition.RUNNING,
}


def _every(parts: Iterable[Formula]) -> Formula:
    found = tuple(parts)
    return found[0] if len(found) == 1 else Every(found)


def _ordered(subject: Subject, values: Ranges | None, probe: checks.Probe) -> Formula:
    return Literal(probe) if values is None else Within(subject, values)


def _system(check: checks.OperatingSystem) -> Formula:
    """Return a bound on the version of a system, whose absence is that of the system."""
    subject = ("os", check.id)
    there = Within(subject, PRESENT)
    if check.relation is None or check.version is None:
        return there
    return _exactly(check, there, ranges.versions_below(check.relation, check.version))


def _exactly(check: checks.OperatingSystem, there: Within, values: Ranges | None) -> Formula:
    if values is not None:
        return Within(there.subject, values)
    equal = Literal(replace(check, relation=Relation.EQUAL))
    match check.relation:
        case Relation.EQUAL:
            return Every((there, equal))
        case Relation.NOT_EQUAL:
            return Every((there, negated(equal)))
        case _:
            return Every((there, Literal(check)))


_POINT_PARTS: Final = 3
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")


def _kernel(relation: Relation, version: str) -> Formula | None:
    """Return a bound on the release of the kernel.

    Debian and Ubuntu show x.y.0-N for the point release x.y.z, which only a bound with a z is
    compared with. So the two have an order only where the series already decides.
    """
    values = ranges.versions(relation, version)
    if values is None:
        return None
    asked = ranges.dotted(version)
    if ranges.has_build(version) or len(asked) != _POINT_PARTS or not asked[-1]:
        return Within(("kernel",), values)
    first, second = asked[:2]
    below = ranges.versions(Relation.LESS, f"{first}.{second}")
    above = ranges.versions(Relation.AT_LEAST, f"{first}.{second + 1}")
    assert below is not None  # noqa: S101  # two numbers are a version
    assert above is not None  # noqa: S101
    series = below.outside() & above.outside() & PRESENT
    inside = Every(
        (Within(("kernel",), series), Within(("kernel", f"{first}.{second}"), values)),
    )
    lower, higher = Within(("kernel",), below), Within(("kernel",), above)
    match relation:
        case Relation.LESS | Relation.AT_MOST:
            return Some((lower, inside))
        case Relation.AT_LEAST | Relation.GREATER:
            return Some((higher, inside))
        case Relation.NOT_EQUAL:
            return Some((lower, higher, inside))
        case _:
            return inside


def _sysctl(check: checks.Sysctl) -> Formula:
    """Return a setting: a bound where the value is a number, else words that are equal or not."""
    key, value = check.key, " ".join(check.value.split())
    if _INTEGER.fullmatch(value):
        values = ranges.integers(check.relation, int(value))
        if check.relation is Relation.NOT_EQUAL:
            # A word is no number, and so another value.
            values = ranges.integers(Relation.EQUAL, int(value)).outside()
        return Within(("sysctl", key), values)
    match check.relation:
        case Relation.EQUAL | Relation.NOT_EQUAL:
            equal = checks.Sysctl(key, Relation.EQUAL, value)
            return Literal(equal, holds=check.relation is Relation.EQUAL)
        case _:
            return Literal(checks.Sysctl(key, check.relation, value))


def _command(check: checks.CommandVersion) -> Formula:
    if check.relation is None or check.version is None:
        return Within(("command", check.command), PRESENT)
    values = ranges.versions(check.relation, check.version)
    there = Within(("command", check.command), PRESENT)
    if values is None:
        return Every((there, Literal(check)))
    if check.arguments == checks.CommandVersion("").arguments:
        return Within(there.subject, values)
    return Every((there, Within((*there.subject, *check.arguments), values)))
