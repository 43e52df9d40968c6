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

    A new folder is there with all of them or not at all. Raise `OutsideError` for a name that leads
    out of the folder, directly or by a link.
    """
    planned = [(_parts(file), file) for file in files]
    if os.path.lexists(folder):
        os.makedirs(folder, exist_ok=True)  # which tells what is no folder
        _write([(_below(folder, parts), file) for parts, file in planned])
    else:
        _write_new(folder, planned)
    return [os.path.join(folder, *parts) for parts, _ in planned]


def _parts(file: File) -> list[str]:
    """Return the folders of a name and what lies in them."""
    parts = [part for part in file.name.split("/") if part not in ("", os.curdir)]
    if not parts or file.name.startswith("/") or os.pardir in parts:
        raise OutsideError(file.name)
    return parts


def _below(folder: str | os.PathLike[str], parts: list[str]) -> str:
    """Return where a file goes in a folder that is there, once it has the folders for it."""
    path = os.path.join(folder, *parts)
    if len(parts) > 1:
        root, parent = os.path.realpath(folder), os.path.dirname(path)
        if os.path.commonpath([root, os.path.realpath(parent)]) != root:
            raise OutsideError("/".join(parts))
        os.makedirs(parent, exist_ok=True)
    return path


def _write_new(folder: str | os.PathLike[str], planned: Iterable[tuple[list[str], File]]) -> None:
    """Write all files into a folder that only this user can look into, then name it."""
    place = os.path.abspath(folder)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    temporary = _unnamed(place)
    try:
        os.mkdir(temporary, 0o700)
    except OSError as problem:  # told of the folder that was asked for
        raise OSError(problem.errno, problem.strerror, place) from None
    made = [temporary]
    try:
        for parts, file in planned:
            for depth in range(1, len(parts)):
                _make_folder(os.path.join(temporary, *parts[:depth]), made)
            path = os.path.join(temporary, *parts)
            made.append(path)
            _fill(path, file.pieces, _mode(executable=file.executable))
        os.chmod(temporary, _mode(executable=True))
        os.rename(temporary, place)
    except BaseException:
        for path in reversed(made):
            _remove(path)
        raise


def _make_folder(path: str, made: list[str]) -> None:
    if not os.path.isdir(path):
        os.mkdir(path)
        made.append(path)


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
    temporary = _unnamed(path)
    try:
        _fill(temporary, pieces, mode, lasting=lasting)
    except BaseException:
        _remove(temporary)
        raise
    return temporary


def _unnamed(path: str) -> str:
    """Return a path beside another one that nothing has yet."""
    # without the name of the file, which may be as long as a name can be
    return os.path.join(os.path.dirname(path), f".reqc-{os.urandom(8).hex()}")


def _fill(path: str, pieces: Iterable[str], mode: int, *, lasting: bool = False) -> None:
    """Write a new file, which gets its mode when all is in it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8", newline="") as stream:
        stream.writelines(pieces)
        if lasting:
            stream.flush()
            os.fsync(handle)
    os.chmod(path, mode)


def _remove(path: str) -> None:
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            os.rmdir(path)
        else:
            os.unlink(path)
    except FileNotFoundError:
        return


def _mode(*, executable: bool) -> int:
    mask = os.umask(0)
    os.umask(mask)
    mode = _ANYONE & ~mask
    return mode if executable else mode & ~_EXECUTABLE
