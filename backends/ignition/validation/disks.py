"""Disks: what Ignition refuses of partitions, arrays and encrypted devices."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import Final

from reqc.backends.ignition.rules import shown
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import REFUSED_VALUE, Finding
from reqc.backends.ignition.validation.rule import Rule
from reqc.backends.ignition.validation.storage import path_findings
from reqc.backends.ignition.validation.urls import BadUrlError, parse_url
from reqc.compiler.knowledge.ignition_shapes import Shapes

_GUID: Final = re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LONGEST_LABEL: Final = 36
_LONGEST_LUKS_LABEL: Final = 47
_ALIGNMENT: Final = 2048
_PINS: Final = ("tpm2", "tang", "sss")


def _disk(item: Item, shapes: Shapes) -> Iterator[Finding]:
    yield from path_findings(item.at("device"), shapes)
    if not item.text("device") and shapes.since("3.0.0"):
        return
    partitions, spot = item.list("partitions"), item.at("partitions")
    name = shown(item.text("device"))
    numbers = Counter(entry.number("number") for entry in partitions if entry.number("number"))
    if any(count > 1 for count in numbers.values()):
        yield spot.refused(REFUSED_VALUE, f"two partitions of {name} have one number")
    if _overlap(partitions, shapes):
        yield spot.refused(REFUSED_VALUE, f"two partitions of {name} overlap")
    if shapes.since("3.0.0"):
        yield from _labels_and_gaps(item, shapes)
    elif any((entry.number("start") or 0) % _ALIGNMENT for entry in partitions):
        message = f"a partition of {name} does not start at a multiple of {_ALIGNMENT} sectors"
        yield spot.refused(REFUSED_VALUE, message)


def _labels_and_gaps(item: Item, shapes: Shapes) -> Iterator[Finding]:
    partitions, name = item.list("partitions"), shown(item.text("device"))
    labels = Counter(entry.text("label") for entry in partitions if entry.has("label"))
    if any(count > 1 for count in labels.values()):
        message = f"two partitions of {name} have one label"
        yield item.at("partitions").refused(REFUSED_VALUE, message)
    unnumbered = any(not entry.number("number") for entry in partitions)
    removed = any(entry.at("shouldExist").value is False for entry in partitions)
    if unnumbered and removed and not shapes.since("3.4.0"):
        message = f"{name} has a partition to remove and another one without a number"
        yield item.at("partitions").refused(REFUSED_VALUE, message, "number them all")


def _overlap(partitions: tuple[Item, ...], shapes: Shapes) -> bool:
    """Tell whether two partitions with known places share a part of the disk."""
    start, size = ("startMiB", "sizeMiB") if shapes.since("3.0.0") else ("start", "size")
    spans = []
    for entry in partitions:
        first, length = entry.number(start), entry.number(size)
        if shapes.since("3.0.0") and length is None:
            continue
        if first:
            spans.append((first, first + (length or 1) - 1))
    spans.sort()
    ends = accumulate((end for _, end in spans), max)
    return any(start <= end for end, (start, _) in zip(ends, spans[1:], strict=False))


def _partition(item: Item, shapes: Shapes) -> Iterator[Finding]:
    label = item.text("label")
    if shapes.since("3.0.0"):
        yield from _existence(item)
    if len(label.encode("utf-8", "surrogatepass")) > _LONGEST_LABEL:
        message = f"the label {shown(label)} is longer than {_LONGEST_LABEL} bytes"
        yield item.at("label").refused(REFUSED_VALUE, message, "shorten it")
    elif ":" in label:
        message = f"the label {shown(label)} has a colon, at which it would be cut"
        spot = item.at("label")
        tell = spot.refused if shapes.since("3.0.0") else spot.remarked
        yield tell(REFUSED_VALUE, message)
    for key in ("guid", "typeGuid"):
        if item.text(key) and not _GUID.fullmatch(item.text(key)):
            message = f"{shown(item.text(key))} has not the form of a GUID"
            yield item.at(key).refused(REFUSED_VALUE, message)


def _existence(item: Item) -> Iterator[Finding]:
    texts = item.text("typeGuid") or item.text("guid")
    rest = any(map(item.has, ("label", "startMiB", "sizeMiB")))
    if item.at("shouldExist").value is False and (texts or rest):
        message = f"{item.path} shall not exist, and what it shall be like is told"
        yield item.refused(REFUSED_VALUE, message, "leave all but its number out")
    if not item.number("number") and not item.has("label"):
        message = f"{item.path} has neither a number nor a label"
        yield item.refused(REFUSED_VALUE, message)


def _raid(item: Item, shapes: Shapes) -> Iterator[Finding]:
    level, name = item.text("level"), shown(item.text("name"))
    if level not in shapes.raid_levels:
        message = f"the array {name} has the level {shown(level)}, which is none"
        yield item.at("level").refused(REFUSED_VALUE, message)
    elif level in shapes.raid_levels_without_spares and item.number("spares"):
        message = f"the array {name} has spares, which the level {shown(level)} cannot have"
        yield item.at("level").refused(REFUSED_VALUE, message)
    if shapes.since("3.0.0") and not item.list("devices"):
        yield item.at("devices").refused(REFUSED_VALUE, f"the array {name} has no devices")
    for device in item.list("devices"):
        yield from path_findings(device, shapes)


def _luks(item: Item, shapes: Shapes) -> Iterator[Finding]:
    name, label = item.text("name"), item.text("label")
    if "/" in name:
        yield item.at("name").refused(REFUSED_VALUE, f"the name {shown(name)} has a slash")
    if len(label.encode("utf-8", "surrogatepass")) > _LONGEST_LUKS_LABEL:
        message = f"the label {shown(label)} is longer than {_LONGEST_LUKS_LABEL} bytes"
        yield item.at("label").refused(REFUSED_VALUE, message, "shorten it")
    yield from path_findings(item.at("device"), shapes)
    clevis = item.at("clevis")
    others = clevis.list("tang") or clevis.true("tpm2") or clevis.number("threshold")
    custom = clevis.at("custom").text("pin") if shapes.since("3.3.0") else clevis.has("custom")
    if custom and others:
        message = f"the custom pin of {shown(name)} stands beside tang, tpm2 or threshold"
        yield clevis.refused(REFUSED_VALUE, message, "let one of the two go")
    if item.at("cex").true("enabled"):
        yield from _cex(item, pinned=bool(custom or others))


def _cex(item: Item, *, pinned: bool) -> Iterator[Finding]:
    if pinned or item.at("keyFile").text("source"):
        message = f"cex of {shown(item.text('name'))} stands beside clevis or a key file"
        yield item.at("cex").refused(REFUSED_VALUE, message, "let one of the two go")


def _custom(item: Item, shapes: Shapes) -> Iterator[Finding]:
    pin, config = item.text("pin"), item.text("config")
    network = shapes.since("3.3.0") and item.true("needsNetwork")
    if not pin and not config and not network:
        return
    if pin not in _PINS:
        message = f"{item.path} has the pin {shown(pin)}, which is none of {', '.join(_PINS)}"
        yield item.at("pin").refused(REFUSED_VALUE, message)
    if not config:
        yield item.at("config").refused(REFUSED_VALUE, f"{item.path} has no config")


def _tang(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    try:
        fits = parse_url(item.text("url")).scheme in {"http", "https"}
    except BadUrlError:
        fits = False
    if not fits:
        message = f"the Tang server {shown(item.text('url'))} has no URL with http or https"
        yield item.at("url").refused(REFUSED_VALUE, message)
    if not item.text("thumbprint"):
        yield item.at("thumbprint").refused(REFUSED_VALUE, f"{item.path} has no thumbprint")
    advertisement = item.text("advertisement")
    if advertisement and not _is_json(advertisement):
        message = f"{item.path} has an advertisement that is no JSON"
        yield item.at("advertisement").refused(REFUSED_VALUE, message)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "Disk": _disk,
        "Partition": _partition,
        "Raid": _raid,
        "Luks": _luks,
        "ClevisCustom": _custom,
        "Tang": _tang,
    }
)
"""What Ignition refuses, by the shape it is about."""
