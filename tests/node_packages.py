"""Packages of npm, installed beside the tests that need them."""

from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path

from tests.tools import missing, require


def node_packages(folder: Path) -> Path:
    """Return the packages that the lock file in a folder names; skip, or fail in CI, without npm.

    They are installed once for all test processes and until the lock file changes.
    """
    npm = require("npm")
    lock_file, packages = folder / "package-lock.json", folder / "node_modules"
    stamp = packages / "installed-for.json"
    wanted = lock_file.read_text(encoding="utf-8")
    with lock_file.open(encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return packages
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            missing(f"packages of {folder.name}, which npm cannot install: {done.stderr}")
        stamp.write_text(wanted, encoding="utf-8")
        return packages
