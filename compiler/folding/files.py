"""Folding: the states that many requirements ask for, as the files and units of one node.

Requirements contribute small states, and several of them may share one file. Every backend that
writes files folds with `fold`, so that all of them write the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct

from reqc.compiler.folding.agreement import (
    Conflict,
    Difference,
    Disagreement,
    Problems,
    Row,
    Unwritable,
    Wanted,
    agreed,
    same,
)
from reqc.compiler.folding.attributes import FileAttributes, agreed_attributes, given
from reqc.compiler.folding.settings import (
    Setting,
    agreed_settings,
    dotted,
    setting_file,
    settings_text,
)
from reqc.compiler.folding.text import ini_text, modules_text
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    IniListItems,
    KernelArgument,
    ModuleAtBoot,
    MountPoint,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)

MODULES_FOLDER: Final = "/etc/modules-load.d"
"""Where systemd-modules-load reads the administrator's lists, one module a line."""

Asked: TypeAlias = tuple[str, State]
"""The id of a requirement and a state that it asks for."""

S = TypeVar("S", bound=State)

_FILE_STEM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


class NodeFile(Struct, frozen=True):
    """One file with all its content, and the ids of every requirement that has a part in it."""

    path: str
    content: str
    mode: int
    user: str
    group: str
    requirements: tuple[str, ...]


class Folded(Struct, frozen=True):
    """All that requirements ask of one node; every tuple is in the order first asked for.

    `files` hold the `settings`, too: those with bounds alone in the one that `setting_file` names.
    They have the modes and owners asked for; `attributes` are those of files that nobody writes.
    Only where `conflicts` and `unwritable` are empty is the rest what the requirements mean.
    """

    files: tuple[NodeFile, ...]
    attributes: tuple[Wanted[FileAttributes], ...]
    absent: tuple[Wanted[FileAbsent], ...]
    units: tuple[Wanted[UnitState], ...]
    arguments: tuple[Wanted[KernelArgument], ...]
    mounts: tuple[Wanted[MountPoint], ...]
    packages: tuple[Wanted[PackageInstalled], ...]
    settings: tuple[Wanted[Setting], ...]
    conflicts: tuple[Conflict, ...]
    unwritable: tuple[Unwritable, ...]


def fold(asked: Iterable[Asked], product: str, title: str) -> Folded:
    """Fold what requirements ask for into the files, units and arguments of one node.

    Files that belong to no requirement alone are named after the `product`, and `title` says in
    their first line what they are for.
    """
    rows = tuple(asked)
    problems = Problems()
    settings = agreed_settings(_only(rows, SysctlValue), problems)
    sharing = _Sharing(product, title, settings)
    plain = agreed(_candidates(rows, sharing, problems), _contents, problems)
    attributes = agreed_attributes(rows, problems)
    files = {path: given(item, attributes) for path, item in plain.items()}
    alone = {path: item for path, item in attributes.items() if path not in files}
    absent = agreed(_of(rows, FileAbsent, "path"), same, problems)
    units = agreed(_of(rows, UnitState, "unit"), _units, problems)
    arguments = agreed(_of(rows, KernelArgument, "argument"), same, problems)
    mounts = agreed(_of(rows, MountPoint, "path"), _mounts, problems)
    packages = agreed(_of(rows, PackageInstalled, "name"), same, problems)
    problems.conflicts.extend(_presence({**files, **alone}, absent))
    problems.conflicts.extend(_parents(files, mounts))
    return Folded(
        tuple(_node_file(item) for item in files.values()),
        tuple(alone.values()),
        tuple(absent.values()),
        tuple(units.values()),
        tuple(arguments.values()),
        tuple(mounts.values()),
        tuple(packages.values()),
        tuple(settings.values()),
        tuple(problems.conflicts),
        tuple(problems.unwritable),
    )


def _of(rows: Iterable[Asked], kind: type[S], subject: str) -> Iterator[Row[S]]:
    name = attrgetter(subject)
    for requirement, state in _only(rows, kind):
        yield (requirement,), name(state), state


def _node_file(item: Wanted[FileContent]) -> NodeFile:
    file = item.value
    return NodeFile(file.path, file.content, file.mode, file.user, file.group, item.requirements)


# --- files, whole or collected from parts -----------------------------------------------------


class _Sharing(Struct, frozen=True):
    """What the names and texts of shared files depend on; the settings are by dotted key."""

    product: str
    title: str
    settings: Mapping[str, Wanted[Setting]]

    def path(self, state: State) -> str | None:
        """Return the file that a state stands in; None where it stands in none."""
        match state:
            case ModuleAtBoot():
                return f"{MODULES_FOLDER}/{self.product}.conf"
            case SysctlValue(key=key):
                wanted = self.settings.get(dotted(key))
                return setting_file(self.product, wanted.value) if wanted else None
            case IniListItems(path=path) | FileContent(path=path):
                return path
            case _:
                return None

    def written(self, path: str, group: list[Asked], problems: Problems) -> FileContent:
        """Return the file that some states share."""
        match group[0][1]:
            case ModuleAtBoot():
                modules = _only(group, ModuleAtBoot)
                heading = f"Kernel modules for {self.title}."
                return FileContent(path, modules_text(modules, heading, problems))
            case SysctlValue():
                keys = dict.fromkeys(dotted(state.key) for _, state in _only(group, SysctlValue))
                found = (self.settings[key].value for key in keys)
                return FileContent(path, settings_text(found, self.title))
            case FileContent() as whole:
                return whole
            case _:
                return FileContent(path, ini_text(_only(group, IniListItems), problems))


def _candidates(
    rows: Iterable[Asked], sharing: _Sharing, problems: Problems
) -> Iterator[Row[FileContent]]:
    """Yield every file in the order of its first part; two for one path have yet to agree."""
    parts: dict[tuple[str, type[State], int], list[Asked]] = {}
    for number, (requirement, state) in enumerate(rows):
        path = sharing.path(state)
        if path is not None:
            # every whole file stands alone, parts of one sort share their file
            key = (path, type(state), number if isinstance(state, FileContent) else 0)
            parts.setdefault(key, []).append((requirement, state))
    for (path, _, _), group in parts.items():
        askers = tuple(dict.fromkeys(requirement for requirement, _ in group))
        named_after_product = isinstance(group[0][1], ModuleAtBoot | SysctlValue)
        if named_after_product and not _FILE_STEM.fullmatch(sharing.product):
            why = "the name of the product cannot be part of a file name"
            problems.unwritable.append(Unwritable(askers[0], path, why))
        else:
            yield askers, path, sharing.written(path, group, problems)


def _only(group: Iterable[Asked], kind: type[S]) -> list[tuple[str, S]]:
    return [(requirement, state) for requirement, state in group if isinstance(state, kind)]


# --- what several requirements come to --------------------------------------------------------


def _contents(first: FileContent, second: FileContent) -> FileContent | Disagreement:
    if first.content != second.content:
        return Difference.CONTENT, *_first_difference(first.content, second.content)
    if first.mode != second.mode:
        return Difference.MODE, f"{first.mode:04o}", f"{second.mode:04o}"
    owners = [f"{item.user}:{item.group}" for item in (first, second)]
    return first if owners[0] == owners[1] else (Difference.OWNER, owners[0], owners[1])


def _first_difference(first: str, second: str) -> tuple[str, str]:
    """Name the first line in which two contents differ, as each of them has it."""
    lines = zip_longest(first.splitlines(keepends=True), second.splitlines(keepends=True))
    number, pair = next((at, pair) for at, pair in enumerate(lines, 1) if pair[0] != pair[1])
    ours, theirs = (
        f"without line {number}" if line is None else f"{line!r} on line {number}" for line in pair
    )
    return ours, theirs


def _units(first: UnitState, second: UnitState) -> UnitState | Disagreement:
    states = {first.state, second.state}
    if len(states) == 1:
        return first
    if "enabled" in states:
        return Difference.UNIT, first.state, second.state
    return UnitState(first.unit, "masked")  # what is masked is disabled, too


def _mounts(first: MountPoint, second: MountPoint) -> MountPoint | Disagreement:
    if first == second:
        return first
    return Difference.FILE_SYSTEM, first.filesystem, second.filesystem


def _presence(
    files: Mapping[str, Wanted[FileContent] | Wanted[FileAttributes]],
    absent: Mapping[str, Wanted[FileAbsent]],
) -> Iterator[Conflict]:
    """Find the files that another requirement wants gone."""
    for path, item in absent.items():
        if path in files:
            askers = files[path].requirements[0], item.requirements[0]
            yield Conflict(Difference.PRESENCE, path, *askers, "a file", "no file")


def _parents(
    files: Mapping[str, Wanted[FileContent]], mounts: Mapping[str, Wanted[MountPoint]]
) -> Iterator[Conflict]:
    """Find the files that stand where another path needs a directory."""
    below = [(path, item.requirements[0], _above(path)) for path, item in files.items()]
    below += [(path, item.requirements[0], (path, *_above(path))) for path, item in mounts.items()]
    for path, requirement, directories in below:
        for directory in directories:
            if directory in files:
                askers = files[directory].requirements[0], requirement
                wanted = f"a directory for {path}"
                yield Conflict(Difference.PARENT, directory, *askers, "a file", wanted)


def _above(path: str) -> tuple[str, ...]:
    return tuple(str(parent) for parent in PurePosixPath(path).parents)
