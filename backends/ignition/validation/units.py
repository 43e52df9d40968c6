"""Units and users: what Ignition refuses of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from reqc.backends.ignition.rules import INSTALL, UNIT_NAME, UNIT_TEXT, shown
from reqc.backends.ignition.unit_files import UNIT_SUFFIXES
from reqc.backends.ignition.unit_text import BadUnitError, can_be_enabled, parse_unit
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import REFUSED_VALUE, Finding
from reqc.backends.ignition.validation.rule import Rule
from reqc.compiler.knowledge.ignition_shapes import Shapes

_SUFFIXES: Final = "|".join(UNIT_SUFFIXES)
_NAME: Final = re.compile(rf"[A-Za-z0-9:_.\\@-]{{1,240}}\.({_SUFFIXES})")
_PATH: Final = re.compile(rf"/etc/systemd/system/[^/]+\.({_SUFFIXES})(\.d/[^/]+\.conf)?")
_NETWORK_SUFFIXES: Final = ("link", "netdev", "network")


def has_unit_suffix(name: str) -> bool:
    """Tell whether a name ends as that of a unit, which is all that Ignition asks."""
    return _has_suffix(name, UNIT_SUFFIXES)


def is_unit(name: str) -> bool:
    """Tell whether a name is one that systemd takes for a unit."""
    return _NAME.fullmatch(name) is not None


def is_unit_path(path: str) -> bool:
    """Tell whether a path is where systemd looks for a unit, or a drop-in for one."""
    return _PATH.fullmatch(path) is not None


def is_enabled(item: Item) -> bool:
    """Tell whether a unit is to be enabled; `enable` is the word of version 2.0."""
    return item.true("enabled") or item.true("enable")


def lacks_install(item: Item) -> bool:
    """Tell whether a unit can be parsed and says nothing about what wants it."""
    try:
        return not can_be_enabled(item.text("contents"))
    except BadUnitError:
        return False  # told where the text is checked


def written_paths(unit: Item) -> Iterator[tuple[str, Item]]:
    """Yield the files that are written for a unit, each with what it comes from."""
    path = f"/etc/systemd/system/{unit.text('name')}"
    if unit.text("contents"):
        yield path, unit
    for dropin in unit.list("dropins"):
        if dropin.text("contents"):
            yield f"{path}.d/{dropin.text('name')}", dropin


def _has_suffix(name: str, suffixes: tuple[str, ...]) -> bool:
    _, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return bool(dot) and suffix in suffixes


def _text(item: Item) -> Iterator[Finding]:
    try:
        parse_unit(item.text("contents"))
    except BadUnitError as problem:
        name = shown(item.text("name"))
        message = f"the text of {name} cannot be parsed: {problem}, in its line {problem.line}"
        yield item.at("contents").refused(UNIT_TEXT, message, "see systemd.syntax(7)")


def _suffix(item: Item, what: str, suffixes: tuple[str, ...]) -> Iterator[Finding]:
    name = item.text("name")
    if not _has_suffix(name, suffixes):
        message = f"{shown(name)} is no name of a {what}"
        advice = f"end it with .{', .'.join(suffixes)}"
        yield item.at("name").refused(UNIT_NAME, message, advice)


def _unit(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    yield from _suffix(item, "systemd unit", UNIT_SUFFIXES)
    yield from _text(item)
    if is_enabled(item) and item.text("contents") and lacks_install(item):
        message = f"{shown(item.text('name'))} is enabled and has no [Install] section"
        advice = "say what wants it, such as WantedBy=multi-user.target in [Install]"
        yield item.at("contents").remarked(INSTALL, message, advice)


def _dropin(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    yield from _suffix(item, "drop-in", ("conf",))
    yield from _text(item)


def _network_unit(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    yield from _suffix(item, "unit of systemd-networkd", _NETWORK_SUFFIXES)
    yield from _text(item)


def _user(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    """Check a user of version 2.2.0, who is made by `create` or by keys of its own."""
    if not item.has("create"):
        return
    texts = ("gecos", "homeDir", "primaryGroup", "shell")
    truths = ("noCreateHome", "noLogInit", "noUserGroup", "system")
    others = any(map(item.text, texts)) or any(map(item.true, truths))
    name = shown(item.text("name"))
    if others or item.list("groups") or item.has("uid"):
        message = f"the user {name} has `create` and keys that it would replace"
        yield item.refused(REFUSED_VALUE, message, "leave `create` out")
    else:
        message = f"the user {name} is made by `create`, which is obsolete"
        yield item.remarked(REFUSED_VALUE, message, "write its keys beside the name")


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "Unit": _unit,
        "Dropin": _dropin,
        "NetworkUnit": _network_unit,
        "User": _user,
    }
)
"""What Ignition refuses, by the shape it is about."""
