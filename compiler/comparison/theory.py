"""What follows from what on any node: the meaning of single probes, kinds and flows.

Everything here is sound and nothing is complete: what it says is so on every node, and of what it
does not say nobody knows. The kernel knowledge adds what is known of kernels.
"""

from __future__ import annotations

from collections.abc import Iterable

from reqc.compiler import checks
from reqc.compiler.checks import KernelCapability, KernelOption, UnitCondition
from reqc.compiler.comparison.formula import Atom
from reqc.compiler.flows import ANYONE, Flow, Ports
from reqc.compiler.kinds.base import Direction, Kind
from reqc.compiler.knowledge.command_line import spelled
from reqc.compiler.knowledge.kernel_order import follows


def implies(one: Atom, other: Atom) -> bool:  # noqa: C901, PLR0911  # one for each sort of atom
    """Tell whether on every node where the first holds the other does."""
    if one == other:
        return True
    match one, other:
        case Flow(), Flow():
            return _lets_through(one, other)
        case KernelCapability(), KernelCapability():
            return follows(one, other) or _proves(one, other)
        case checks.Unit(unit, condition), checks.Unit(same, wanted) if unit == same:
            return (condition, wanted) == (UnitCondition.MASKED, UnitCondition.DISABLED)
        case checks.InterfaceNamesFree(globs), checks.InterfaceNamesFree(wanted_globs):
            return all(any(_covers(glob, name) for glob in globs) for name in wanted_globs)
        case checks.FileContains(path), checks.FileExists(same):
            return path == same
        case checks.BootArgument(argument), checks.BootArgument(wanted_argument):
            return spelled(argument) == spelled(wanted_argument)
        case checks.Capability(number=number), checks.Capability(number=wanted_number):
            return number == wanted_number
        case checks.Reachable(_, hosts, port), checks.Reachable(_, same_hosts, same_port):
            return bool(hosts) and (hosts, port) == (same_hosts, same_port)
        case Kind(), Kind() if type(one) is type(other):
            # What nobody chose is compared with nothing.
            if one.references() or other.references():
                return False
            return one.compare(other) in {Direction.LOOSER, Direction.EQUIVALENT}
    return False


def excludes(one: Atom, other: Atom) -> bool:
    """Tell whether there is no node on which both hold."""
    match one, other:
        case checks.Architecture(machines), checks.Architecture(others):
            return set(machines).isdisjoint(others)
        case checks.Mounted(path, filesystem), checks.Mounted(same, wanted):
            return path == same and filesystem != wanted
        case checks.FileMode(path, mode), checks.FileMode(same, wanted):
            return path == same and mode != wanted
    return False


def exhausts(one: Atom, other: Atom) -> bool:
    """Tell whether on every node at least one of them holds: a unit that is absent is disabled."""
    match one, other:
        case checks.Unit(unit, condition), checks.Unit(same, wanted) if unit == same:
            return {condition, wanted} == {UnitCondition.DISABLED, UnitCondition.PRESENT}
    return False


def _lets_through(opened: Flow, wanted: Flow) -> bool:
    return (
        opened.protocol == wanted.protocol
        and opened.source in {wanted.source, ANYONE}
        and opened.destination in {wanted.destination, ANYONE}
        and opened.icmp_type in {wanted.icmp_type, None}
        and (not opened.ports or _within(wanted.ports, opened.ports))
    )


def _within(wanted: Iterable[Ports], opened: Iterable[Ports]) -> bool:
    """Tell whether some range has each wanted one; no ports at all are every port."""
    ranges, asked = tuple(opened), tuple(wanted)
    return bool(asked) and all(
        any(range_.first <= port.first and port.last <= range_.last for range_ in ranges)
        for port in asked
    )


def _covers(glob: str, name: str) -> bool:
    """Tell whether all names that the second glob matches are matched by the first."""
    if glob == name:
        return True
    start = glob.removesuffix("*")
    return start != glob and set(start).isdisjoint("*?[]\\") and name.startswith(start)


def _proves(one: KernelCapability, other: KernelCapability) -> bool:
    """Tell whether every proof of one capability is a proof of the other."""
    if not set(one.modules) <= set(other.modules):
        return False
    if not (set(one.rows) <= set(other.rows) and set(one.paths) <= set(other.paths)):
        return False
    # With modules, only what is built in is proved by an option.
    settings = ("y",) if other.modules and not one.modules else ("y", "m")
    return all(
        set(option.values) <= set(settings)
        and any(_decides(option, wider) for wider in other.options)
        for option in one.options
    )


def _decides(option: KernelOption, wider: KernelOption) -> bool:
    same = (option.symbol, option.since, option.before, option.unless)
    return same == (wider.symbol, wider.since, wider.before, wider.unless) and set(
        option.values
    ) <= set(wider.values)
