"""What Ignition accepts, whoever embeds the configuration, and what then breaks on the node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reqc.backends.ignition.rules import (
    ARGUMENT,
    FILE_AS_PARENT,
    INSTALL,
    PATH,
    TEXT,
    UNIT_NAME,
    UNIT_PATH,
    UNIT_STATES,
    shown,
    text_fault,
)
from reqc.backends.ignition.validation.data_urls import BadDataUrlError, decode_data_url
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import COMPRESSION, REFUSED_VALUE, Finding
from reqc.backends.ignition.validation.units import (
    has_unit_suffix,
    is_enabled,
    is_unit,
    is_unit_path,
    lacks_install,
    written_paths,
)

_GZIP: Final = b"\x1f\x8b"
_INSTANCE: Final = re.compile(r"(.+?)@.+?\.service")


def node_findings(config: Item) -> Iterator[Finding]:
    """Yield what is wrong with a whole configuration on any node."""
    storage, units = config.at("storage"), config.at("systemd").list("units")
    for entry in (*storage.list("files"), *storage.list("directories"), *storage.list("links")):
        yield from _path(entry)
    yield from _parents(storage)
    yield from _unit_paths(storage, units)
    for file in storage.list("files"):
        yield from _content(file)
    for link in storage.list("links"):
        yield from _hard_link(link)
    yield from _filesystems(storage)
    for unit in units:
        yield from _unit(unit)
    yield from _instances(units)
    for key in ("shouldExist", "shouldNotExist"):
        for argument in config.at("kernelArguments").list(key):
            yield from argument_findings(argument)


def argument_findings(item: Item) -> Iterator[Finding]:
    """Check one kernel argument."""
    text = str(item.value or "")
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        message = f"the kernel argument {shown(text)} is not one token of ASCII characters"
        yield item.breaks(ARGUMENT, message, "write each argument as an entry of its own")


def _path(entry: Item) -> Iterator[Finding]:
    path = entry.text("path")
    if path == "/":
        yield entry.at("path").breaks(PATH, "`/` is there already and is a directory")
    elif not path.isprintable():
        message = f"the path {shown(path)} has a character that cannot be seen"
        yield entry.at("path").breaks(PATH, message, "leave the character out")


def _parents(storage: Item) -> Iterator[Finding]:
    """Find files that stand where another entry needs a directory."""
    files = {entry.text("path"): entry for entry in storage.list("files")}
    below = (*storage.list("files"), *storage.list("directories"), *storage.list("links"))
    for entry in below:
        parts = entry.text("path").split("/")
        for count in range(2, len(parts)):
            file = files.get("/".join(parts[:count]))
            if file is not None:
                path, upper = shown(entry.text("path")), shown(file.text("path"))
                message = f"{upper} is a file, and {path} needs a directory there"
                yield entry.at("path").breaks(FILE_AS_PARENT, message, "move one of the two")


def _unit_paths(storage: Item, units: tuple[Item, ...]) -> Iterator[Finding]:
    """Find files that are units, and those that are units of this very configuration."""
    written = {path for unit in units for path, _ in written_paths(unit)}
    for entry in (*storage.list("files"), *storage.list("directories"), *storage.list("links")):
        path, spot = entry.text("path"), entry.at("path")
        if path in written:
            message = f"{shown(path)} is written as a unit, too"
            yield spot.breaks(UNIT_PATH, message, "leave one of the two out")
        elif entry.shape == "File" and is_unit_path(path):
            message = f"{shown(path)} is a unit of systemd, and is not enabled as a file"
            yield spot.risky(UNIT_PATH, message, "write it below systemd.units")


def _content(file: Item) -> Iterator[Finding]:
    """Look into the content of a file that a data URL holds."""
    contents = file.at("contents")
    try:
        body = decode_data_url(contents.text("source"))
    except BadDataUrlError:
        return  # told where the source is checked, or fetched from elsewhere
    name, spot = shown(file.text("path")), contents.at("source")
    if contents.text("compression") == "gzip":
        if not body.startswith(_GZIP):
            message = f"the content of {name} is said to be compressed and is not"
            yield contents.at("compression").breaks(COMPRESSION, message, "leave it out")
        return
    fault = text_fault(_as_text(body))
    if fault:
        yield spot.risky(TEXT, f"the content of {name} {fault[0]}", fault[1])


def _as_text(body: bytes) -> str:
    """Return a body as text, or nothing where it is none."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else text


def _hard_link(link: Item) -> Iterator[Finding]:
    if link.true("hard") and (link.has("user") or link.has("group")):
        message = f"the hard link {shown(link.text('path'))} changes the owner of its target"
        yield link.risky(REFUSED_VALUE, message, "leave user and group out")


def _filesystems(storage: Item) -> Iterator[Finding]:
    """Find file systems on whole disks that are partitioned or wiped as well."""
    disks = {disk.text("device"): disk for disk in storage.list("disks")}
    for entry in storage.list("filesystems"):
        disk = disks.get(entry.text("device"))
        name = shown(entry.text("device"))
        if disk is None or not entry.text("device"):
            continue
        if disk.list("partitions"):
            message = f"the file system on {name} overwrites the partitions of that disk"
            yield entry.at("device").risky(REFUSED_VALUE, message, "name a partition")
        elif disk.true("wipeTable") and not entry.true("wipeFilesystem"):
            message = f"the table of {name} is wiped, and with it the file system to be kept"
            yield entry.at("device").risky(REFUSED_VALUE, message, "write wipeFilesystem: true")


def _unit(unit: Item) -> Iterator[Finding]:
    name, named = shown(unit.text("name")), unit.at("name")
    if has_unit_suffix(unit.text("name")) and not is_unit(unit.text("name")):
        message = f"{name} is no name of a systemd unit"
        yield named.breaks(UNIT_NAME, message, "use letters, digits and :-_.\\@ only")
    if not unit.true("mask"):
        return
    if is_enabled(unit):
        message = f"{name} is masked and enabled, which cannot both be"
        yield unit.at("mask").breaks(UNIT_STATES, message, "let one of the two go")
    if unit.text("contents"):
        message = f"{name} is masked, and its contents would be written through the mask"
        yield unit.at("mask").breaks(UNIT_STATES, message, "leave contents or mask out")


def _instances(units: tuple[Item, ...]) -> Iterator[Finding]:
    """Find enabled instances of templates that cannot be enabled."""
    by_name = {unit.text("name"): unit for unit in units}
    for unit in units:
        found = _INSTANCE.fullmatch(unit.text("name"))
        template = by_name.get(f"{found[1]}@.service") if found else None
        if template is not None and is_enabled(unit) and lacks_install(template):
            name = shown(template.text("name"))
            message = f"{shown(unit.text('name'))} is enabled, and {name} has no [Install] section"
            yield unit.at("name").risky(INSTALL, message, "say in the template what wants it")
