"""What can be told beside a comparison: of real nodes, of artefacts, of reboots."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

VERDICTS: Final = ("fails now", "fails still", "unverified", "passes now", "passes still")
"""What an upgrade may mean for a node, the worst first."""


class NodeChange(Struct, frozen=True):
    """A node under both documents: what it fails, by id, and what could not be verified."""

    name: str
    old_fails: tuple[str, ...]
    new_fails: tuple[str, ...]
    old_unknown: tuple[str, ...]
    new_unknown: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """What the upgrade means for the node: one of `VERDICTS`."""
        if self.new_fails:
            return "fails still" if self.old_fails else "fails now"
        if self.new_unknown:
            return "unverified"
        return "passes now" if self.old_fails else "passes still"


class Effect(Struct, frozen=True):
    """The nodes, by name, that fail through one change now, and those that did and do not."""

    id: str
    failing: tuple[str, ...]
    mended: tuple[str, ...]


class ArtefactChange(Struct, frozen=True):
    """A file that a target writes: how it differs, as lines of a unified diff without a stop."""

    name: str
    lines: tuple[str, ...]


class Supplement(Struct, frozen=True):
    """All of it; `reboot` says whether nodes restart, empty where nobody knows."""

    nodes: tuple[NodeChange, ...] = ()
    effects: tuple[Effect, ...] = ()
    artefacts: tuple[ArtefactChange, ...] = ()
    target: str = ""
    reboot: str = ""
