"""Calls: the changes of a node as calls of the script's library."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.node_changes import UNIT_FOLDER, NodeChanges, boot_menu_file
from reqc.backends.running_settings import RunningSetting
from reqc.backends.shell.patterns import argument_pattern
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.attributes import FileAttributes
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import ModuleAtBoot

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\$?")


class Content(Struct, frozen=True):
    """The whole text of a file, which a function of the script writes; in a call it is its name."""

    text: str


class Call(Struct, frozen=True):
    """A function of the library with its arguments, and who asks for what it does.

    What does not last is lost with the next boot, and of no use on a node that does not run; with
    it goes what has to come after that.
    """

    words: tuple[str | Content, ...]
    requirements: tuple[str, ...]
    lasting: bool = True


class Unsayable(Struct, frozen=True):
    """Something that the script cannot ask for; `detail` is a sentence without a stop."""

    requirements: tuple[str, ...]
    detail: str


def calls(
    document: LoweredDocument, changes: NodeChanges
) -> tuple[tuple[Call, ...], tuple[Unsayable, ...]]:
    """Return the calls in the order in which to make them, and what no call can say."""
    found = (*_lasting(document, changes), *_running(document, changes))
    return (
        tuple(item for item in found if isinstance(item, Call)),
        tuple(item for item in found if isinstance(item, Unsayable)),
    )


def own_units(files: Iterable[NodeFile]) -> dict[str, Content]:
    """Return the units whose files are among those to write."""
    folder = f"{UNIT_FOLDER}/"
    return {
        file.path.removeprefix(folder): Content(file.content)
        for file in files
        if file.path.startswith(folder) and "/" not in file.path.removeprefix(folder)
    }


def _lasting(document: LoweredDocument, changes: NodeChanges) -> Iterator[Call | Unsayable]:
    for package in changes.packages:
        yield Call(("want_package", package.value.name), package.requirements)
    for file in changes.unconditional:
        yield _file(file)
    for absent in changes.absent:
        yield Call(("want_absent", absent.value.path), absent.requirements)
    yield from map(_attributes, changes.attributes)
    for unit in changes.units:
        yield Call(("want_unit", unit.value.unit, unit.value.state), unit.requirements)
    menu = boot_menu_file(document, changes)
    if menu:
        for wanted in changes.arguments:
            argument = wanted.value.argument
            names = (argument, argument_pattern(argument), menu.path)
            yield Call(("want_argument", *names, Content(menu.content)), wanted.requirements)


def _file(file: NodeFile) -> Call | Unsayable:
    for account in (file.user, file.group):
        if not _ACCOUNT.fullmatch(account):
            detail = f"the owner of `{file.path}` is no name of a user or group"
            return Unsayable(file.requirements, detail)
    letters = stat.filemode(stat.S_IFREG | file.mode)
    attributes = (letters, f"{file.mode:04o}", file.user, file.group)
    return Call(("want_file", file.path, *attributes, Content(file.content)), file.requirements)


def _attributes(item: Wanted[FileAttributes]) -> Call | Unsayable:
    path, mode, user = item.value.path, item.value.mode, item.value.user
    if user is not None and not _ACCOUNT.fullmatch(user):
        detail = f"the owner of `{path}` is no name of a user or group"
        return Unsayable(item.requirements, detail)
    wanted = "" if mode is None else f"{mode:04o}"
    return Call(("want_attributes", path, wanted, user or "", item.value.wish), item.requirements)


def _running(document: LoweredDocument, changes: NodeChanges) -> Iterator[Call | Unsayable]:
    modules: dict[str, list[str]] = {}
    for item in document.here:
        for state in item.states:
            if isinstance(state, ModuleAtBoot):
                modules.setdefault(state.name.replace("-", "_"), []).append(item.origin.id)
    for name, requirements in modules.items():
        yield Call(("want_module", name), tuple(dict.fromkeys(requirements)), lasting=False)
    yield from _settings(changes)
    for unit in changes.units:
        wish = "want_active" if unit.value.state == "enabled" else "want_inactive"
        yield Call((wish, unit.value.unit), unit.requirements, lasting=False)


def _settings(changes: NodeChanges) -> Iterator[Call | Unsayable]:
    """Yield the settings, after the modules, which may bring them with values of their own.

    The file of one with bounds comes before its running value, which would hide that it is needed.
    """
    files = changes.by_path
    for setting in changes.settings:
        asked, askers = setting.asked, setting.requirements
        if not asked.bounds:
            yield Call(("want_setting", setting.path, asked.value), askers, lasting=False)
            continue
        file = files.get(setting.file)
        if file:
            yield _bounded(_file(file), setting)
        words = ("want_bounded_setting", setting.path, asked.value, setting.below, asked.wish)
        yield Call(words, askers, lasting=False)


def _bounded(written: Call | Unsayable, setting: RunningSetting) -> Call | Unsayable:
    if isinstance(written, Unsayable):
        return written
    words = ("want_bounded_file", setting.below, setting.asked.wish, *written.words[1:])
    return replace(written, words=words, lasting=False)
