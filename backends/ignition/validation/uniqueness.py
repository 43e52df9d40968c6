"""Uniqueness: entries of a list that say something about one thing twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reqc.backends.ignition.rules import DUPLICATE_PATH, UNIT_STATES, shown
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import DUPLICATE, Finding
from reqc.compiler.knowledge.ignition_shapes import ITSELF, Shapes, Uniqueness

_CODES: Final = {"path": DUPLICATE_PATH, "Systemd": UNIT_STATES, "Unit": UNIT_STATES}
"""Codes of their own, by the key or the shape; all others share one."""


def duplicates(item: Item, shapes: Shapes) -> Iterator[Finding]:
    """Yield every later entry of the lists of an object that repeats an earlier one."""
    for row in shapes.unique:
        if row.shape == item.shape:
            yield from _repeated(item, row, shapes)


def _repeated(item: Item, row: Uniqueness, shapes: Shapes) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for entry in (entry for name in row.lists for entry in item.list(name)):
        name = _name(entry, row.by, shapes)
        if name is None:
            continue
        first = seen.setdefault(name, entry.path)
        if first == entry.path:
            continue
        message = f"{shown(name)} is there twice, and first as {first}"
        code = _CODES.get(row.by, _CODES.get(row.shape, DUPLICATE))
        if shapes.since("3.0.0"):
            yield entry.refused(code, message, "leave one of them out")
        else:
            yield entry.breaks(code, f"{message}; the last one wins", "leave one of them out")


def _name(entry: Item, key: str, shapes: Shapes) -> str | None:
    """Return what names an entry; in version 2.2.0 one without a name is never the same."""
    if key == ITSELF:
        return str(entry.value or "")
    name = entry.text(key)
    if shapes.since("3.0.0"):
        return name
    if not name:
        return None
    elsewhere = entry.text("filesystem") if key == "path" else ""
    return f"{elsewhere}:{name}" if elsewhere not in {"", "root"} else name
