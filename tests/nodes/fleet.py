"""The register of the fleet: every fake node with what it is there to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.nodes.machine import Machine

Builder: TypeAlias = Callable[[Machine], None]


@dataclass(frozen=True, slots=True)
class Member:
    """A node of the fleet.

    `shows` are the states that the node is about, by requirement of both pages; `dark` are patterns
    of the requirements about which nothing on the node tells the truth, so that they must be
    unknown. Everything else must be what is true of the machine.
    """

    name: str
    about: str
    build: Builder
    shows: Mapping[str, str]
    dark: tuple[str, ...] = ()


@dataclass(slots=True)
class Fleet:
    """Nodes by name, in the order in which they are written."""

    members: dict[str, Member] = field(default_factory=dict)

    def node(
        self, name: str, about: str, shows: Mapping[str, str], *, dark: tuple[str, ...] = ()
    ) -> Callable[[Builder], Builder]:
        """Return a decorator that takes in the builder of a node."""

        def take(build: Builder) -> Builder:
            assert name not in self.members, name
            self.members[name] = Member(name, about, build, shows, dark)
            return build

        return take


FLEET = Fleet()
