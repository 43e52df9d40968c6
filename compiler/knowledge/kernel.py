"""What stands behind the names of modules, xtables extensions and kernel features on a page.

A page name is not a module name: `xt_icmp` is a module of no kernel, and what it means is there on
nearly every one. So each look-up answers with the thing behind the name, the check that proves it
and the modules that bring it. The facts are in kernel.yaml, each with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cmp_to_key
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reqc.compiler.checks import (
    All,
    Any,
    Check,
    KernelCapability,
    KernelVersion,
    ProcRow,
    Relation,
)
from reqc.compiler.knowledge.kernel_table import (
    FAMILIES,
    Extension,
    ExtensionKind,
    Family,
    Feature,
    ModuleName,
    Provider,
    Status,
    kernel_table,
)
from reqc.compiler.versions import compare_versions

__all__ = [
    "Families",
    "Family",
    "KernelNeed",
    "NameKind",
    "Status",
    "canonical_key",
    "feature",
    "feature_names",
    "known_names",
    "known_needs",
    "module",
    "same_thing",
    "xtables_match",
    "xtables_target",
]

Families: TypeAlias = Literal["ipv4", "ipv6", "both"]
"""The address families that a rule is written for."""

NameKind: TypeAlias = Literal["module", "match", "target", "feature"]
"""The vocabularies in which a page can name one thing."""

_PREFIX: dict[Family, str] = {"ipv4": "ipt_", "ipv6": "ip6t_"}
_PROC: dict[tuple[Family, ExtensionKind], str] = {
    ("ipv4", "match"): "/proc/net/ip_tables_matches",
    ("ipv4", "target"): "/proc/net/ip_tables_targets",
    ("ipv6", "match"): "/proc/net/ip6_tables_matches",
    ("ipv6", "target"): "/proc/net/ip6_tables_targets",
}
_BASE: dict[Family, str] = {"ipv4": "iptables", "ipv6": "ip6tables"}
_IN_WORDS: dict[Family, str] = {"ipv4": "IPv4", "ipv6": "IPv6"}


class KernelNeed(Struct, frozen=True):
    """What a name on a page asks of a kernel.

    `key` is equal for all names of one thing: module `xt_set` and match `set` are both
    `match:set`. `families` are those the need covers where they differ in what they take, else
    empty. `boot_modules` are real module names for modules-load.d; empty where the kernel brings
    the thing without a module of its own. `blocked_by` are files of vendors below /etc/modprobe.d
    that keep the module from loading until they are empty. `status` and `remark`, a sentence for a
    lint, speak about the name; `since` is the first upstream kernel, which vendors may undercut.
    """

    key: str
    summary: str
    check: Check
    boot_modules: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    blocked_by: tuple[str, ...] = ()
    status: Status = Status.REAL
    remark: str = ""
    since: str | None = None

    @property
    def hint(self) -> str:
        """Say where the modules come from, where that is known for a part of the need."""
        return next((found.hint for found in _capabilities(self.check) if found.hint), "")


def _capabilities(check: Check) -> Iterator[KernelCapability]:
    match check:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _capabilities(part)
        case KernelCapability():
            yield check


@cache
def module(name: str) -> KernelNeed:
    """Return what a module name stands for, whether or not any kernel has a module of that name.

    A dash counts as an underscore, as for modprobe; case counts. A name that nothing is known
    about is taken as it is, with status unknown.
    """
    name = name.replace("-", "_")
    known = _module_names().get(name)
    if known is None:
        check = KernelCapability(name, modules=(name,))
        return KernelNeed(f"module:{name}", f"Module {name}", check, (name,), status=Status.UNKNOWN)
    if known.stands_for is None:
        return _module_need(known)
    need = _need(known.stands_for, known.family or "both")
    remark = known.remark
    if known.status is Status.ALIAS and not remark:
        remark = f"{name} is an alias of {need.boot_modules[0]}."
    return replace(need, status=known.status, remark=remark)


@cache
def xtables_match(name: str, family: Families = "both") -> KernelNeed:
    """Return what iptables match `name` needs, for rules of the address families asked.

    A match that exists in one family only is asked in that one; `families` tells which. A name
    that nothing is known about is looked for as the kernel itself does, with status unknown.
    """
    return _extension_by_name("match", name, family)


@cache
def xtables_target(name: str, family: Families = "both") -> KernelNeed:
    """Return what iptables target `name` needs; see `xtables_match`.

    The verdicts, such as ACCEPT, come with the base of iptables, legacy or over nf_tables.
    """
    return _extension_by_name("target", name, family)


@cache
def feature(name: str) -> KernelNeed | None:
    """Return what a named feature needs, None for a name that is no feature."""
    row = kernel_table().features.get(_feature_spellings().get(name, name))
    return None if row is None else _feature_need(row)


def feature_names() -> tuple[str, ...]:
    """Return the names of all features, sorted; `feature(name).summary` says what each is."""
    return tuple(sorted(kernel_table().features))


def known_names(kind: NameKind) -> tuple[str, ...]:
    """Return every name of one vocabulary with its spellings, sorted, for suggestions."""
    table = kernel_table()
    if kind == "module":
        return tuple(sorted(_module_names()))
    if kind == "feature":
        return tuple(sorted({*table.features, *_feature_spellings()}))
    rows = table.matches if kind == "match" else table.targets
    return tuple(sorted({*rows, *_extension_spellings(kind)}))


def known_needs(kind: NameKind) -> Mapping[str, KernelNeed]:
    """Return what every name of one vocabulary stands for, sorted by name, without spellings."""
    table = kernel_table()
    if kind == "module":
        return {name: module(name) for name in sorted(_module_names())}
    if kind == "feature":
        return {name: _feature_need(table.features[name]) for name in feature_names()}
    rows = table.matches if kind == "match" else table.targets
    return {name: _extension_need(rows[name], "both") for name in sorted(rows)}


def canonical_key(kind: NameKind, name: str) -> str:
    """Return the key of the thing behind a name, for instance `match:set` for module `ipt_set`."""
    if kind == "module":
        return module(name).key
    spellings = _feature_spellings() if kind == "feature" else _extension_spellings(kind)
    return f"{kind}:{spellings.get(name, name)}"


def same_thing(one: KernelNeed, other: KernelNeed) -> bool:
    """Tell whether two needs are one: the same thing, for the same address families."""
    return one.key == other.key and one.families == other.families


def _need(key: str, family: Families) -> KernelNeed:
    kind, _, name = key.partition(":")
    table = kernel_table()
    if kind == "feature":
        return _feature_need(table.features[name])
    return _extension_need((table.matches if kind == "match" else table.targets)[name], family)


def _extension_by_name(kind: ExtensionKind, name: str, family: Families) -> KernelNeed:
    table = kernel_table()
    rows = table.matches if kind == "match" else table.targets
    row = rows.get(_extension_spellings(kind).get(name, name))
    return _unknown_extension(kind, name, family) if row is None else _extension_need(row, family)


def _extension_need(row: Extension, family: Families) -> KernelNeed:
    if row.verdict:
        return _verdict_need(row, family)
    asked = tuple(item for item in row.providers if family in (item[0], "both")) or row.providers
    # Where both families share their evidence, one capability speaks for them.
    groups = [(item,) for item in asked] if row.split else [asked]
    needs = [_feature_need(kernel_table().features[name]) for name in row.needs]
    check = _all([_extension_capability(row, group) for group in groups], needs)
    own = (module for group in groups for module in group[0][1].modules)
    return KernelNeed(
        key=row.key,
        summary=f"{row.kind.capitalize()} {row.name} of iptables",
        check=check,
        boot_modules=_unique([*own, *(name for need in needs for name in need.boot_modules)]),
        families=tuple(member for member, _ in asked) if row.split else (),
        blocked_by=_unique(path for need in needs for path in need.blocked_by),
    )


def _verdict_need(row: Extension, family: Families) -> KernelNeed:
    asked = tuple(member for member in FAMILIES if family in (member, "both"))
    bases = [_feature_need(kernel_table().features[_BASE[member]]) for member in asked]
    return KernelNeed(
        key=row.key,
        summary=f"Verdict {row.name} of iptables",
        check=_all([], bases),
        families=asked,
    )


def _extension_capability(
    row: Extension, group: tuple[tuple[Family, Provider], ...]
) -> KernelCapability:
    families = [family for family, _ in group]
    provider = group[0][1]
    # The kernel asks for a missing extension by this name, so whatever carries it answers to it.
    asked_for = (f"{_PREFIX[family]}{row.row}" for family in families)
    words = f" for {_IN_WORDS[families[0]]}" if row.split else ""
    return KernelCapability(
        name=f"{row.kind} {row.name}{words}",
        modules=_unique([*provider.modules, *asked_for, *provider.also]),
        options=provider.options,
        rows=tuple(ProcRow(_PROC[family, row.kind], row.row) for family in families),
        paths=provider.paths,
        hint=row.hint,
        trial=row.trial,
    )


def _unknown_extension(kind: ExtensionKind, name: str, family: Families) -> KernelNeed:
    families = tuple(member for member in FAMILIES if family in (member, "both"))
    # Without a known option nothing but a readable module tree can show that it is missing.
    check = KernelCapability(
        name=f"{kind} {name}",
        modules=(f"xt_{name}", *(f"{_PREFIX[member]}{name}" for member in families)),
        rows=tuple(ProcRow(_PROC[member, kind], name) for member in families),
    )
    summary = f"{kind.capitalize()} {name} of iptables"
    return KernelNeed(f"{kind}:{name}", summary, check, status=Status.UNKNOWN)


def _feature_need(row: Feature) -> KernelNeed:
    names = row.all or row.any
    parts = [_feature_need(kernel_table().features[name]) for name in names]
    boot = row.boot
    if boot is None:
        own = row.provider.modules if row.provider else ()
        boot = _unique([*own, *(module for part in parts for module in part.boot_modules)])
    return KernelNeed(
        key=row.key,
        summary=row.summary,
        check=_feature_check(row, parts),
        boot_modules=boot,
        blocked_by=_unique(
            [*row.blocked_by, *(path for part in parts for path in part.blocked_by)]
        ),
        since=row.since or row.floor or _latest(part.since for part in parts if row.all),
    )


def _latest(versions: Iterable[str | None]) -> str | None:
    known = (version for version in versions if version is not None)
    return max(known, key=cmp_to_key(compare_versions), default=None)


def _feature_check(row: Feature, parts: list[KernelNeed]) -> Check:
    if row.any:
        return Any(tuple(part.check for part in parts))
    own: list[Check] = []
    if row.provider is not None:
        own.append(_capability(row.name, row.provider, row.hint))
    if row.floor is not None:
        own.append(KernelVersion(Relation.AT_LEAST, row.floor))
    return _all(own, parts)


def _module_need(row: ModuleName) -> KernelNeed:
    assert row.provider is not None  # noqa: S101  # a name has evidence or stands for a thing
    check = _capability(row.name, row.provider, row.hint)
    return KernelNeed(
        f"module:{row.name}", f"Module {row.name}", check, row.provider.modules, status=row.status
    )


def _capability(name: str, provider: Provider, hint: str) -> KernelCapability:
    return KernelCapability(
        name=name,
        modules=_unique([*provider.modules, *provider.also]),
        options=provider.options,
        paths=provider.paths,
        hint=hint,
    )


def _all(own: Iterable[Check], needs: Iterable[KernelNeed]) -> Check:
    """Return the conjunction, flat and without a shell around a single part."""
    parts: list[Check] = []
    for check in (*own, *(need.check for need in needs)):
        parts.extend(check.parts if isinstance(check, All) else (check,))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


@cache
def _feature_spellings() -> Mapping[str, str]:
    rows = kernel_table().features.values()
    return {word: row.name for row in rows for word in row.spellings}


@cache
def _extension_spellings(kind: ExtensionKind) -> Mapping[str, str]:
    rows = kernel_table().extensions()
    return {word: row.name for row in rows if row.kind == kind for word in row.spellings}


@cache
def _module_names() -> Mapping[str, ModuleName]:
    """Return every module name that is known: the rows', then real modules, then aliases."""
    names = dict(kernel_table().modules)
    for status, name, key, family in (*_carriers(), *_aliases()):
        names.setdefault(name, ModuleName(name, status, key, family, "", None, ""))
    return names


_Derived: TypeAlias = tuple[Status, str, str, Family | None]


def _carriers() -> Iterable[_Derived]:
    table = kernel_table()
    for row in table.extensions():
        for family, provider in row.providers:
            for name in provider.modules:
                yield Status.REAL, name, row.key, family if row.split else None
    for feature_row in table.features.values():
        for name in feature_row.provider.modules if feature_row.provider else ():
            yield Status.REAL, name, feature_row.key, None


def _aliases() -> Iterable[_Derived]:
    table = kernel_table()
    for row in table.extensions():
        for family, provider in row.providers:
            member = family if row.split else None
            for name in (f"{_PREFIX[family]}{row.row}", *provider.also):
                yield Status.ALIAS, name, row.key, member
    for feature_row in table.features.values():
        for name in feature_row.provider.also if feature_row.provider else ():
            yield Status.ALIAS, name, feature_row.key, None


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
