"""Boots a kernel in a virtual machine, runs commands in it, and returns what they said."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.tools import require
from tests.vm.initramfs import Initramfs
from tests.vm.kernels import Kernel

SECONDS: Final = 900
"""How long a boot and its steps may take; half a minute is usual."""

_INIT: Final = Path(__file__).with_name("init.sh")


@dataclass(frozen=True, slots=True)
class Said:
    """What a step said: its exit status and its two outputs."""

    status: int
    out: str
    err: str


def system(kernel: Kernel) -> Initramfs:
    """Return a root file system with a kernel's modules and a small userland of this machine.

    The tools are those of busybox; more is there only as an oracle or because nodes have it: dash,
    mawk, which is faster, iptables, ipset, and modprobe of kmod, which the kernel itself calls.
    """
    made = Initramfs()
    for name in ("bin", "sbin", "lib", "lib64"):
        made.link(name, f"usr/{name}")
    for name in ("proc", "sys", "dev", "steps", "etc"):
        made.folder(name)
    made.write("etc/passwd", "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n")
    made.write("init", _INIT.read_bytes(), 0o755)
    for tool in ("busybox", "dash", "setpriv", "ipset"):
        made.program(tool)
    made.program("mawk", "usr/bin/awk")
    made.program("kmod", "usr/sbin/modprobe")
    _iptables(made)
    for folder in ("boot", f"usr/lib/modules/{kernel.release}"):
        if (kernel.root / folder).is_dir():
            made.copy(folder, kernel.root / folder)
    return made


def _iptables(made: Initramfs) -> None:
    for variant in ("legacy", "nft"):
        made.program(f"xtables-{variant}-multi", f"usr/sbin/xtables-{variant}-multi")
        for family in ("iptables", "ip6tables"):
            made.link(f"usr/sbin/{family}-{variant}", f"xtables-{variant}-multi")
    (extensions,) = Path("/usr/lib").glob("*/xtables")
    for file in sorted(extensions.glob("*.so")):
        made.copy(str(file.relative_to("/")), file)


def boot(
    kernel: Kernel, made: Initramfs, steps: Mapping[str, str], folder: Path, *parameters: str
) -> dict[str, Said]:
    """Run each step, a text for the shell, and return what it said by its name.

    `folder` is for the files of the machine, `parameters` are further ones of the kernel.
    """
    for number, (name, text) in enumerate(steps.items()):
        made.write(f"steps/{number:02}-{name}", f"{text}\n")
    (folder / "initramfs").write_bytes(made.packed())
    results = folder / "results.tar.gz"
    # Without hardware acceleration, which virtual machines often promise and do not give.
    # Some releases of QEMU emulate cmpxchg16b wrongly now and then, which ends Linux 6.12.
    command = [require("qemu-system-x86_64"), "-accel", "tcg", "-cpu", "qemu64,-cx16"]
    command += ["-machine", "pc", "-m", "768", "-nodefaults", "-display", "none", "-no-reboot"]
    command += ["-serial", "stdio", "-serial", f"file:{results}"]
    command += ["-kernel", str(kernel.image), "-initrd", str(folder / "initramfs")]
    command += ["-append", " ".join(("console=ttyS0 quiet panic=-1", *parameters))]
    console = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=SECONDS,
    )
    (folder / "initramfs").unlink()
    assert console.returncode == 0, console.stderr
    assert results.stat().st_size, console.stdout
    return _said(results)


def _said(results: Path) -> dict[str, Said]:
    with tarfile.open(results) as archive:
        texts = {
            member.name.removeprefix("./"): content.read().decode()
            for member in archive
            if (content := archive.extractfile(member)) is not None
        }
    names = [name.removesuffix(".status") for name in texts if name.endswith(".status")]
    return {
        name.partition("-")[2]: Said(
            int(texts[f"{name}.status"]), texts[f"{name}.out"], texts[f"{name}.err"]
        )
        for name in sorted(names)
    }
