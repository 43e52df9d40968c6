"""The machine, its operating system, its commands and its network."""

from __future__ import annotations

from typing import Any

import pytest

from reqc.backends.shell.probes import of_image as of_image_in_the_script
from reqc.compiler.checks import (
    Architecture,
    BootArgument,
    Capability,
    CommandVersion,
    DiskSpace,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    InterfaceNamesFree,
    Manual,
    Memory,
    OperatingSystem,
    OsRelease,
    PackageInstalled,
    PortFree,
    Probe,
    Processors,
    Reachable,
    Relation,
    Sysctl,
)
from reqc.compiler.evaluation.globs import matches
from reqc.compiler.evaluation.probes import PROBES, of_image
from tests.backends.shell.samples import EVERY_PROBE
from tests.evaluation.nodes import answer, verdicts

AT_LEAST = Relation.AT_LEAST


def test_the_machine_is_one_of_several() -> None:
    checks = (Architecture(("x86_64", "aarch64")), Architecture(("s390x",)))

    assert verdicts(*checks, machine="aarch64") == ["pass", "fail"]
    assert verdicts(*checks) == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("bounding", "number", "verdict"),
    [
        ("000001ffffffffff", 12, "pass"),
        ("00000000a80425fb", 12, "fail"),
        ("1000", 12, "pass"),
        ("fff", 12, "fail"),
        ("1" + "0" * 16, 64, "pass"),
        ("", 0, "unknown"),
        ("none", 0, "unknown"),
        (None, 0, "unknown"),
    ],
)
def test_a_capability_is_a_bit(bounding: str | None, number: int, verdict: str) -> None:
    assert answer(Capability("CAP", number), bounding_set=bounding).verdict == verdict


def test_sizes_compare_as_numbers() -> None:
    checks = (
        Processors(AT_LEAST, 2),
        Memory(AT_LEAST, 4_000_000),
        DiskSpace("/var", AT_LEAST, 10),
        DiskSpace("/etcd", AT_LEAST, 10),
    )
    space = {"/var": 9, "/etcd": None}

    assert verdicts(*checks, processors=10, memory=3_999_999, disk_space=space) == [
        *("pass", "fail", "fail", "unknown")
    ]
    assert verdicts(*checks) == ["unknown"] * 4
    assert "/var is not in the facts" in answer(checks[2]).found


@pytest.mark.parametrize(
    ("relation", "version", "verdict"),
    [
        (None, None, "pass"),
        ("=", "7", "pass"),
        ("=", "7.9", "pass"),
        ("=", "7.9.1", "fail"),
        ("!=", "7", "fail"),
        (">=", "7.10", "fail"),
        ("<", "7.10", "pass"),
        ("<=", "7", "fail"),
        (">", "7", "pass"),
        (">=", "old", "unknown"),
    ],
)
def test_an_operating_system_has_versions(
    relation: str | None, version: str | None, verdict: str
) -> None:
    asked = Relation(relation) if relation else None
    check = OperatingSystem("rhel", asked, version)

    assert answer(check, os_release={"ID": "rhel", "VERSION_ID": "7.9"}).verdict == verdict


def test_an_operating_system_is_known_by_its_id() -> None:
    fedora = OperatingSystem("fedora")

    assert answer(fedora, os_release={"ID": "rhel", "ID_LIKE": "fedora"}).verdict == "fail"
    assert answer(OperatingSystem("linux"), os_release={}).verdict == "pass"
    assert answer(fedora).verdict == "unknown"
    rolling = OperatingSystem("arch", AT_LEAST, "1")
    assert answer(rolling, os_release={"ID": "arch"}).verdict == "unknown"


@pytest.mark.parametrize(
    ("found", "relation", "wanted", "verdict"),
    [
        ("4.12", ">=", "4.3", "pass"),
        ("4.12", "=", "4", "fail"),
        ("ussuri", "=", "ussuri", "pass"),
        ("ussuri", "!=", "train", "pass"),
        ("ussuri", ">=", "train", "unknown"),
        ("ussuri", "=", "4", "unknown"),
        ("4", "=", "ussuri", "fail"),
        (None, "=", "4", "unknown"),
    ],
)
def test_keys_of_os_release_compare_as_versions_or_words(
    found: str | None, relation: str, wanted: str, verdict: str
) -> None:
    release = {} if found is None else {"V": found}

    assert answer(OsRelease("V", Relation(relation), wanted), os_release=release).verdict == verdict
    assert answer(OsRelease("V", Relation(relation), wanted)).verdict == "unknown"


NFT = {"path": "/usr/sbin/nft", "version": "1.0.6"}


@pytest.mark.parametrize(
    ("check", "command", "verdict"),
    [
        (CommandVersion("nft"), NFT, "pass"),
        (CommandVersion("nft"), {"path": None}, "fail"),
        (CommandVersion("nft"), None, "unknown"),
        (CommandVersion("nft", relation=AT_LEAST, version="1.0.1"), NFT, "pass"),
        (CommandVersion("nft", relation=AT_LEAST, version="1.0.10"), NFT, "fail"),
        (CommandVersion("nft", relation=AT_LEAST, version="1"), {"path": "/nft"}, "unknown"),
        (CommandVersion("nft", ("-V",), AT_LEAST, "1.0.1"), NFT, "unknown"),
        (CommandVersion("nft", ("-V",)), NFT, "pass"),
    ],
)
def test_commands_are_found_and_print_versions(
    check: CommandVersion, command: dict[str, Any] | None, verdict: str
) -> None:
    commands = {} if command is None else {"nft": command}

    assert answer(check, commands=commands).verdict == verdict


@pytest.mark.parametrize(
    ("package", "verdict", "found"),
    [
        ({"state": "installed", "version": "7.11-8.el9"}, "pass", "ipset 7.11-8.el9"),
        ({"state": "installed"}, "pass", "ipset"),
        ({"state": "absent"}, "fail", "there is no package ipset"),
        ({"state": "config-files"}, "fail", "the package ipset is config-files"),
        ({"state": None, "unseen": "rpm is missing"}, "unknown", "rpm is missing"),
        (None, "unknown", "the package ipset is not in the facts"),
    ],
)
def test_packages_are_what_their_manager_says(
    package: dict[str, Any] | None, verdict: str, found: str
) -> None:
    packages = {} if package is None else {"ipset": package}

    outcome = answer(PackageInstalled("ipset"), packages=packages)

    assert (outcome.verdict, outcome.found.partition(";")[0]) == (verdict, found)


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ({"kind": "file", "lines": ["ro page-poison=1"]}, "pass"),
        ({"kind": "file", "lines": ["ro -- page_poison=1"]}, "fail"),
        ({"kind": "file", "lines": [""]}, "fail"),
        ({"kind": "file", "lines": []}, "unknown"),
        ({"kind": "file"}, "unknown"),
        ({"kind": "absent"}, "unknown"),
        (None, "unknown"),
    ],
)
def test_the_kernel_was_started_with_an_argument(
    known: dict[str, Any] | None, verdict: str
) -> None:
    files = {} if known is None else {"/proc/cmdline": known}

    assert answer(BootArgument("page_poison=1"), files=files).verdict == verdict


def test_only_hardware_takes_a_name() -> None:
    interfaces = [
        {"name": "cali123", "hardware": False},
        {"name": "eth0", "hardware": True},
    ]
    checks = (
        InterfaceNamesFree(("cali*", "tunl*")),
        InterfaceNamesFree(("wlan0", "eth[0-3]")),
        InterfaceNamesFree(("eth",)),
    )

    assert verdicts(*checks, interfaces=interfaces) == ["pass", "fail", "pass"]
    assert verdicts(*checks, interfaces=[]) == ["pass"] * 3
    assert verdicts(*checks) == ["unknown"] * 3


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("cali*", ["cali", "cali.x"], ["xcali"]),
        ("eth?", ["eth0"], ["eth", "eth10"]),
        ("eth[0-2]", ["eth1"], ["eth3", "eth-"]),
        ("eth[!0-2]", ["eth3"], ["eth1", "eth"]),
        ("eth[^0]", ["eth1"], ["eth0"]),
        ("eth[]a]", ["eth]", "etha"], ["eth"]),
        ("eth[2-1]", [], ["eth1", "eth2", "eth-"]),
        ("eth[!2-1]", ["eth1"], ["eth"]),
        ("[]", ["[]"], ["", "a"]),
        ("[!]", ["[!]"], ["!", "a"]),
        ("a[b", ["a[b"], ["ab"]),
        ("a\\*", ["a*"], ["ab"]),
        ("a.(b)|c+", ["a.(b)|c+"], ["axb", "a.b"]),
        ("?", ["e"], ["\u00e9"]),
    ],
)
def test_globs_match_as_in_every_shell(glob: str, matching: list[str], other: list[str]) -> None:
    assert [name for name in (*matching, *other) if matches(glob, name)] == matching


def test_ports_are_free_where_nobody_listens() -> None:
    checks = (PortFree("tcp", 10250), PortFree("udp", 10250))

    assert verdicts(*checks, listeners={"tcp": [22, 10250], "udp": []}) == ["fail", "pass"]
    assert verdicts(*checks, listeners={"tcp": [], "udp": None}) == ["pass", "unknown"]


@pytest.mark.parametrize(
    ("tried", "verdict"),
    [
        ([], "unknown"),
        ([("a", 1, False), ("b", 1, True)], "pass"),
        ([("a", 1, False), ("b", 1, False)], "fail"),
        ([("a", 1, False), ("b", 1, None)], "unknown"),
        ([("a", 1, False)], "unknown"),
        ([("a", 2, True), ("c", 1, True)], "unknown"),
    ],
)
def test_one_connection_is_enough(tried: list[tuple[str, int, bool | None]], verdict: str) -> None:
    connections = [
        {"host": host, "port": port, "connected": connected} for host, port, connected in tried
    ]

    assert answer(Reachable("etcd", ("a", "b"), 1), connections=connections).verdict == verdict


def test_nobody_said_where_to_look() -> None:
    assert "inventory" in answer(Reachable("etcd", (), 1)).found


def test_what_a_person_must_look_at_stays_manual_in_a_container() -> None:
    assert answer(Manual("look"), container="docker").verdict == "manual"


def test_a_container_speaks_for_its_image_alone() -> None:
    found = answer(OperatingSystem("rhel"), os_release={"ID": "rhel"}, container="docker")

    assert found.verdict == "unknown"
    assert found.found.endswith("pass --root (rhel)")
    assert verdicts(Processors(AT_LEAST, 1), processors=1, container="docker") == ["pass"]


def test_both_evaluators_agree_on_what_belongs_to_the_image() -> None:
    probes: list[Probe] = [probe for probe in EVERY_PROBE if isinstance(probe, Probe)]
    probes += [
        kind(path, *more)
        for path in ("/proc/x", "/sys/x", "/process", "/etc/x")
        for kind, *more in ((FileExists,), (FileContains, ()), (FileMode, 0), (FileOwner, "root"))
    ]
    probes += [Sysctl(key, AT_LEAST, "1") for key in ("net.x", "network.x", "kernel.net")]

    assert {type(probe) for probe in probes} == set(PROBES)
    assert list(map(of_image, probes)) == list(map(of_image_in_the_script, probes))
