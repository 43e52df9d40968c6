"""Builds releases with setuptools so that the same files give the same bytes, whenever and where.

setuptools writes wheels with the time of `SOURCE_DATE_EPOCH`, but the archive of sources with the
times, owners and modes of the files and the time of the build; it is written again without those.
A release holds the templates as modules of Python too, since compiling them takes a fifth of short
processes.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)
from setuptools.command.build_py import build_py

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

EARLIEST: Final = "315532800"
"""1980-01-01, before which a wheel cannot be: the time of a build to which none is given."""

_EXECUTABLE: Final = 0o100


class BuildPython(build_py):
    """Copies the packages, and compiles the templates in the copy."""

    def run(self) -> None:
        """Do so, but leave the templates where packages stay in the repository."""
        super().run()
        if not self.editable_mode:
            script = str(Path(__file__).with_name("compile-templates"))
            # by another process, so that nothing of reqc is loaded here; -B leaves no caches there
            subprocess.run([sys.executable, "-B", script, self.build_lib], check=True)  # noqa: S603


def build_wheel(
    wheel_directory: str,
    config_settings: Mapping[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel and return its name."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", EARLIEST)
    name: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return name


def build_sdist(sdist_directory: str, config_settings: Mapping[str, Any] | None = None) -> str:
    """Build the archive of sources and return its name."""
    name: str = build_meta.build_sdist(sdist_directory, config_settings)
    path = Path(sdist_directory) / name
    path.write_bytes(normalized(path.read_bytes(), int(_time())))
    return name


def normalized(archive: bytes, time: int) -> bytes:
    """Return an archive in order of names, all of one time and nobody's, with plain modes."""
    plain = BytesIO()
    with (
        tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as given,
        tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as made,
    ):
        for member in sorted(given, key=lambda one: one.name):
            member.mtime = time
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.isdir() or member.mode & _EXECUTABLE else 0o644
            member.pax_headers = {}
            made.addfile(member, given.extractfile(member) if member.isfile() else None)
    return gzip.compress(plain.getvalue(), mtime=0)


def _time() -> str:
    return os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)
