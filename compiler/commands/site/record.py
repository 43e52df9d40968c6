"""The record of what a run wrote, so that the next one removes what is no more, and only that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from reqc.backends.base import Artifact
from reqc.compiler.commands.writing import OutsideError, write_folder

RECORD: Final = ".reqc-docs.json"
"""The name of the record in the folder of the site."""

_FORM: Final = "reqc/docs/1"


class ForeignError(Exception):
    """Something in the folder is not from an earlier run; `help` says what to do about it."""

    help = "move it away, or choose another folder with -o"


def publish(folder: Path, pages: Iterable[Artifact]) -> tuple[list[Path], list[Path]]:
    """Write the pages, then remove those of the run before that are no more; return both.

    Raise `ForeignError` before anything is written where a file of somebody else would be lost.
    """
    pages = list(pages)
    before = _recorded(folder)
    digests = {page.name: _digest(page.text.encode()) for page in pages}
    for page in pages:
        _refuse_foreign(folder, page.name, digests[page.name], before)
    # Until all is done the record has the old files too: a run that is killed loses none of them.
    record = _record({**before, **digests})
    try:
        written = [Path(path) for path in write_folder(folder, [record, *pages])[1:]]
    except OutsideError as problem:
        message = f"{folder / str(problem)} is outside of the folder, by a link in it"
        raise ForeignError(message) from problem
    removed = [
        path
        for name, digest in sorted(before.items())
        if name not in digests and (path := _removed(folder, name, digest)) is not None
    ]
    write_folder(folder, [_record(digests)])
    return written, removed


def _recorded(folder: Path) -> dict[str, str]:
    """Return the digests of the files of the run before, by name."""
    place = folder / RECORD
    try:
        found = json.loads(place.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        found = None
    if not _is_record(found):
        message = f"{place} is no record of an earlier run"
        raise ForeignError(message)
    files: dict[str, str] = found["files"]
    return files


def _is_record(found: Any) -> bool:  # noqa: ANN401  # any JSON
    return (
        isinstance(found, dict)
        and found.get("schema") == _FORM
        and isinstance(files := found.get("files"), dict)
        and all(isinstance(value, str) for value in files.values())
    )


def _record(digests: Mapping[str, str]) -> Artifact:
    text = json.dumps({"schema": _FORM, "files": dict(sorted(digests.items()))}, indent=1)
    return Artifact(RECORD, text + "\n")


def _refuse_foreign(folder: Path, name: str, digest: str, before: Mapping[str, str]) -> None:
    path = folder / name
    ours = path.is_file() and (name in before or _digest(path.read_bytes()) == digest)
    if path.exists() and not ours:
        message = f"{path} is there, and not from an earlier run"
        raise ForeignError(message)


def _removed(folder: Path, name: str, digest: str) -> Path | None:
    """Remove a file if it is as it was written, with the folders that are empty then.

    The record is only a file, so that what it names is removed only within the folder.
    """
    relative = PurePosixPath(name)
    path = folder / relative
    if relative.is_absolute() or ".." in relative.parts or path.is_symlink() or not path.is_file():
        return None
    if not path.resolve().is_relative_to(folder.resolve()):
        return None
    if _digest(path.read_bytes()) != digest:
        return None
    path.unlink()
    for parent in relative.parents[:-1]:
        if any((folder / parent).iterdir()):
            break
        (folder / parent).rmdir()
    return path


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
