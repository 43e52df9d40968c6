"""Findings: what is wrong with a configuration, where, who minds, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

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

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        UNREADABLE: "A file is no configuration of a node",
        TYPE: "A value has the wrong type",
        UNKNOWN_KEY: "A key means nothing",
        KEY_TWICE: "A key is there twice",
        DUPLICATE: "A list has an entry twice",
        SOURCE: "A content cannot be read from its source",
        COMPRESSION: "A compression is not undone everywhere",
        REFUSED_VALUE: "Ignition refuses a value",
        ABSENT_UNIT: "A unit that may be absent is enabled or disabled",
        UNCHANGEABLE: "A running node does not take this up",
        EXTENSION: "An extension or a type of kernel is not known to a release",
        DEFAULT: "Readers differ in what they take a value for",
        OVERRULED: "Two objects for one cluster say different things",
    }
)
"""One line for each code of the validator alone; it shares others with `ignition.rules`."""

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


@dataclass(frozen=True, slots=True)
class Finding:
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


@dataclass(frozen=True, slots=True)
class Spot:
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
