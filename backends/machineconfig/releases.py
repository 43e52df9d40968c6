"""Releases: which of OpenShift an artefact is for, as a setting names them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from reqc.backends.base import SettingError
from reqc.compiler.knowledge.ignition import Release, knowledge

SETTING: Final = "openshift"
"""The name of the setting."""

HELP: Final = (
    "oldest release that must read it (4.12 or 4.12+), or a range such as 4.12-4.18;"
    " 4.12-4.12 is that release alone"
)
"""What the setting takes."""


class Releases(Struct, frozen=True):
    """Releases in ascending order; where the range is `open`, later ones are meant, too."""

    known: tuple[Release, ...]
    open: bool

    @property
    def oldest(self) -> str:
        """The first release."""
        return self.known[0].release

    @property
    def newest(self) -> str:
        """The last release that is known, whether or not later ones are meant."""
        return self.known[-1].release

    def __str__(self) -> str:
        if self.open:
            return f"{self.oldest} and later (known: up to {self.newest})"
        return self.oldest if len(self.known) == 1 else f"{self.oldest} to {self.newest}"


def named_releases(text: str) -> Releases:
    """Return the releases that the setting names; raise SettingError where it names none."""
    oldest, dash, newest = (part.strip() for part in text.partition("-"))
    if dash and not newest:
        message = f"openshift is {text!r}; give the oldest release, or a range such as 4.12-4.18"
        raise SettingError(message)
    if not dash:
        oldest = oldest.removesuffix("+")
    try:
        found = knowledge().between(oldest, newest or None)
    except ValueError as error:
        message = f"openshift is {text!r}: {error}; what other releases read is not known here"
        raise SettingError(message) from error
    return Releases(found, not dash)
