"""Folding of states into files, units and arguments."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.folding.agreement import Conflict, Difference
from reqc.compiler.folding.files import Asked, Folded, fold
from reqc.compiler.folding.text import comment
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    IniListItems,
    KernelArgument,
    ModuleAtBoot,
    MountPoint,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)

TITLE = "Calico v3.24 on OpenShift"
NM = "/etc/NetworkManager/conf.d/calico.conf"


def folded(*asked: Asked, product: str = "calico") -> Folded:
    return fold(asked, product, TITLE)


def conflicts(*states: State) -> list[Conflict]:
    """Fold states asked for by the requirements a.0, a.1 and so on."""
    return [*folded(*((f"a.{at}", state) for at, state in enumerate(states))).conflicts]


def test_modules_become_one_file_with_each_module_once() -> None:
    result = folded(
        ("k.set", ModuleAtBoot("xt_set")),
        ("k.ipset", ModuleAtBoot("ip_set")),
        ("k.again", ModuleAtBoot("xt-set")),
    )

    (file,) = result.files
    assert (file.path, file.mode) == ("/etc/modules-load.d/calico.conf", 0o644)
    assert file.content == "# Kernel modules for Calico v3.24 on OpenShift.\nxt_set\nip_set\n"
    assert file.requirements == ("k.set", "k.ipset", "k.again")
    assert not result.conflicts


def test_lists_of_one_key_become_one_list_in_order() -> None:
    result = folded(
        ("n.a", IniListItems(NM, "keyfile", "unmanaged-devices", ("cali*", "tunl*"))),
        ("n.b", IniListItems(NM, "main", "plugins", ("keyfile",), ",")),
        ("n.c", IniListItems(NM, "keyfile", "unmanaged-devices", ("tunl*", "vxlan.calico"))),
        ("n.d", IniListItems(NM, "keyfile", "other", ("x",))),
    )

    (file,) = result.files
    assert file.content == (
        "[keyfile]\nunmanaged-devices=cali*;tunl*;vxlan.calico\nother=x\n"
        "\n[main]\nplugins=keyfile\n"
    )
    assert file.requirements == ("n.a", "n.b", "n.c", "n.d")


def test_sysctls_become_one_file() -> None:
    result = folded(
        ("s.a", SysctlValue("net.ipv4.ip_forward", "1")),
        ("s.b", SysctlValue("net.ipv4.tcp_rmem", "4096 87380 6291456")),
        ("s.c", SysctlValue("net.ipv4.ip_forward", "1")),
    )

    (file,) = result.files
    assert file.path == "/etc/sysctl.d/90-calico.conf"
    assert file.content == (
        "# Kernel settings for Calico v3.24 on OpenShift.\n"
        "net.ipv4.ip_forward = 1\nnet.ipv4.tcp_rmem = 4096 87380 6291456\n"
    )
    assert file.requirements == ("s.a", "s.b", "s.c")


def test_files_stand_in_the_order_first_asked_for() -> None:
    result = folded(
        ("a", SysctlValue("a.b", "1")),
        ("b", FileContent("/etc/x", "x\n")),
        ("c", ModuleAtBoot("m")),
        ("d", SysctlValue("a.c", "1")),
    )

    assert [file.path for file in result.files] == [
        "/etc/sysctl.d/90-calico.conf",
        "/etc/x",
        "/etc/modules-load.d/calico.conf",
    ]


def test_equal_wishes_are_one_with_all_reasons() -> None:
    states: tuple[State, ...] = (
        FileContent("/etc/x", "x\n", 0o600, "7", "8"),
        FileAbsent("/etc/y"),
        UnitState("a.service", "enabled"),
        KernelArgument("a=b"),
        MountPoint("/sys/fs/bpf", "bpf"),
    )

    result = folded(*((id_, state) for id_ in ("a", "b") for state in states))

    (file,) = result.files
    assert (file.mode, file.user, file.group) == (0o600, "7", "8")
    askers = [file.requirements]
    for group in (result.absent, result.units, result.arguments, result.mounts):
        askers += [item.requirements for item in group]
    assert askers == [("a", "b")] * 5
    assert not result.conflicts


def test_what_is_masked_is_disabled_too() -> None:
    result = folded(
        ("a", UnitState("x.service", "disabled")), ("b", UnitState("x.service", "masked"))
    )

    (unit,) = result.units
    assert unit.value.state == "masked"
    assert unit.requirements == ("a", "b")
    assert not result.conflicts


@pytest.mark.parametrize(
    ("first", "second", "difference", "subject"),
    [
        (FileContent("/a", "x"), FileContent("/a", "y"), Difference.CONTENT, "/a"),
        (FileContent("/a", "x"), FileContent("/a", "x", 0o600), Difference.MODE, "/a"),
        (FileContent("/a", "x"), FileContent("/a", "x", user="z"), Difference.OWNER, "/a"),
        (
            IniListItems("/a", "s", "k", ("i",)),
            FileContent("/a", "x\n"),
            Difference.CONTENT,
            "/a",
        ),
        (
            IniListItems("/a", "s", "k", ("i",)),
            IniListItems("/a", "s", "k", ("i",), ","),
            Difference.SEPARATOR,
            "[s] k in /a",
        ),
        (SysctlValue("a.b", "1"), SysctlValue("a.b", "2"), Difference.SYSCTL, "a.b"),
        (UnitState("x", "enabled"), UnitState("x", "masked"), Difference.UNIT, "x"),
        (UnitState("x", "disabled"), UnitState("x", "enabled"), Difference.UNIT, "x"),
        (MountPoint("/m", "bpf"), MountPoint("/m", "tmpfs"), Difference.FILE_SYSTEM, "/m"),
        (FileContent("/a", "x"), FileAbsent("/a"), Difference.PRESENCE, "/a"),
        (FileContent("/a", "x"), FileContent("/a/b/c", "x"), Difference.PARENT, "/a"),
        (FileContent("/a", "x"), MountPoint("/a", "bpf"), Difference.PARENT, "/a"),
    ],
)
def test_a_contradiction_names_both_requirements(
    first: State, second: State, difference: Difference, subject: str
) -> None:
    (conflict,) = conflicts(first, second)

    assert (conflict.difference, conflict.subject) == (difference, subject)
    assert (conflict.first, conflict.second) == ("a.0", "a.1")
    assert conflict.wanted_first != conflict.wanted_second


def test_paths_that_only_begin_alike_are_no_parents() -> None:
    assert not conflicts(FileContent("/etc/a", "x"), FileContent("/etc/ab", "x"))


@pytest.mark.parametrize(
    "state",
    [
        ModuleAtBoot("a\nb"),
        ModuleAtBoot(""),
        ModuleAtBoot("a b"),
        ModuleAtBoot("#a"),
        ModuleAtBoot("-a"),
        SysctlValue("a.b\nc", "1"),
        SysctlValue("-a.b", "1"),
        SysctlValue("a.b", "1\nc.d = 2"),
        SysctlValue("a.b", ""),
        IniListItems("/a", "s]\n[t", "k", ("i",)),
        IniListItems("/a", "s", "k=v", ("i",)),
        IniListItems("/a", "s", "k", ("i\nk2=v",)),
        IniListItems("/a", "s", "k", ("i;j",)),
        IniListItems("/a", "s", "k", ("i,j",)),
        IniListItems("/a", "s", "k", ("i\\",)),
        IniListItems("/a", "s", "k", ("",)),
        IniListItems("/a", "s", "k", ("i",), "\n"),
    ],
)
def test_a_text_that_would_break_its_file_is_not_written(state: State) -> None:
    result = folded(("a", state))

    (found,) = result.unwritable
    assert found.requirement == "a"
    written = "".join(file.content for file in result.files)
    assert all(line.startswith("#") for line in written.splitlines())


def test_a_product_that_is_no_file_name_is_not_written() -> None:
    result = folded(("a", ModuleAtBoot("m")), product="../x")

    assert result.files == ()
    assert [found.requirement for found in result.unwritable] == ["a"]


@settings(deadline=None)
@given(st.text())
def test_a_comment_is_always_one_line(text: str) -> None:
    line = comment(text)

    assert line.startswith("#")
    assert len(line.splitlines()) == 1
    assert line.isprintable()


ITEM = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=";,\\"), min_size=1)


@settings(deadline=None)
@given(st.lists(ITEM, min_size=1))
def test_an_ini_reader_finds_the_items(items: list[str]) -> None:
    (file,) = folded(("a", IniListItems("/a", "s", "k", tuple(items)))).files

    reader = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",))
    reader.read_string(file.content)

    assert reader["s"]["k"].split(";") == list(dict.fromkeys(items))


def test_a_package_is_wanted_once() -> None:
    result = folded(
        ("p.a", PackageInstalled("ipset")),
        ("p.b", PackageInstalled("conntrack")),
        ("p.c", PackageInstalled("ipset")),
    )

    assert [(item.value.name, item.requirements) for item in result.packages] == [
        ("ipset", ("p.a", "p.c")),
        ("conntrack", ("p.b",)),
    ]
