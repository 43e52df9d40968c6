"""Files, lists in INI files, mounts and units."""

from __future__ import annotations

from typing import Any

import pytest

from reqc.compiler.checks import (
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    Mounted,
    Unit,
    UnitCondition,
)
from tests.evaluation.nodes import answer, verdicts

PATH = "/etc/example.conf"


def file(*lines: str, **more: object) -> dict[str, Any]:
    return {"kind": "file", "mode": "0644", "owner": 0, "lines": list(lines), **more}


@pytest.mark.parametrize(
    ("known", "exists", "contains"),
    [
        (file("a", "b"), "pass", "pass"),
        (file("ab"), "pass", "fail"),
        ({"kind": "file", "lines": None}, "pass", "unknown"),
        ({"kind": "directory"}, "fail", "fail"),
        ({"kind": "device"}, "pass", "unknown"),
        ({"kind": "other"}, "pass", "unknown"),
        ({"kind": "absent"}, "fail", "fail"),
        ({"kind": "unknown"}, "unknown", "unknown"),
    ],
)
def test_files_exist_and_hold_lines(known: dict[str, Any], exists: str, contains: str) -> None:
    checks = (FileExists(PATH), FileContains(PATH, ("b", "a")))

    assert verdicts(*checks, files={PATH: known}) == [exists, contains]


def test_what_nobody_asked_about_is_unknown_and_says_what_to_do() -> None:
    found = answer(FileExists(PATH))

    assert found.verdict == "unknown"
    assert PATH in found.found
    assert "collect" in found.found


def test_a_line_is_never_two() -> None:
    assert answer(FileContains(PATH, ("a\nb",)), files={PATH: file("a", "b")}).verdict == "fail"


@pytest.mark.parametrize(
    ("known", "mode", "verdict"),
    [
        (file(mode="0644"), 0o644, "pass"),
        (file(mode="4755"), 0o4755, "pass"),
        (file(mode="4755"), 0o755, "fail"),
        ({"kind": "directory", "mode": "1777"}, 0o1777, "pass"),
        (file(mode=None), 0o644, "unknown"),
        ({"kind": "absent"}, 0o644, "fail"),
    ],
)
def test_modes_are_all_twelve_bits(known: dict[str, Any], mode: int, verdict: str) -> None:
    assert answer(FileMode(PATH, mode), files={PATH: known}).verdict == verdict


@pytest.mark.parametrize(
    ("owner", "user", "verdict"),
    [
        (0, "root", "pass"),
        (0, "0", "pass"),
        (0, "00", "pass"),
        (993, "0", "fail"),
        (993, "etcd", "pass"),
        (993, "root", "fail"),
        (4242, "root", "fail"),
        (0, "ldapuser", "fail"),
        (4242, "ldapuser", "unknown"),
        (None, "root", "unknown"),
    ],
)
def test_owners_have_names_and_numbers(owner: int | None, user: str, verdict: str) -> None:
    known = {PATH: file(owner=owner)}

    users = {"root": 0, "etcd": 993}
    assert answer(FileOwner(PATH, user), files=known, users=users).verdict == verdict


def test_without_a_list_of_users_a_name_is_unknown() -> None:
    assert answer(FileOwner(PATH, "root"), files={PATH: file()}).verdict == "unknown"


def test_the_last_mount_is_on_top() -> None:
    mounts = [
        {"path": "/sys/fs/bpf", "filesystem": "tmpfs"},
        {"path": "/sys/fs/bpf", "filesystem": "bpf"},
        {"path": "/sys/fs/bpf/below", "filesystem": "tmpfs"},
        {"path": "/mnt/a b", "filesystem": "ext4"},
    ]
    checks = (
        Mounted("/sys/fs/bpf", "bpf"),
        Mounted("/sys/fs/bpf/", "bpf"),
        Mounted("/mnt/a b", "ext4"),
        Mounted("/sys/fs/bpf", "tmpfs"),
        Mounted("/sys/fs", "bpf"),
    )

    assert verdicts(*checks, mounts=mounts) == ["pass", "pass", "pass", "fail", "fail"]
    assert verdicts(checks[0]) == ["unknown"]


MAIN = "/etc/NetworkManager/NetworkManager.conf"
ETC, RUN = "/etc/NetworkManager/conf.d", "/run/NetworkManager/conf.d"
UNMANAGED = IniList(MAIN, (ETC, RUN), "keyfile", "unmanaged-devices", ("cali*", "tunl*"))


def listed(main: dict[str, Any] | None, **drop_ins: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of the files of NetworkManager; drop-ins are named FOLDER_NAME."""
    directories: dict[str, list[str]] = {ETC: [], RUN: []}
    files = {MAIN: main or {"kind": "absent"}}
    for name, known in drop_ins.items():
        folder = {"etc": ETC, "run": RUN}[name.partition("_")[0]]
        directories[folder].append(f"{name.partition('_')[2]}.conf")
        files[f"{folder}/{directories[folder][-1]}"] = known
    return {"files": files, "directories": directories}


def said(*assignments: str, section: str = "keyfile") -> dict[str, Any]:
    return file(f"[{section}]", *assignments)


BOTH = "unmanaged-devices=cali*;tunl*"


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (listed(None), "fail"),
        (listed(said(BOTH)), "pass"),
        (listed(said("unmanaged-devices=tunl* , eth0,cali*,")), "pass"),
        (listed(said("unmanaged-devices=cali*")), "fail"),
        (listed(said("unmanaged-devices=cali*", "unmanaged-devices=tunl*")), "fail"),
        (listed(said("unmanaged-devices=cali*", "unmanaged-devices+=tunl*")), "pass"),
        (listed(said(BOTH, "unmanaged-devices-=tunl*")), "fail"),
        (listed(said(BOTH, "unmanaged-devices-=other")), "pass"),
        (listed(said("unmanaged-devices-=other")), "fail"),
        (listed(said(BOTH, section="main")), "fail"),
        (listed(file(BOTH, "[keyfile]")), "fail"),
        (listed(file("[keyfile]", "[main]", BOTH)), "fail"),
        (listed(file("  [keyfile]\t", f"# {BOTH}", f"; {BOTH}", f" {BOTH}\r")), "pass"),
        (listed(said("unmanaged-devices = cali*;tunl*")), "pass"),
        (listed(said("unmanaged-devices += cali*;tunl*")), "fail"),
        (listed(said("unmanaged-devices-more=cali*;tunl*")), "fail"),
        (listed(said(BOTH), etc_a=said("unmanaged-devices=")), "fail"),
        (listed(None, etc_b=said(BOTH), run_a=said("unmanaged-devices=x")), "pass"),
        (listed(None, etc_a=said(BOTH), run_b=said("unmanaged-devices=x")), "fail"),
        (listed(None, etc_a=said("x=y"), run_a=said(BOTH)), "fail"),
        (listed(said(BOTH), etc_a={"kind": "device"}), "pass"),
        (listed(said(BOTH), etc_a={"kind": "absent"}), "pass"),
        (listed(said(BOTH), etc_a={"kind": "other"}), "unknown"),
        (listed(said(BOTH), etc_a={"kind": "file", "lines": None}), "unknown"),
        (listed(said(BOTH), etc_a={"kind": "directory"}), "unknown"),
        (listed({"kind": "unknown"}), "unknown"),
    ],
)
def test_the_last_assignment_of_a_list_decides(known: dict[str, Any], verdict: str) -> None:
    assert answer(UNMANAGED, **known).verdict == verdict


def test_files_of_a_list_that_were_not_seen_leave_it_unknown() -> None:
    known = listed(said(BOTH), etc_a=said("x=y"))

    del known["files"][f"{ETC}/a.conf"]
    assert answer(UNMANAGED, **known).verdict == "unknown"
    known["directories"][ETC] = None
    assert "cannot be read" in answer(UNMANAGED, **known).found
    del known["directories"][ETC]
    assert f"{ETC} is not in the facts" in answer(UNMANAGED, **known).found


def test_separators_are_characters_and_none_means_one_item() -> None:
    odd = IniList(MAIN, (), "keyfile", "unmanaged-devices", ("a b", "c"), separators="]-^\\")
    whole = IniList(MAIN, (), "keyfile", "unmanaged-devices", ("a;b",), separators="")

    assert answer(odd, **listed(said("unmanaged-devices=a b]x-y^z\\c"))).verdict == "pass"
    assert answer(whole, **listed(said("unmanaged-devices=a;b"))).verdict == "pass"


FILE = "/usr/lib/systemd/system/x.service"
UNITS: dict[str, dict[str, str]] = {
    "enabled.service": {"file": FILE, "wanted_by": "/etc/multi-user.target.wants/x"},
    "plain.service": {"file": FILE},
    "masked.service": {"file": FILE, "mask": "/etc/x", "wanted_by": "/etc/wants/x"},
    "mask-alone.service": {"mask": "/etc/x"},
    "getty@.service": {"file": FILE},
    "getty@tty1.service": {"wanted_by": "/etc/wants/x"},
    "getty@tty2.service": {"mask": "/etc/x"},
    "off@.service": {"file": FILE, "mask": "/etc/x"},
    "off@own.service": {"file": FILE},
}


@pytest.mark.parametrize(
    ("unit", "holding"),
    [
        ("enabled.service", {"present", "enabled"}),
        ("plain.service", {"present", "disabled"}),
        ("masked.service", {"present", "disabled", "masked"}),
        ("mask-alone.service", {"absent", "disabled", "masked"}),
        ("none.service", {"absent", "disabled"}),
        ("getty@tty1.service", {"present", "enabled"}),
        ("getty@tty2.service", {"present", "disabled", "masked"}),
        ("getty@tty3.service", {"present", "disabled"}),
        ("getty@.service", {"present", "disabled"}),
        ("off@x.service", {"present", "disabled", "masked"}),
        ("off@own.service", {"present", "disabled"}),
        ("../enabled.service", {"absent", "disabled"}),
    ],
)
def test_conditions_of_a_unit_follow_from_its_files(unit: str, holding: set[str]) -> None:
    conditions = ("present", "absent", "enabled", "disabled", "masked")
    checks = [Unit(unit, UnitCondition(condition)) for condition in conditions]

    found = verdicts(*checks, units__files=UNITS)

    passing = {name for name, verdict in zip(conditions, found, strict=True) if verdict == "pass"}
    assert passing == holding
    assert set(found) == {"pass", "fail"}


def test_units_that_cannot_be_seen_are_unknown_and_say_why() -> None:
    found = answer(Unit("x.service", UnitCondition.MASKED), units__unseen="/etc is dark")

    assert (found.verdict, found.found) == ("unknown", "/etc is dark")


@pytest.mark.parametrize(
    ("unit", "known", "running", "stopped"),
    [
        ("x.service", {"running": ["x.service"]}, "pass", "fail"),
        ("x.service", {"running": []}, "fail", "pass"),
        ("x.timer", {"running": []}, "unknown", "unknown"),
        ("a/x.service", {"running": []}, "unknown", "unknown"),
        ("x.service", {"running": None, "first_process": "init"}, "fail", "pass"),
        ("x.service", {"running": None, "first_process": "systemd"}, "unknown", "unknown"),
        ("x.service", {"running": None}, "unknown", "unknown"),
        ("x.timer", {"running": None, "first_process": "init"}, "unknown", "unknown"),
    ],
)
def test_processes_tell_what_runs(
    unit: str, known: dict[str, Any], running: str, stopped: str
) -> None:
    checks = (Unit(unit, UnitCondition.RUNNING), Unit(unit, UnitCondition.STOPPED))

    assert verdicts(*checks, units={"files": None, **known}) == [running, stopped]
