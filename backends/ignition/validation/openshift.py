"""What a configuration must keep to when OpenShift hands it to the nodes of a pool."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.backends.ignition.rules import (
    FORCE_FILE,
    MODE,
    OWNED_PATH,
    READ_ONLY_PATH,
    shown,
)
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import (
    ABSENT_UNIT,
    COMPRESSION,
    DEFAULT,
    SOURCE,
    UNCHANGEABLE,
    Finding,
    Severity,
    Spot,
)
from reqc.backends.ignition.validation.scope import Scope, told
from reqc.backends.ignition.validation.sources import brief
from reqc.backends.ignition.validation.storage import (
    LARGEST_MODE,
    PERMISSIONS,
    is_octal_in_disguise,
    mode_advice,
)
from reqc.backends.ignition.validation.units import is_enabled, written_paths
from reqc.compiler.knowledge.ignition import Release, is_at, knowledge
from reqc.compiler.knowledge.machineconfig import Unchangeable, before, operator


def embedded_findings(
    config: Item, version: str, releases: tuple[Release, ...], scope: Scope
) -> Iterator[Finding]:
    """Yield what is wrong with the configuration of a MachineConfig."""
    for file in config.at("storage").list("files"):
        yield from placed_findings(file, embedded=True)
        yield from _owned(file.text("path"), file.at("path"))
        yield from _mode(file)
        yield from _content(file, releases, scope)
        yield from _defaults(file, version, releases)
    for row in operator().unchangeable:
        yield from _unchangeable(config, row)
    for user in config.at("passwd").list("users"):
        yield from _user(user)
    for unit in config.at("systemd").list("units"):
        yield from _absent_unit(unit, releases)
        for path, part in written_paths(unit):
            yield from _owned(path, part.at("name"))


def placed_findings(file: Item, *, embedded: bool) -> Iterator[Finding]:
    """Check that a file is where an image-based system lets one write and keep it."""
    path, facts, spot = file.text("path"), knowledge(), file.at("path")
    name = shown(path)
    if path == facts.force_file and embedded:
        message = f"{name} makes a node take a configuration without validating it"
        yield spot.breaks(FORCE_FILE, message, "leave it out")
        return
    linked = _below(path, operator().linked)
    kept = _below(path, facts.writable) and not _below(path, facts.volatile)
    if not path.startswith("/") or path == "/" or kept or (linked and not embedded):
        return
    advice = f"use {', '.join(facts.writable)}"
    if linked:
        message = f"{name} is behind a link of the system, and OpenShift supports /etc and /var"
        yield spot.risky(READ_ONLY_PATH, message, "write the path that the link leads to")
        return
    message = f"{name} is outside of what an image-based system lets one write and keep"
    tell = spot.breaks if embedded else spot.risky
    yield tell(READ_ONLY_PATH, message, advice)


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(is_at(path, f"{folder}/") for folder in folders)


def _owned(path: str, spot: Spot) -> Iterator[Finding]:
    if knowledge().owns(path):
        message = f"{shown(path)} belongs to the Machine Config Operator, whose own content is lost"
        advice = "write to another file of the same folder, or use the operator's own resources"
        yield spot.breaks(OWNED_PATH, message, advice)


def _mode(file: Item) -> Iterator[Finding]:
    mode = file.number("mode")
    if mode is None or is_octal_in_disguise(mode):
        return
    if PERMISSIONS < mode <= LARGEST_MODE:
        message = (
            f"the mode {mode} of {shown(file.text('path'))} is 0{mode:o} in octal; releases refuse"
            " such bits or drop them"
        )
        yield told(file.at("mode"), "error", MODE, message, mode_advice(mode))


def _content(file: Item, releases: tuple[Release, ...], scope: Scope) -> Iterator[Finding]:
    """Check that the daemon of a node can read the content by itself."""
    contents, name = file.at("contents"), shown(file.text("path"))
    source, spot = contents.text("source"), contents.at("source")
    if contents.has("source") and not source:
        message = f"the source of {name} is empty, at which the daemon of a node stops"
        yield spot.breaks(SOURCE, message, "write `data:,` for an empty file")
    elif not source:
        message = f"{name} has no source, at which the daemon stops in some releases"
        yield spot.risky(SOURCE, message, "write `data:,` for an empty file")
    elif not source.lower().startswith("data:"):
        message = f"{name} comes from {brief(source)}, which the daemon of a node never fetches"
        yield spot.breaks(SOURCE, message, "write the content as a data URL")
    if contents.text("compression") != "gzip":
        return

    def tell(who: str, severity: Severity) -> Finding:
        message = f"{who} writes the compressed bytes of {name} as they are"
        advice = "write the content without compression"
        return told(contents.at("compression"), severity, COMPRESSION, message, advice)

    first = operator().compression_from
    yield from scope.minded(releases, lambda release: before(release, first), tell)


def _defaults(file: Item, version: str, releases: tuple[Release, ...]) -> Iterator[Finding]:
    """Check that what readers take for granted in different ways is written."""
    name = shown(file.text("path"))
    old = version.startswith("2.")
    if not file.has("mode"):
        spot, advice = file.at("mode"), "write `mode: 420` for 0644"
        if old:
            message = f"{name} has no mode, which is 0000 to Ignition and 0644 to the daemon"
            yield spot.breaks(DEFAULT, message, advice)
        else:
            yield spot.risky(DEFAULT, f"{name} has no mode, and is compared by it", advice)
    first = operator().overwrite_from
    if not old and not file.has("overwrite") and any(before(item, first) for item in releases):
        message = f"{name} has no `overwrite`, and before OpenShift {first} new nodes may fail"
        yield file.at("overwrite").risky(DEFAULT, message, "write `overwrite: true`")


def _unchangeable(config: Item, row: Unchangeable) -> Iterator[Finding]:
    for item in _found(config, row.path):
        if item.entries or item.fields or item.value:
            message = f"{item.path} {row.why}, which a running node does not take up"
            yield told(item, row.severity, UNCHANGEABLE, message, row.help)


def _found(item: Item, path: tuple[str, ...]) -> Iterator[Item]:
    """Yield every value at a path of keys and stars."""
    if not path:
        yield item
    elif path[0] == "*":
        for entry in item.entries:
            yield from _found(entry, path[1:])
    else:
        yield from _found(item.at(path[0]), path[1:])


def _user(user: Item) -> Iterator[Finding]:
    name, facts = user.text("name"), operator()
    if name != facts.user:
        message = f"the user {shown(name)} is not {facts.user}, the only one that nodes change"
        yield told(user.at("name"), "error", UNCHANGEABLE, message, "leave the user out")
        return
    others = sorted(set(user.fields) - set(facts.user_keys))
    if others:
        message = f"a running node changes only the keys and the password of {facts.user}"
        yield told(user.at(others[0]), "warning", UNCHANGEABLE, message, f"leave {others[0]} out")


def _absent_unit(unit: Item, releases: tuple[Release, ...]) -> Iterator[Finding]:
    """Find units that are enabled or disabled without being written: a node may lack them.

    Where one is masked and enabled, that is told as such.
    """
    states = [key for key in ("enabled", "enable") if unit.has(key)]
    first = knowledge().absent_units_may_be_enabled_from
    written = unit.text("contents") or (unit.true("mask") and is_enabled(unit))
    if not states or written or not any(before(item, first) for item in releases):
        return
    name = shown(unit.text("name"))
    message = f"a node without {name} stops its update in the middle before OpenShift {first}"
    advice = "write `mask: true` alone to disable it" if not unit.true(states[0]) else ""
    yield unit.at(states[0]).risky(ABSENT_UNIT, message, advice)
