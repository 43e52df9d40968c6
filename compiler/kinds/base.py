"""What a kind is, and how predicates of kinds combine."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from reqc.compiler import checks
from reqc.compiler.conditions import Value
from reqc.compiler.flows import Flow
from reqc.compiler.prose import Code, Sentence, joined, sentence
from reqc.compiler.states import State

if TYPE_CHECKING:
    from reqc.compiler.kinds.forms import Form

T = TypeVar("T")


class Reference(Struct, frozen=True, gc=False):
    """An option that stands where a value may stand; `typha_port`."""

    option: str

    def __str__(self) -> str:
        return self.option


Ref: TypeAlias = T | Reference
"""A value, or the option that will hold it."""


class UnboundError(LookupError):
    """A predicate refers to an option that has no value; the argument is the option's name."""


def known(value: T | Reference) -> T:
    """Return a value of a predicate that is bound."""
    if isinstance(value, Reference):
        message = f"the option {value.option} was not bound"
        raise AssertionError(message)  # noqa: TRY004  # not the caller's input but a bug
    return value


class Direction(StrEnum):
    """What a change means for a host that satisfied the old form.

    Stricter: it may fail now. Looser: a host that failed may pass now. Different: both.
    """

    EQUIVALENT = "equivalent"
    STRICTER = "stricter"
    LOOSER = "looser"
    DIFFERENT = "different"


class Predicate(Struct, frozen=True, gc=False):
    """Something that can be required, and its meaning in the four small languages."""

    @abstractmethod
    def check(self) -> checks.Check:
        """Return what must be true on a node."""

    def states(self, owner: str) -> tuple[State, ...]:
        """Return what brings a node there; nothing where no configuration can.

        `owner` names the files that are the product's own, such as a drop-in.
        """
        return ()

    def flows(self) -> tuple[Flow, ...]:
        """Return the traffic that it allows."""
        return ()

    @abstractmethod
    def words(self) -> Sentence:
        """Return what is required as a phrase without a stop: `Linux kernel 3.10 or later`."""

    def things(self) -> frozenset[object]:
        """Return keys of what is asked for, where other kinds can ask for the same things."""
        return frozenset()

    def bound(self, choices: Mapping[str, Value | None]) -> Self:
        """Return the predicate with the values of options in the places of their names.

        Raise `UnboundError` when an option has no value.
        """
        bound: Self = _bound(self, choices)
        return bound

    def references(self) -> frozenset[str]:
        """Return the names of the options that it refers to."""
        return _references(self)


def _bound(value: Any, choices: Mapping[str, Value | None]) -> Any:  # noqa: ANN401  # any field
    if isinstance(value, Reference):
        chosen = choices[value.option]
        if chosen is None:
            raise UnboundError(value.option)
        return chosen
    if isinstance(value, tuple):
        return tuple(_bound(item, choices) for item in value)
    if isinstance(value, Struct):
        names = value.__struct_fields__
        return replace(value, **{name: _bound(getattr(value, name), choices) for name in names})
    return value


def _references(value: object) -> frozenset[str]:
    if isinstance(value, Reference):
        return frozenset({value.option})
    if isinstance(value, tuple):
        return frozenset().union(*map(_references, value))
    if isinstance(value, Struct):
        return _references(tuple(getattr(value, name) for name in value.__struct_fields__))
    return frozenset()


class Kind(Predicate, frozen=True):
    """A predicate that a specification names by a word; its fields are its typed arguments."""

    name: ClassVar[str]
    summary: ClassVar[str]
    forms: ClassVar[tuple[Form, ...]]
    examples: ClassVar[tuple[str, ...]]

    def problem(self) -> str:
        """Say what is wrong with values that fit their slots but not each other."""
        return ""

    def compare(self, new: Self) -> Direction:
        """Return what it means that this became `new`, which is of the same kind.

        It is asked only where no program can check either, and the check says less than the kind
        knows, such as the order of releases with names. What can be checked is proved from checks.
        """
        return Direction.EQUIVALENT if self == new else Direction.DIFFERENT


class AllOf(Predicate, frozen=True):
    """Every part is required."""

    parts: tuple[Predicate, ...]

    def check(self) -> checks.Check:
        """Return the conjunction of the parts."""
        return checks.All(tuple(part.check() for part in self.parts))

    def states(self, owner: str) -> tuple[State, ...]:
        """Return the states of all parts."""
        return tuple(state for part in self.parts for state in part.states(owner))

    def flows(self) -> tuple[Flow, ...]:
        """Return the flows of all parts."""
        return tuple(flow for part in self.parts for flow in part.flows())

    def words(self) -> Sentence:
        """Return the parts as an enumeration."""
        return joined(tuple(part.words() for part in self.parts))


class AnyOf(Predicate, frozen=True):
    """One part is enough. No state follows: which part to bring about is a choice."""

    parts: tuple[Predicate, ...]

    def check(self) -> checks.Check:
        """Return the disjunction of the parts."""
        return checks.Any(tuple(part.check() for part in self.parts))

    def words(self) -> Sentence:
        """Return the parts as alternatives."""
        return joined(tuple(part.words() for part in self.parts), "or")


class NotOf(Predicate, frozen=True):
    """The part must not hold. No state follows."""

    part: Predicate

    def check(self) -> checks.Check:
        """Return the negation of the part."""
        return checks.Not(self.part.check())

    def words(self) -> Sentence:
        """Return the part with a `not` before it."""
        return (*sentence("not "), *self.part.words())


def code(value: object) -> Code:
    """Return a value as a machine reads it."""
    return Code(str(value))


def codes(values: tuple[object, ...], last: str = "and") -> Sentence:
    """Return values as an enumeration in a code font."""
    return joined(tuple((code(value),) for value in values), last)
