"""Steps: each change of a node as one call of the mechanics, and one that undoes it."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.ansible.mechanics import BOOT_MENU, handler
from reqc.backends.ansible.questions import Questions, answered
from reqc.backends.ansible.yaml_text import label, shorten
from reqc.backends.node_changes import (
    NodeChanges,
    Reread,
    masking_link,
    record_name,
    reread,
)
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.attributes import FileAttributes
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.folding.text import one_line
from reqc.compiler.lowered import Origin
from reqc.compiler.states import KernelArgument, UnitState

ALWAYS: Final = "always"
"""The tag of tasks that run whatever tags were asked for."""

_NAMED: Final = 2
_LONGEST: Final = 110
_TAG: Final = re.compile(r"[^A-Za-z0-9_.-]")
_RESERVED_TAGS: Final = frozenset({"all", "always", "never", "tagged", "untagged"})

Values = Mapping[str, object]


class Call(Struct, frozen=True):
    """A call of the mechanics in the file `name`, with the values of its variables."""

    name: str
    values: Values


class Step(Struct, frozen=True):
    """One change of a node: in words, for which requirements, how it is made and how undone.

    Where `unmet` is an answer, the change is only made on a node that gives it when asked.
    """

    what: str
    requirements: tuple[str, ...]
    apply: Call
    undo: tuple[Call, ...]
    verb: str = "Write"
    unmet: str = ""


class Steps(Struct, frozen=True):
    """All steps by the time at which they are taken."""

    packages: tuple[Step, ...]
    paths: tuple[Step, ...]
    settings: tuple[Step, ...]
    units: tuple[Step, ...]
    arguments: tuple[Step, ...]

    @property
    def all(self) -> tuple[Step, ...]:
        """All steps in the order in which they are taken."""
        return (*self.packages, *self.paths, *self.settings, *self.units, *self.arguments)


def steps(changes: NodeChanges, arguments: NodeFile | None, asked: Questions) -> Steps:
    """Return the steps of all changes; `arguments` is the file for a boot menu."""
    masked = [item for item in changes.units if item.value.state == "masked"]
    others = [item for item in changes.units if item.value.state != "masked"]
    return Steps(
        tuple(_packages(changes)),
        (
            *_directories(changes),
            *_files(changes),
            *_gone(changes),
            *map(_attributes, changes.attributes),
            *map(_mask, masked),
        ),
        tuple(_settings(changes, asked)),
        tuple(map(_unit, others)),
        (_arguments(arguments, changes.arguments),) if arguments else (),
    )


def words(step: Step, origins: Mapping[str, Origin]) -> str:
    """Return what a step is about and who asks for it, short enough for a line of YAML."""
    asking = [label(_asker(origins[id_])) for id_ in step.requirements]
    what = label(step.what)
    for named in range(min(_NAMED, len(asking)), 0, -1):
        more = len(asking) - named
        said = f"{what} for {', '.join(asking[:named])}" + (f" and {more} more" if more else "")
        if len(said) <= _LONGEST:
            return said
    return shorten(said, _LONGEST)


def tags(requirements: Iterable[str]) -> list[str]:
    """Return ids of requirements as tags, which have no commas, blanks or templates."""
    return [
        f"{tag}_" if tag in _RESERVED_TAGS else tag
        for tag in dict.fromkeys(_TAG.sub("_", id_) for id_ in requirements)
    ]


def _asker(origin: Origin) -> str:
    cited = ", ".join(map(str, origin.citations)) or str(origin.place)
    return f"{one_line(origin.id)} ({one_line(cited)})"


def _path(path: str, readers: tuple[str, ...]) -> dict[str, object]:
    return {"path": path, "name": record_name(path), "readers": readers}


def _readers(path: str, *, undoing: bool = False) -> tuple[str, ...]:
    """Return what reads a file again; what no longer stands in one is not unloaded by that."""
    reader = reread(path)
    return () if reader is None or (undoing and reader is Reread.MODULES) else (reader,)


def _undo_path(path: str, readers: tuple[str, ...] | None = None) -> Call:
    return Call(
        "undo_path", _path(path, _readers(path, undoing=True) if readers is None else readers)
    )


def _directories(changes: NodeChanges) -> Iterator[Step]:
    for item in changes.directories:
        values = {"path": item.path, "name": record_name(item.path)}
        undo = Call("undo_directory", {**values, "pattern": glob.escape(item.path)})
        what = f"the directory {one_line(item.path)}"
        yield Step(what, item.requirements, Call("directory", values), (undo,), "Make")


def _files(changes: NodeChanges) -> Iterator[Step]:
    yield from map(_file, changes.unconditional)


def _file(file: NodeFile) -> Step:
    call = Call("file", _file_values(file, _readers(file.path)))
    return Step(one_line(file.path), file.requirements, call, (_undo_path(file.path),))


def _file_values(file: NodeFile, readers: tuple[str, ...]) -> dict[str, object]:
    owners = {"owner": file.user, "group": file.group, "mode": f"{file.mode:04o}"}
    return {**_path(file.path, readers), **owners}


def _gone(changes: NodeChanges) -> Iterator[Step]:
    for item in changes.absent:
        path = item.value.path
        call = Call("gone", _path(path, _readers(path)))
        yield Step(one_line(path), item.requirements, call, (_undo_path(path),), "Remove")


def _attributes(item: Wanted[FileAttributes]) -> Step:
    path, mode, user = item.value.path, item.value.mode, item.value.user
    values = {"mode": "" if mode is None else f"{mode:04o}", "owner": user or ""}
    call = Call("attributes", {**_path(path, _readers(path)), **values})
    undo = Call("undo_attributes", _path(path, _readers(path, undoing=True)))
    what = one_line(f"{item.value.wish} of {path}")
    return Step(what, item.requirements, call, (undo,), "Set")


def _mask(item: Wanted[UnitState]) -> Step:
    unit = item.value.unit
    link = masking_link(unit)
    call = Call("mask", {"unit": unit, **_path(link, _readers(link))})
    undo = (_undo_path(link), Call("undo_unit", {"unit": unit}))
    return Step(unit, item.requirements, call, undo, "Mask")


def _unit(item: Wanted[UnitState]) -> Step:
    unit, state = item.value.unit, item.value.state
    call = Call("enable" if state == "enabled" else "disable", {"unit": unit})
    undo = (Call("undo_unit", {"unit": unit}),)
    return Step(unit, item.requirements, call, undo, call.name.capitalize())


def _settings(changes: NodeChanges, asked: Questions) -> Iterator[Step]:
    files = changes.by_path
    for item in changes.settings:
        setting, bound = item.asked, asked.bounds.get(item.asked.key)
        file = files.get(item.file)
        if file and bound:
            yield replace(_file(file), unmet=f"{bound} lasting")
        common = {"path": item.path, "name": record_name(setting.key)}
        call = Call("setting", {"key": setting.key, "value": setting.value, **common})
        what = one_line(f"{setting.key} {setting.wish if bound else f'= {setting.value}'}")
        undo = (Call("undo_setting", common),)
        unmet = f"{bound} running" if bound else ""
        yield Step(what, item.requirements, call, undo, "Set", unmet)


def _packages(changes: NodeChanges) -> Iterator[Step]:
    for item in changes.packages:
        values = {"package": item.value.name}
        undo = (Call("undo_package", values),)
        what = f"the package {item.value.name}"
        yield Step(what, item.requirements, Call("package", values), undo, "Install")


def _arguments(file: NodeFile, arguments: Iterable[Wanted[KernelArgument]]) -> Step:
    wanted = [item.value.argument for item in arguments]
    values = _file_values(file, (BOOT_MENU,))
    what = f"the kernel arguments {one_line(' '.join(wanted))}"
    undo = (_undo_path(file.path, (BOOT_MENU,)),)
    return Step(what, file.requirements, Call("argument", values), undo, "Add")


class Tasks(Struct, frozen=True):
    """What the tasks of a role depend on: its name, who asks for what, and what nodes are asked."""

    role: str
    origins: Mapping[str, Origin]
    asked: Questions

    def made(self, step: Step) -> Values:
        """Return the task that makes a change where it is of concern to the node."""
        conditions = self.asked.applying(step.requirements, self.role)
        if step.unmet:
            conditions.append(answered("settings", step.unmet, self.role))
        return self._task(step, step.apply, step.verb, conditions)

    def undone(self, step: Step, call: Call) -> Values:
        """Return a task that undoes a change, which the record knows to have been made."""
        return self._task(step, call, f"Undo {step.verb.lower()}:", [])

    def _task(self, step: Step, call: Call, verb: str, conditions: list[str]) -> Values:
        """Return the task that imports the mechanics of a call."""
        said = words(step, self.origins)
        values: dict[str, object] = {"label": said, **call.values}
        readers = values.pop("readers", None)
        if isinstance(readers, tuple):
            values["readers"] = [handler(reader, self.role) for reader in readers]
        return {
            "name": f"{verb} {said}",
            "ansible.builtin.import_tasks": f"{call.name}.yml",
            **({"when": conditions} if conditions else {}),
            "vars": {f"_{self.role}_{name}": value for name, value in values.items()},
            "tags": tags(step.requirements),
        }


def always(name: str, module: str, argument: str) -> Values:
    """Return a task that runs whatever tags were asked for."""
    return {"name": name, f"ansible.builtin.{module}": argument, "tags": [ALWAYS]}
