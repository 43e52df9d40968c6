"""A control group for each container: the units of two that run at once must not share theirs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

_MOUNTS: Final = {
    "": (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")),
    "name=systemd": (Path("/sys/fs/cgroup/systemd"),),
}
"""Where the hierarchies are that systemd uses, by their names in cgroups(7)."""

_numbers = count()


@contextmanager
def own_groups() -> Iterator[list[Path]]:
    """Return the folders of a new control group below that of this process, one a hierarchy."""
    name = f"reqc-{os.getpid()}-{next(_numbers)}"
    groups = [folder / name for folder in _current()]
    for group in groups:
        group.mkdir()
    try:
        yield groups
    finally:
        for group in groups:
            below = [folder for folder in group.rglob("*") if folder.is_dir()]
            for folder in (*sorted(below, reverse=True), group):
                folder.rmdir()


def _current() -> Iterator[Path]:
    for line in Path("/proc/self/cgroup").read_text("ascii").splitlines():
        _, hierarchy, path = line.split(":", 2)
        for mount in _MOUNTS.get(hierarchy, ()):
            if (mount / "cgroup.procs").exists():
                yield mount / path.removeprefix("/")
                break
