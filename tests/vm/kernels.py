"""Kernels of Debian that scripts/guests fetched, and what kmod and their packages say of them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.tools import missing, require

GUESTS = Path(os.environ["REQC_GUESTS"])
"""Where they are: tests/conftest.py takes the cache away from what is tested."""

SUITES = ("bullseye", "bookworm", "trixie", "sid")


@dataclass(frozen=True, slots=True)
class Kernel:
    """An installed kernel: the root folder that its packages and depmod filled, and its release."""

    root: Path
    release: str

    @property
    def tree(self) -> Path:
        """The folder of its modules."""
        return self.root / "usr/lib/modules" / self.release

    @property
    def image(self) -> Path:
        """The file that boots."""
        return self._one_of(self.root / f"boot/vmlinuz-{self.release}", self.tree / "vmlinuz")

    @property
    def configuration(self) -> Path:
        """The file of its options."""
        return self._one_of(self.root / f"boot/config-{self.release}", self.tree / "config")

    @staticmethod
    def _one_of(*files: Path) -> Path:
        return next(file for file in files if file.is_file())

    def options(self) -> set[str]:
        """Return the lines of the configuration."""
        return set(self.configuration.read_text("ascii").splitlines())

    def resolves(self, name: str) -> str:
        """Return the module that kmod loads for a name or an alias, empty for none."""
        command = [require("modprobe"), "--dirname", str(self.root), "--set-version", self.release]
        command += ["--config", os.devnull, "--show-depends", name]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode != 0:
            return ""
        *_, last = said.stdout.splitlines()
        return Path(last.split()[1]).name.partition(".ko")[0]


def fetched(name: str) -> Path:
    """Return a folder of scripts/guests; skip without it, or fail where CI promises all."""
    folder = GUESTS / name
    if not folder.is_dir():
        missing(f"{name}: run scripts/guests")
    return folder


def kernel(suite: str) -> Kernel:
    """Return the kernel of a suite."""
    root = fetched(f"kernels/{suite}")
    (tree,) = root.glob("usr/lib/modules/*")
    return Kernel(root, tree.name)
