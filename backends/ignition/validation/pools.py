"""Pools: what the MachineConfigs of a run come to when a cluster merges those of each pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from msgspec import Struct

from reqc.backends.ignition.rules import FILE_AS_PARENT, SIZE, UNIT_STATES, shown
from reqc.backends.ignition.validation import nodes
from reqc.backends.ignition.validation.configuration import decoded_configuration
from reqc.backends.ignition.validation.data_urls import BadDataUrlError, decode_data_url
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import OVERRULED, Finding, Spot
from reqc.backends.ignition.validation.objects import (
    ROLE_LABEL,
    is_operators_own,
    plain,
    spot_at,
    text_at,
)
from reqc.backends.ignition.validation.scope import Scope
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.knowledge.machineconfig import before

_WORKER: Final = "worker"
_CUSTOM_LAST: Final = knowledge().custom_pools_come_last_from
_UNIT_KEYS: Final = ("contents", "enabled", "mask")

Told: TypeAlias = tuple[int, Finding]
"""A finding with the number of the document that it is in."""


class Said(Struct, frozen=True):
    """What an object says of one thing: the value as it can be compared, and where it stands."""

    value: object
    size: int
    spot: Spot


class Part(Struct, frozen=True, eq=False):
    """A MachineConfig as a part of its pool.

    `document` is the number of the document that holds it, `whole` its data, and `own` tells
    whether the operator made it. `files` are by path; `units` by the name of the unit and the key,
    or the name of the drop-in.
    """

    document: int
    name: str
    role: str
    spot: Spot
    whole: object
    own: bool
    files: Mapping[str, Said]
    units: Mapping[tuple[str, str], Said]

    @property
    def size(self) -> int:
        """The bytes of its contents."""
        return sum(said.size for said in (*self.files.values(), *self.units.values()))


def part_of(document: int, node: nodes.Mapping, path: str) -> Part | None:
    """Return a MachineConfig as a part; None without a name or a pool, which is told elsewhere."""
    name, role = text_at(node, "metadata", "name"), text_at(node, "metadata", "labels", ROLE_LABEL)
    if not name or not role:
        return None
    spec = node.get("spec")
    inner = spec.get("config") if isinstance(spec, nodes.Mapping) else None
    config = decoded_configuration(inner, f"{path}.spec.config")
    files, units = (_files(config), _units(config)) if config else ({}, {})
    spot = spot_at(node, path, "metadata", "name")
    return Part(document, name, role, spot, plain(node), is_operators_own(node), files, units)


def _files(config: Item) -> dict[str, Said]:
    """Return the files of a configuration by path, comparable however they are written."""
    found: dict[str, Said] = {}
    for file in config.at("storage").list("files"):
        contents = file.at("contents")
        source = contents.text("source")
        try:
            body: object = decode_data_url(source)
        except BadDataUrlError:
            body = source
        owners = [_account(file.at(key)) for key in ("user", "group")]
        value = (body, contents.text("compression"), file.number("mode"), *owners)
        found[file.text("path")] = Said(value, len(source), file.at("path"))
    return found


def _account(owner: Item) -> object:
    return owner.text("name") or owner.number("id") or "root"


def _units(config: Item) -> dict[tuple[str, str], Said]:
    """Return what a configuration says of units, in the parts that are merged one by one."""
    found: dict[tuple[str, str], Said] = {}
    for unit in config.at("systemd").list("units"):
        name = unit.text("name")
        for key in _UNIT_KEYS:
            if unit.has(key):
                item = unit.at(key)
                found[name, key] = Said(item.value, len(str(item.value)), item)
        for drop_in in unit.list("dropins"):
            text = drop_in.text("contents")
            found[name, drop_in.text("name")] = Said(text, len(text), drop_in.at("name"))
    return found


def pool_findings(parts: Sequence[Part], scope: Scope) -> Iterator[Told]:
    """Yield, each once, what is wrong with objects only because they are in one cluster."""
    yield from dict.fromkeys(_all_findings(parts, scope))


def _all_findings(parts: Sequence[Part], scope: Scope) -> Iterator[Told]:
    kept: list[Part] = []
    for _, of_one_name in groupby(sorted(parts, key=_name), key=_name):
        *replaced, last = of_one_name
        kept.append(last)
        yield from (_replaced(part) for part in replaced if part.whole != last.whole)
    releases = scope.releases or knowledge().releases
    by_name_alone = [item for item in releases if before(item, _CUSTOM_LAST)]
    for role in dict.fromkeys(part.role for part in kept):
        workers = [part for part in kept if part.role == _WORKER and role not in knowledge().pools]
        pool = [*workers, *(part for part in kept if part.role == role)]
        yield from _overruled(pool, role, by_name=bool(by_name_alone))
        yield from _parents(pool)
        yield from _masked(pool)
        yield from _too_large(pool, role)


def _name(part: Part) -> str:
    return part.name


def _replaced(part: Part) -> Told:
    message = f"another object is called {shown(part.name)}, and a cluster keeps the last one"
    return part.document, part.spot.risky(OVERRULED, message, "give one of them another name")


def _overruled(pool: Sequence[Part], role: str, *, by_name: bool) -> Iterator[Told]:
    """Find what an object for a pool says and another one, whose name sorts later, overrules.

    That an object for a custom pool overrules one for all workers is meant. Where releases merge
    `by_name` alone, it does so only if its name sorts later.
    """
    for subject, rows in _writers(pool).items():
        own = [row for row in rows if row[0].role == role]
        if not own:
            continue
        *others, (winner, last) = own
        for part, said in others:
            if said.value != last.value and not (part.own and winner.own):
                yield _told(part, said, winner, subject)
        latest, other = max(rows, key=lambda row: row[0].name)
        if by_name and latest.role != role and other.value != last.value:
            yield _told(winner, last, latest, f"before OpenShift {_CUSTOM_LAST} {subject}")


def _writers(pool: Sequence[Part]) -> Mapping[str, list[tuple[Part, Said]]]:
    found: dict[str, list[tuple[Part, Said]]] = {}
    for part in pool:
        for path, said in part.files.items():
            found.setdefault(shown(path), []).append((part, said))
        for (unit, key), said in part.units.items():
            found.setdefault(f"{shown(key)} of {shown(unit)}", []).append((part, said))
    return found


def _told(part: Part, said: Said, winner: Part, subject: str) -> Told:
    message = f"{subject} is as {shown(winner.name)} has it, which sorts after {shown(part.name)}"
    advice = "let one of the two go, or rename the object that is to win"
    return part.document, said.spot.risky(OVERRULED, message, advice)


def _parents(pool: Sequence[Part]) -> Iterator[Told]:
    """Find files of one object that stand where another object needs a directory."""
    owners: dict[str, list[Part]] = {}
    for part in pool:
        for path in part.files:
            owners.setdefault(path, []).append(part)
    for part in pool:
        for path, said in part.files.items():
            steps = path.split("/")
            for count in range(2, len(steps)):
                upper = "/".join(steps[:count])
                others = owners.get(upper, [])
                if others and part not in others:
                    message = (
                        f"{shown(upper)} is a file of {shown(others[-1].name)}, and {shown(path)}"
                        " needs a directory there"
                    )
                    yield part.document, said.spot.breaks(FILE_AS_PARENT, message, "move one")


def _masked(pool: Sequence[Part]) -> Iterator[Told]:
    """Find units that one object masks and another one enables or writes."""
    merged: dict[str, dict[str, tuple[Part, Said]]] = {}
    for part in pool:
        for (unit, key), said in part.units.items():
            if key in _UNIT_KEYS:
                merged.setdefault(unit, {})[key] = part, said
    for unit, keys in merged.items():
        masking, mask = keys.pop("mask", (None, None))
        for key, (part, said) in keys.items():
            if masking and mask and mask.value is True and said.value and part is not masking:
                what = "enabled" if key == "enabled" else "written"
                message = f"{shown(unit)} is {what} here and masked by {shown(masking.name)}"
                yield part.document, said.spot.breaks(UNIT_STATES, message, "let one of them go")


def _too_large(pool: Sequence[Part], role: str) -> Iterator[Told]:
    """Find objects that fit one by one and not together, by the least that they come to."""
    most = knowledge().object_bytes
    files = {path: said.size for part in pool for path, said in part.files.items()}
    units = {key: said.size for part in pool for key, said in part.units.items()}
    size = sum(files.values()) + sum(units.values())
    largest = max(pool, key=lambda part: part.size)
    if size > most >= largest.size:
        message = (
            f"the objects for the pool {role} have at least {size:,} bytes together, and a cluster"
            f" stores at most {most:,}"
        )
        advice = "let nodes fetch what is so large from elsewhere"
        yield largest.document, largest.spot.breaks(SIZE, message, advice)
