"""Checks of every kind, and documents made of checks."""

from __future__ import annotations

from typing import Final

from reqc.backends.shell.backend import TARGET
from reqc.compiler.checks import (
    All,
    Any,
    Architecture,
    BootArgument,
    Capability,
    Check,
    CommandVersion,
    DiskSpace,
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
from reqc.compiler.conditions import Chosen
from reqc.compiler.lowered import Erratum, Level, LoweredDocument
from reqc.compiler.prose import sentence
from tests.documents import document, option, requirement

XT_SET: Final = KernelCapability(
    "match set",
    modules=("xt_set",),
    options=(KernelOption("NETFILTER_XT_SET"),),
    rows=(ProcRow("net/ip_tables_matches", "set"),),
    hint="install kernel-modules-extra",
)

UNMANAGED: Final = IniList(
    "/etc/NetworkManager/NetworkManager.conf",
    (
        "/etc/NetworkManager/conf.d",
        "/run/NetworkManager/conf.d",
        "/usr/lib/NetworkManager/conf.d",
    ),
    "keyfile",
    "unmanaged-devices",
    ("interface-name:cali*", "interface-name:tunl*"),
)

EVERY_PROBE: Final[tuple[Check, ...]] = (
    Architecture(("x86_64", "aarch64")),
    OperatingSystem("rhel", Relation.AT_LEAST, "8.2"),
    KernelVersion(Relation.AT_LEAST, "3.10"),
    XT_SET,
    Sysctl("net.ipv4.ip_forward", Relation.EQUAL, "1"),
    InterfaceNamesFree(("cali*",)),
    UNMANAGED,
    Unit("firewalld.service", UnitCondition.DISABLED),
    FileExists("/etc/hosts"),
    FileContains("/etc/hosts", ("127.0.0.1 localhost",)),
    FileMode("/etc/shadow", 0o640),
    FileOwner("/etc/shadow", "root"),
    Mounted("/sys/fs/bpf", "bpf"),
    Capability("CAP_NET_ADMIN", 12),
    OsRelease("OPENSHIFT_VERSION", Relation.AT_LEAST, "4.3"),
    CommandVersion("nft", ("--version",), Relation.AT_LEAST, "1.0.1"),
    PackageInstalled("conntrack"),
    BootArgument("console=ttyS0"),
    Processors(Relation.AT_LEAST, 1),
    Memory(Relation.AT_LEAST, 1024),
    DiskSpace("/var/lib/nothing/yet", Relation.AT_LEAST, 1024),
    PortFree("tcp", 10250),
    Reachable("etcd", ("127.0.0.1",), 2379),
    Manual("Ask the network team for a route reflector."),
    All((Manual("a"), Any((Not(FileExists("/nowhere")), Manual("b"))))),
)

GOOD: Final = FileExists("/etc/good")
BAD: Final = FileExists("/etc/bad")
DARK: Final = Sysctl("kernel.dark", Relation.EQUAL, "1")

EVERY_STATE: Final = document(
    requirement("node.good", check=GOOD),
    requirement(
        "node.bad",
        check=BAD,
        title="A #1 \\ title",
        fix="touch it",
        because="it is needed",
        condition=Chosen("mesh"),
        see=("https://example.invalid/",),
        erratum=Erratum("a slip", sentence("something else")),
        statement=sentence("a file"),
        line=7,
    ),
    requirement("node.wish", check=BAD, level=Level.SHOULD),
    requirement("node.may", check=BAD, level=Level.MAY),
    requirement("node.dark", check=DARK),
    requirement("node.guarded", check=BAD, guard=BAD),
    requirement("net.maybe", check=BAD, guard=DARK),
    requirement("net.person", check=Manual("ask somebody")),
    requirement("net.guard", check=GOOD, guard=GOOD),
    options=(option("mesh", value=True),),
)
"""A document that gives every state on a node with GOOD, without BAD, that hides DARK."""


def every_probe() -> LoweredDocument:
    """Return a document with one requirement for each kind of check."""
    return checking(*EVERY_PROBE)


def checking(*checks: Check) -> LoweredDocument:
    """Return a document with a requirement `node.N` for each check, counted from 1."""
    return document(
        *(requirement(f"node.n{number}", check=check) for number, check in enumerate(checks, 1))
    )


def script(made_from: LoweredDocument) -> str:
    """Return the script of a document."""
    return TARGET.render(made_from, {}).artifacts[0].text
