"""Scope: for whom a configuration is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from reqc.backends.ignition.validation.findings import Finding, Judge, Severity, Spot
from reqc.compiler.knowledge.ignition import Release, knowledge


class Scope(Struct, frozen=True):
    """The releases of OpenShift that a configuration is for, and the pools that there are.

    Without `releases` nobody said, and each object is judged for the releases that read it. What
    only some of them mind is then a warning.
    """

    releases: tuple[Release, ...] = ()
    custom_pools: tuple[str, ...] = ()

    @property
    def is_stated(self) -> bool:
        """Tell whether somebody said which releases are meant."""
        return bool(self.releases)

    @property
    def pools(self) -> tuple[str, ...]:
        """All pools that are known."""
        return tuple(dict.fromkeys((*knowledge().pools, *self.custom_pools)))

    def readers(self, version: str) -> tuple[Release, ...]:
        """Return the releases to judge a version for."""
        return self.releases or tuple(
            release for release in knowledge().releases if version in release.reads
        )

    def minded(
        self,
        releases: Sequence[Release],
        minds: Callable[[Release], bool],
        tell: Callable[[str, Severity], Finding],
    ) -> list[Finding]:
        """Return a finding if a release minds; `tell` gets their names and the severity."""
        minding = [release for release in releases if minds(release)]
        everybody = len(minding) == len(releases)
        severity: Severity = "error" if self.is_stated or everybody else "warning"
        return [tell(named(minding), severity)] if minding else []


def named(releases: Sequence[Release]) -> str:
    """Return the names of releases, as ranges where they follow each other."""
    order: Final = [release.release for release in knowledge().releases]
    runs: list[list[str]] = []
    for release in releases:
        at = order.index(release.release)
        if runs and runs[-1][-1] == order[at - 1]:
            runs[-1].append(release.release)
        else:
            runs.append([release.release])
    words = (run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
    return f"OpenShift {', '.join(words)}"


def told(spot: Spot, severity: Severity, code: str, message: str, advice: str = "") -> Finding:
    """Return what a release of the operator minds."""
    return Finding(severity, Judge.OPERATOR, code, message, spot.path, spot.place, advice)
