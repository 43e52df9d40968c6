"""An installation of reqc like that of its users, to be measured.

The development environment finds reqc through a hook that every Python of it loads, also the one
that does nothing: ratios to that would flatter.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import version
from pathlib import Path

from tests.test_release import OLDEST, copied

import reqc

ROOT = Path(__file__).parents[1]
_TIME = 1_000_000_000


def is_for_development() -> bool:
    """Tell whether the reqc that is imported here is that of the repository."""
    return Path(reqc.__file__).resolve().is_relative_to(ROOT)


def installed(folder: Path) -> Path:
    """Build a wheel, install it below a folder, and return the Python that has it.

    What reqc depends on is used from the development environment; only a setuptools too old to
    build with is fetched anew.
    """
    tree = copied(folder / "tree", _TIME)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    enough = int(version("setuptools").partition(".")[0]) >= OLDEST
    building = ["wheel", "--quiet", "--no-deps", *(["--no-build-isolation"] if enough else [])]
    subprocess.run([*pip, *building, "--wheel-dir", str(folder), str(tree)], check=True)
    (wheel,) = folder.glob("*.whl")
    home = folder / "environment"
    venv.create(home)
    python = home / "bin" / "python"
    options = ["install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--python", str(python), *options, str(wheel)], check=True)
    names = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", names))
    dependencies = sysconfig.get_path("purelib")
    (packages / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    return python
