"""Attributes: the mode and the owner of files, whoever writes those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from reqc.compiler.folding.agreement import (
    Difference,
    Disagreement,
    Problems,
    Row,
    Wanted,
    agreed,
)
from reqc.compiler.states import FileContent, FileMode, FileOwner, State


class FileAttributes(Struct, frozen=True):
    """The mode and the user that the file at `path` is to have; None leaves one as it is."""

    path: str
    mode: int | None = None
    user: str | None = None

    @property
    def wish(self) -> str:
        """What is asked of the file, such as `mode 0600, owner root`."""
        mode = "" if self.mode is None else f"mode {self.mode:04o}"
        owner = "" if self.user is None else f"owner {self.user}"
        return ", ".join(filter(None, (mode, owner)))


def agreed_attributes(
    asked: Iterable[tuple[str, State]], problems: Problems
) -> dict[str, Wanted[FileAttributes]]:
    """Return the attributes of each path, in the order first asked for."""
    return agreed(_rows(asked), _met, problems)


def given(
    file: Wanted[FileContent], attributes: Mapping[str, Wanted[FileAttributes]]
) -> Wanted[FileContent]:
    """Return a file with the attributes that are asked for it, and with who asks for those."""
    found = attributes.get(file.value.path)
    if found is None:
        return file
    mode, user = found.value.mode, found.value.user
    value = replace(
        file.value,
        mode=file.value.mode if mode is None else mode,
        user=file.value.user if user is None else user,
    )
    return Wanted(value, tuple(dict.fromkeys(file.requirements + found.requirements)))


def _rows(asked: Iterable[tuple[str, State]]) -> Iterator[Row[FileAttributes]]:
    for requirement, state in asked:
        match state:
            case FileMode(path, mode):
                yield (requirement,), path, FileAttributes(path, mode=mode)
            case FileOwner(path, user):
                yield (requirement,), path, FileAttributes(path, user=user)


def _met(first: FileAttributes, second: FileAttributes) -> FileAttributes | Disagreement:
    mode = second.mode if first.mode is None else first.mode
    user = second.user if first.user is None else first.user
    if mode is not None and second.mode not in (None, mode):
        return Difference.MODE, f"{mode:04o}", f"{second.mode:04o}"
    if user is not None and second.user not in (None, user):
        return Difference.OWNER, user, str(second.user)
    return FileAttributes(first.path, mode, user)
