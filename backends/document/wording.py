"""Checks in words, for the facts of a node that guard a requirement."""

from __future__ import annotations

from enum import Enum
from string import Formatter
from typing import Final

from reqc.compiler.checks import (
    All,
    Any,
    Architecture,
    BootArgument,
    Capability,
    Check,
    CommandVersion,
    DiskSpace,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    InterfaceNamesFree,
    KernelCapability,
    KernelVersion,
    Manual,
    Memory,
    Mounted,
    Not,
    OperatingSystem,
    OsRelease,
    PackageInstalled,
    PortFree,
    Probe,
    Processors,
    Reachable,
    Relation,
    Sysctl,
    Unit,
)
from reqc.compiler.prose import Code, Inline, Sentence, Text, joined, sentence

RELATIONS: Final = {
    Relation.LESS: "below",
    Relation.AT_MOST: "at most",
    Relation.EQUAL: "equal to",
    Relation.NOT_EQUAL: "other than",
    Relation.AT_LEAST: "at least",
    Relation.GREATER: "above",
}

PHRASES: Final[dict[type[Probe], str]] = {
    Architecture: "the machine is {machines:or}",
    OperatingSystem: "the operating system is {id}, version {relation} {version}",
    KernelVersion: "the kernel is {relation} {version}",
    KernelCapability: "the kernel offers {name}",
    Sysctl: "the sysctl {key} is {relation} {value}",
    InterfaceNamesFree: "no hardware interface has a name like {globs:or}",
    IniList: "{key} in section {section} of {main} lists {items:and}",
    Unit: "the unit {unit} is {condition}",
    FileExists: "the file {path} exists",
    FileContains: "the file {path} has the line {lines:and}",
    FileMode: "the mode of {path} is {mode:octal}",
    FileOwner: "the owner of {path} is {user}",
    Mounted: "a file system of type {filesystem} is mounted at {path}",
    Capability: "the capability {name} can be given to a process",
    OsRelease: "{key} of the operating system is {relation} {version}",
    CommandVersion: "the version of the command {command} is {relation} {version}",
    PackageInstalled: "the package {name} is installed",
    BootArgument: "the kernel was started with {argument}",
    Processors: "the number of processors is {relation} {count}",
    Memory: "the memory in KiB is {relation} {kibibytes}",
    DiskSpace: "the file system of {path} has a size in KiB {relation} {kibibytes}",
    PortFree: "nothing listens on {protocol} port {port}",
    Reachable: "port {port} of {label} can be reached",
    Manual: "this was found by hand: {instruction:words}",
}
"""What holds where a probe passes; a field in braces is set in a code font."""

_WITHOUT_VERSION: Final[dict[type[Probe], str]] = {
    OperatingSystem: "the operating system is {id}",
    CommandVersion: "the command {command} is on the search path",
}


def in_words(check: Check) -> Sentence:
    """Return what holds where the check passes, as a clause without capital and stop."""
    match check:
        case All(parts):
            return joined(tuple(_grouped(part) for part in parts), "and") or sentence("always")
        case Any(parts):
            return joined(tuple(_grouped(part) for part in parts), "or") or sentence("never")
        case Not(part):
            return (Text("it is not so that "), *_grouped(part))
        case _:
            return _probe_in_words(check)


def _grouped(check: Check) -> Sentence:
    words = in_words(check)
    return (Text("("), *words, Text(")")) if isinstance(check, All | Any) else words


def _probe_in_words(probe: Probe) -> Sentence:
    phrase = PHRASES[type(probe)]
    if getattr(probe, "relation", ...) is None:
        phrase = _WITHOUT_VERSION[type(probe)]
    words: list[Inline] = []
    for literal, field, form, _ in Formatter().parse(phrase):
        words.append(Text(literal))
        if field is not None:
            words.extend(_value_in_words(getattr(probe, field), form or ""))
    return tuple(words)


def _value_in_words(value: object, form: str) -> Sentence:
    if isinstance(value, tuple):
        return joined(tuple((Code(str(item)),) for item in value), form)
    if isinstance(value, Relation):
        return sentence(RELATIONS[value])
    if isinstance(value, Enum) or form == "words":
        return sentence(str(value))
    return (Code(f"{value:04o}" if form == "octal" else str(value)),)
