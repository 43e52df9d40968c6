"""The facts that the check script collects from fake nodes, by every shell."""

from __future__ import annotations

import codecs
import os
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc import __version__
from reqc.compiler.checks import (
    Check,
    CommandVersion,
    DiskSpace,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    Reachable,
    Relation,
)
from reqc.compiler.evaluation.facts import (
    Command,
    Connection,
    Facts,
    File,
    Interface,
    Mount,
    UnitFile,
)
from tests.backends.shell.collecting import checked, collected
from tests.backends.shell.nodes import SHELLS, Node, run
from tests.backends.shell.samples import UNMANAGED, checking, every_probe, script
from tests.tools import missing, needs_root, require

NOBODY = 65534
NASTY = b'a "b" \\c\\ \t \x01\x7f \xff\xc3\x28 \xed\xa0\x80 \xc3\xa9 \xe2\x80\xae \xf0\x9f\x90\xa7'
SHOWN = 'a "b" \\c\\ \t \x01\x7f \ufffd\ufffd( \ufffd\ufffd\ufffd \xe9 \u202e \U0001f427'


@pytest.fixture
def open_node(open_folder: Path) -> Node:
    """Return a node that every user may look at."""
    needs_root()
    root = open_folder / "root"
    (root / "etc").mkdir(parents=True)
    return Node(root)


def test_a_node_that_shows_nothing(node: Node) -> None:
    node.root.joinpath("etc").rmdir()

    facts = collected(node)

    assert facts.collector == f"reqc {__version__}"
    assert (facts.container, facts.machine, facts.os_release) == (None, None, None)
    assert (facts.kernel.release, facts.kernel.running) == ("", True)
    assert (facts.kernel.modules.supported, facts.kernel.modules.tree) == (None, None)
    assert (facts.kernel.configuration, facts.settings.visible) == (None, False)
    assert (facts.interfaces, facts.mounts, facts.users) == (None, None, None)
    assert facts.units.files is None
    assert "there is no system" in facts.units.unseen
    assert (facts.units.running, facts.units.first_process) == (None, "")
    assert (facts.processors, facts.memory) == (None, None)
    assert (facts.listeners.tcp, facts.listeners.udp) == (None, None)
    assert facts.files["/etc/NetworkManager/NetworkManager.conf"] == File(kind="absent")
    assert facts.commands["docker"] == Command(path=None)


def test_os_release_as_its_readers_take_it(node: Node) -> None:
    node.write("etc/os-release", b'# x\nID=debian\nNAME="D \\"q\\" x"\nID=\'rhel\'\nODD ' + NASTY)

    assert collected(node).os_release == {"ID": "rhel", "NAME": 'D "q" x'}


def test_the_machine(node: Node) -> None:
    node.write("proc/sys/kernel/arch", "riscv64\n")
    node.write("sys/devices/system/cpu/online", "0-3,8\n")
    node.write("proc/meminfo", "MemFree: 1 kB\nMemTotal:  0016384000 kB\n")
    node.write("run/systemd/container", "lxc\n")

    facts = collected(node)

    assert (facts.machine, facts.processors, facts.memory) == ("riscv64", 5, 16384000)
    assert facts.container == "lxc"


def test_interfaces(node: Node) -> None:
    node.write("sys/class/net/eth0/device/uevent")
    node.write('sys/class/net/cali\\ "1"/mtu', "1500\n")
    node.write("sys/class/net/bonding_masters", "bond0\n")
    node.root.joinpath("sys/class/net", os.fsdecode(b"z\xff\nis true")).mkdir()

    assert collected(node).interfaces == [
        Interface(name='cali\\ "1"', hardware=False),
        Interface(name="eth0", hardware=True),
        Interface(name="z\ufffd\nis true", hardware=False),
    ]


def test_unit_files(node: Node) -> None:
    node.write("usr/lib/systemd/system/a.service", "[Unit]\n")
    node.write("usr/lib/systemd/system/b.service", "[Unit]\n")
    node.write("usr/lib/systemd/system/t@.service", "[Unit]\n")
    node.write("usr/lib/systemd/system/e.service")
    node.write("usr/lib/systemd/system/late.service", "[Unit]\n")
    node.write("usr/lib/systemd/system/a.service.d/x.conf", "[Unit]\n")
    node.link("etc/systemd/system/b.service", "/dev/null")
    node.link("etc/systemd/system/alias.service", "/usr/lib/systemd/system/a.service")
    node.link("etc/systemd/system/dangling.service", "/usr/lib/systemd/system/none.service")
    node.link("etc/systemd/system/relative.service", "../../../../dev/null")
    node.link("etc/systemd/system/x.target.wants/a.service", "/gone")
    node.link("etc/systemd/system/x.target.requires/t@one.service", "/gone")
    node.link("run/systemd/generator.late/late.service", "/dev/null")
    node.write('etc/systemd/system/odd \\x2d "q".mount', "[Unit]\n")
    node.write("etc/systemd/system/two\nunits.service", "[Unit]\n")
    lib, etc = "/usr/lib/systemd/system", "/etc/systemd/system"

    assert collected(node).units.files == {
        "a.service": UnitFile(file=f"{lib}/a.service", wanted_by=f"{etc}/x.target.wants/a.service"),
        "alias.service": UnitFile(file=f"{lib}/a.service"),
        "b.service": UnitFile(file=f"{lib}/b.service", mask=f"{etc}/b.service"),
        "e.service": UnitFile(mask=f"{lib}/e.service"),
        "late.service": UnitFile(file=f"{lib}/late.service"),
        'odd \\x2d "q".mount': UnitFile(file=f'{etc}/odd \\x2d "q".mount'),
        "relative.service": UnitFile(mask=f"{etc}/relative.service"),
        "t@.service": UnitFile(file=f"{lib}/t@.service"),
        "t@one.service": UnitFile(wanted_by=f"{etc}/x.target.requires/t@one.service"),
    }


@pytest.mark.parametrize(("mode", "reason"), [(0o000, "searched"), (0o100, "listed")])
def test_unit_folders_that_hide_their_files(open_node: Node, mode: int, reason: str) -> None:
    open_node.write("etc/systemd/system/a.service", "[Unit]\n")
    folder = open_node.root / "etc/systemd/system"
    folder.chmod(mode | mode >> 6)

    units = collected(open_node, user=NOBODY).units

    assert units.files is None
    assert f"cannot be {reason}" in units.unseen


def test_units_with_processes(node: Node) -> None:
    group = "sys/fs/cgroup/unified/system.slice"
    node.write(f"{group}/a.service/cgroup.events", "populated 1\nfrozen 0\n")
    node.write(f"{group}/b.service/cgroup.events", "populated 0\n")
    node.write(f"{group}/system-t.slice/t@1.service/cgroup.events", "populated 1\n")
    node.write("sys/fs/cgroup/unified/user.slice/u.scope/cgroup.events", "populated 1\n")
    node.write("proc/1/comm", "systemd\n")

    units = collected(node).units

    assert sorted(units.running or []) == ["a.service", "system-t.slice", "t@1.service", "u.scope"]
    assert units.first_process == "systemd"


def asking(path: str) -> tuple[Check, ...]:
    """Return checks for which the lines of a file are not needed."""
    return FileExists(path), FileMode(path, 0o600), FileOwner(path, "root")


def test_files(node: Node) -> None:
    node.write("etc/plain", b"one\n" + NASTY + b"\n\nlast", mode=0o4750)
    node.write("etc/secret", "password\n", mode=0o600)
    node.write("etc/empty")
    node.write("etc/large", "x" * 65537)
    node.write("etc/whole", "y" * 65535 + "\n")
    node.link("etc/link", "/etc/plain")
    os.mkfifo(node.root / "etc/fifo")
    names = ("plain", "empty", "large", "whole", "link", "fifo", "none", "$(odd)\nname 'q'", "")
    node.write("etc/$(odd)\nname 'q'", "text\n")
    checks = (*(FileContains(f"/etc/{name}", ("x",)) for name in names), *asking("/etc/secret"))

    files = collected(node, *checks, *asking("/etc/plain")).files

    plain = File(
        kind="file",
        mode="4750",
        owner=os.geteuid(),
        lines=["one", SHOWN, "", "last"],
    )
    assert files["/etc/plain"] == files["/etc/link"] == plain
    assert files["/etc/secret"] == File(kind="file", mode="0600", owner=os.geteuid())
    assert files["/etc/empty"].lines == []
    assert files["/etc/large"].lines is None
    assert files["/etc/whole"].lines == ["y" * 65535]
    assert files["/etc/$(odd)\nname 'q'"].lines == ["text"]
    assert files["/etc/none"] == File(kind="absent")
    assert (files["/etc/fifo"].kind, files["/etc/"].kind) == ("other", "directory")


def test_a_device_in_the_place_of_a_file(node: Node) -> None:
    try:
        os.mknod(node.root / "etc/null", stat.S_IFCHR | 0o644, os.makedev(1, 3))
    except PermissionError:
        missing("right to make a device")

    assert collected(node, FileExists("/etc/null")).files["/etc/null"].kind == "device"


def test_files_that_are_hidden(open_node: Node) -> None:
    open_node.write("etc/closed/file", "x\n")
    open_node.write("etc/shadow", "x\n", mode=0o640)
    (open_node.root / "etc/closed").chmod(0o700)
    paths = ("/etc/closed/file", "/etc/shadow", "/etc/closed/none")

    files = collected(open_node, *(FileContains(path, ("x",)) for path in paths), user=NOBODY).files

    assert files["/etc/shadow"] == File(kind="file", mode="0640", owner=0)
    assert files["/etc/closed/file"] == files["/etc/closed/none"] == File(kind="unknown")


def test_drop_ins(node: Node) -> None:
    node.write("etc/NetworkManager/NetworkManager.conf", "[main]\n")
    node.write("etc/NetworkManager/conf.d/b.conf", "[keyfile]\n")
    node.write("etc/NetworkManager/conf.d/note.txt", "secret\n")
    node.link("run/NetworkManager/conf.d/a.conf", "/gone")
    node.write("usr/lib/NetworkManager/conf.d/b.conf", "[main]\n")
    other = IniList("/etc/x.conf", ("/etc/x.d",), "s", "k", ("v",))
    node.write("etc/x.d/1.conf", "[s]\nk=v\n")
    dropped = "/etc/NetworkManager/conf.d/b.conf"

    facts = collected(node, UNMANAGED, other, FileExists(dropped), FileExists("/etc/x.d/2.conf"))

    assert facts.directories == {
        "/etc/NetworkManager/conf.d": ["b.conf"],
        "/run/NetworkManager/conf.d": ["a.conf"],
        "/usr/lib/NetworkManager/conf.d": ["b.conf"],
        "/etc/x.d": ["1.conf"],
    }
    assert facts.files[dropped].lines == ["[keyfile]"]
    assert facts.files["/etc/x.d/1.conf"].lines == ["[s]", "k=v"]
    assert facts.files["/etc/x.d/2.conf"].kind == "absent"
    assert facts.files["/run/NetworkManager/conf.d/a.conf"].kind == "absent"
    assert facts.files["/usr/lib/NetworkManager/conf.d/b.conf"].lines == ["[main]"]
    assert facts.files["/etc/NetworkManager/NetworkManager.conf"].lines == ["[main]"]
    assert facts.files["/etc/x.conf"].kind == "absent"


def test_drop_ins_that_are_hidden(open_node: Node) -> None:
    open_node.write("etc/NetworkManager/conf.d/b.conf", "[keyfile]\n")
    (open_node.root / "etc/NetworkManager/conf.d").chmod(0o711)

    facts = collected(open_node, user=NOBODY)

    assert facts.directories["/etc/NetworkManager/conf.d"] is None
    assert facts.directories["/run/NetworkManager/conf.d"] == []


def test_users(node: Node) -> None:
    node.write(
        "etc/passwd",
        b'root:x:0:0::/:\nu\xff"1:x:0042:1\nbad:x:y:1\nroot:x:7:7\n+::\nl:x:4294967294:1',
    )

    assert collected(node).users == {"root": 0, 'u\ufffd"1': 42, "l": 4294967294}


def test_mounts(node: Node) -> None:
    node.write(
        "proc/1/mounts",
        "a / ext4 rw 0 0\nb /a\\040b\\011c\\134\\043d fuse.x rw 0 0\n"
        "c / overlay rw 0 0\nx /\\303\\251 y z\n",
    )

    assert collected(node).mounts == [
        Mount(path="/", filesystem="ext4"),
        Mount(path="/a b\tc\\#d", filesystem="fuse.x"),
        Mount(path="/", filesystem="overlay"),
        Mount(path="/\xe9", filesystem="y"),
    ]


def test_listeners(node: Node) -> None:
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
    row = "   {}: {}:{} 00000000:0000 {} 00000000:00000000 00:00000000 00000000     0        0 12\n"
    any4, any6 = "00000000", "0" * 32
    node.write(
        "proc/1/net/tcp",
        head + row.format(0, any4, "0016", "0A") + row.format(1, any4, "0050", "01"),
    )
    node.write(
        "proc/1/net/tcp6",
        head + row.format(0, any6, "0016", "0A") + row.format(1, any6, "27AB", "0A"),
    )
    node.write("proc/1/net/udp", head + row.format(0, any4, "0016", "07"))

    listeners = collected(node).listeners

    assert (listeners.tcp, listeners.udp) == ([22, 10155], [22])


def test_commands_and_disks_that_are_asked_for(node: Node) -> None:
    node.write("usr/bin/nft", "#!/bin/sh\ntouch canary; echo 1.0\n", mode=0o755)

    facts = collected(
        node,
        CommandVersion("nft", ("--version",), Relation.AT_LEAST, "1.0.1"),
        CommandVersion("no 'such'\ncommand"),
        DiskSpace("/srv/x", Relation.AT_LEAST, 1),
    )

    assert facts.commands["nft"] == Command(path="/usr/bin/nft")
    assert facts.commands["no 'such'\ncommand"] == Command(path=None)
    assert not list(node.root.parent.rglob("canary"))
    sizes = [facts.disk_space[path] for path in ("/", "/var/lib", "/srv/x")]
    total = shutil.disk_usage(node.root).total // 1024
    assert all(size is not None and abs(size - total) <= 1 for size in sizes)


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_connections_only_where_that_is_allowed(node: Node) -> None:
    require("timeout")
    with listening() as port, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        deaf = closed.getsockname()[1]
        checks = (
            Reachable("store", ("127.0.0.1", "-o odd"), port),
            Reachable("store", ("127.0.0.1",), deaf),
        )

        silent, tried = collected(node, *checks), collected(node, *checks, arguments=("--network",))

    assert silent.connections == []
    assert tried.connections == [
        Connection(host="127.0.0.1", port=port, connected=True),
        Connection(host="-o odd", port=port, connected=None),
        Connection(host="127.0.0.1", port=deaf, connected=False),
    ]


def replaced(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd", error.start + 1


codecs.register_error("reqc-replaced", replaced)

LEADS = st.sampled_from(
    [0x7F, 0x80, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF]
)
PIECES = st.one_of(
    st.binary(max_size=3),
    st.text(max_size=3).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.builds(lambda lead, rest: bytes([lead]) + rest, LEADS, st.binary(max_size=3)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_bytes_become_text_as_a_decoder_would_have_it(content: bytes) -> None:
    content = content.replace(b"\0", b"0")
    with tempfile.TemporaryDirectory() as name:
        node = Node(Path(name, "root"))
        node.write("etc/x", content)
        text = script(checking(FileContains("/etc/x", ("x",))))
        done = run("dash", text, Path(name), "--facts", "--root", str(node.root))

    lines = checked(done.stdout).files["/etc/x"].lines

    expected = content.decode("utf-8", "reqc-replaced").split("\n")
    assert lines == (expected if expected[-1] else expected[:-1])


def equipped(folder: Path, *tools: str) -> str:
    """Return the text of a script of every probe that finds no other tools."""
    folder.mkdir()
    for tool in tools:
        (folder / tool).symlink_to(require(tool))
    standard = "standard_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    text = script(every_probe())
    assert standard in text
    return text.replace(standard, f"standard_path={folder}").replace(
        "search_path=$PATH:$standard_path:/opt/bin", f"search_path={folder}"
    )


TOOLS = ("cat", "df", "find", "grep", "gzip", "ls", "od", "printf", "sort", "timeout", "tr")


def told_without(tmp_path: Path, node: Node, shell: str, *tools: str) -> Facts:
    done = run(
        shell, equipped(tmp_path / "tools", *tools), tmp_path, "--facts", "--root", str(node.root)
    )
    assert done.stderr == b""
    assert done.returncode == 0
    return checked(done.stdout)


@pytest.mark.parametrize("shell", SHELLS)
def test_without_awk_nothing_is_known(tmp_path: Path, node: Node, shell: str) -> None:
    node.kernel()

    facts = told_without(tmp_path, node, shell, *TOOLS)

    assert facts.kernel.unread == ["awk is missing"]
    assert (facts.kernel.configuration, facts.mounts, facts.settings.visible) == (None, None, False)


@pytest.mark.parametrize("without", TOOLS)
def test_without_a_tool_the_rest_is_told(tmp_path: Path, node: Node, without: str) -> None:
    node.kernel()
    node.write("sys/class/net/eth0/mtu")

    facts = told_without(
        tmp_path, node, "dash", "awk", *(tool for tool in TOOLS if tool != without)
    )

    assert facts.kernel.release == "6.1.0-50-amd64"
    assert facts.interfaces == [Interface(name="eth0", hardware=False)]


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox", "original-awk"])
def test_every_awk_says_the_same(tmp_path: Path, node: Node, awk: str) -> None:
    path = require(awk)
    node.kernel()
    node.tree(
        "net/ip_set.ko.xz",
        "net/odd-name.ko",
        builtin="kernel/a-b.ko\n",
        aliases="alias x-y ip_set\n",
    )
    node.config("CONFIG_X=m", 'CONFIG_Y="a \\"q\\""', "# CONFIG_Z is not set")
    node.write("etc/hosts", NASTY + b"\n" + bytes(range(1, 256)) + b"\n")
    node.write("etc/os-release", b'NAME="' + NASTY.replace(b'"', b"") + b'"\n')
    node.write("etc/sysctl.d/a.conf", b"net.ipv4.ip_forward = 1\n-x/y.z\n" + NASTY + b"=1\n")
    node.write("proc/1/mounts", "a /\\040\\303\\251\\377 x\n")
    node.write("proc/net/ip_tables_matches", "set\nset\n")
    (tmp_path / "awk").mkdir()
    wrapper = tmp_path / "awk/awk"
    wrapper.write_text(f'#!/bin/sh\nexec {path} {"awk" if awk == "busybox" else ""} "$@"\n')
    wrapper.chmod(0o755)
    usual = script(every_probe())
    other = usual.replace("standard_path=", f"standard_path={wrapper.parent}:", 1)

    done = [
        run("dash", text, tmp_path, "--facts", "--root", str(node.root)) for text in (usual, other)
    ]

    assert [one.stderr for one in done] == [b"", b""]
    assert done[0].stdout == done[1].stdout
    assert checked(done[1].stdout).kernel.modules.disk == ["ip_set", "odd_name"]


def test_facts_of_one_version_are_good_for_another(node: Node) -> None:
    node.kernel()
    node.write("etc/os-release", "ID=debian\n")

    general, special = collected(node), collected(node, UNMANAGED, FileExists("/etc/special"))

    del special.files["/etc/special"]
    assert special == general


def test_nothing_is_written_on_the_node(node: Node) -> None:
    node.kernel()
    before = subprocess.run(["find", node.root, "-ls"], capture_output=True, check=True)

    collected(node)

    assert (
        subprocess.run(["find", node.root, "-ls"], capture_output=True, check=True).stdout
        == before.stdout
    )


def test_a_report_that_cannot_be_written(node: Node) -> None:
    text = script(checking())
    for shell, program in SHELLS.items():
        file = node.root.parent / "check.sh"
        file.write_text(text)
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [*program, str(file), "--facts", "--root", str(node.root)],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )

        assert done.returncode == 2, shell
