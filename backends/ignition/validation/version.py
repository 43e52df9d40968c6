"""The version of a configuration, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from reqc.backends.ignition.rules import VERSION, shown
from reqc.backends.ignition.validation.findings import Finding, Severity, Spot
from reqc.backends.ignition.validation.nodes import Mapping, Node, Scalar
from reqc.backends.ignition.validation.scope import Scope, told
from reqc.compiler.knowledge.ignition import Form, Release, knowledge
from reqc.compiler.knowledge.machineconfig import operator

_VERSION: Final = re.compile(r"0*([0-9]+)\.0*([0-9]+)\.0*([0-9]+)-?\+?")
_JUDGED_AS: Final = {"2.0.0": "2.2.0", "2.1.0": "2.2.0"}


class WrittenVersion(Struct, frozen=True):
    """A version as somebody wrote it, empty where nobody did, and where it stands."""

    written: str
    spot: Spot

    @property
    def name(self) -> str:
        """The version as it is known; Ignition passes over some signs in what is written."""
        parts = _VERSION.fullmatch(self.written)
        return ".".join(parts.groups()) if parts else self.written

    @property
    def form(self) -> Form | None:
        """The form to judge the configuration by, None for an unknown version."""
        return knowledge().form(_JUDGED_AS.get(self.name, self.name))


def version_of(config: Node, path: str) -> WrittenVersion:
    """Return the version of a configuration."""
    section = _folded(config, "ignition")
    found = _folded(section, "version")
    place = (found or section or config).place
    value = found.value if isinstance(found, Scalar) else ""
    spot = Spot(f"{path}.ignition.version", place)
    return WrittenVersion(value if isinstance(value, str) else "", spot)


def _folded(node: Node | None, key: str) -> Node | None:
    """Return the value of a key in any letters, as Go finds it."""
    if not isinstance(node, Mapping):
        return None
    found = (entry.value for entry in reversed(node.entries) if entry.key.lower() == key)
    return next(found, None)


def version_findings(
    version: WrittenVersion, readers: tuple[Release, ...], scope: Scope
) -> Iterator[Finding]:
    """Check that Ignition and all releases that have to read the version."""
    name, spot = version.name, version.spot
    if version.form is None:
        yield _unknown(version)
        return
    if name != version.written:
        message = (
            f"the version {shown(version.written)} is {name} to Ignition and may not be to others"
        )
        yield spot.risky(VERSION, message, f"write {name}")
    if name in _JUDGED_AS:
        message = f"Ignition {name} is judged as {_JUDGED_AS[name]}, which replaced it"
        yield spot.risky(VERSION, message, f"write {_JUDGED_AS[name]}")

    def tell(who: str, severity: Severity) -> Finding:
        best = knowledge().form_for(readers).version
        message = f"Ignition {name} is not read by {who}"
        return told(spot, severity, VERSION, message, f"all that are meant read {best}")

    yield from scope.minded(readers, lambda release: name not in release.reads, tell)


def _unknown(version: WrittenVersion) -> Finding:
    versions = ", ".join(form.version for form in knowledge().forms)
    written = version.written
    what = f"the version {shown(written)} of Ignition" if written else "a missing version"
    message = f"{what} is read by no release of OpenShift, and not known to reqc"
    is_elsewhere = version.name in operator().unread
    tell = version.spot.breaks if is_elsewhere else version.spot.refused
    return tell(VERSION, message, f"write one of {versions}")
