"""Drift of nftables: the table on this machine against the one that the rule set makes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from reqc.backends.base import Deviation, Drift, Sign
from reqc.backends.firewall.comparing import (
    Line,
    Listing,
    apart,
    compare,
    require_root,
    required,
    told,
    tool,
)
from reqc.compiler.lowered import LoweredDocument

FAMILY: Final = "inet"

IDENTITY: Final = "chain identity"
"""The chain whose comment says what the table was compiled from; no packet passes it."""

SWITCH: Final = "set armed"
"""The set that holds the deny; its members vanish when a trial is over."""

_BLOCK: Final = re.compile(r"\tchain (\S+) \{")
_NO_TABLE: Final = "No such file or directory"


def table_drift(document: LoweredDocument, table: str, rules: str) -> Drift:
    """Compare a table on this machine with what its rules, a file for `nft -f`, make of it."""
    require_root()
    nft = tool("nft")
    look = f'"$0" -s -n list table {FAMILY} {table}; echo; "$0" -j -n list table {FAMILY} {table}'
    made = told(apart("sh", "-euc", f'"$0" -f -; {look}', nft), rules)
    wanted = _listing(required(made, "load the rule set in a network of its own"))
    live = told(("sh", "-euc", look, nft))
    if live.returncode and _NO_TABLE in live.stderr:
        return Drift((Deviation(Sign.MISSING, f"table {FAMILY} {table}", "the whole table"),))
    found = _listing(required(live, "list the rules of this machine"))
    return Drift(
        compare(document, _lasting(wanted), _lasting(found)),
        tuple(_notes(wanted, found)),
    )


def _notes(wanted: Listing, found: Listing) -> Iterator[str]:
    was, now = (
        next((line.comment for line in side.rules.get(IDENTITY, ())), "")
        for side in (found, wanted)
    )
    if was != now:
        yield f"it was loaded from `{was or 'something unnamed'}`, and this is `{now}`"
    elif wanted.members.get(SWITCH) and not found.members.get(SWITCH):
        yield "the deny is open: its trial is over, and nobody confirmed it"


def _lasting(listing: Listing) -> Listing:
    """Leave out what a moment changes, or what no packet passes."""
    return Listing(
        {where: lines for where, lines in listing.rules.items() if where != IDENTITY},
        {where: found for where, found in listing.members.items() if where != SWITCH},
    )


def _listing(printed: str) -> Listing:
    """Read a table that was listed twice: as text, which has the rules in nft's words, and JSON."""
    text, _, tail = printed.partition("\n\n{")
    objects = json.loads("{" + tail)["nftables"]
    sets = [item["set"] for item in objects if "set" in item]
    return Listing(
        dict(_chains(text)),
        {f"set {one['name']}": frozenset(map(_member, one.get("elem", ()))) for one in sets},
    )


def _chains(text: str) -> Iterator[tuple[str, tuple[Line, ...]]]:
    lines = iter(text.splitlines())
    for line in lines:
        if block := _BLOCK.fullmatch(line):
            # the body ends at the first line that is not indented any more
            body = iter(lines.__next__, "\t}")
            yield f"chain {block[1]}", tuple(Line.of(one) for one in body)


def _member(element: Any) -> Line:  # noqa: ANN401  # JSON of nft
    """Return a member of a set: a value, a prefix or a range, perhaps with a comment."""
    if isinstance(element, Mapping) and "elem" in element:
        inner = element["elem"]
        return Line(_member(inner["val"]).text, inner.get("comment", ""))
    if isinstance(element, Mapping) and "prefix" in element:
        prefix = element["prefix"]
        return Line(f"{prefix['addr']}/{prefix['len']}")
    if isinstance(element, Mapping) and "range" in element:
        return Line("-".join(str(end) for end in element["range"]))
    return Line(str(element))
