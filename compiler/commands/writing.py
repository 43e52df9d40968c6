"""Writes artefacts: all of them or none, and never outside the place that was given."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Protocol

_ANYONE = 0o777
_EXECUTABLE = 0o111


class File(Protocol):
    """What is to be written; `name` is relative, with `/` between folders."""

    @property
    def name(self) -> str:
        """Where it goes below a folder."""

    @property
    def text(self) -> str:
        """What it holds."""

    @property
    def executable(self) -> bool:
        """Whether it is a program."""


class OutsideError(ValueError):
    """An artefact would leave the folder it belongs into."""


def write_file(path: Path, file: File) -> None:
    """Write one artefact to a file, atomically; a link stays, and its file is written.

    What is there and no file, such as a pipe or a device, is written to and not replaced.
    """
    place = path.resolve()
    if place.exists() and not place.is_file():
        with place.open("w", encoding="utf-8", newline="") as stream:
            stream.write(file.text)
        return
    _write([(place, file)])


def rewrite_file(path: Path, text: str) -> None:
    """Give a file another text, atomically; its mode and owner stay, and so do links to it.

    Raise `OSError` for what may not be written or is no regular file.
    """
    place = path.resolve(strict=True)
    if not place.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    found = place.stat()
    # Unlike an artefact, what was there cannot be made again.
    temporary = _beside(place, text, stat.S_IMODE(found.st_mode), lasting=True)
    try:
        if os.geteuid() == 0:
            os.chown(temporary, found.st_uid, found.st_gid)
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Iterable[File]) -> list[Path]:
    """Write artefacts into a folder, which is made if need be; return the files.

    Raise `OutsideError` for a name that leads out of the folder, directly or by a link.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = folder.resolve()
    planned = []
    for file in files:
        relative = PurePosixPath(file.name)
        path = folder / relative
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            raise OutsideError(file.name)
        if not path.parent.resolve().is_relative_to(root):
            raise OutsideError(file.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        planned.append((path, file))
    _write(planned)
    return [path for path, _ in planned]


def _write(planned: list[tuple[Path, File]]) -> None:
    """Write all texts beside their places first, then move them there."""
    written: list[tuple[Path, Path]] = []
    try:
        for path, file in planned:
            mode = _mode(executable=file.executable)
            written.append((_beside(path, file.text, mode), path))
        for temporary, path in written:
            temporary.replace(path)
    except BaseException:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)
        raise


def _beside(path: Path, text: str, mode: int, *, lasting: bool = False) -> Path:
    """Write a text to a new file beside a place; a `lasting` one is on the disk by then."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            if lasting:
                stream.flush()
                os.fsync(handle)
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mode(*, executable: bool) -> int:
    mask = os.umask(0)
    os.umask(mask)
    mode = _ANYONE & ~mask
    return mode if executable else mode & ~_EXECUTABLE
