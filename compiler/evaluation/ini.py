"""Judges lists in INI files and their drop-ins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field

from reqc.compiler.checks import IniList
from reqc.compiler.evaluation.node import Node, not_collected
from reqc.compiler.evaluation.outcome import Outcome, failed, join, passed, unknown

_BLANKS: Final = " \t\r"


def ini_list(probe: IniList, node: Node) -> Outcome:
    """Read the files in the order of their daemon and look for the items of the list."""
    looked = "; ".join((probe.main, *probe.directories))
    missing = [folder for folder in probe.directories if folder not in node.facts.directories]
    if missing:
        return not_collected(missing[0], looked)
    reader = _Reader(probe)
    reader.unread += [
        folder for folder in probe.directories if node.facts.directories[folder] is None
    ]
    for path in (probe.main, *_drop_ins(probe, node)):
        file = node.facts.files.get(path)
        if file is None:
            return not_collected(path, looked)
        if file.kind in ("absent", "device"):
            continue  # an empty device in the place of a file is how one is switched off
        if file.lines is None:
            reader.unread.append(path)
        else:
            reader.read(path, file.lines)
    return reader.outcome(looked)


def _drop_ins(probe: IniList, node: Node) -> Iterator[str]:
    """Yield the drop-ins by name; an earlier folder hides names of a later one."""
    hidden: dict[str, str] = {}
    for folder in probe.directories:
        for name in node.facts.directories[folder] or ():
            hidden.setdefault(name, f"{folder}/{name}")
    for _, path in sorted(hidden.items()):
        yield path


class _Reader(Struct):
    """What the files that were read say of the list."""

    probe: IniList
    items: list[str] = field(default_factory=list)
    source: str = ""
    unread: list[str] = field(default_factory=list)

    def read(self, path: str, lines: Iterable[str]) -> None:
        """Take in a file; a section that is said again goes on."""
        inside = False
        for line in (line.strip(_BLANKS) for line in lines):
            if not line or line[0] in "#;":
                continue
            if line[0] == "[" and line[-1] == "]":
                inside = line[1:-1] == self.probe.section
            elif inside and "=" in line:
                key, _, value = line.partition("=")
                self._assign(path, key.strip(_BLANKS), list(self._split(value)))

    def _assign(self, path: str, key: str, items: list[str]) -> None:
        """Take in an assignment: NetworkManager also appends with += and removes with -=."""
        sign = key.removeprefix(self.probe.key)
        if not key.startswith(self.probe.key) or sign not in ("", "+", "-"):
            return
        self.source = join(self.source, path) if sign else path
        kept = self.items if sign else []
        self.items = [item for item in kept if item not in items]
        if sign != "-":
            self.items += items

    def _split(self, value: str) -> Iterator[str]:
        separators = re.escape(self.probe.separators)
        parts = re.split(f"[{separators}]", value) if separators else [value]
        for part in parts:
            if item := part.strip(_BLANKS):
                yield item

    def outcome(self, looked: str) -> Outcome:
        """Return whether the list has every item."""
        key = self.probe.key
        if self.unread:
            return unknown(f"{'; '.join(self.unread)} cannot be read", looked)
        if not self.source:
            return failed(f"{key} is not set in [{self.probe.section}]", looked)
        lacking = [item for item in self.probe.items if item not in self.items]
        if lacking:
            return failed(f"{key} lacks {', '.join(lacking)}", self.source)
        return passed(f"{key} has every item", self.source)
