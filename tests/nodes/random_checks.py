"""Random documents of checks over the names that random nodes have."""

from __future__ import annotations

from typing import Final, TypeVar

from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler.checks import (
    All,
    Any,
    Architecture,
    BootArgument,
    Capability,
    Check,
    CommandVersion,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    InterfaceNamesFree,
    KernelCapability,
    KernelOption,
    KernelVersion,
    Manual,
    Memory,
    Mounted,
    Not,
    OperatingSystem,
    OsRelease,
    PackageInstalled,
    PortFree,
    Processors,
    ProcRow,
    Reachable,
    Relation,
    Sysctl,
    Unit,
    UnitCondition,
)
from reqc.compiler.conditions import Chosen, evaluate
from reqc.compiler.lowered import Level, LoweredDocument, LoweredRequirement
from tests.documents import document, option, requirement, role
from tests.nodes.random_files import (
    ARGUMENTS,
    COMMANDS,
    FOLDERS,
    ITEMS,
    KEYS,
    LISTS,
    MODULES,
    MOUNTS,
    PACKAGES,
    PATHS,
    PORTS,
    SYMBOLS,
    UNITS,
)

T = TypeVar("T")

_RELATIONS: Final = st.sampled_from(Relation)
_VERSIONS: Final = st.sampled_from(
    (
        "3.10",
        "4.18.0-193",
        "4.18.0-305",
        "4.18",
        "6.1.100",
        "6.1.176",
        "5.15.136",
        "6.8",
        "8",
        "8.10",
        "4.3",
    )
)


def _some(
    values: tuple[str, ...], least: int = 0, most: int = 3
) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True).map(tuple)


def _options() -> st.SearchStrategy[KernelOption]:
    return st.builds(
        KernelOption,
        st.sampled_from(SYMBOLS),
        values=st.sampled_from((("y", "m"), ("y",), ("m",))),
        since=st.none() | st.sampled_from(("4.12", "6.9")),
        before=st.none() | st.sampled_from(("5.0", "6.9")),
        unless=st.none() | st.none() | st.sampled_from(SYMBOLS),
    )


_CAPABILITIES: Final = st.builds(
    KernelCapability,
    st.just("thing"),
    modules=_some(MODULES),
    options=st.lists(_options(), max_size=3).map(tuple),
    rows=st.lists(
        st.builds(
            ProcRow,
            st.just("/proc/net/ip_tables_matches"),
            st.sampled_from(("set", "icmp", "icmp 1")),
        ),
        max_size=2,
        unique=True,
    ).map(tuple),
    paths=_some(("/proc/sys/net/netfilter/nf_conntrack_max", "/proc/sys/net/bridge"), most=1),
    hint=st.sampled_from(("", "install it")),
)

_PROBES: Final[st.SearchStrategy[Check]] = st.one_of(
    _CAPABILITIES,
    _CAPABILITIES,
    st.builds(Architecture, _some(("x86_64", "aarch64", "s390x"), 1)),
    st.builds(OperatingSystem, st.sampled_from(("rhel", "linux", "v9"))),
    st.builds(OperatingSystem, st.sampled_from(("rhel", "linux")), _RELATIONS, _VERSIONS),
    st.builds(KernelVersion, _RELATIONS, _VERSIONS),
    st.builds(
        Sysctl,
        st.sampled_from(KEYS),
        _RELATIONS,
        st.sampled_from(("1", "0", "1 2", "x", "-3", "8")),
    ),
    st.builds(
        InterfaceNamesFree, _some(("cali*", "tunl?", "vxlan.calico", "[!a-d]*", "cali\\*"), 1)
    ),
    st.builds(
        IniList,
        st.sampled_from(LISTS),
        _some(FOLDERS),
        st.just("s"),
        st.just("k"),
        _some(ITEMS, 1),
        separators=st.sampled_from((";,", ";", ":")),
    ),
    st.builds(Unit, st.sampled_from(UNITS), st.sampled_from(UnitCondition)),
    st.builds(FileExists, st.sampled_from((*PATHS, "/nowhere", "/etc/link/"))),
    st.builds(FileContains, st.sampled_from(PATHS), _some(("one", "two", "-e", ".*", "", "é"), 1)),
    st.builds(FileMode, st.sampled_from(PATHS), st.sampled_from((0o644, 0o600, 0o4755))),
    st.builds(FileOwner, st.sampled_from(PATHS), st.sampled_from(("root", "0", "me", "00", "7"))),
    st.builds(
        Mounted,
        st.sampled_from((*MOUNTS, "/sys/fs/bpf/")),
        st.sampled_from(("bpf", "tmpfs", "ext4")),
    ),
    st.builds(Capability, st.just("CAP"), st.sampled_from((0, 12, 21, 63))),
    st.builds(
        OsRelease,
        st.sampled_from(("OPENSHIFT_VERSION", "ODD", "ID")),
        _RELATIONS,
        _VERSIONS | st.just("rhel"),
    ),
    st.builds(CommandVersion, st.sampled_from(COMMANDS)),
    st.builds(CommandVersion, st.sampled_from(COMMANDS), relation=_RELATIONS, version=_VERSIONS),
    st.builds(PackageInstalled, st.sampled_from((*PACKAGES, "gone", "a*"))),
    st.builds(BootArgument, st.sampled_from((*ARGUMENTS, "a b", "x=1", "module_blacklist=sctp"))),
    st.builds(Processors, _RELATIONS, st.sampled_from((1, 3, 4))),
    st.builds(Memory, _RELATIONS, st.sampled_from((1024, 2048))),
    st.builds(PortFree, st.sampled_from(("tcp", "udp")), st.sampled_from(PORTS)),
    st.builds(Reachable, st.just("etcd"), _some(("192.0.2.1",)), st.just(2379)),
    st.just(Manual("look at it")),
)

CHECKS: Final[st.SearchStrategy[Check]] = st.recursive(
    _PROBES,
    lambda part: (
        st.builds(Not, part)
        | st.builds(
            lambda kind, parts: kind(tuple(parts)),
            st.sampled_from((All, Any)),
            st.lists(part, max_size=3),
        )
    ),
    max_leaves=4,
)
"""Checks of every kind, alone and combined."""

LISTED: Final = ("mesh", "ipv6", "nobody")
CHOICES: Final = st.fixed_dictionaries({name: st.none() | st.booleans() for name in LISTED})


@st.composite
def documents(draw: st.DrawFn) -> LoweredDocument:
    """Return documents of some dozen requirements of every level, condition, guard and role."""
    values = draw(CHOICES)
    items = [draw(_requirements(number, values)) for number in range(1, draw(st.integers(9, 25)))]
    made = document(*items, roles=(role("host"), role("etcd")))
    options = tuple(option(name, value, "bool") for name, value in values.items())
    return replace(made, options=options)


def _rarely(one: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.integers(0, 7).flatmap(lambda number: st.none() if number else one)


@st.composite
def _requirements(
    draw: st.DrawFn, number: int, values: dict[str, bool | None]
) -> LoweredRequirement:
    condition = draw(_rarely(st.sampled_from(LISTED).map(Chosen)))
    return requirement(
        f"node.n{number}",
        check=draw(_PROBES | _PROBES | CHECKS),
        guard=draw(_rarely(CHECKS)),
        level=draw(st.sampled_from((Level.MUST, *Level))),
        roles=draw(st.sampled_from((*[("host",)] * 6, ("etcd", "host"), ("etcd",)))),
        condition=condition,
        applies=True if condition is None else evaluate(condition, values),
    )
