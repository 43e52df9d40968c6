"""What the statements of a document have declared so far."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from reqc.compiler.model import Option
from reqc.compiler.source import Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.packed import Packed

LANGUAGE_VERSION: Final = "1"
"""The version of the language that this compiler reads and writes."""


class OpenSection(Struct):
    """A section while requirements are added to it; it may be opened again to add more."""

    name: str
    title: tree.String | None
    span: Span
    requirements: dict[str, Packed] = field(default_factory=dict)


class Declarations(Struct):
    """Everything that is declared, by name and in the order of the text."""

    identity: tree.Identity | None = None
    revision: tree.Revision | None = None
    layers: dict[str, int] = field(default_factory=dict)
    sources: dict[str, tree.SourceStatement] = field(default_factory=dict)
    options: dict[str, Option] = field(default_factory=dict)
    option_nodes: dict[str, tree.Option] = field(default_factory=dict)
    roles: dict[str, tree.Role] = field(default_factory=dict)
    sections: dict[str, OpenSection] = field(default_factory=dict)
    allowed: list[tree.Allow] = field(default_factory=list)
    ignored: list[tree.Ignore] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    complete: bool = True

    def excuses(self, name: str) -> bool:
        """Tell whether a name may be missing because its declaration was not understood.

        That mistake was reported; that nothing knows the name is no other one.
        """
        return not self.complete or name in self.lost
