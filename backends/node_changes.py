"""Node changes: what a document's states come to on a node that runs, for targets that change one.

Where a target for first boots leaves the effect of a file to the boot, these changes name it: what
has to be read again, which settings of the running kernel to write, and which directories and unit
files a change needs. Everything is in the order in which it takes effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Reason, Refusal, Unsupported, left_out
from reqc.backends.ignition import rules
from reqc.backends.ignition.units import UnitEntry, mount_entry
from reqc.backends.running_settings import RunningSetting, running_setting, setting_objection
from reqc.compiler.folding.agreement import Unwritable, Wanted
from reqc.compiler.folding.attributes import FileAttributes
from reqc.compiler.folding.files import Folded, NodeFile, fold
from reqc.compiler.folding.text import comment
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileAbsent,
    KernelArgument,
    MountPoint,
    PackageInstalled,
    UnitState,
)

WITHOUT_STATES: Final = (
    "it asks for no file, unit, setting, argument or package; the shell target carries its check"
    " and a firewall target what it allows"
)

UNIT_FOLDER: Final = "/etc/systemd/system"
"""Where the administrator's units lie, and the links that mask others."""

_VOLATILE: Final = ("/dev", "/proc", "/run", "/sys")
_ALWAYS_THERE: Final = frozenset(
    {
        *("/", "/etc", "/etc/default", "/etc/systemd", UNIT_FOLDER, "/srv", "/usr", "/var"),
        *("/var/lib", *_VOLATILE),
    }
)
# With a dash at the end, apt-get would remove what stands before it.
_PACKAGE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9+._-]*[A-Za-z0-9+._])?")
_ARGUMENT: Final = re.compile(r"[A-Za-z0-9_.,:=@%+/-]+")
_GRUB_FOLDER: Final = "/etc/default/grub.d"
_FILE_STEM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_PERMISSIONS: Final = 0o777
_NAME_LENGTH: Final = 255


class Reread(StrEnum):
    """What has to read its files again; the order is the one in which to do it.

    Modules bring settings, and a daemon may need both.
    """

    UNITS = "units"
    MODULES = "modules"
    NETWORK_MANAGER = "NetworkManager"


_READERS: Final = (
    (f"{UNIT_FOLDER}/", Reread.UNITS),
    ("/etc/modules-load.d/", Reread.MODULES),
    ("/etc/NetworkManager/", Reread.NETWORK_MANAGER),
)


class Directory(Struct, frozen=True):
    """A directory that a file or a mount needs; where it is missing it is root's, mode 0755."""

    path: str
    requirements: tuple[str, ...]


class NodeChanges(Struct, frozen=True):
    """What to change; the fields are in the order in which to do it, undoing goes backwards.

    `files` holds the units of mounts too, which `units` enables; enabling a unit also starts it,
    and disabling or masking one stops it, as the next boot would. `attributes` are those of files
    that somebody else writes. Before the units, what `reread` names for the files that changed
    reads them again. Where there are refusals, nothing is written.
    """

    packages: tuple[Wanted[PackageInstalled], ...]
    directories: tuple[Directory, ...]
    files: tuple[NodeFile, ...]
    absent: tuple[Wanted[FileAbsent], ...]
    attributes: tuple[Wanted[FileAttributes], ...]
    settings: tuple[RunningSetting, ...]
    units: tuple[Wanted[UnitState], ...]
    arguments: tuple[Wanted[KernelArgument], ...]
    unsupported: tuple[Unsupported, ...]
    refusals: tuple[Refusal, ...]

    @property
    def unconditional(self) -> tuple[NodeFile, ...]:
        """The files that every node needs: those that are not for a setting with bounds."""
        own = {item.file for item in self.settings}
        return tuple(file for file in self.files if file.path not in own)

    @property
    def by_path(self) -> Mapping[str | None, NodeFile]:
        """The files by their paths, among them the one that is for a setting alone."""
        return {file.path: file for file in self.files}


def reread(path: str) -> Reread | None:
    """Return what reads a file again after it changed; None where only a boot or its owner does."""
    return next((reader for folder, reader in _READERS if path.startswith(folder)), None)


def masking_link(unit: str) -> str:
    """Return the path at which a link to /dev/null masks a unit (systemctl(1), `mask`)."""
    return f"{UNIT_FOLDER}/{unit}"


def boot_menu_file(document: LoweredDocument, changes: NodeChanges) -> NodeFile | None:
    """Return the file from which the Debian family makes the arguments in GRUB's menu.

    It is a shell script, in which the characters of the arguments mean nothing else. None where no
    argument is asked for.
    """
    if not changes.arguments:
        return None
    heading = comment(f"Kernel arguments for {document.identity.title}.")
    lines = (
        f'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX {item.value.argument}"'
        for item in changes.arguments
    )
    text = "".join(f"{line}\n" for line in (heading, *lines))
    askers = dict.fromkeys(id_ for item in changes.arguments for id_ in item.requirements)
    return NodeFile(_boot_menu_path(document), text, 0o644, "root", "root", tuple(askers))


def _boot_menu_path(document: LoweredDocument) -> str:
    return f"{_GRUB_FOLDER}/90-{document.identity.product}.cfg"


def node_changes(document: LoweredDocument) -> NodeChanges:
    """Return the changes that the requirements ask for that apply to the hosts of a document."""
    asked = [(item.origin.id, state) for item in document.here for state in item.states]
    folded = fold(asked, document.identity.product, document.identity.title)
    work = _Work(document, folded)
    mounts = tuple(work.mounts())
    settings = tuple(work.settings())
    written = tuple(work.files())
    units = tuple(work.units(mounts, written))
    files = (*written, *map(work.with_attributes, map(_unit_file, mounts)))
    work.find_doubled(files)
    points = [(item.value.path, item.requirements) for item in work.mounted]
    return NodeChanges(
        packages=tuple(work.packages()),
        directories=tuple(_directories(files, points)),
        files=files,
        absent=tuple(work.absent()),
        attributes=tuple(work.attributes(files)),
        settings=settings,
        units=units,
        arguments=tuple(work.arguments()),
        unsupported=work.left_out(),
        refusals=work.refused(),
    )


class _Work:
    """One pass over what was folded, collecting what is left out and what is refused."""

    def __init__(self, document: LoweredDocument, folded: Folded) -> None:
        self.document = document
        self.folded = folded
        self.unsupported: list[Unsupported] = []
        self.refusals: list[Refusal] = [
            *map(rules.conflict_refusal, folded.conflicts),
            *map(rules.unwritable_refusal, folded.unwritable),
        ]
        self.mounted: list[Wanted[MountPoint]] = []
        self.undecided: set[str] = set()

    def packages(self) -> Iterator[Wanted[PackageInstalled]]:
        """Yield the packages whose names mean nothing else to a package manager."""
        for item in self.folded.packages:
            if _PACKAGE.fullmatch(item.value.name):
                yield item
            else:
                detail = f"{rules.shown(item.value.name)} is no name of a package alone"
                self.leave_out(item.requirements, Reason.INEXPRESSIBLE, detail)

    def files(self) -> Iterator[NodeFile]:
        """Yield the files that can be written and stay, of which a node can tell its need."""
        for file in self.folded.files:
            if file.path in self.undecided:
                continue
            refusals = (*self.path_refusals(file.requirements, file.path), *_file_refusals(file))
            self.refusals.extend(refusals)
            if not refusals and not self.is_lost(file.requirements, file.path):
                yield file

    def absent(self) -> Iterator[Wanted[FileAbsent]]:
        """Yield the files that can be taken away and stay away."""
        for item in self.folded.absent:
            refusals = (*self.path_refusals(item.requirements, item.value.path),)
            self.refusals.extend(refusals)
            if not refusals and not self.is_lost(item.requirements, item.value.path):
                yield item

    def with_attributes(self, file: NodeFile) -> NodeFile:
        """Return the unit of a mount with the mode and owner that are asked for its file."""
        for item in self.folded.attributes:
            if item.value.path == file.path:
                mode, user = item.value.mode, item.value.user
                askers = tuple(dict.fromkeys(file.requirements + item.requirements))
                mode = file.mode if mode is None else mode
                file = replace(file, mode=mode, user=user or file.user, requirements=askers)
                self.refusals.extend(_file_refusals(file))
        return file

    def attributes(self, files: Iterable[NodeFile]) -> Iterator[Wanted[FileAttributes]]:
        """Yield the modes and owners to give to files that nobody writes."""
        own = {file.path for file in files}
        masked = (item.value for item in self.folded.units if item.value.state == "masked")
        others = {_boot_menu_path(self.document), *(masking_link(item.unit) for item in masked)}
        for item in self.folded.attributes:
            path = item.value.path
            refusals = (*self.path_refusals(item.requirements, path),)
            self.refusals.extend(refusals)
            if path in own or refusals or self.is_lost(item.requirements, path):
                continue
            if path in others:
                detail = f"a unit or an argument decides what there is at {rules.shown(path)}"
                self.leave_out(item.requirements, Reason.INEXPRESSIBLE, detail)
            else:
                yield item

    def path_refusals(self, requirements: tuple[str, ...], path: str) -> Iterator[Refusal]:
        """Refuse a path that means another one."""
        if not rules.clean(path):
            yield rules.path_refusal(requirements[0], path)

    def is_lost(self, requirements: tuple[str, ...], path: str) -> bool:
        """Tell, and say, that a change of this path does not last or has no place to be undone."""
        if _is_volatile(path):
            detail = f"{rules.shown(path)} is made anew by every boot"
            self.leave_out(requirements, Reason.IGNORED, detail)
            return True
        if len(record_name(path)) > _NAME_LENGTH:
            detail = f"the copy to undo {rules.shown(path)} would have too long a name"
            self.leave_out(requirements, Reason.INEXPRESSIBLE, detail)
            return True
        return False

    def mounts(self) -> Iterator[UnitEntry]:
        """Yield the units of the mounts that a unit can say."""
        for mount in self.folded.mounts:
            entry = mount_entry(mount)
            if not rules.clean(mount.value.path):
                self.refusals.append(rules.path_refusal(mount.requirements[0], mount.value.path))
            elif isinstance(entry, UnitEntry):
                self.mounted.append(mount)
                yield entry
            else:
                self.leave_out(mount.requirements, *entry)

    def units(
        self, mounts: Iterable[UnitEntry], files: Iterable[NodeFile]
    ) -> Iterator[Wanted[UnitState]]:
        """Yield the state of each unit once, with those that mount something enabled."""
        mounting = {entry.name: entry for entry in mounts}
        brought = {file.path: _as_entry(file) for file in files} | {
            masking_link(name): entry for name, entry in mounting.items()
        }
        for wanted in self.folded.units:
            unit = wanted.value.unit
            entry = mounting.pop(unit, None)
            if self.refuse(rules.unit_refusals(_judged(wanted, brought.get(masking_link(unit))))):
                continue
            askers = dict.fromkeys((*wanted.requirements, *(entry.requirements if entry else ())))
            yield Wanted(wanted.value, tuple(askers))
        for entry in mounting.values():
            yield Wanted(UnitState(entry.name, "enabled"), entry.requirements)

    def settings(self) -> Iterator[RunningSetting]:
        """Yield each setting of the running kernel that one value can be written to."""
        for item in self.folded.settings:
            setting = running_setting(item, self.document.identity.product)
            objection = setting_objection(setting)
            if objection is None:
                yield setting
                continue
            self.undecided |= {setting.file} if setting.file else set()
            if isinstance(objection, Refusal):
                self.refusals.append(objection)
            else:
                self.leave_out(setting.requirements, *objection)

    def arguments(self) -> Iterator[Wanted[KernelArgument]]:
        """Yield the kernel arguments that no rule forbids and every boot loader reads alike."""
        for argument in self.folded.arguments:
            text = argument.value.argument
            if self.refuse(rules.argument_refusals(argument)):
                continue
            if not _FILE_STEM.fullmatch(self.document.identity.product):
                why = "the name of the product cannot be part of a file name"
                found = Unwritable(argument.requirements[0], text, why)
                self.refusals.append(rules.unwritable_refusal(found))
            elif _ARGUMENT.fullmatch(text):
                yield argument
            else:
                detail = f"a boot loader would read more into the argument {rules.shown(text)}"
                self.leave_out(argument.requirements, Reason.INEXPRESSIBLE, detail)

    def find_doubled(self, files: Iterable[NodeFile]) -> None:
        """Refuse a file for the unit of a mount that another requirement writes otherwise."""
        seen: dict[str, NodeFile] = {}
        for file in files:
            first = seen.setdefault(file.path, file)
            if first is not file:
                message = f"{rules.shown(file.path)} would be written for a mount and as a file"
                asker, other = file.requirements[0], first.requirements[0]
                advice = "let one of the two go"
                refusal = Refusal(asker, rules.DUPLICATE_PATH, message, advice, other)
                self.refusals.append(refusal)

    def leave_out(self, requirements: tuple[str, ...], reason: Reason, detail: str) -> None:
        """Name every requirement that asked for something that is not written."""
        self.unsupported.extend(Unsupported(id_, reason, detail) for id_ in requirements)

    def refuse(self, found: Iterable[Refusal]) -> bool:
        """Add refusals and tell whether there were any."""
        refusals = tuple(found)
        self.refusals.extend(refusals)
        return bool(refusals)

    def left_out(self) -> tuple[Unsupported, ...]:
        """Return all that is left out, in the order of the page."""
        order = {item.origin.id: at for at, item in enumerate(self.document.requirements)}
        without = left_out(self.document, lambda item: bool(item.states), WITHOUT_STATES)
        rows = dict.fromkeys((*without, *self.unsupported))
        return tuple(sorted(rows, key=lambda row: order[row.requirement]))

    def refused(self) -> tuple[Refusal, ...]:
        """Return all refusals, in the order of the page."""
        order = {item.origin.id: at for at, item in enumerate(self.document.requirements)}
        return tuple(sorted(self.refusals, key=lambda row: order.get(row.requirement or "", -1)))


def record_name(path: str) -> str:
    """Return a path as one name of a file, in which only letters, digits, `_.-~` and % stand."""
    return quote(path, safe="")


def _is_volatile(path: str) -> bool:
    return any(path.startswith(f"{folder}/") for folder in _VOLATILE)


def _unit_file(entry: UnitEntry) -> NodeFile:
    content = entry.contents or ""
    path = f"{UNIT_FOLDER}/{entry.name}"
    return NodeFile(path, content, 0o644, "root", "root", entry.requirements)


def _as_entry(file: NodeFile) -> UnitEntry:
    name = PurePosixPath(file.path).name
    return UnitEntry(name, file.requirements, contents=file.content)


def _judged(wanted: Wanted[UnitState], brought: UnitEntry | None) -> UnitEntry:
    """Return a unit as the rules judge it, with the contents that a file or a mount brings."""
    state = wanted.value.state
    askers = (*wanted.requirements, *(brought.requirements if brought else ()))
    return UnitEntry(
        wanted.value.unit,
        tuple(dict.fromkeys(askers)),
        enabled=None if state == "masked" else state == "enabled",
        mask=state == "masked",
        contents=brought.contents if brought else None,
        for_mount=brought.for_mount if brought else False,
    )


def _file_refusals(file: NodeFile) -> Iterator[Refusal]:
    asker, name = file.requirements[0], rules.shown(file.path)
    if not 0 <= file.mode <= _PERMISSIONS:
        message = f"the mode {file.mode:#o} of {name} has bits besides the permissions"
        yield Refusal(asker, rules.MODE, message, "use 0000 to 0777")
    if any("\ud800" <= character <= "\udfff" for character in file.content):
        message = f"the content of {name} holds half of a surrogate pair"
        yield Refusal(asker, rules.TEXT, message, "write the character itself, in UTF-8")


def _directories(
    files: Iterable[NodeFile], points: Iterable[tuple[str, tuple[str, ...]]]
) -> Iterator[Directory]:
    """Yield every directory that a change needs, the upper ones first."""
    needed: dict[str, dict[str, None]] = {}
    for path, requirements in (
        *((str(PurePosixPath(file.path).parent), file.requirements) for file in files),
        *points,
    ):
        lines = (path, *(str(parent) for parent in PurePosixPath(path).parents))
        for directory in reversed(lines):
            if directory not in _ALWAYS_THERE and not _is_volatile(directory):
                needed.setdefault(directory, {}).update(dict.fromkeys(requirements))
    yield from (Directory(path, tuple(askers)) for path, askers in needed.items())
