"""Random files of nodes: few names that meet often, so that features of a node come together."""

from __future__ import annotations

import contextlib
import gzip
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final, TypeAlias

from hypothesis import strategies as st

from tests.backends.shell.nodes import Node
from tests.nodes.machine import ELF_MACHINES, executable

RELEASES: Final = (
    *("6.1.0-50-amd64", "4.18.0-305.el8.x86_64", "6.12.107+deb13-amd64", "3.10.0-1160.el7.x86_64"),
    *("5.15.0-94-generic", "6.08.1", "v4.18", "new"),
)
MODULES: Final = (
    "xt_set",
    "ipt_set",
    "ip_set",
    "sctp",
    "vfio-pci",
    "vfio_pci",
    "xt_LOG",
    "xt_set2",
)
SYMBOLS: Final = ("IP_SET", "NETFILTER_XT_SET", "SCTP", "MODULES")
UNITS: Final = ("a.service", "b.socket", "t@1.service", "t@.service")
KEYS: Final = ("net.ipv4.ip_forward", "kernel.odd", "net.ipv4.conf.eth0/1.rp_filter", "vm.x")
PATHS: Final = ("/etc/x", "/etc/link", "/etc/d/y", "/proc/odd", "/etc/d")
LISTS: Final = ("/etc/x.ini", "/etc/NetworkManager/NetworkManager.conf")
FOLDERS: Final = ("/etc/x.d", "/run/x.d", "/usr/lib/x.d")
ITEMS: Final = ("a", "b", "interface-name:cali*", "a b")
INTERFACES: Final = ("eth0", "cali0", "tunl0", "vxlan.calico", "cali*")
COMMANDS: Final = ("tool", "/usr/bin/tool", "other", "bin/x")
MOUNTS: Final = ("/sys/fs/bpf", "/a b", "/hash#", "/")
PORTS: Final = (80, 179, 6443, 16443)
PACKAGES: Final = ("ipset", "g++", "libc6")
ARGUMENTS: Final = ("ro", "no-smt", "no_smt", "a=1 2", "a=*", "*")


@dataclass(frozen=True, slots=True)
class Write:
    """A file with content."""

    path: str
    content: bytes
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    path: str
    target: str


Step: TypeAlias = Write | Link
Steps: TypeAlias = tuple[Step, ...]


def make(node: Node, steps: Steps) -> None:
    """Carry out the steps one by one; what does not fit to an earlier one is left out."""
    for step in steps:
        with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            match step:
                case Write(path, content, mode):
                    node.write(path, content, mode)
                case Link(path, target):
                    node.link(path, target)


def _some(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices)


def _text(line: st.SearchStrategy[str], size: int = 4) -> st.SearchStrategy[bytes]:
    """Return the bytes of lines, the last one with or without its end."""
    ends = _some("\n", "\n", "\n", "\r\n", "")
    whole = st.builds(
        lambda lines, end: "\n".join(lines) + end, st.lists(line, max_size=size), ends
    )
    return whole.map(lambda text: text.encode("utf-8", "surrogateescape"))


def _file(
    path: st.SearchStrategy[str], content: st.SearchStrategy[bytes]
) -> st.SearchStrategy[Steps]:
    return st.builds(lambda where, what: (Write(where, what),), path, content)


def _fixed(path: str, content: st.SearchStrategy[bytes]) -> st.SearchStrategy[Steps]:
    return _file(st.just(path), content)


def _maybe(*steps: st.SearchStrategy[Steps]) -> st.SearchStrategy[Steps]:
    """Return most of the steps, in order."""
    return st.tuples(*(st.just(()) | one | one | one for one in steps)).map(_joined)


def _several(step: st.SearchStrategy[Steps], size: int = 3) -> st.SearchStrategy[Steps]:
    return st.lists(step, max_size=size).map(lambda found: _joined(tuple(found)))


def _joined(parts: tuple[Steps, ...]) -> Steps:
    return reduce(add, parts, ())


_NAMES: Final = st.sampled_from(MODULES)
_SUFFIXES: Final = _some(".ko", ".ko", ".ko.xz", ".ko.zst", ".ko.gz", ".ko.bz2", ".o")
_ODD: Final = _some(
    "", " ", "#", "# x", "\t", "x", "é", "\udcff", "a=b=c", "'", "\\", "*", "[x]", "-"
)


def _loaded() -> st.SearchStrategy[str]:
    states = _some("Live", "Live", "Loading", "Unloading")
    line = st.builds("{0} 16384 1 {1}, {2} 0x0000000000000000".format, _NAMES, _NAMES, states)
    return line.map(lambda text: text.replace("vfio-pci", "vfio_pci"))


def _objects() -> st.SearchStrategy[str]:
    return st.builds("kernel/net/{0}{1}".format, _NAMES, _SUFFIXES)


def _tree(release: str, folder: str) -> st.SearchStrategy[Steps]:
    base = f"{folder}/{release}"
    files = _several(_file(_objects().map(lambda name: f"{base}/{name}"), st.just(b"")), 4)
    depends = st.builds("{0}: {1}".format, _objects(), _objects())
    alias = st.builds("alias {0} {1}".format, st.sampled_from(MODULES), _NAMES)
    built_in = st.builds("{0}.alias={1}".format, _NAMES, _NAMES) | st.builds(
        "{0}.license=x".format, _NAMES
    )
    said = st.lists(built_in, max_size=3).map(lambda found: "\0".join([*found, ""]).encode())
    return _maybe(
        files,
        _fixed(f"{base}/modules.dep", _text(depends | _objects().map(lambda name: f"{name}:"))),
        _fixed(f"{base}/modules.builtin", _text(st.builds("kernel/x/{0}.ko".format, _NAMES))),
        _fixed(f"{base}/modules.alias", _text(alias | _some("# x", "alias pci:v0* x", ""))),
        _fixed(f"{base}/modules.builtin.modinfo", said),
    )


def _blocks() -> st.SearchStrategy[Steps]:
    command = _some(
        "/bin/false", "/bin/true", "true", ":", "/sbin/modprobe x", "/bin/falsehood", ""
    )
    install = st.builds("{0}install {1} {2}".format, _some("", " ", "\t", "#"), _NAMES, command)
    blacklist = st.builds("blacklist {0}{1}".format, _NAMES, _some("", " ", " # x", "\\"))
    split = st.builds("install \\\n{0} \\\n {1}".format, _NAMES, command)
    folders = _some("etc", "run", "usr/local/lib", "usr/lib", "lib").map("{}/modprobe.d".format)
    path = st.builds("{0}/{1}".format, folders, _some("a.conf", "b.conf", "c", "-x y.conf"))
    arguments = _some("module_blacklist=", "modprobe.blacklist=", "xmodule_blacklist=")
    argument = st.builds("{0}{1},{2}".format, arguments, _NAMES, _NAMES) | _some(
        *("ro", "*", "no-smt", "no_smt", "--", "a=*", 'a="1 2"', '"a=1 2"', '"x', "x=1")
    )
    return _maybe(
        _several(_file(path, _text(install | blacklist | split | _ODD))),
        _fixed("proc/cmdline", st.lists(argument, max_size=3).map(" ".join).map(str.encode)),
        _fixed("proc/sys/kernel/modules_disabled", st.sampled_from((b"0\n", b"1\n", b""))),
    )


def _configuration(release: str) -> st.SearchStrategy[Steps]:
    places = (
        *("proc/config.gz", f"boot/config-{release}", f"usr/lib/modules/{release}/config"),
        *(f"lib/modules/{release}/config", f"usr/lib/ostree-boot/config-{release}"),
        *(f"usr/lib/kernel/config-{release}", f"usr/src/linux-headers-{release}/.config"),
        *(f"lib/modules/{release}/build/.config", f"usr/src/linux-{release}/.config"),
        *("usr/src/linux/.config", "boot/config-0"),
    )
    symbol = st.sampled_from(SYMBOLS)
    setting = st.builds("CONFIG_{0}={1}".format, symbol, _some("y", "m", "n", '"x"', "", "|"))
    absent = st.builds("# CONFIG_{0} is not set".format, symbol)
    twin = st.builds("CONFIG_{0}_X=y".format, symbol) | st.builds(" CONFIG_{0}=y".format, symbol)
    text = _text(setting | setting | absent | absent | twin | _ODD, 6)
    broken = st.sampled_from((b"", b"\x1f\x8bx", b"CONFIG_", b"<html>"))

    def packed(path: str, content: bytes, *, whole: bool) -> Steps:
        if path.endswith(".gz") and content and whole:
            content = gzip.compress(content, mtime=0)
        return (Write(path, content),)

    step = st.builds(packed, st.sampled_from(places), text | text | broken, whole=st.booleans())
    return _several(step, 3)


def _kernel() -> st.SearchStrategy[Steps]:
    return st.sampled_from(RELEASES).flatmap(_kernel_of)


def _kernel_of(release: str) -> st.SearchStrategy[Steps]:
    banner = f"Linux version {release} (x) #1 SMP Debian 6.1.176-1 (2026-01-01)\n".encode()
    signature = b"Ubuntu 5.15.0-94.104-generic 5.15.136\n"
    rows = _text(_some("set", "set  ", "LOG", " set", "setx", "icmp 1", "a b"))
    return _maybe(
        st.just((Write("proc/sys/kernel/osrelease", f"{release}\n".encode()),)),
        _fixed("proc/modules", _text(_loaded())),
        _several(
            _file(
                _NAMES.map("sys/module/{}/initstate".format),
                st.sampled_from((b"live\n", b"going\n")),
            )
            | _file(_NAMES.map("sys/module/{}/parameters/x".format), st.just(b"1\n"))
        ),
        st.just((Link("lib", "usr/lib"),)),
        _tree(release, "lib/modules") | _tree(release, "usr/lib/modules"),
        _tree("7.0.0", "lib/modules"),
        _blocks(),
        _configuration(release),
        _fixed("proc/net/ip_tables_matches", rows),
        _fixed("proc/sys/net/netfilter/nf_conntrack_max", st.just(b"1\n")),
        _fixed("proc/version", st.just(banner)),
        _fixed("proc/version_signature", st.just(signature)),
    )


def _system() -> st.SearchStrategy[Steps]:
    key = _some("ID", "VERSION_ID", "OPENSHIFT_VERSION", "ODD", "ID")
    value = _some("rhel", '"rhel"', "'8.10'", "8.2 ", '"4.12"', "", '"a\\"b\\$c"', "v9", "'", '"')
    line = st.builds("{0}={1}".format, key, value) | _ODD
    arch = st.sampled_from(("x86_64\n", "aarch64", "\n", "s390x\n")).map(str.encode)
    return _maybe(
        _file(_some("etc/os-release", "usr/lib/os-release"), _text(line)),
        st.just((Link("etc/os-release", "../usr/lib/os-release"),)),
        _fixed("proc/sys/kernel/arch", arch),
        st.sampled_from([(Write("bin/sh", executable(name), 0o755),) for name in ELF_MACHINES]),
        _fixed("proc/meminfo", _text(_some("MemTotal:  2048 kB", "MemFree: 1 kB", "MemTotal: x"))),
        _fixed("sys/devices/system/cpu/online", _text(_some("0-3", "0,2-3", "0", "x", "0-08"), 1)),
        _fixed("proc/cpuinfo", _text(_some("processor\t: 0", "processor: 1", "x"))),
    )


def _units() -> st.SearchStrategy[Steps]:
    folders = _some(
        *("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system"),
        *("lib/systemd/system", "run/systemd/generator", "usr/local/lib/systemd/system"),
    )
    unit = st.sampled_from(UNITS)
    path = st.builds("{0}/{1}".format, folders, unit)
    wants = _some("m.target.wants", "m.target.requires", "g.service.upholds", "m.target.want")
    wanted = st.builds("{0}/{1}/{2}".format, folders, wants, unit)
    target = _some("/dev/null", "/usr/lib/systemd/system/a.service", "a.service", "/nowhere")
    link = st.builds(lambda where, to: (Link(where, to),), path | wanted, target)
    slices = _some("system.slice", "system.slice/x.slice", "user.slice", "unified/system.slice")
    group = st.builds("sys/fs/cgroup/{0}/{1}".format, slices, unit)
    events = st.sampled_from((b"populated 1\n", b"populated 0\nfrozen 0", b""))
    return _maybe(
        _several(_file(path, st.sampled_from((b"[Unit]\n", b"")))),
        _several(link, 4),
        _several(_file(group.map("{}/cgroup.events".format), events)),
        _several(_file(group.map("{}/tasks".format), st.just(b"1\n")), 1),
        _fixed("proc/1/comm", st.sampled_from((b"systemd\n", b"init\n"))),
    )


def _settings() -> st.SearchStrategy[Steps]:
    path = st.sampled_from([key.translate(str.maketrans("./", "/.")) for key in KEYS])
    value = _some("1", "0", "1 2", "1\t2", "-3", "x", " 1 ", "", "08", "99999999999999999999", "é")
    key = st.sampled_from((*KEYS, *("net/ipv4/ip_forward", "net.ipv4.*", "net.*.ip_forward", "*")))
    line = st.builds("{0}{1}{2}{3}".format, _some("", "-", " "), key, _some("=", " = "), value)
    files = _some(
        *(
            "etc/sysctl.d/a.conf",
            "run/sysctl.d/a.conf",
            "usr/lib/sysctl.d/b.conf",
            "etc/sysctl.conf",
        ),
        *("etc/sysctl.d/99-sysctl.conf", "lib/sysctl.d/c.conf", "etc/sysctl.d/d"),
    )
    lines = line | st.builds("-{0}".format, key) | _ODD
    return _maybe(
        _several(_file(path.map("proc/sys/{}".format), _text(value, 2)), 4),
        _several(_file(files, _text(lines)), 4),
    )


def _lists() -> st.SearchStrategy[Steps]:
    items = st.lists(st.sampled_from(ITEMS), max_size=3)
    listed = st.builds(lambda parts, by: by.join(parts), items, _some(";", ",", " ; ", ":"))
    key = st.builds(
        "{0}{1}{2}".format, _some("k", "K", "k2", " k"), _some("", "+", "-", " "), _some("=", " = ")
    )
    line = (
        st.builds("{0}{1}".format, key, listed)
        | _some("[s]", " [s] ", "[s2]", "[s", "#k=a", ";k=a")
        | _ODD
    )
    text = _text(st.just("[s]") | line | line, 5)
    names = st.builds(
        "{0}/{1}".format,
        st.sampled_from(FOLDERS),
        _some("a.conf", "b.conf", "B.conf", "c d.conf", "e"),
    )
    return _maybe(
        _several(_file(st.sampled_from(LISTS), text), 2),
        _several(_file(names, text), 4),
        st.just((Link("/etc/x.d/b.conf", "/dev/null"),)),
        st.just((Link("/etc/x.d/a.conf", "/run/x.d/a.conf"),)),
    )


def _plain_files() -> st.SearchStrategy[Steps]:
    modes = st.sampled_from((0o644, 0o600, 0o4755, 0o1777, 0o000))
    content = _text(_some("one", "two", "one two", "-e", ".*", "x\\") | _ODD)
    write = st.builds(
        lambda path, text, mode: (Write(path, text, mode),),
        _some("/etc/x", "/etc/d/y", "/proc/odd"),
        content,
        modes,
    )
    users = _text(_some("root:x:0:0::/:/x", "me:x:7:7::/:/x", "x", "root:x", "a:b:c"))
    link = _some("/etc/x", "x", "../etc/d/y", "/nowhere", "link", "d")
    return _maybe(
        _several(write),
        link.map(lambda target: (Link("/etc/link", target),)),
        _fixed("etc/passwd", users),
    )


def _network() -> st.SearchStrategy[Steps]:
    interface = st.sampled_from(INTERFACES)
    port = st.sampled_from((*PORTS, 6144))
    state = _some("0A", "07", "01", "0a")
    row = st.builds("   0: 0100007F:{0:04X} 00000000:0000 {1} 0".format, port, state)
    tables = _some("tcp", "tcp6", "udp", "udp6")
    path = st.builds("proc/{0}net/{1}".format, _some("", "1/", "self/"), tables)
    mount = st.builds(
        "dev {0} {1} rw 0 0".format,
        _some("/sys/fs/bpf", "/a\\040b", "/hash#", "/hash\\043", "/", "/sys/fs/bpf/"),
        _some("bpf", "tmpfs", "ext4"),
    )
    return _maybe(
        _several(_file(interface.map("sys/class/net/{}/ifindex".format), st.just(b"1\n"))),
        _several(_file(interface.map("sys/class/net/{}/device/vendor".format), st.just(b"1\n"))),
        _several(_file(path, _text(st.just("  sl  local_address rem_address   st") | row))),
        _file(_some("proc/mounts", "proc/1/mounts"), _text(mount | _ODD)),
        _several(_executable()),
    )


def _executable() -> st.SearchStrategy[Steps]:
    path = _some("usr/bin/tool", "usr/sbin/other", "opt/bin/other", "bin/x")
    return st.builds(
        lambda where, mode: (Write(where, b"", mode),), path, st.sampled_from((0o755, 0o644))
    )


def _packages() -> st.SearchStrategy[Steps]:
    """Return databases of dpkg; of the other managers, no tools are there to read theirs."""
    package = st.builds(
        "Package: {0}\nStatus: install ok {1}\nArchitecture: {2}\nVersion: {3}\n"
        "Multi-Arch: same\nMaintainer: x\nDescription: x\n".format,
        st.sampled_from(PACKAGES),
        _some("installed", "installed", "config-files", "half-installed", "unpacked"),
        _some("amd64", "i386"),
        _some("1", "2:3~rc1-4"),
    )
    broken = st.sampled_from((b"", b"x", b"Package: ipset\n"))
    databases = ("lib/apk/db/installed", "usr/share/rpm/rpmdb.sqlite", "var/lib/rpm/Packages")
    return _maybe(
        _fixed("var/lib/dpkg/status", _text(package) | _text(package) | broken),
        _several(_file(_some(*databases), st.just(b"x"))),
    )


def _surroundings() -> st.SearchStrategy[Steps]:
    marks = (
        Write(".dockerenv", b""),
        Write("run/.containerenv", b""),
        Write("run/systemd/container", b"lxc\n"),
        Write("run/systemd/container", b"wsl\n"),
        Write("proc/1/environ", b"A=b\0container=oci\0"),
        Write("var/run/secrets/kubernetes.io/x", b""),
    )
    return st.sampled_from([()] * 14 + [(mark,) for mark in marks])


NODES: Final[st.SearchStrategy[Steps]] = st.tuples(
    _surroundings(),
    _kernel(),
    _system(),
    _units(),
    _settings(),
    _lists(),
    _plain_files(),
    _network(),
    _packages(),
).map(_joined)
"""Nodes of which every feature may be there or not."""
