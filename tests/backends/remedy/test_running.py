"""What takes effect at once, in a chroot: a real kernel, and tools that write down their calls."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import pytest

from reqc.backends.node_changes import reread
from reqc.compiler import checks
from reqc.compiler.checks import Relation, Sysctl
from reqc.compiler.states import (
    FileContent,
    KernelArgument,
    ModuleAtBoot,
    PackageInstalled,
    SysctlValue,
    UnitState,
)
from tests.backends.ansible.playing import Node
from tests.backends.ansible.throwaway import throwaway
from tests.backends.remedy.trees import UNIT, asking, remedy
from tests.backends.shell.samples import script
from tests.documents import document, requirement
from tests.tools import require

TOOL = """#!/bin/sh
# Writes down how it is called, and answers as if it had done it.
echo "${0##*/} $*" >>/calls
tool=${0##*/}
for last; do :; done
case $tool:$1 in
  systemctl:is-active) [ -e "/active/$last" ] ;;
  systemctl:start) : >"/active/$last" ;;
  systemctl:stop) rm -f "/active/$last" ;;
  systemctl:show) echo Type=simple; echo LoadState=loaded; echo RemainAfterExit=no ;;
  grubby:--info=ALL) cat /entries ;;
  grubby:--update-kernel=ALL)
    case $2 in
      --args=*) sed -i "s|^args=\\"\\(.*\\)\\"|args=\\"\\1 ${2#*=}\\"|" /entries ;;
      *) sed -i "s| ${2#*=}||" /entries ;;
    esac ;;
  rpm-ostree:kargs)
    case $2 in
      '') cat /kargs ;;
      --append*) echo "$(cat /kargs) ${2#*=}" >/kargs ;;
      *) sed -i "s| ${2#*=}||" /kargs ;;
    esac ;;
  rpm:-q | apk:info) [ -e "/installed/$last" ] ;;
  rpm:-e | apk:del) rm "/installed/$last" ;;
  dnf:* | yum:* | zypper:* | apk:add) [ "$last" != broken ] && : >"/installed/$last" ;;
esac
"""
PROBE = FileContent("/etc/NetworkManager/conf.d/x.conf", "[keyfile]\n")


@pytest.fixture(scope="module")
def chroot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with throwaway(tmp_path_factory.mktemp("chroot")) as node:
        node.run("mkdir -p /active /installed")
        yield node


@pytest.fixture
def tools(chroot: Node) -> Iterator[Node]:
    """Provide the node with tools that only write down; they are gone afterwards."""
    chroot.run("rm -rf /active/* /installed/* /calls; : >/calls")
    yield chroot
    chroot.run("rm -rf /usr/local/sbin/* /run/systemd /run/ostree-booted /var/lib/reqc")


def provide(node: Node, *names: str) -> None:
    for name in names:
        node.write(f"/usr/local/sbin/{name}", TOOL, "0755")


def calls(node: Node, *words: str) -> list[str]:
    """Return what the tools were told since the last time, of what changes something."""
    quiet = ("is-active", "show", "--info", "info -e", "rpm -q", "kargs")
    told = [line.rstrip() for line in node.run("cat /calls; : >/calls").splitlines()]
    return [
        line
        for line in told
        if not any(word in line for word in quiet) or "kargs --" in line or line in words
    ]


def play(node: Node, text: str, *arguments: str) -> tuple[int, str]:
    """Run the script, which comes over a pipe; return its status and all it says."""
    said = node.run(f"sh -s -- {shlex.join(arguments)} 2>&1; echo $?", text)
    *lines, status = said.splitlines()
    return int(status), "\n".join(lines)


def test_the_settings_of_the_kernel(chroot: Node) -> None:
    wanted = {
        "net.ipv4.ip_forward": "1",
        "net.ipv4.tcp_rmem": "4096 131073 6291457",
        "net.ipv4.conf.lo.rp_filter": "2",
    }
    made = document(
        *(
            requirement(
                f"node.n{number}",
                states=[SysctlValue(key, value)],
                check=Sysctl(key, Relation.EQUAL, value),
            )
            for number, (key, value) in enumerate(wanted.items())
        )
    )
    chroot.write("/root/remedy", remedy(made))
    chroot.write("/root/check", script(made))
    look = "cd /proc/sys/net/ipv4; cat ip_forward tcp_rmem conf/lo/rp_filter"
    steps = (
        "mount -t proc proc /proc; echo 0 >/proc/sys/net/ipv4/ip_forward",
        "cd /proc/sys/net/ipv4; echo 2 >conf/lo/rp_filter; echo 4096 7777 8888 >tcp_rmem; cd /",
        f"({look}) >/root/before; find /etc | sort >/root/files",
        "sh /root/check --format json >/root/1",
        "sh /root/remedy --no-now -q || exit 1",
        f"({look}) | cmp - /root/before || exit 2",
        "sh /root/remedy --dry-run >/root/dry",
        f"({look}) | cmp - /root/before || exit 2",
        "sh /root/remedy >/root/apply || exit 3",
        "sh /root/check --format json >/root/2",
        "sh /root/remedy >/root/again || exit 4",
        "sh /root/remedy --undo >/root/undo || exit 5",
        f"({look}) | cmp - /root/before || exit 6",
        "find /etc | sort | cmp - /root/files || exit 7",
        "sh /root/check --format json >/root/3",
        "[ ! -e /var/lib/reqc ]",
    )
    chroot.run(f"unshare --net --mount sh -c {shlex.quote(chr(10).join(steps))}")

    def states(name: str) -> list[str]:
        report = json.loads(chroot.run(f"cat /root/{name}"))
        return [row["state"] for row in report["results"]]

    def told(name: str, word: str) -> list[str]:
        lines = chroot.run(f"cat /root/{name}").splitlines()
        return [line.removeprefix(word).strip() for line in lines if line.startswith(word)]

    assert states("1") == states("3") == ["fail", "fail", "pass"]
    assert states("2") == ["pass", "pass", "pass"]
    assert (
        told("dry", "would")
        == told("apply", "done")
        == [
            "set net/ipv4/ip_forward to 1, instead of 0 (node.n0)",
            "set net/ipv4/tcp_rmem to 4096 131073 6291457, instead of 4096 7777 8888 (node.n1)",
        ]
    )
    assert told("again", "done") == []
    assert "set net/ipv4/ip_forward to 0, instead of 1" in told("undo", "done")


def test_a_setting_that_the_kernel_lacks_or_refuses(chroot: Node) -> None:
    text = remedy(asking(SysctlValue("net.no.such", "1"), SysctlValue("kernel.ostype", "x")))

    status, said = play(chroot, text)

    assert status == 1
    assert "cannot  set net/no/such to 1: the kernel has no such setting" in said
    assert "cannot  set kernel/ostype to x, instead of Linux" in said
    assert play(chroot, text, "--undo")[0] == 0


UNITS = asking(
    UnitState("started.service", "enabled"),
    UnitState("stopped.service", "disabled"),
    UnitState("masked.service", "masked"),
    PROBE,
    FileContent("/etc/systemd/system/own.service", UNIT),
    UnitState("own.service", "enabled"),
)


@pytest.fixture
def systemd(tools: Node) -> Node:
    """Return a node that looks as if systemd ran on it."""
    provide(tools, "systemctl")
    tools.run("mkdir -p /run/systemd/system; : >/active/NetworkManager.service")
    for unit in ("started", "stopped", "masked"):
        tools.write(f"/usr/lib/systemd/system/{unit}.service", UNIT)
    tools.run(": >/active/stopped.service; : >/active/masked.service")
    wants = "/etc/systemd/system/multi-user.target.wants"
    tools.run(f"ln -sf /usr/lib/systemd/system/stopped.service {wants}/stopped.service")
    return tools


def test_units_are_reloaded_started_and_stopped_and_all_comes_back(systemd: Node) -> None:
    text = remedy(UNITS)

    status, dry = play(systemd, text, "--dry-run")
    assert calls(systemd) == []
    status, said = play(systemd, text)

    assert status == 0
    assert calls(systemd) == [
        "systemctl daemon-reload",
        "systemctl start started.service",
        "systemctl stop stopped.service",
        "systemctl stop masked.service",
        "systemctl start own.service",
        "systemctl reload NetworkManager.service",
    ]
    bare = [line.split("  ", 1)[1].strip() for line in said.splitlines() if "done " in line]
    assert bare == [
        line.split("  ", 1)[1].strip() for line in dry.splitlines() if line.startswith("would ")
    ]
    status, said = play(systemd, text)
    assert (status, calls(systemd)) == (0, [])
    assert " 0 changed, 10 as they should be" in said
    status, said = play(systemd, text, "--undo")
    assert (status, calls(systemd)) == (
        0,
        [
            "systemctl daemon-reload",
            "systemctl stop own.service",
            "systemctl start masked.service",
            "systemctl start stopped.service",
            "systemctl stop started.service",
            "systemctl reload NetworkManager.service",
        ],
    )


def test_without_effect_at_once_the_next_run_makes_up_for_it(systemd: Node) -> None:
    text = remedy(UNITS)

    assert play(systemd, text, "--no-now")[0] == 0
    assert calls(systemd) == []
    assert play(systemd, text, "--no-now")[1].count("done") == 0
    assert play(systemd, text)[0] == 0

    assert len(calls(systemd)) == 6
    assert play(systemd, text, "--undo", "--no-now")[0] == 0
    assert calls(systemd) == []


def test_a_reload_that_a_kill_prevented_is_done_later(systemd: Node) -> None:
    text = remedy(asking(PROBE))
    killing = text.replace(
        "# Nothing runs before this line",
        "take_in() { kill -9 $$; }\n# Nothing runs before this line",
    )

    said = systemd.run("sh -s -- 2>&1; echo $?", killing)
    assert said.endswith("137\n")
    assert calls(systemd) == []
    assert play(systemd, text)[0] == 0

    assert calls(systemd) == ["systemctl reload NetworkManager.service"]
    assert play(systemd, text)[1].count("done") == 0
    assert play(systemd, text, "--undo")[0] == 0


def test_the_script_and_the_other_target_know_the_same_readers(systemd: Node) -> None:
    for path, told in {
        "/etc/systemd/system/x.service": "systemctl daemon-reload",
        "/etc/systemd/system/x.service.d/y.conf": "systemctl daemon-reload",
        "/etc/NetworkManager/conf.d/y.conf": "systemctl reload NetworkManager.service",
        "/etc/other/z.conf": None,
    }.items():
        text = remedy(asking(FileContent(path, "x\n")))
        assert play(systemd, text)[0] == 0
        assert calls(systemd) == ([told] if told else [])
        assert (reread(path) is not None) == bool(told)
        assert play(systemd, text, "--undo")[0] == 0
        calls(systemd)


def test_a_failing_tool_is_told(systemd: Node) -> None:
    systemd.write("/usr/local/sbin/systemctl", "#!/bin/sh\necho sorry >&2; exit 4\n", "0755")

    status, said = play(systemd, remedy(asking(UnitState("own.service", "masked"), PROBE)))

    assert status == 1
    assert "cannot  reload the units of systemd: sorry" in said
    assert play(systemd, remedy(asking(PROBE)), "--undo")[0] == 1


MODULE = asking(ModuleAtBoot("xt-set"), ModuleAtBoot("no_such"))


def test_modules_are_loaded(tools: Node) -> None:
    provide(tools, "modprobe")
    # This kernel may load none, so the script is to look for its list elsewhere.
    text = remedy(MODULE).replace("/proc/modules", "/etc/passwd")
    tools.run("mkdir -p /lib/modules/$(uname -r); cd /lib/modules/$(uname -r); : >modules.builtin")

    status, said = play(tools, text)

    assert status == 0
    assert calls(tools) == ["modprobe xt_set", "modprobe no_such"]
    tools.run("echo kernel/net/xt-set.ko >/lib/modules/$(uname -r)/modules.builtin")
    status, said = play(tools, text, "-v")
    assert calls(tools) == ["modprobe no_such"]
    assert "ok      load the module xt_set" in said
    status, said = play(tools, text, "--undo")
    assert "left    the module xt_set: it stays loaded until the next boot" in said
    assert calls(tools) == []


def test_a_module_that_is_not_there_is_told(tools: Node) -> None:
    tools.write("/usr/local/sbin/modprobe", "#!/bin/sh\necho not found >&2; exit 1\n", "0755")

    status, said = play(tools, remedy(MODULE).replace("/proc/modules", "/etc/passwd"))

    assert status == 1
    assert "cannot  load the module no_such: not found" in said
    assert play(tools, remedy(MODULE), "--undo")[0] == 0


ARGUMENTS = asking(KernelArgument("hugepages=16"), KernelArgument("quiet_x"))


def test_arguments_by_a_file_for_the_boot_menu(tools: Node) -> None:
    provide(tools, "update-grub")
    tools.write("/usr/sbin/grub-mkconfig", "for x in /etc/default/grub.d/*.cfg; do . $x; done\n")
    tools.write("/etc/default/grub", "GRUB_CMDLINE_LINUX=quiet\n")
    text = remedy(ARGUMENTS)

    status, _ = play(tools, text)

    assert status == 0
    assert calls(tools) == ["update-grub"]
    sourced = "GRUB_CMDLINE_LINUX=a; . /etc/default/grub.d/90-calico.cfg; echo $GRUB_CMDLINE_LINUX"
    assert tools.run(sourced) == "a hugepages=16 quiet_x\n"
    assert play(tools, text)[1].count("done") == 0
    assert calls(tools) == []
    assert play(tools, text, "--undo")[0] == 0
    assert calls(tools) == ["update-grub"]
    assert tools.run("ls /etc/default/grub.d 2>/dev/null | wc -l").strip() == "0"
    tools.run("rm /etc/default/grub /usr/sbin/grub-mkconfig")


def test_arguments_with_grubby(tools: Node) -> None:
    provide(tools, "grubby")
    former = 'index=0\nargs="ro quiet"\nindex=1\nargs="ro"\n'
    tools.write("/entries", former)
    text = remedy(ARGUMENTS)

    assert play(tools, text)[0] == 0

    changed = ' hugepages=16 quiet_x"\n'
    assert tools.run("cat /entries") == former.replace('"\n', changed)
    assert play(tools, text)[1].count("done") == 0
    assert play(tools, text, "--undo")[0] == 0
    assert tools.run("cat /entries") == former


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ('args="ro hugepages=8"\n', "there is another value for hugepages"),
        ('args="hugepages=16"\nargs="ro"\n', "some boot entries have it and others not"),
        ("", "grubby does not tell those that are there"),
    ],
)
def test_arguments_that_could_not_be_taken_back_are_left_to_people(
    tools: Node, entries: str, why: str
) -> None:
    provide(tools, "grubby")
    tools.write("/entries", entries)

    status, said = play(tools, remedy(asking(KernelArgument("hugepages=16"))))

    assert status == 1
    assert f"cannot  the kernel argument hugepages=16: {why}" in said
    assert tools.run("cat /entries") == entries


@pytest.mark.parametrize(
    ("entry", "status", "said"),
    [
        ("ro huge_pages=16", 0, "ok      the kernel argument huge-pages=16"),
        ("ro huge_pages=8", 1, "there is another value for huge-pages"),
        ("ro -- huge-pages=16", 0, "done    add the kernel argument huge-pages=16"),
        ('ro a=\\"b huge-pages=16\\"', 0, "done    add the kernel argument huge-pages=16"),
    ],
)
def test_arguments_are_read_as_the_kernel_reads_them(
    tools: Node, entry: str, status: int, said: str
) -> None:
    provide(tools, "grubby")
    tools.write("/entries", f'args="{entry}"\n')

    found = play(tools, remedy(asking(KernelArgument("huge-pages=16"))), "-v")

    assert found[0] == status
    assert said in found[1]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("ro quiet_x a-b=1-2", 0),
        ("ro quiet-x a_b=1-2", 0),
        ("ro quiet-x a_b=1_2", 1),
        ("ro -- quiet_x a-b=1-2", 1),
        ('ro c="quiet_x a-b=1-2"', 1),
        ('ro "quiet_x" a-b="1-2"', 0),
    ],
)
def test_the_arguments_of_the_kernel_that_runs_are_those_of_the_check(
    tools: Node, line: str, status: int
) -> None:
    wanted = "quiet_x", "a-b=1-2"
    made = document(
        *(
            requirement(f"node.n{at}", states=[KernelArgument(one)], check=checks.BootArgument(one))
            for at, one in enumerate(wanted)
        )
    )
    tools.write("/command-line", f"{line}\n")
    tools.run("mount --bind /command-line /proc/cmdline")
    try:
        judged = tools.judged(made)
        told, said = play(tools, remedy(made), "-v")
    finally:
        tools.run("umount /proc/cmdline; rm /command-line")

    assert told == status, said
    assert ("fail" in judged.values()) == (status == 1)
    for at, one in enumerate(wanted):
        right = f"ok      the kernel argument {one} " in f"{said} "
        assert right == (judged[f"node.n{at}"] == "pass")


def test_arguments_of_an_image(tools: Node) -> None:
    provide(tools, "rpm-ostree")
    tools.run(": >/run/ostree-booted; echo ro >/kargs")
    text = remedy(ARGUMENTS)

    assert play(tools, text)[0] == 0
    assert tools.run("cat /kargs") == "ro hugepages=16 quiet_x\n"
    assert play(tools, text)[1].count("done") == 0
    assert play(tools, text, "--undo")[0] == 0

    assert tools.run("cat /kargs") == "ro\n"


def test_arguments_without_a_tool_are_left_to_people(tools: Node) -> None:
    word = tools.run("cat /proc/cmdline").split()[0]

    status, said = play(tools, remedy(ARGUMENTS))

    assert status == 1
    assert said.count("add it to the configuration of the boot loader by hand") == 2
    if all(part.isalnum() or part in "_.,:=@%+/-" for part in word):
        assert play(tools, remedy(asking(KernelArgument(word))))[0] == 0


@pytest.mark.parametrize("tool", ["dnf", "yum", "zypper", "apk"])
def test_packages(tools: Node, tool: str) -> None:
    provide(tools, tool, "rpm")
    status_file = "/var/lib/dpkg/status"
    tools.run(f"[ ! -e {status_file} ] || mv {status_file} {status_file}-hidden")
    if tool == "apk":
        tools.run("mkdir -p /lib/apk/db; : >/lib/apk/db/installed")
    text = remedy(asking(PackageInstalled("ipset"), PackageInstalled("there")))
    tools.run(": >/installed/there")
    try:
        status, said = play(tools, text)
        assert status == 0, said
        assert calls(tools) == [
            {
                "dnf": "dnf -y install ipset",
                "yum": "yum -y install ipset",
                "zypper": "zypper --non-interactive install ipset",
                "apk": "apk add ipset",
            }[tool]
        ]
        assert play(tools, text)[1].count("done") == 0
        assert play(tools, text, "--undo")[0] == 0
        assert calls(tools) == ["apk del ipset" if tool == "apk" else "rpm -e ipset"]
        assert tools.run("ls /installed") == "there\n"
        status, said = play(tools, remedy(asking(PackageInstalled("broken"))))
        assert status == 1
        assert f"cannot  install the package broken with {tool}" in said
    finally:
        tools.run(f"[ ! -e {status_file}-hidden ] || mv {status_file}-hidden {status_file}")
        tools.run("rm -rf /lib/apk")


def test_packages_of_an_image_are_left_to_people(tools: Node) -> None:
    tools.run(": >/run/ostree-booted")

    status, said = play(tools, remedy(asking(PackageInstalled("ipset-x"))))

    assert status == 1
    assert "layer it with rpm-ostree install, and reboot" in said


def test_packages_by_the_real_apt(tools: Node) -> None:
    require("apt-get")
    require("dpkg-deb")
    tools.run("""
      mkdir -p /repository/probe/DEBIAN && cd /repository
      printf '%s\\n' 'Package: reqc-probe' 'Version: 1' 'Architecture: all' 'Description: probe' \
        'Maintainer: x <x@x.invalid>' >probe/DEBIAN/control
      mkdir -p probe/usr/share/reqc-probe && echo there >probe/usr/share/reqc-probe/file
      dpkg-deb --build probe probe.deb >/dev/null
      { cat probe/DEBIAN/control
        echo "Filename: ./probe.deb"
        echo "Size: $(wc -c <probe.deb)"
        echo "SHA256: $(sha256sum <probe.deb | cut -d ' ' -f 1)"
      } >Packages
      rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
      echo 'deb [trusted=yes] file:/repository ./' >/etc/apt/sources.list
      apt-get -qq -o APT::Sandbox::User=root update
    """)
    made = document(
        requirement(
            "node.n1",
            states=[PackageInstalled("reqc-probe")],
            check=checks.PackageInstalled("reqc-probe"),
        )
    )
    text = remedy(made)
    assert tools.judged(made) == {"node.n1": "fail"}

    status, said = play(tools, text)

    assert status == 0, said
    assert tools.judged(made) == {"node.n1": "pass"}
    assert tools.run("cat /usr/share/reqc-probe/file") == "there\n"
    assert play(tools, text)[1].count("done") == 0
    assert play(tools, text, "--undo")[0] == 0
    assert tools.run("ls /usr/share/reqc-probe 2>/dev/null | wc -l").strip() == "0"
    assert tools.judged(made) == {"node.n1": "fail"}
    # What is no name to apt is a pattern to it.
    status, said = play(tools, remedy(asking(PackageInstalled("reqc.probe"))))
    assert status == 1
    assert "apt-get knows no package reqc.probe; run apt-get update" in said


def test_offline_nothing_runs(tools: Node) -> None:
    provide(tools, "systemctl", "modprobe", "dnf", "update-grub", "grubby")
    tools.run("mkdir -p /run/systemd/system /node/etc /node/var/lib; : >/active/x.service")
    everything = (UnitState("x.service", "masked"), ModuleAtBoot("a"), PackageInstalled("b"))
    text = remedy(asking(*everything, KernelArgument("c"), SysctlValue("d.e", "1"), PROBE))

    status, said = play(tools, text, "--root", "/node")

    assert status == 1
    assert calls(tools) == []
    assert "cannot  install the package b: that takes a node that runs" in said
    assert "cannot  the kernel argument c: add it" in said
    assert tools.run("cat /node/etc/modules-load.d/calico.conf").endswith("\na\n")
