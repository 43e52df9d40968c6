"""Rules: what Ignition, or the nodes that read it, would refuse, ignore or break on.

Most of these mistakes pass every validator and are found only on the node, after it was drained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from reqc.backends.base import Refusal
from reqc.backends.ignition.unit_files import UNIT_SUFFIXES, UnitFile
from reqc.backends.ignition.unit_text import can_be_enabled, unit_fault
from reqc.backends.ignition.units import UnitEntry
from reqc.compiler.folding.agreement import Conflict, Difference, Unwritable, Wanted
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.folding.text import one_line
from reqc.compiler.knowledge.ignition import Knowledge
from reqc.compiler.states import KernelArgument

PATH: Final = "REQ520"
DUPLICATE_PATH: Final = "REQ521"
UNIT_STATES: Final = "REQ522"
FILE_AS_PARENT: Final = "REQ523"
UNIT_PATH: Final = "REQ524"
READ_ONLY_PATH: Final = "REQ525"
FORCE_FILE: Final = "REQ526"
OWNED_PATH: Final = "REQ527"
MODE: Final = "REQ528"
UNIT_NAME: Final = "REQ529"
OBJECT_NAME: Final = "REQ530"
POOL: Final = "REQ531"
ARGUMENT: Final = "REQ532"
TEXT: Final = "REQ533"
SYSCTL_VALUES: Final = "REQ534"
FILE_AND_NO_FILE: Final = "REQ535"
FILE_SYSTEMS: Final = "REQ536"
UNWRITABLE: Final = "REQ537"
OTHER_POOL: Final = "REQ538"
VERSION: Final = "REQ539"
SIZE: Final = "REQ540"
INSTALL: Final = "REQ541"
UNIT_TEXT: Final = "REQ542"
NO_POLICY: Final = "REQ543"
POLICY_ENTRIES: Final = "REQ544"

_UNIT: Final = re.compile(rf"[A-Za-z0-9:_.\\@-]+\.({'|'.join(UNIT_SUFFIXES)})")
_UNIT_LENGTH: Final = 255
_PERMISSIONS: Final = 0o777

_CONFLICT_CODES: Final[Mapping[Difference, str]] = MappingProxyType(
    {
        Difference.CONTENT: DUPLICATE_PATH,
        Difference.MODE: DUPLICATE_PATH,
        Difference.OWNER: DUPLICATE_PATH,
        Difference.SEPARATOR: DUPLICATE_PATH,
        Difference.PRESENCE: FILE_AND_NO_FILE,
        Difference.PARENT: FILE_AS_PARENT,
        Difference.SYSCTL: SYSCTL_VALUES,
        Difference.UNIT: UNIT_STATES,
        Difference.FILE_SYSTEM: FILE_SYSTEMS,
    }
)


def conflict_refusal(conflict: Conflict) -> Refusal:
    """Refuse what two requirements want differently, at the second of them."""
    message = (
        f"{shown(conflict.subject)} would be {one_line(conflict.wanted_second)} here and"
        f" {one_line(conflict.wanted_first)} for {conflict.first} ({conflict.difference})"
    )
    advice = "let one of the two go, or put them under conditions that exclude each other"
    code = _CONFLICT_CODES[conflict.difference]
    return Refusal(conflict.second, code, message, advice, conflict.first)


def unwritable_refusal(found: Unwritable) -> Refusal:
    """Refuse a text that would break the file it is for."""
    message = f"{shown(found.subject)} cannot be written: {one_line(found.why)}"
    return Refusal(found.requirement, UNWRITABLE, message)


def path_refusal(requirement: str, path: str) -> Refusal:
    """Refuse a path that means another one, or none at all."""
    message = f"the path {shown(path)} is not absolute and in its shortest form"
    return Refusal(requirement, PATH, message, "write it from / without //, . or ..")


def file_refusals(file: NodeFile, facts: Knowledge) -> Iterator[Refusal]:
    """Check one file; after a wrong path nothing else about the path is worth saying."""
    asker, name = file.requirements[0], shown(file.path)
    if not clean(file.path):
        yield path_refusal(asker, file.path)
    elif not _is_below(file.path, facts.writable) or _is_below(file.path, facts.volatile):
        message = f"{name} is outside of what an image-based system lets one write and keep"
        yield Refusal(asker, READ_ONLY_PATH, message, f"use {', '.join(facts.writable)}")
    if not 0 <= file.mode <= _PERMISSIONS:
        message = f"the mode {file.mode:#o} of {name} has bits besides the permissions"
        yield Refusal(asker, MODE, message, _mode_advice(file.mode))
    fault = text_fault(file.content)
    if fault:
        yield Refusal(asker, TEXT, f"the content of {name} {fault[0]}", fault[1])


def unit_file_refusals(part: UnitFile) -> Iterator[Refusal]:
    """Check a file that is a part of a unit: what Ignition can write, and systemd can read."""
    asker, name = part.file.requirements[0], shown(part.file.path)
    fault = text_fault(part.file.content)
    if not part.is_sayable:
        message = (
            f"{name} is a part of a unit, which Ignition writes with the mode 0644, for root, and"
            " never empty"
        )
        advice = "ask for that mode and owner and a content, or for the state of the unit instead"
        yield Refusal(asker, UNIT_PATH, message, advice)
    elif fault:
        yield Refusal(asker, TEXT, f"the content of {name} {fault[0]}", fault[1])
    elif why := unit_fault(part.file.content):
        message = f"the content of {name} {why}"
        yield Refusal(asker, UNIT_TEXT, message, "see systemd.syntax(7)")


def unit_refusals(entry: UnitEntry) -> Iterator[Refusal]:
    """Check one unit: its name, and that no state of it contradicts another or its content."""
    asker, name = entry.requirements[0], shown(entry.name)
    other = next(iter(entry.requirements[1:]), None)
    if not _UNIT.fullmatch(entry.name) or len(entry.name) > _UNIT_LENGTH:
        advice = f"end it with one of .{', .'.join(UNIT_SUFFIXES)}"
        yield Refusal(asker, UNIT_NAME, f"{name} is no name of a systemd unit", advice)
    if entry.for_mount and not entry.enabled:
        message = f"{name} is needed for a mount and would be masked or disabled"
        yield Refusal(asker, UNIT_STATES, message, "let one of the two go", other)
    elif entry.mask and entry.contents is not None:
        message = f"{name} would be masked, and a masked unit has no content"
        yield Refusal(asker, UNIT_STATES, message, "let one of the two go", other)
    if entry.enabled and entry.contents is not None and not can_be_enabled(entry.contents):
        message = f"{name} would be enabled, and its content has no section [Install]"
        advice = "say there by what it is started, such as WantedBy=multi-user.target"
        yield Refusal(asker, INSTALL, message, advice, other)


def argument_refusals(argument: Wanted[KernelArgument]) -> Iterator[Refusal]:
    """Check one kernel argument; a blank would make it two."""
    text = argument.value.argument
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        message = f"the kernel argument {shown(text)} is not one token of ASCII characters"
        advice = "ask for each argument by itself"
        yield Refusal(argument.requirements[0], ARGUMENT, message, advice)


def clean(path: str) -> bool:
    """Tell whether a path is absolute, printable and in its shortest form."""
    parts = path.split("/")[1:]
    return path.startswith("/") and path.isprintable() and not {"", ".", ".."} & set(parts)


def shown(text: str) -> str:
    """Return a text of the specification as a message quotes it, always on one line."""
    return f"`{one_line(text)}`"


def _is_below(path: str, folders: tuple[str, ...]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def _mode_advice(mode: int) -> str:
    if re.fullmatch(r"[0-7]{3}", str(mode)):
        return f"{mode} is decimal here; the octal number is written 0{mode}"
    return "use 0000 to 0777"


def text_fault(content: str) -> tuple[str, str] | None:
    """Return what is wrong with a content and what to do; nodes compare it byte by byte."""
    if any("\ud800" <= character <= "\udfff" for character in content):
        return "holds half of a surrogate pair", "write the character itself, in UTF-8"
    if "\r" in content:
        return "has a carriage return", "end its lines with a line feed alone"
    if content and (not content.endswith("\n") or content.endswith("\n\n")):
        return "does not end with exactly one line feed", "end its last line, and nothing after it"
    return None
