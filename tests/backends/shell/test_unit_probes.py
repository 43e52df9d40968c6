"""Probes of services and their configuration, with the same verdict in every shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqc.compiler.checks import (
    FileExists,
    IniList,
    Relation,
    Sysctl,
    Unit,
    UnitCondition,
)
from tests.backends.shell.nodes import SHELLS, Node, expect, report
from tests.backends.shell.samples import UNMANAGED, checking, script
from tests.tools import needs_root

HERE = FileExists("/etc/here")
AWAY = FileExists("/etc/away")
DARK = Sysctl("kernel.dark", Relation.EQUAL, "1")  # the fake node has no /proc/sys


NM = "NetworkManager/conf.d"
KEYFILE = "[keyfile]\nunmanaged-devices="


@pytest.mark.parametrize(
    ("files", "state"),
    [
        pytest.param({}, "fail", id="nothing"),
        pytest.param(
            {f"etc/{NM}/cali.conf": f"{KEYFILE}interface-name:tunl*;interface-name:cali*"},
            "pass",
            id="last line without newline",
        ),
        pytest.param(
            {f"etc/{NM}/a.conf": f"{KEYFILE} interface-name:tunl* , interface-name:cali*;x\r\n"},
            "pass",
            id="other separators and blanks",
        ),
        pytest.param(
            {f"etc/{NM}/a.conf": f"{KEYFILE}interface-name:cali*;interface-name:tunl*x"},
            "fail",
            id="prefix of an item",
        ),
        pytest.param(
            {
                f"etc/{NM}/a.conf": "[main]\nunmanaged-devices=interface-name:cali*;"
                "interface-name:tunl*"
            },
            "fail",
            id="other section",
        ),
        pytest.param(
            {
                f"etc/{NM}/a.conf": f"{KEYFILE}interface-name:cali*;interface-name:tunl*",
                f"usr/lib/{NM}/b.conf": f"{KEYFILE}other",
            },
            "fail",
            id="a later file decides",
        ),
        pytest.param(
            {
                f"etc/{NM}/b.conf": f"{KEYFILE}interface-name:cali*;interface-name:tunl*",
                f"usr/lib/{NM}/a.conf": f"{KEYFILE}other",
                "etc/NetworkManager/NetworkManager.conf": f"{KEYFILE}main",
            },
            "pass",
            id="sorted over folders",
        ),
        pytest.param(
            {
                f"etc/{NM}/a.conf": "# nothing",
                f"usr/lib/{NM}/a.conf": f"{KEYFILE}interface-name:cali*;interface-name:tunl*",
            },
            "fail",
            id="an earlier folder hides",
        ),
        pytest.param(
            {
                "etc/NetworkManager/NetworkManager.conf": f"{KEYFILE}interface-name:cali*\n",
                f"etc/{NM}/a.conf": "[keyfile]\nunmanaged-devices+= interface-name:tunl*;eth9\n"
                "unmanaged-devices-=eth9",
            },
            "pass",
            id="appended",
        ),
        pytest.param(
            {
                "etc/NetworkManager/NetworkManager.conf": f"{KEYFILE}interface-name:cali*;"
                "interface-name:tunl*\n",
                f"etc/{NM}/a.conf": "[keyfile]\nunmanaged-devices-=interface-name:cali*\n",
            },
            "fail",
            id="removed",
        ),
        pytest.param(
            {f"etc/{NM}/a b.conf": f"{KEYFILE}interface-name:cali*;interface-name:tunl*"},
            "pass",
            id="a blank in a name",
        ),
    ],
)
def test_ini_list(node: Node, files: dict[str, str], state: str) -> None:
    for path, text in files.items():
        node.write(path, text)

    expect(node, (UNMANAGED, state))


def test_ini_list_with_separators_that_are_special_in_patterns(node: Node) -> None:
    node.write("etc/x.ini", "[s]\nk = a!b]c-d^e\n")
    check = IniList("/etc/x.ini", (), "s", "k", ("a", "b", "c", "d", "e"), separators="!]-^")

    expect(node, (check, "pass"))


FIREWALLD = "firewalld.service"
UNIT = f"usr/lib/systemd/system/{FIREWALLD}"
WANTS = f"etc/systemd/system/multi-user.target.wants/{FIREWALLD}"


@pytest.mark.parametrize(
    ("wanted", "masked", "holding"),
    [
        (False, False, {"present", "disabled"}),
        (True, False, {"present", "enabled"}),
        (True, True, {"present", "disabled", "masked"}),
    ],
)
def test_unit_files(node: Node, wanted: bool, masked: bool, holding: set[str]) -> None:  # noqa: FBT001  # cases
    node.write(UNIT, "[Unit]\n")
    if wanted:
        node.link(WANTS, f"/{UNIT}")
    if masked:
        node.link(f"etc/systemd/system/{FIREWALLD}", "/dev/null")

    expect(
        node,
        *(
            (Unit(FIREWALLD, condition), "pass" if condition in holding else "fail")
            for condition in UnitCondition
            if condition not in (UnitCondition.RUNNING, UnitCondition.STOPPED)
        ),
        (Unit(FIREWALLD, UnitCondition.RUNNING), "unknown"),
    )


def test_units_that_are_absent_masked_by_an_empty_file_or_made_from_a_template(node: Node) -> None:
    node.write("etc/systemd/system/gone.service")
    node.write("usr/lib/systemd/system/get@.service", "[Service]\n")
    node.link("etc/systemd/system/a.target.requires/get@one.service", "/nowhere")

    expect(
        node,
        (Unit("no.service", UnitCondition.ABSENT), "pass"),
        (Unit("no.service", UnitCondition.DISABLED), "pass"),
        (Unit("no.service", UnitCondition.MASKED), "fail"),
        (Unit("gone.service", UnitCondition.MASKED), "pass"),
        (Unit("gone.service", UnitCondition.ABSENT), "pass"),
        (Unit("get@one.service", UnitCondition.PRESENT), "pass"),
        (Unit("get@one.service", UnitCondition.ENABLED), "pass"),
        (Unit("get@two.service", UnitCondition.ENABLED), "fail"),
        (Unit("../../../../etc/systemd/system/gone.service", UnitCondition.PRESENT), "fail"),
    )


def test_an_instance_with_a_file_of_its_own_has_no_template(node: Node) -> None:
    node.write("usr/lib/systemd/system/get@.service", "[Service]\n")
    node.write("usr/lib/systemd/system/get@own.service", "[Service]\n")
    node.link("etc/systemd/system/get@.service", "/dev/null")
    node.link("etc/systemd/system/get@off.service", "/dev/null")

    expect(
        node,
        (Unit("get@own.service", UnitCondition.MASKED), "fail"),
        (Unit("get@own.service", UnitCondition.PRESENT), "pass"),
        (Unit("get@one.service", UnitCondition.MASKED), "pass"),
        (Unit("get@one.service", UnitCondition.PRESENT), "pass"),
        (Unit("get@off.service", UnitCondition.MASKED), "pass"),
    )


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "closed", ["etc/NetworkManager", f"etc/{NM}", f"usr/lib/{NM}", f"etc/{NM}/a.conf"]
)
def test_a_list_whose_files_cannot_all_be_seen_is_unknown(
    shell: str, closed: str, open_folder: Path
) -> None:
    needs_root()
    node = Node(open_folder / "root")
    node.write(f"etc/{NM}/a.conf", f"{KEYFILE}interface-name:tunl*;interface-name:cali*\n")
    node.write(f"usr/lib/{NM}/b.conf", f"{KEYFILE}interface-name:tunl*;interface-name:cali*\n")
    (node.root / closed).chmod(0)

    text, root = script(checking(UNMANAGED)), str(node.root)
    found = report(shell, text, open_folder, "--root", root, user=65534)

    assert found["node.n1"]["state"] == "unknown"
    assert closed in found["node.n1"]["found"]


@pytest.mark.parametrize("hierarchy", ["", "systemd/", "unified/"])
def test_units_run_when_their_control_group_has_processes(node: Node, hierarchy: str) -> None:
    slices = f"sys/fs/cgroup/{hierarchy}system.slice"
    node.write(f"{slices}/on.service/cgroup.events", "populated 1\nfrozen 0\n")
    node.write(f"{slices}/off.service/cgroup.events", "populated 0\nfrozen 0\n")
    node.write(f"{slices}/system-get.slice/get@one.service/cgroup.procs", "1\n")

    expect(
        node,
        (Unit("on.service", UnitCondition.RUNNING), "pass"),
        (Unit("on.service", UnitCondition.STOPPED), "fail"),
        (Unit("off.service", UnitCondition.RUNNING), "fail"),
        (Unit("absent.service", UnitCondition.STOPPED), "pass"),
        (Unit("get@one.service", UnitCondition.RUNNING), "pass"),
        (Unit("on.timer", UnitCondition.RUNNING), "unknown"),
        (Unit("on.socket", UnitCondition.STOPPED), "unknown"),
    )


def test_no_unit_runs_under_another_init(node: Node) -> None:
    node.write("proc/1/comm", "busybox\n")

    expect(node, (Unit(FIREWALLD, UnitCondition.STOPPED), "pass"))


def test_an_alias_is_judged_as_the_unit_it_stands_for(node: Node) -> None:
    unit = "[Service]\nExecStart=/bin/true\n"
    node.write("usr/lib/systemd/system/ssh.service", unit)
    node.link("etc/systemd/system/sshd.service", "/usr/lib/systemd/system/ssh.service")
    node.link("etc/systemd/system/far.service", "sshd.service")
    node.link("etc/systemd/system/multi-user.target.wants/ssh.service", "../ssh.service")
    node.write("usr/lib/systemd/system/tty@.service", unit)
    node.link("usr/lib/systemd/system/vt@.service", "tty@.service")
    node.link("etc/systemd/system/getty.target.wants/tty@one.service", "../tty@.service")
    node.write("opt/elsewhere.service", unit)
    node.link("etc/systemd/system/linked.service", "/opt/elsewhere.service")
    node.link("etc/systemd/system/a.target.wants/linked.service", "../linked.service")
    node.write("sys/fs/cgroup/system.slice/ssh.service/cgroup.events", "populated 1\n")

    expect(
        node,
        (Unit("sshd.service", UnitCondition.ENABLED), "pass"),
        (Unit("sshd.service", UnitCondition.RUNNING), "pass"),
        (Unit("sshd.service", UnitCondition.STOPPED), "fail"),
        (Unit("far.service", UnitCondition.ENABLED), "pass"),
        (Unit("vt@one.service", UnitCondition.ENABLED), "pass"),
        (Unit("vt@two.service", UnitCondition.DISABLED), "pass"),
        (Unit("linked.service", UnitCondition.ENABLED), "pass"),
        (Unit("elsewhere.service", UnitCondition.ABSENT), "pass"),
    )

    node.link("etc/systemd/system/ssh.service", "/dev/null")

    expect(
        node,
        (Unit("sshd.service", UnitCondition.MASKED), "pass"),
        (Unit("sshd.service", UnitCondition.DISABLED), "pass"),
    )


def test_a_service_that_stays_active_without_processes_is_not_stopped(node: Node) -> None:
    (node.root / "sys/fs/cgroup/system.slice").mkdir(parents=True)
    node.link("run/systemd/units/invocation:nftables.service", "0123456789abcdef")

    expect(
        node,
        (Unit("nftables.service", UnitCondition.STOPPED), "fail"),
        (Unit("nftables.service", UnitCondition.RUNNING), "pass"),
        (Unit("nftable.service", UnitCondition.STOPPED), "pass"),
    )
