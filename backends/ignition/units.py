"""Units: what Ignition says about a systemd unit, and the units it needs for mounts."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from reqc.backends.base import Reason
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.text import one_line
from reqc.compiler.states import MountPoint

DEVICELESS: Final = frozenset(
    {
        *("binfmt_misc", "bpf", "cgroup2", "configfs", "debugfs", "efivarfs", "fusectl"),
        *("hugetlbfs", "mqueue", "nfsd", "pstore", "ramfs", "rpc_pipefs", "securityfs"),
        *("tmpfs", "tracefs"),
    }
)
"""File systems that need no device, so that a type and a path say all there is to say."""

MOUNTED_BY_SYSTEMD: Final = frozenset(
    {
        *("/dev", "/dev/console", "/dev/pts", "/dev/shm"),  # noqa: S108  # names, not uses
        *("/proc", "/run", "/run/lock", "/sys", "/sys/firmware/efi/efivars", "/sys/fs/bpf"),
        *("/sys/fs/cgroup", "/sys/fs/pstore", "/sys/fs/selinux", "/sys/fs/smackfs"),
        "/sys/kernel/security",
    }
)
"""What systemd mounts before it reads units; it refuses to load a unit for one of these.

From systemd's mount_point_is_api(), and tried with `systemd-analyze verify`. /sys/fs/bpf is among
them since systemd 238.
"""

_CGROUPS: Final = "/sys/fs/cgroup/"
_PLAIN_PATH: Final = re.compile(r"(/[A-Za-z0-9_.:@-]+)+")


class DropIn(Struct, frozen=True):
    """A file that changes a part of a unit."""

    name: str
    contents: str


class UnitEntry(Struct, frozen=True):
    """One unit; what is None, false or empty is not written.

    `for_mount` tells that a mount needs it, so that it has to be enabled.
    """

    name: str
    requirements: tuple[str, ...]
    enabled: bool | None = None
    mask: bool = False
    contents: str | None = None
    drop_ins: tuple[DropIn, ...] = ()
    for_mount: bool = False

    @property
    def state(self) -> str:
        """What becomes of the unit, in words."""
        states = [
            *(["contents"] if self.contents is not None else []),
            *(f"drop-in {item.name}" for item in self.drop_ins),
            *(["masked"] if self.mask else []),
            *([] if self.enabled is None else ["enabled" if self.enabled else "disabled"]),
        ]
        return ", ".join(states)


def mount_entry(mount: Wanted[MountPoint]) -> UnitEntry | tuple[Reason, str]:
    """Return the unit that mounts a file system at boot, or why there can be none.

    Only file systems without a device can be said, at paths that mean themselves in a unit file.
    """
    path, kind = mount.value.path, mount.value.filesystem
    if path in MOUNTED_BY_SYSTEMD or path.startswith(_CGROUPS):
        return Reason.IGNORED, f"systemd mounts `{path}` by itself and takes no unit for it"
    if kind not in DEVICELESS or not _PLAIN_PATH.fullmatch(path):
        what = f"`{one_line(kind)}` at `{one_line(path)}`"
        return Reason.INEXPRESSIBLE, f"a unit cannot mount {what} without a device and a plain path"
    contents = (
        f"[Unit]\nDescription=File system {kind} at {path}\n\n"
        f"[Mount]\nWhat={kind}\nWhere={path}\nType={kind}\n\n"
        "[Install]\nWantedBy=local-fs.target\n"
    )
    name = f"{escaped_path(path)}.mount"
    return UnitEntry(name, mount.requirements, enabled=True, contents=contents, for_mount=True)


def escaped_path(path: str) -> str:
    """Return an absolute path as systemd names the units of paths (systemd.unit(5))."""
    inner = path.strip("/")
    return "".join(
        "-" if part == "/" else part if _stands(part, at) else f"\\x{ord(part):02x}"
        for at, part in enumerate(inner)
    )


def _stands(character: str, at: int) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9:_]", character)) or (character == "." and at > 0)
