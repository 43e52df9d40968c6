"""What a document's states come to on a node that runs."""

from __future__ import annotations

import pytest

from reqc.backends.ignition import rules
from reqc.backends.node_changes import (
    NodeChanges,
    Reread,
    boot_menu_file,
    node_changes,
    record_name,
    reread,
)
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileContent,
    KernelArgument,
    MountPoint,
    State,
    SysctlValue,
    UnitState,
)
from tests.documents import document, requirement


def asking(*states: State) -> LoweredDocument:
    return document(*(requirement(f"a.{at}", states=[item]) for at, item in enumerate(states)))


def changes(*states: State) -> NodeChanges:
    return node_changes(asking(*states))


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward"),
        ("net/ipv4/conf/eth0.100/forwarding", "/proc/sys/net/ipv4/conf/eth0.100/forwarding"),
        ("net.ipv4.conf.eth0/100.forwarding", "/proc/sys/net/ipv4/conf/eth0.100/forwarding"),
        ("plain", "/proc/sys/plain"),
    ],
)
def test_the_first_separator_of_a_key_decides(key: str, path: str) -> None:
    (setting,) = changes(SysctlValue(key, "1")).settings

    assert setting.path == path


def test_a_key_cannot_lead_elsewhere() -> None:
    found = changes(SysctlValue("net/../../../etc/passwd", "1"))

    assert found.settings == ()
    assert [row.code for row in found.refusals] == [rules.UNWRITABLE]


def test_a_setting_has_all_its_reasons() -> None:
    found = changes(SysctlValue("a.b", "1"), SysctlValue("a.c", "2"), SysctlValue("a.b", "1"))

    assert [(item.asked.key, item.requirements) for item in found.settings] == [
        ("a.b", ("a.0", "a.2")),
        ("a.c", ("a.1",)),
    ]


def test_a_setting_with_bounds_has_a_file_that_not_every_node_needs() -> None:
    found = changes(SysctlValue("a.b", "1"), SysctlValue("a.c", "2", ">="))

    exact, bounded = found.settings
    assert (exact.asked.bounds, exact.file) == ((), None)
    assert bounded.asked.bounds == ((">=", "2"),)
    assert bounded.file == "/etc/sysctl.d/90-calico-a.c.conf"
    assert found.by_path[bounded.file] in found.files
    assert [file.path for file in found.unconditional] == ["/etc/sysctl.d/90-calico.conf"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SysctlValue("net.*.x", "1", ">="), "would lower or raise"),
        (SysctlValue("net.x", "1 2 3", ">="), "no value compares with the bound"),
        (SysctlValue(f"net.{'x' * 240}", "1", ">="), "too long a name"),
    ],
)
def test_a_bound_that_no_node_can_judge_is_named(state: SysctlValue, words: str) -> None:
    found = changes(state)

    (row,) = found.unsupported
    assert words in row.detail
    assert found.files == ()


def test_a_mount_is_a_unit_with_its_file_and_directory() -> None:
    found = changes(MountPoint("/data/huge", "hugetlbfs"))

    (file,) = found.files
    assert file.path == "/etc/systemd/system/data-huge.mount"
    assert "\nWhere=/data/huge\n" in file.content
    assert [item.value for item in found.units] == [UnitState("data-huge.mount", "enabled")]
    assert [item.path for item in found.directories] == ["/data", "/data/huge"]


@pytest.mark.parametrize("state", ["masked", "disabled"])
def test_a_mount_that_another_requirement_forbids_is_refused(state: str) -> None:
    wish = UnitState("data.mount", "masked" if state == "masked" else "disabled")

    found = changes(MountPoint("/data", "tmpfs"), wish)

    assert {row.code for row in found.refusals} == {rules.UNIT_STATES}


def test_a_mount_whose_unit_is_also_a_file_is_refused() -> None:
    written = FileContent("/etc/systemd/system/data.mount", "[Mount]\n")

    found = changes(written, MountPoint("/data", "tmpfs"))

    (refusal,) = found.refusals
    assert (refusal.code, refusal.requirement, refusal.other) == (
        rules.DUPLICATE_PATH,
        "a.1",
        "a.0",
    )


def test_directories_come_from_above_and_once() -> None:
    found = changes(FileContent("/etc/a/b/x", ""), FileContent("/etc/a/y", ""))

    assert [(item.path, item.requirements) for item in found.directories] == [
        ("/etc/a", ("a.0", "a.1")),
        ("/etc/a/b", ("a.0",)),
    ]


@pytest.mark.parametrize(
    ("path", "reader"),
    [
        ("/etc/systemd/system/x.service.d/y.conf", Reread.UNITS),
        ("/etc/modules-load.d/x.conf", Reread.MODULES),
        ("/etc/NetworkManager/conf.d/x.conf", Reread.NETWORK_MANAGER),
        ("/etc/sysctl.d/x.conf", None),
        ("/etc/other", None),
    ],
)
def test_what_reads_a_file_again(path: str, reader: Reread | None) -> None:
    assert reread(path) is reader


def test_the_boot_menu_gets_one_line_for_each_argument() -> None:
    made = asking(KernelArgument("hugepages=16"), KernelArgument("quiet"))

    file = boot_menu_file(made, node_changes(made))

    assert file is not None
    assert file.requirements == ("a.0", "a.1")
    assert file.content.splitlines()[1:] == [
        'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX hugepages=16"',
        'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX quiet"',
    ]


def test_a_path_is_one_name() -> None:
    assert record_name("/etc/a b/[c]%") == "%2Fetc%2Fa%20b%2F%5Bc%5D%25"
