"""One fake node that scripts, Python tools and scanners alike can be run on, by chroot.

It is the common node of the tests laid over this machine's own file system: programs are this
machine's, while /proc, /sys, /lib/modules and what is configured are the fake node's. The node runs
the release of this machine's kernel, because some tools ask the kernel itself.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.backends.shell.common_node import COMMON_RELEASE, common
from tests.backends.shell.nodes import Node

# What would tell that this machine is a container, which the fake node is not.
_CONTAINER = (".dockerenv", "run/.containerenv", "run/systemd/container", "run/secrets")
_STATUS = """\
Name:\tsh
Umask:\t0022
State:\tR (running)
Tgid:\t4711
Ngid:\t0
Pid:\t4711
PPid:\t4710
TracerPid:\t0
Uid:\t0\t0\t0\t0
Gid:\t0\t0\t0\t0
FDSize:\t256
Groups:\t0
NStgid:\t4711
NSpid:\t4711
NSpgid:\t4711
NSsid:\t4690
VmPeak:\t    2692 kB
VmSize:\t    2692 kB
VmLck:\t       0 kB
VmPin:\t       0 kB
VmHWM:\t    1664 kB
VmRSS:\t    1664 kB
RssAnon:\t       0 kB
RssFile:\t    1664 kB
RssShmem:\t       0 kB
VmData:\t     360 kB
VmStk:\t     132 kB
VmExe:\t      20 kB
VmLib:\t    1528 kB
VmPTE:\t      44 kB
VmSwap:\t       0 kB
HugetlbPages:\t       0 kB
CoreDumping:\t0
THP_enabled:\t1
Threads:\t1
SigQ:\t0/96217
SigPnd:\t0000000000000000
ShdPnd:\t0000000000000000
SigBlk:\t0000000000000000
SigIgn:\t0000000000000000
SigCgt:\t0000000000000000
CapInh:\t0000000000000000
CapPrm:\t000001ffffffffff
CapEff:\t000001ffffffffff
CapBnd:\t000001ffffffffff
CapAmb:\t0000000000000000
"""
"""What the kernel tells of a process of root; what is not in it, programs ask others for."""


def separate() -> list[str]:
    """Return the command that gives a program mounts of its own, as root or as another user."""
    return ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


@contextmanager
def world(*shared: Path) -> Iterator[Path]:
    """Yield the root folder of the node; only for programs with mounts of their own.

    Folders that are `shared` are in the node what they are outside.
    """
    base = Path(mkdtemp(prefix="reqc-bench-"))
    _mount("-t", "tmpfs", "node", str(base))
    try:
        for name in ("node", "upper", "work", "root"):
            (base / name).mkdir()
        _node(base / "node")
        layers = f"lowerdir={base}/node:/,upperdir={base}/upper,workdir={base}/work"
        _mount("-t", "overlay", "node", "-o", layers, f"{base}/root")
        for mark in _CONTAINER:
            _remove(base / "root" / mark)
        (base / "root/bench").mkdir()
        for folder in (Path("/dev"), *shared):
            place = base / "root" / folder.relative_to("/")
            place.mkdir(parents=True, exist_ok=True)
            _mount("--rbind", str(folder), str(place))
        yield base / "root"
    finally:
        # Nothing is deleted below a folder in which real ones are mounted: it is empty, or stays.
        subprocess.run(["umount", "--recursive", "--lazy", str(base)], check=True)
        base.rmdir()


def inside(root: Path, *command: str) -> list[str]:
    """Return a command that is run with the node's root folder as its own."""
    return ["chroot", str(root), *command]


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _node(folder: Path) -> None:
    node = common(Node(folder))
    release = os.uname().release
    node.write("proc/sys/kernel/osrelease", f"{release}\n")
    node.write("proc/self/status", _STATUS)
    (folder / f"boot/config-{COMMON_RELEASE}").rename(folder / f"boot/config-{release}")
    (folder / f"lib/modules/{COMMON_RELEASE}").rename(folder / f"lib/modules/{release}")
    for module in (folder / "sys/module").iterdir():
        node.write(f"sys/module/{module.name}/refcnt", "1\n")
        (module / "holders").mkdir()
    if Path("/lib").is_symlink():
        # A folder would cover the link, and with it the libraries of every program.
        shutil.copytree(folder / "lib", folder / "usr/lib", dirs_exist_ok=True)
        shutil.rmtree(folder / "lib")
        _modules(folder / "usr", release)
    else:
        _modules(folder, release)


def _modules(base: Path, release: str) -> None:
    """Make every module of the tree a file that modinfo reads, and the index that it needs."""
    tree = base / "lib/modules" / release
    dependencies = (tree / "modules.dep").read_text()
    lists = {file: file.read_bytes() for file in tree.glob("modules.*")}
    aliases = _aliases((tree / "modules.alias").read_text())
    for line in dependencies.splitlines():
        path = tree / line.partition(":")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_module(path.stem, aliases.get(path.stem.replace("-", "_"), ())))
    if shutil.which("depmod", path="/usr/sbin:/sbin"):
        command = ["/usr/sbin/depmod", "-b", str(base), release]
        subprocess.run(command, check=True, capture_output=True)
    for file, content in lists.items():
        file.write_bytes(content)


def _aliases(text: str) -> Mapping[str, list[str]]:
    found = defaultdict(list)
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["alias"]:
            found[words[2]].append(words[1])
    return found


def _module(name: str, aliases: Iterable[str]) -> bytes:
    """Return the smallest object file with the information of a module: ELF, 64 bits, x86-64."""
    words = ["license=GPL", f"name={name}", *(f"alias={alias}" for alias in aliases)]
    information = b"".join(word.encode() + b"\0" for word in words)
    names = b"\0.modinfo\0.shstrtab\0.symtab\0.strtab\0"
    head = 64
    symbols, strings = bytes(24), b"\0"
    parts = [information, names, symbols, strings]
    starts, offset = [], head
    for part in parts:
        starts.append(offset)
        offset += len(part) + -len(part) % 8
    sections = [
        (0, 0, 0, 0, 0, 0),
        (1, 1, starts[0], len(information), 0, 0),
        (10, 3, starts[1], len(names), 0, 0),
        (20, 2, starts[2], len(symbols), 4, 24),
        (28, 3, starts[3], len(strings), 0, 0),
    ]
    identity = b"\x7fELF\x02\x01\x01" + bytes(9)
    fields = (1, 62, 1, 0, 0, offset, 0, head, 0, 0, 64, len(sections), 2)
    table = b"".join(
        struct.pack("<IIQQQQIIQQ", label, kind, 0, 0, start, size, link, 0, 1, entry)
        for label, kind, start, size, link, entry in sections
    )
    body = b"".join(part + bytes(-len(part) % 8) for part in parts)
    return identity + struct.pack("<HHIQQQIHHHHHH", *fields) + body + table
