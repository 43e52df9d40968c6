"""Findings: what is wrong with a configuration, where, who minds, and how to mend it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from reqc.backends.ignition.validation.nodes import Place

UNREADABLE: Final = "REQ550"
TYPE: Final = "REQ551"
UNKNOWN_KEY: Final = "REQ552"
KEY_TWICE: Final = "REQ553"
DUPLICATE: Final = "REQ554"
SOURCE: Final = "REQ555"
COMPRESSION: Final = "REQ556"
REFUSED_VALUE: Final = "REQ557"
ABSENT_UNIT: Final = "REQ558"
UNCHANGEABLE: Final = "REQ559"
EXTENSION: Final = "REQ560"
DEFAULT: Final = "REQ561"
OVERRULED: Final = "REQ562"

Severity: TypeAlias = Literal["error", "warning", "note"]


class Judge(StrEnum):
    """Who minds.

    `IGNITION`: it refuses the configuration, or remarks on it where it is a warning. `OPERATOR`:
    the Machine Config Operator of one release or another refuses it. `NODE`: everybody accepts it,
    and it breaks, or does nothing, on the node.
    """

    IGNITION = "ignition"
    OPERATOR = "operator"
    NODE = "node"


class Finding(Struct, frozen=True):
    """One thing that is wrong.

    `path` leads from the document to the value, as in `$.storage.files.0.mode`; `place` is where
    it stands in the text. `message` is one line that stands alone, `help` says how to mend it.
    """

    severity: Severity
    judge: Judge
    code: str
    message: str
    path: str
    place: Place
    help: str = ""


class Spot(Struct, frozen=True):
    """What a finding is about: a value by its path and its place."""

    path: str
    place: Place

    def refused(self, code: str, message: str, advice: str = "") -> Finding:
        """Return an error that Ignition tells as well."""
        return Finding("error", Judge.IGNITION, code, message, self.path, self.place, advice)

    def remarked(self, code: str, message: str, advice: str = "") -> Finding:
        """Return a warning that Ignition tells as well."""
        return Finding("warning", Judge.IGNITION, code, message, self.path, self.place, advice)

    def breaks(self, code: str, message: str, advice: str = "") -> Finding:
        """Return an error that is otherwise found out on the node."""
        return Finding("error", Judge.NODE, code, message, self.path, self.place, advice)

    def risky(self, code: str, message: str, advice: str = "") -> Finding:
        """Return a warning that nobody else tells."""
        return Finding("warning", Judge.NODE, code, message, self.path, self.place, advice)
