"""The rows of kernel.yaml as typed values, read once per process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from reqc.compiler.checks import KernelOption
from reqc.compiler.knowledge.tables import table

Family: TypeAlias = Literal["ipv4", "ipv6"]
"""The address family of a packet filter."""

ExtensionKind: TypeAlias = Literal["match", "target"]
"""The two kinds of xtables extensions."""

FAMILIES: tuple[Family, ...] = ("ipv4", "ipv6")

_Row: TypeAlias = Mapping[str, Any]


class Status(StrEnum):
    """What a name is on the kernels of today."""

    REAL = "real"
    ALIAS = "alias"
    NEVER = "never existed"
    GONE = "gone"
    UNKNOWN = "unknown"


class Provider(Struct, frozen=True):
    """The evidence for one capability, of which any one piece is enough.

    `modules` are real names on current kernels, `also` aliases and former names.
    """

    modules: tuple[str, ...]
    also: tuple[str, ...]
    options: tuple[KernelOption, ...]
    paths: tuple[str, ...]


class Extension(Struct, frozen=True):
    """A match or target of xtables.

    `providers` holds its families in the order of `FAMILIES`; `split` says that each has evidence
    of its own. `row` is its line below /proc, `needs` are features it cannot work without,
    `trial` are the words of a rule with it. A verdict has no providers: the base of iptables
    brings it.
    """

    kind: ExtensionKind
    name: str
    row: str
    providers: tuple[tuple[Family, Provider], ...]
    split: bool
    verdict: bool
    spellings: tuple[str, ...]
    needs: tuple[str, ...]
    hint: str
    trial: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name of the thing among all things a kernel offers."""
        return f"{self.kind}:{self.name}"


class Feature(Struct, frozen=True):
    """A named capability: evidence of its own and all of other features, or any of them.

    `boot` is None where the modules of the evidence are what to load. `since` is the first
    upstream kernel that has it; `floor` the same where only the version can tell.
    """

    name: str
    summary: str
    spellings: tuple[str, ...]
    provider: Provider | None
    all: tuple[str, ...]
    any: tuple[str, ...]
    boot: tuple[str, ...] | None
    since: str | None
    floor: str | None
    blocked_by: tuple[str, ...]
    hint: str

    @property
    def key(self) -> str:
        """The name of the thing among all things a kernel offers."""
        return f"feature:{self.name}"


class ModuleName(Struct, frozen=True):
    """A module name that stands for a thing (`stands_for` is its key), or has own evidence."""

    name: str
    status: Status
    stands_for: str | None
    family: Family | None
    remark: str
    provider: Provider | None
    hint: str


class KernelTable(Struct, frozen=True):
    """All rows by name; spellings are no names."""

    matches: Mapping[str, Extension]
    targets: Mapping[str, Extension]
    features: Mapping[str, Feature]
    modules: Mapping[str, ModuleName]

    def extensions(self) -> Iterator[Extension]:
        """Yield the matches, then the targets."""
        yield from self.matches.values()
        yield from self.targets.values()


@cache
def kernel_table() -> KernelTable:
    """Return the rows of kernel.yaml."""
    document: _Row = table("kernel")
    hints: Mapping[str, str] = document["hints"]
    matches, targets = document["matches"], document["targets"]
    return KernelTable(
        matches={name: _extension("match", name, row, hints) for name, row in matches.items()},
        targets={name: _extension("target", name, row, hints) for name, row in targets.items()},
        features={name: _feature(name, row, hints) for name, row in document["features"].items()},
        modules={name: _module(name, row, hints) for name, row in document["modules"].items()},
    )


def _extension(kind: ExtensionKind, name: str, row: _Row, hints: Mapping[str, str]) -> Extension:
    verdict = bool(row.get("verdict", False))
    split = "ipv4" in row or "ipv6" in row
    providers: tuple[tuple[Family, Provider], ...]
    if verdict:
        providers = ()
    elif split:
        providers = tuple((family, _provider(row[family])) for family in FAMILIES if family in row)
    else:
        shared = _provider(row) if "options" in row else _regular(kind, name)
        providers = tuple((family, shared) for family in FAMILIES)
    return Extension(
        kind=kind,
        name=name,
        row=row.get("row", name),
        providers=providers,
        split=split,
        verdict=verdict,
        spellings=_words(row, "spellings"),
        needs=_words(row, "needs"),
        hint=_hint(row, hints),
        trial=tuple(row.get("trial", "").split()),
    )


def _regular(kind: ExtensionKind, name: str) -> Provider:
    symbol = f"NETFILTER_XT_{kind.upper()}_{name.upper()}"
    return Provider((f"xt_{name}",), (), (KernelOption(symbol),), ())


def _feature(name: str, row: _Row, hints: Mapping[str, str]) -> Feature:
    return Feature(
        name=name,
        summary=row["summary"],
        spellings=_words(row, "spellings"),
        provider=_provider(row) if "options" in row else None,
        all=_words(row, "all"),
        any=_words(row, "any"),
        boot=_words(row, "boot") if "boot" in row else None,
        since=row.get("since"),
        floor=row.get("floor"),
        blocked_by=_words(row, "blocked_by"),
        hint=_hint(row, hints),
    )


def _module(name: str, row: _Row, hints: Mapping[str, str]) -> ModuleName:
    stands_for = row.get("is")
    provider = None if stands_for else _provider({"modules": [name], **row})
    return ModuleName(
        name=name,
        status=Status[row["status"].upper()] if "status" in row else Status.REAL,
        stands_for=stands_for,
        family=row.get("family"),
        remark=row.get("remark", ""),
        provider=provider,
        hint=_hint(row, hints),
    )


def _provider(row: _Row) -> Provider:
    return Provider(
        modules=_words(row, "modules"),
        also=_words(row, "also"),
        options=tuple(_option(option) for option in row["options"]),
        paths=_words(row, "paths"),
    )


def _option(option: str | Mapping[str, str]) -> KernelOption:
    if isinstance(option, str):
        symbol, _, value = option.partition("=")
        return KernelOption(symbol, ("y",)) if value == "y" else KernelOption(symbol)
    return KernelOption(**option)  # type: ignore[arg-type]  # the tests prove its keys


def _words(row: _Row, key: str) -> tuple[str, ...]:
    return tuple(row.get(key, ()))


def _hint(row: _Row, hints: Mapping[str, str]) -> str:
    return hints[row["hint"]] if "hint" in row else ""
