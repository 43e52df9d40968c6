"""What a comparison of two documents tells: the changes, and what follows from each."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from reqc.compiler.conditions import Condition
from reqc.compiler.flows import Flow
from reqc.compiler.kinds.base import Direction
from reqc.compiler.model import Document, Requirement


class Change(StrEnum):
    """What happened to a requirement; for the last four see `Direction`."""

    ADDED = "added"
    REMOVED = "removed"
    EQUIVALENT = "equivalent"
    STRICTER = "stricter"
    LOOSER = "looser"
    DIFFERENT = "different"


class Category(StrEnum):
    """What a change is about.

    `HOST` are facts of a node that a program checks, `NETWORK` openings in firewalls, `PLATFORM`
    what a person confirms about the platform, such as its release or the datastore. `ADVICE` is all
    that nothing fails for: what should be, or may.
    """

    HOST = "host"
    NETWORK = "network"
    PLATFORM = "platform"
    ADVICE = "advice"


class Phase(StrEnum):
    """When a reader has something to do about a change."""

    BEFORE = "before"
    AFTER = "after"
    NOTHING = "nothing"


class Split(Struct, frozen=True):
    """A direction and the choices for which it is so.

    `condition` is None for all choices; where `told` is false, they are some that no simple
    condition says. `usual` tells whether a deployment that chooses nothing is among them.
    """

    direction: Direction
    condition: Condition | None
    usual: bool
    told: bool = True


class Opening(Struct, frozen=True):
    """A flow that firewalls shall let through from now on, or need not any more.

    `condition` says for which choices, None for all. Those that meet `unless` still need it open,
    because the requirements `still` of the new document ask for it then.
    """

    flow: Flow
    condition: Condition | None
    unless: Condition | None = None
    still: tuple[str, ...] = ()


class Difference(Struct, frozen=True):
    """One change. `old` and `new` are the requirements, either empty or not at all the same.

    `change` holds over all choices of deployments, `usual` for those who choose nothing or what was
    given. `splits` tell which way it goes for which choices. `aspects` say what differs, such as
    `now kernel >= 5.10`. With `erratum`, only what a page prints by mistake changed, and not the
    product. `implied_by` is the requirement that asks for the same and more, so that no host is
    judged in another way for this one alone.
    """

    change: Change
    old: tuple[Requirement, ...]
    new: tuple[Requirement, ...]
    category: Category
    usual: Direction
    splits: tuple[Split, ...] = ()
    aspects: tuple[str, ...] = ()
    erratum: bool = False
    implied_by: str | None = None
    opens: tuple[Opening, ...] = ()
    closes: tuple[Opening, ...] = ()

    @property
    def id(self) -> str:
        """The id in the new document, or the last one it had."""
        return (self.new or self.old)[0].id

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids that take part, each once, those of the new document first."""
        return tuple(dict.fromkeys(item.id for item in (*self.new, *self.old)))

    @property
    def may_fail(self) -> bool:
        """Whether a host that satisfied the old document may not satisfy the new one."""
        if self.erratum or self.implied_by or self.category is Category.ADVICE:
            return False
        return any(item.direction in _FALLING for item in self.splits)

    @property
    def only(self) -> Split | None:
        """The choices for which a host may fail, where others are safe; None where all are alike.

        Where several splits are for such choices, the one that holds by default is told.
        """
        falling = [item for item in self.splits if item.direction in _FALLING]
        falling.sort(key=lambda item: not item.usual)
        return falling[0] if falling and falling[0].condition is not None else None

    @property
    def phase(self) -> Phase:
        """When there is something to do."""
        if self.may_fail:
            return Phase.BEFORE
        if self.category is not Category.ADVICE and not self.erratum and self.closes:
            return Phase.AFTER
        return Phase.NOTHING


_FALLING = frozenset({Direction.STRICTER, Direction.DIFFERENT})


class Configuration(Struct, frozen=True):
    """Something that a node is configured with and that changes, such as a file.

    `what` is its sort and `name` which one; `requirements` are those of both documents that ask.
    """

    what: str
    name: str
    change: str
    requirements: tuple[str, ...]


class OptionChange(Struct, frozen=True):
    """A choice that came, went, or means something else; `detail` says what."""

    name: str
    change: str
    detail: str


class Comparison(Struct, frozen=True):
    """Two documents and all that changed from the old to the new one.

    `configuration` is what changes on a node for which the choices were made, or the defaults.
    """

    old: Document
    new: Document
    differences: tuple[Difference, ...]
    configuration: tuple[Configuration, ...] = ()
    options: tuple[OptionChange, ...] = ()


def counted(changes: Iterable[Difference]) -> dict[Change, int]:
    """Return how many changes there are of each sort, in the order of `Change`."""
    found = list(changes)
    return {change: sum(item.change is change for item in found) for change in Change}
