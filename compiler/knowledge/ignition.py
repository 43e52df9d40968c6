"""What is known about Ignition and about how OpenShift reads it, from `ignition.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

import yaml

from reqc.compiler.versions import compare_versions

Basis: TypeAlias = Literal["measured", "source", "neighbour"]
"""How a row is known: the release was run, was read, or lies between two that agree."""


@dataclass(frozen=True, slots=True)
class Form:
    """A version of Ignition's configuration, and what it has to be written like."""

    version: str
    names_filesystem: bool
    empty_compression: bool
    kernel_arguments: bool


@dataclass(frozen=True, slots=True)
class Release:
    """An OpenShift release: the Ignition versions it reads and the one it renders."""

    release: str
    reads: tuple[str, ...]
    renders: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The whole file; releases and forms are in ascending order.

    `preferred` are the versions worth writing, best first. `owned` are the operator's own files, a
    trailing slash meaning everything below.
    """

    forms: tuple[Form, ...]
    releases: tuple[Release, ...]
    preferred: tuple[str, ...]
    absent_units_may_be_enabled_from: str
    pools: tuple[str, ...]
    accounts: tuple[str, ...]
    writable: tuple[str, ...]
    volatile: tuple[str, ...]
    force_file: str
    owned: tuple[str, ...]

    def form(self, version: str) -> Form | None:
        """Return the form of a version, None for a version that is not written."""
        return next((form for form in self.forms if form.version == version), None)

    def between(self, oldest: str, newest: str | None) -> tuple[Release, ...]:
        """Return the releases of a range, both ends included; without an end all later ones.

        Raise ValueError when an end is not a known release or the range runs backwards.
        """
        names = [release.release for release in self.releases]
        for name in (oldest, newest or oldest):
            if name not in names:
                message = f"{name!r} is not one of the known releases {names[0]} to {names[-1]}"
                raise ValueError(message)
        last = names.index(newest) if newest else len(names) - 1
        found = self.releases[names.index(oldest) : last + 1]
        if not found:
            message = f"release {newest} is before {oldest}"
            raise ValueError(message)
        return found

    def form_for(self, releases: tuple[Release, ...]) -> Form:
        """Return the form to write so that each of these releases reads it."""
        for version in self.preferred:
            form = self.form(version)
            if form and all(version in release.reads for release in releases):
                return form
        message = f"no version is read by all of {[release.release for release in releases]}"
        raise LookupError(message)

    def may_enable_absent_units(self, releases: tuple[Release, ...]) -> bool:
        """Tell whether `enabled` for a unit that a node lacks is harmless in each release."""
        first = self.absent_units_may_be_enabled_from
        return all(compare_versions(release.release, first) >= 0 for release in releases)


@cache
def knowledge() -> Knowledge:
    """Return the facts, read once."""
    data = yaml.safe_load(files("reqc.compiler.knowledge").joinpath("ignition.yaml").read_bytes())
    return Knowledge(
        forms=tuple(Form(**row) for row in data["forms"]),
        releases=tuple(
            Release(row["release"], tuple(row["reads"]), row["renders"], row["basis"])
            for row in data["releases"]
        ),
        preferred=tuple(data["preferred"]),
        absent_units_may_be_enabled_from=data["absent_units_may_be_enabled_from"],
        pools=tuple(data["pools"]),
        accounts=tuple(data["accounts"]),
        writable=tuple(data["writable"]),
        volatile=tuple(data["volatile"]),
        force_file=data["force_file"],
        owned=tuple(data["owned"]),
    )
