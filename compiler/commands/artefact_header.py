"""Reads back what an artefact says of its making, whatever the comments of its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote

from msgspec import Struct

_FIRST: Final = re.compile(
    r"^(?P<mark>[ \t#/*\"-]{0,40}(?:<\w{1,40}>)?)"
    r"Compiled by reqc (?P<version>\S+) from (?P<of>.*)$",
    re.MULTILINE,
)
"""The first line; `mark` is what the language puts before a line of its header."""

_LABELS: Final = (
    "Specification",
    "Places",
    "Target",
    "Setting",
    "Inventory",
    "Errata",
    "Hosts",
    "Option",
)
_LABELLED: Final = re.compile(rf"({'|'.join(_LABELS)}): (.*)")
_LINE: Final = re.compile(r"[^\n]+")
_DIGEST: Final = re.compile(r"sha256 ([0-9a-f]{64})")
_ASSIGNMENT: Final = re.compile(r"(\S+) =\s*(.*?)\s*(?:\(chosen\))?")

MOST_LINES: Final = 10_000
"""How many lines of a header are read."""


class Header(Struct, frozen=True):
    """How an artefact says it was made; `of` begins with the identity of its specification.

    `settings` and `choices` are pairs `NAME=VALUE`, as the command line takes them.
    """

    version: str
    of: str
    digest: str
    places: str
    target: str
    errata: str
    hosts: tuple[str, ...]
    settings: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    inventory: str | None = None

    def is_of(self, identity: str) -> bool:
        """Tell whether an identity such as `calico 3.16 on openstack` is the one that is named."""
        return self.of == identity or self.of.startswith(f"{identity}, revision ")


def read_header(text: str) -> Header | None:
    """Return the first header of a text that is whole, None where there is none."""
    found = (_header(first, text) for first in _FIRST.finditer(text))
    return next((header for header in found if header is not None), None)


def _header(first: re.Match[str], text: str) -> Header | None:
    said: dict[str, list[str]] = {label: [] for label in _LABELS}
    for label, value in _labelled(first, text):
        said[label].append(value)
    digests = {label: _digest(said[label]) for label in ("Specification", "Places", "Inventory")}
    target, errata, hosts = (" ".join(said[name]) for name in ("Target", "Errata", "Hosts"))
    specification, places = digests["Specification"], digests["Places"]
    if not (specification and places and target and errata and hosts):
        return None
    return Header(
        version=first["version"],
        of=_plain(first["of"]).removesuffix("."),
        digest=specification,
        places=places,
        target=target,
        errata=errata.removeprefix("as "),
        hosts=tuple(hosts.replace(" ", "").split(",")),
        settings=tuple(_assignment(item) for item in said["Setting"]),
        choices=tuple(_assignment(item) for item in said["Option"] if item.endswith(" (chosen)")),
        inventory=digests["Inventory"],
    )


def _labelled(first: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands behind each label; a line that was wrapped goes on with two spaces."""
    label, parts = "", list[str]()
    # an element of XML holds all lines, any other mark stands before each
    mark = "" if "<" in first["mark"] else first["mark"]
    for found_line in islice(_LINE.finditer(text, first.end()), MOST_LINES):
        line = found_line[0]
        bare = _plain(line.removeprefix(mark))
        found = _LABELLED.fullmatch(bare)
        if not line.startswith(mark) or (found is None and not bare.startswith("  ")):
            break
        if found is None:
            parts.append(bare.strip())
            continue
        if label:
            yield label, " ".join(parts)
        label, parts = found[1], [found[2].strip()]
    if label:
        yield label, " ".join(parts)


def _plain(line: str) -> str:
    """Return a line without what ends it in JSON, and without the backslashes of Markdown."""
    return re.sub(r"\\(.)", r"\1", re.sub(r'",?$', "", line.rstrip()))


def _digest(values: list[str]) -> str | None:
    found = _DIGEST.fullmatch(values[0]) if values else None
    return found[1] if found else None


def _assignment(said: str) -> str:
    """Return `NAME = WORD` as `NAME=VALUE`; a space in a word is one of wrapping."""
    found = _ASSIGNMENT.fullmatch(said)
    if found is None:
        return said
    return f"{found[1]}={unquote(found[2].replace(' ', ''), errors='surrogatepass')}"
