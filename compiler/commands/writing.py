"""Writes artefacts: all of them or none, and never outside the place that was given."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable

TYPE_CHECKING = False  # what typing calls so; to import that takes long
if TYPE_CHECKING:
    from typing import Protocol

    class File(Protocol):
        """What is to be written; `name` is relative, with `/` between folders."""

        @property
        def name(self) -> str:
            """Where it goes below a folder."""

        @property
        def pieces(self) -> Iterable[str]:
            """What it holds, which is written as it is made."""

        @property
        def executable(self) -> bool:
            """Whether it is a program."""


_ANYONE = 0o777
_EXECUTABLE = 0o111


class OutsideError(ValueError):
    """An artefact would leave the folder it belongs into."""


def write_file(path: str | os.PathLike[str], file: File) -> None:
    """Write one artefact to a file, atomically; a link stays, and its file is written.

    What is there and no file, such as a pipe or a device, is written to and not replaced.
    """
    place = os.path.realpath(path)
    if os.path.islink(place):  # it leads to itself
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if os.path.exists(place) and not os.path.isfile(place):
        with open(place, "w", encoding="utf-8", newline="") as stream:
            stream.writelines(file.pieces)
        return
    _write([(place, file)])


def rewrite_file(path: str | os.PathLike[str], text: str) -> None:
    """Give a file another text, atomically; its mode and owner stay, and so do links to it.

    Raise `OSError` for what may not be written or is no regular file.
    """
    place = os.path.realpath(path, strict=True)
    found = os.stat(place)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    # Unlike an artefact, what was there cannot be made again.
    temporary = _beside(place, (text,), stat.S_IMODE(found.st_mode), lasting=True)
    try:
        if os.geteuid() == 0:
            os.chown(temporary, found.st_uid, found.st_gid)
        os.replace(temporary, place)
    except BaseException:
        _remove(temporary)
        raise


def write_folder(folder: str | os.PathLike[str], files: Iterable[File]) -> list[str]:
    """Write artefacts into a folder, which is made if need be; return the paths of the files.

    Raise `OutsideError` for a name that leads out of the folder, directly or by a link.
    """
    os.makedirs(folder, exist_ok=True)
    root = os.path.realpath(folder)
    planned = []
    seen = {os.fspath(folder)}
    for file in files:
        parts = [part for part in file.name.split("/") if part not in ("", os.curdir)]
        if not parts or file.name.startswith("/") or os.pardir in parts:
            raise OutsideError(file.name)
        path = os.path.join(folder, *parts)
        parent = os.path.dirname(path)
        if parent not in seen:
            if os.path.commonpath([root, os.path.realpath(parent)]) != root:
                raise OutsideError(file.name)
            os.makedirs(parent, exist_ok=True)
            seen.add(parent)
        planned.append((path, file))
    _write(planned)
    return [path for path, _ in planned]


def _write(planned: list[tuple[str, File]]) -> None:
    """Write all texts beside their places first, then move them there."""
    written: list[tuple[str, str]] = []
    try:
        for path, file in planned:
            mode = _mode(executable=file.executable)
            written.append((_beside(path, file.pieces, mode), path))
        for temporary, path in written:
            os.replace(temporary, path)
    except BaseException:
        for temporary, _ in written:
            _remove(temporary)
        raise


def _beside(path: str, pieces: Iterable[str], mode: int, *, lasting: bool = False) -> str:
    """Write a text to a new file beside a place; a `lasting` one is on the disk by then.

    Only this user reads it until all is there.
    """
    # without the name of the file, which may be as long as a name can be
    temporary = os.path.join(os.path.dirname(path), f".reqc-{os.urandom(8).hex()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
            if lasting:
                stream.flush()
                os.fsync(handle)
        os.chmod(temporary, mode)
    except BaseException:
        _remove(temporary)
        raise
    return temporary


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _mode(*, executable: bool) -> int:
    mask = os.umask(0)
    os.umask(mask)
    mode = _ANYONE & ~mask
    return mode if executable else mode & ~_EXECUTABLE
