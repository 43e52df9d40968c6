"""States in words: what a person does to bring a node there, with commands where one does it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from reqc.backends.document.remark import Remark
from reqc.compiler.prose import Code, Sentence, joined, sentence
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    FileMode,
    FileOwner,
    IniListItems,
    KernelArgument,
    ModuleAtBoot,
    MountPoint,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)

Change: TypeAlias = tuple[Sentence, tuple[str, ...]]
"""What to do in words, and the commands that do it at once."""

_LONGEST_CONTENT: Final = 12
"""Lines of a file that a document shows; a longer one is for a program to write."""

_VERBS: Final = {"enabled": "enable", "disabled": "disable", "masked": "mask"}
_BOUNDS: Final = {"=": "", ">=": " or more", "<=": " or less"}


def change(state: State) -> Remark:
    """Return what brings a node to a state."""
    words, commands = CHANGES[type(state)](state)
    return Remark("Fix", words, commands)


def _command(*words: str) -> tuple[str, ...]:
    return (shlex.join(words),)


def _module(state: ModuleAtBoot) -> Change:
    folder = Code("/etc/modules-load.d")
    words = sentence("load the module ", Code(state.name), " now and, by a file in ", folder)
    return (*words, *sentence(", at every boot")), _command("modprobe", state.name)


def _list(state: IniListItems) -> Change:
    names = joined(tuple((Code(item),) for item in state.items))
    where = sentence(" to ", Code(state.key), " in section ", Code(state.section), " of ")
    return (*sentence("add "), *names, *where, Code(state.path)), ()


def _file(state: FileContent) -> Change:
    owner = Code(f"{state.user}:{state.group}")
    mode = Code(f"{state.mode:04o}")
    words = sentence("write ", Code(state.path), " with mode ", mode, " and owner ", owner)
    lines = state.content.splitlines()
    if not lines:
        return (*words, *sentence(", empty")), ()
    if len(lines) > _LONGEST_CONTENT:
        elsewhere = f"; its {len(lines)} lines are in what the remedy target writes"
        return (*words, *sentence(elsewhere)), ()
    shown = joined(tuple((Code(line),) for line in lines if line.strip()))
    return (*words, *sentence(" and the lines "), *shown), ()


def _mode(state: FileMode) -> Change:
    octal = f"{state.mode:04o}"
    words = sentence("give the file ", Code(state.path), " the mode ", Code(octal))
    return words, _command("chmod", octal, state.path)


def _owner(state: FileOwner) -> Change:
    words = sentence("give the file ", Code(state.path), " to the user ", Code(state.user))
    return words, _command("chown", state.user, state.path)


def _absent(state: FileAbsent) -> Change:
    return sentence("remove the file ", Code(state.path)), _command("rm", state.path)


def _unit(state: UnitState) -> Change:
    verb = _VERBS[state.state]
    words = sentence(verb, " the unit ", Code(state.unit))
    return words, _command("systemctl", verb, "--now", state.unit)


def _sysctl(state: SysctlValue) -> Change:
    value = Code(state.value), _BOUNDS[state.relation]
    words = sentence("set ", Code(state.key), " to ", *value, " now and, by a file in ")
    later = sentence(Code("/etc/sysctl.d"), ", at every boot")
    return (*words, *later), _command("sysctl", "-w", f"{state.key}={state.value}")


def _argument(state: KernelArgument) -> Change:
    return sentence("start the kernel with ", Code(state.argument)), ()


def _mount(state: MountPoint) -> Change:
    words = sentence("mount a file system of type ", Code(state.filesystem), " at ")
    return (*words, Code(state.path), *sentence(" at every boot")), ()


def _package(state: PackageInstalled) -> Change:
    return sentence("install the package ", Code(state.name)), ()


CHANGES: Final[dict[type[State], Callable[[Any], Change]]] = {
    ModuleAtBoot: _module,
    IniListItems: _list,
    FileContent: _file,
    FileMode: _mode,
    FileOwner: _owner,
    FileAbsent: _absent,
    UnitState: _unit,
    SysctlValue: _sysctl,
    KernelArgument: _argument,
    MountPoint: _mount,
    PackageInstalled: _package,
}
"""What brings each state; commands are there where they are the same on every distribution."""
