"""What is known about Ignition and about how OpenShift reads it, from `ignition.yaml`."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct

from reqc.compiler.knowledge.tables import table
from reqc.compiler.versions import compare_versions

Basis: TypeAlias = Literal["measured", "source", "neighbour"]
"""How a row is known: the release was run, was read, or lies between two that agree."""

Action: TypeAlias = Literal["Reload", "Restart"]
"""What a node does to a unit of systemd, in the words of node disruption policies."""


class Form(Struct, frozen=True):
    """A version of Ignition's configuration, and what it has to be written like."""

    version: str
    names_filesystem: bool
    empty_compression: bool
    kernel_arguments: bool


class Release(Struct, frozen=True):
    """An OpenShift release: the Ignition versions it reads and the one it renders."""

    release: str
    reads: tuple[str, ...]
    renders: str
    basis: Basis


class Extension(Struct, frozen=True):
    """Packages that come with the system of a node; `until` is the last release that has them."""

    name: str
    packages: tuple[str, ...]
    since: str
    until: str | None = None

    def is_in(self, release: Release) -> bool:
        """Tell whether a release has this extension."""
        too_old = compare_versions(release.release, self.since) < 0
        return not too_old and not (
            self.until and compare_versions(release.release, self.until) > 0
        )


class Effect(Struct, frozen=True):
    """The action on a unit that is enough for a node to take in a file.

    A `path` with a trailing slash means every file below it.
    """

    path: str
    action: Action
    unit: str


class ButaneVersion(Struct, frozen=True):
    """A version of Butane's language, and the version of Ignition that comes of it."""

    version: str
    writes: str


class DisruptionPolicy(Struct, frozen=True):
    """The releases in which node disruption policies began: as a preview, and for everybody."""

    preview: str
    general: str


class Butane(Struct, frozen=True):
    """The versions of Butane's language for each of its variants, in ascending order."""

    openshift: tuple[ButaneVersion, ...]
    fcos: tuple[ButaneVersion, ...]


class Knowledge(Struct, frozen=True):
    """The whole file; releases and forms are in ascending order.

    `preferred` are the versions worth writing, best first. `owned` are the operator's own files, a
    trailing slash meaning everything below. `object_bytes`, `config_map_bytes` and
    `annotation_bytes` are the most that an object, a ConfigMap and all annotations may hold.
    """

    forms: tuple[Form, ...]
    releases: tuple[Release, ...]
    preferred: tuple[str, ...]
    absent_units_may_be_enabled_from: str
    custom_pools_come_last_from: str
    disruption_policy: DisruptionPolicy
    effects: tuple[Effect, ...]
    extensions: tuple[Extension, ...]
    object_bytes: int
    config_map_bytes: int
    annotation_bytes: int
    butane: Butane
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

    def extension_with(self, package: str) -> Extension | None:
        """Return the extension that brings a package; no package is in two of them."""
        return next((item for item in self.extensions if package in item.packages), None)

    def owns(self, path: str) -> bool:
        """Tell whether the operator would put a file of its own in the place of this one."""
        return path in self.owned or path.startswith(_folders(self.owned))

    def effect_of(self, path: str) -> Effect | None:
        """Return what is enough for a node to take in a file; None where it must be rebooted."""
        return next((item for item in self.effects if is_at(path, item.path)), None)

    def may_enable_absent_units(self, releases: tuple[Release, ...]) -> bool:
        """Tell whether `enabled` for a unit that a node lacks is harmless in each release."""
        first = self.absent_units_may_be_enabled_from
        return all(compare_versions(release.release, first) >= 0 for release in releases)


@cache
def _folders(places: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(place for place in places if place.endswith("/"))


def is_at(path: str, place: str) -> bool:
    """Tell whether a path is a place, or below it where the place ends with a slash."""
    return path.startswith(place) if place.endswith("/") else path == place


@cache
def knowledge() -> Knowledge:
    """Return the facts, read once."""
    data = table("ignition")
    return Knowledge(
        forms=tuple(Form(**row) for row in data["forms"]),
        releases=tuple(
            Release(row["release"], tuple(row["reads"]), row["renders"], row["basis"])
            for row in data["releases"]
        ),
        preferred=tuple(data["preferred"]),
        absent_units_may_be_enabled_from=data["absent_units_may_be_enabled_from"],
        custom_pools_come_last_from=data["custom_pools_come_last_from"],
        disruption_policy=DisruptionPolicy(**data["disruption_policy"]),
        effects=tuple(Effect(**row) for row in data["effects"]),
        extensions=tuple(
            Extension(row["name"], tuple(row["packages"]), row["since"], row.get("until"))
            for row in data["extensions"]
        ),
        object_bytes=data["object_bytes"],
        config_map_bytes=data["config_map_bytes"],
        annotation_bytes=data["annotation_bytes"],
        butane=Butane(
            **{
                variant: tuple(ButaneVersion(**row) for row in rows)
                for variant, rows in data["butane"].items()
            }
        ),
        pools=tuple(data["pools"]),
        accounts=tuple(data["accounts"]),
        writable=tuple(data["writable"]),
        volatile=tuple(data["volatile"]),
        force_file=data["force_file"],
        owned=tuple(data["owned"]),
    )
