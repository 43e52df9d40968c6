"""Drift of iptables: chains and ipsets on this machine against those that the files make."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from reqc.backends.base import Deviation, Drift, Sign, UnreadableMachineError
from reqc.backends.firewall.comparing import (
    Line,
    Listing,
    apart,
    compare,
    has_tool,
    require_root,
    required,
    told,
    tool,
)
from reqc.compiler.lowered import LoweredDocument

VARIANTS: Final = ("iptables-nft", "iptables-legacy")
"""The two that rule packets side by side, each blind to the other's rules."""

_DIGEST: Final = re.compile(r"\b(reqc-\S+-[0-9a-f]{4})-[0-9a-f]{6}(?=\s)")
"""A name of an ipset and the digest of its members behind it."""

_SEPARATOR: Final = "=== reqc ==="
# With -t the legacy variant would make a table that is not there.
_LOOK: Final = f"""
"$V4-save"
echo '{_SEPARATOR}'
"$V6-save"
echo '{_SEPARATOR}'
ipset save
"""
_LOAD: Final = """
ipset restore <"$FOLDER/rules.ipset"
"$V4-restore" --noflush <"$FOLDER/rules.v4"
"$V6-restore" --noflush <"$FOLDER/rules.v6"
"$V4" -I INPUT 1 -j "$CHAIN"
"$V6" -I INPUT 1 -j "$CHAIN"
"""


class Ours(Struct, frozen=True):
    """What of a machine's rules is a rule set's: its chain, and its ipsets by their names.

    `sets` are without the digest of the members. `switches` are the ipsets whose members vanish
    when a trial of the deny is over.
    """

    chain: str
    sets: frozenset[str]
    switches: frozenset[str]


def chain_drift(document: LoweredDocument, ours: Ours, files: Mapping[str, str]) -> Drift:
    """Compare this machine with what the files, by their names, make of it."""
    require_root()
    tool("ipset")
    live = {variant: _look(ours, variant) for variant in VARIANTS if has_tool(variant)}
    if not live:
        message = f"there is neither {' nor '.join(VARIANTS)} on this machine"
        raise UnreadableMachineError(message)
    ruling = [variant for variant in VARIANTS if _rules_of(live[variant])]
    if not ruling:
        return Drift((Deviation(Sign.MISSING, f"chain {ours.chain}", "the whole chain"),))
    if len(ruling) > 1:
        message = f"both {' and '.join(ruling)} have a chain {ours.chain}"
        help_text = f"remove one of them: sh uninstall.sh {VARIANTS[1]}"
        raise UnreadableMachineError(message, help_text)
    (variant,) = ruling
    wanted = _made(ours, variant, files)
    return Drift(
        compare(document, _comparable(wanted, ours), _comparable(live[variant], ours)),
        tuple(_notes(wanted, live[variant], ours)),
    )


def _made(ours: Ours, variant: str, files: Mapping[str, str]) -> Listing:
    """Return what the files make of a network of their own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        # the lock of the machine's own iptables is left alone
        places = {"FOLDER": folder, "XTABLES_LOCKFILE": str(Path(folder) / "lock")}
        done = told(
            apart("sh", "-euc", _LOAD + _LOOK), **_names(variant), CHAIN=ours.chain, **places
        )
    return _listing(required(done, "load the rule set in a network of its own"), ours)


def _look(ours: Ours, variant: str) -> Listing:
    done = told(("sh", "-euc", _LOOK), **_names(variant))
    return _listing(required(done, f"list the rules of {variant}"), ours)


def _names(variant: str) -> dict[str, str]:
    return {"V4": variant, "V6": variant.replace("ip", "ip6", 1)}


def _listing(printed: str, ours: Ours) -> Listing:
    # other members are another set, but no other rule
    v4, v6, sets = _DIGEST.sub(r"\1", printed).split(_SEPARATOR + "\n")
    rules = {}
    for version, text in ((4, v4), (6, v6)):
        lines = _filter_table(text)
        if any(line.startswith(f":{ours.chain} ") for line in lines):
            rules[f"IPv{version} chain {ours.chain}"] = _appended(lines, ours.chain)
            jumps = {line for line in lines if line == f"-A INPUT -j {ours.chain}"}
            rules[f"IPv{version} chain INPUT"] = tuple(map(Line, sorted(jumps)))
    return Listing(rules, dict(_sets(sets.splitlines(), ours)))


def _filter_table(text: str) -> list[str]:
    lines = text.splitlines()
    start = lines.index("*filter") if "*filter" in lines else len(lines)
    end = lines.index("COMMIT", start) if start < len(lines) else start
    return lines[start:end]


def _appended(lines: Iterable[str], chain: str) -> tuple[Line, ...]:
    start = f"-A {chain}"
    return tuple(
        Line.of(line.removeprefix(start)) for line in lines if line.startswith(f"{start} ")
    )


def _sets(lines: Iterable[str], ours: Ours) -> Iterator[tuple[str, frozenset[Line]]]:
    members: dict[str, set[Line]] = {}
    for line in lines:
        verb, name, *rest = line.split()
        if name in ours.sets | ours.switches:
            there = members.setdefault(name, set())
            # behind an address come its timeout and other things that a moment changes
            there.update({Line(rest[0])} if verb == "add" else ())
    for name, found in members.items():
        yield f"ipset {name}", frozenset(found)


def _rules_of(listing: Listing) -> bool:
    return any(listing.rules.values())


def _comparable(listing: Listing, ours: Ours) -> Listing:
    """Leave out what a moment changes, or what is no rule but a comment."""
    rules = {
        where: tuple(line for line in lines if line.text) for where, lines in listing.rules.items()
    }
    switches = {f"ipset {name}" for name in ours.switches}
    return Listing(
        rules, {name: found for name, found in listing.members.items() if name not in switches}
    )


def _notes(wanted: Listing, found: Listing, ours: Ours) -> Iterator[str]:
    was, now = (_identity(side) for side in (found, wanted))
    if was != now:
        yield f"it was loaded from `{was or 'something unnamed'}`, and this is `{now}`"
    elif any(_is_open(f"ipset {name}", wanted, found) for name in ours.switches):
        yield "the deny is open: its trial is over, and nobody confirmed it"


def _is_open(switch: str, wanted: Listing, found: Listing) -> bool:
    return bool(wanted.members.get(switch)) and not found.members.get(switch)


def _identity(listing: Listing) -> str:
    """Return the comment of the rule that does nothing else."""
    lines = (line for lines in listing.rules.values() for line in lines)
    return next((line.comment for line in lines if not line.text), "")
