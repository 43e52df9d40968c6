"""A node to change and throw away: this machine's own files, under a layer in memory."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.backends.ansible.playing import Node
from tests.tools import needs_root, require

_PYTHON: Final = "/usr/bin/python3"

# In a mount namespace of its own, which ends with the shell that holds it: a copy of the root
# folder in which every change goes into memory. It has no /run of this machine, so that nothing in
# it finds a systemd that could be told to do something, and no sign of a container, about whose
# files the check script would say nothing.
_LAYER: Final = """
set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/above" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/above,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
mount -t tmpfs tmpfs "$1/root/run"
rm -f "$1/root/.dockerenv"
echo ready
read -r _
"""


@contextmanager
def throwaway(folder: Path) -> Iterator[Node]:
    """Provide a node without a running systemd, as in the chroot that an image is made in."""
    needs_root()
    require("systemctl")
    require("python3")
    holder = subprocess.Popen(
        [
            *(require("unshare"), "--mount", "--propagation", "private"),
            *("sh", "-c", _LAYER, "sh", str(folder)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "ready\n"
        enter = f"{require('nsenter')} --target {holder.pid} --mount"
        into = f"{enter} chroot {shlex.quote(str(folder / 'root'))} /bin/sh -c"
        yield Node(tuple(shlex.split(into)), _PYTHON)
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()
