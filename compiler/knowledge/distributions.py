"""Which kernel a distribution ships, by its id and version in os-release(5)."""

from __future__ import annotations

from collections.abc import Mapping

_RHEL = {"7": "3.10", "8": "4.18", "9": "5.14", "10": "6.12"}

# Release notes of the distributions: the kernel that a release came out with. Vendors keep the
# number and port features back to it. Ubuntu and Debian offer newer kernels beside it.
_KERNELS: Mapping[str, Mapping[str, str]] = {
    "almalinux": {version: _RHEL[version] for version in ("8", "9", "10")},
    "centos": _RHEL,
    "debian": {"9": "4.9", "10": "4.19", "11": "5.10", "12": "6.1", "13": "6.12"},
    "rhel": _RHEL,
    "rocky": {version: _RHEL[version] for version in ("8", "9", "10")},
    "ubuntu": {
        "16.04": "4.4",
        "18.04": "4.15",
        "20.04": "5.4",
        "22.04": "5.15",
        "24.04": "6.8",
    },
}


def stock_kernel(id: str, version: str) -> str | None:  # noqa: A002  # as os-release names it
    """Return the kernel that a release came with, None where that is not known.

    A finer version is one of the release: 8.6 has the kernel of 8.
    """
    releases = _KERNELS.get(id, {})
    parts = version.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((releases[name] for name in names if name in releases), None)
