"""The narrow waist: a document as the backends see it, without a trace of kinds or syntax.

Every requirement is here whether or not it applies under the choices made, so that a document can
show all conditions; backends for nodes and firewalls take `LoweredDocument.here`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct

from reqc.compiler.checks import Check
from reqc.compiler.conditions import Condition, Value
from reqc.compiler.flows import Flow
from reqc.compiler.prose import Sentence
from reqc.compiler.source import Place
from reqc.compiler.states import State

Reading: TypeAlias = Literal["published", "corrected"]
"""Whether errata are compiled as the page prints them or as its authors meant them."""


class Level(StrEnum):
    """The requirement levels of RFC 2119."""

    MUST = "must"
    MUST_NOT = "must not"
    SHOULD = "should"
    SHOULD_NOT = "should not"
    MAY = "may"


class Citation(Struct, frozen=True, gc=False):
    """Lines of a source document; without lines the document as a whole."""

    source: str
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        if self.first is None:
            return self.source
        return f"{self.source}:{self.first}" + (f"-{self.last}" if self.last != self.first else "")


class Origin(Struct, frozen=True, gc=False):
    """What an output names when it says where something comes from.

    `id` is `section.name`; `place` is the line of the specification.
    """

    id: str
    level: Level
    title: str
    place: Place
    citations: tuple[Citation, ...] = ()


class Erratum(Struct, frozen=True, gc=False):
    """What the page prints but its authors did not mean, and what they meant, if anything.

    `condition` is that of the intended form, None where it always applies.
    """

    text: str
    intended: Sentence | None = None
    condition: Condition | None = None


class LoweredRequirement(Struct, frozen=True, gc=False):
    """One requirement in the four small languages.

    `applies` is None when an option that decides it has no value. `roles` are the hosts it binds.
    `guard` is a fact of the node without which the requirement is not applicable there.
    `statement` says what is required in words. `bound_to` are the options whose values stand in
    the guard, the check, the states and the flows: another value needs another lowering.
    `complete` is false where one of them has no value, or where the errata drop the requirement,
    so that no choice of conditions can make it apply.
    """

    origin: Origin
    applies: bool | None
    condition: Condition | None
    roles: tuple[str, ...]
    guard: Check | None
    check: Check
    states: tuple[State, ...]
    flows: tuple[Flow, ...]
    statement: Sentence
    because: str | None = None
    notes: tuple[str, ...] = ()
    fix: str | None = None
    see: tuple[str, ...] = ()
    erratum: Erratum | None = None
    bound_to: tuple[str, ...] = ()
    complete: bool = True


class LoweredSection(Struct, frozen=True):
    """A section of the page, in the page's order."""

    id: str
    title: str
    requirements: tuple[LoweredRequirement, ...]


class LoweredOption(Struct, frozen=True):
    """A choice of the deployment; `chosen` tells a choice from a default."""

    name: str
    kind: str
    values: tuple[Value, ...]
    default: Value | None
    value: Value | None
    chosen: bool
    help: str


class LoweredHost(Struct, frozen=True):
    """A host by its name in the inventory, with the addresses that are its own."""

    name: str
    addresses: tuple[str, ...]


class LoweredRole(Struct, frozen=True):
    """A group of hosts; `addresses` come from the inventory, as addresses or networks.

    `hosts` are those that the inventory names; an address without a name is in `addresses` alone.
    """

    name: str
    help: str
    condition: Condition | None
    applies: bool | None
    addresses: tuple[str, ...]
    hosts: tuple[LoweredHost, ...] = ()


class LoweredSource(Struct, frozen=True):
    """A document that requirements cite."""

    name: str
    file: str
    title: str
    url: str
    revision: str
    sha256: str


class Identity(Struct, frozen=True):
    """Which page this is."""

    product: str
    version: str
    platform: str
    title: str
    revision: str

    def __str__(self) -> str:
        return f"{self.product} {self.version} on {self.platform}"

    @property
    def slug(self) -> str:
        """The identity as one word for names of files and objects: `calico-openstack`."""
        return f"{self.product}-{self.platform}"


class ChangedSetting(Struct, frozen=True):
    """A setting of a target that has another value than its default."""

    name: str
    value: str


class Recipe(Struct, frozen=True):
    """What an artefact is made with besides a document: a target, by name, and its settings."""

    target: str
    settings: tuple[ChangedSetting, ...] = ()


class LoweredDocument(Struct, frozen=True):
    """A specification with the choices of one deployment, ready for every backend.

    `host_roles` are the roles of the hosts an artefact is for. `digest` is the sha256 of what is
    said, in hexadecimal. `recipe` is only told in the artefact, None where it is made for nobody.
    """

    identity: Identity
    reading: Reading
    sources: tuple[LoweredSource, ...]
    options: tuple[LoweredOption, ...]
    roles: tuple[LoweredRole, ...]
    host_roles: tuple[str, ...]
    sections: tuple[LoweredSection, ...]
    digest: str
    recipe: Recipe | None = None

    @property
    def requirements(self) -> tuple[LoweredRequirement, ...]:
        """All requirements in the order of the page."""
        return tuple(item for section in self.sections for item in section.requirements)

    @property
    def here(self) -> tuple[LoweredRequirement, ...]:
        """The requirements that apply, for hosts of `host_roles`."""
        return tuple(item for item in self.requirements if item.applies and self.binds(item))

    def binds(self, requirement: LoweredRequirement) -> bool:
        """Tell whether a requirement binds hosts of `host_roles`, whatever its condition."""
        return not set(requirement.roles).isdisjoint(self.host_roles)

    def role(self, name: str) -> LoweredRole | None:
        """Return a declared role by name; the built-in roles are none."""
        return next((role for role in self.roles if role.name == name), None)
