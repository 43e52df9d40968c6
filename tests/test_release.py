"""A release is the same bytes whoever builds it, and is all that reqc needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from jinja2 import ModuleLoader

from reqc.backends.registry import TARGETS
from reqc.backends.templates import precompiled
from reqc.compiler.cli import main
from tests.tools import missing

ROOT = Path(__file__).parents[1]
PARTS = (
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "backends",
    "compiler",
    "grammar",
    "pyproject.toml",
    "scripts",
    "specs",
    "src",
)
OLDEST = 77
"""The first setuptools that reads our pyproject.toml."""

BUILD = """
import sys
sys.path.insert(0, "scripts")
import build_backend
getattr(build_backend, sys.argv[1])(sys.argv[2])
"""


def needs_setuptools() -> None:
    if int(version("setuptools").split(".")[0]) < OLDEST:
        missing(f"setuptools {OLDEST}")


def copied(folder: Path, time: int) -> Path:
    """Copy what a release is made of; all files get a time."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, symlinks=True, ignore=ignored)
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(ROOT / part, folder / part)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (time, time))
    return folder


def built(folder: Path, what: str, environment: dict[str, str]) -> Path:
    """Build in a folder and return what came of it."""
    place = folder / "dist"
    place.mkdir(exist_ok=True)
    before = set(place.iterdir())
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD, f"build_{what}", str(place)],
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    (made,) = set(place.iterdir()) - before
    return made


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by their paths in it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needs_setuptools()
    return built(copied(tmp_path_factory.mktemp("source") / "tree", 1_000_000_000), "wheel", {})


@pytest.mark.parametrize("what", ["sdist", "wheel"])
@pytest.mark.parametrize("environment", [{}, {"SOURCE_DATE_EPOCH": "1700000000"}])
def test_the_same_sources_give_the_same_bytes_later_and_elsewhere(
    what: str, environment: dict[str, str], tmp_path: Path
) -> None:
    needs_setuptools()
    one = built(copied(tmp_path / "one", 1_000_000_000), what, {**environment, "TZ": "UTC"})
    other = built(
        copied(tmp_path / "other", 1_500_000_000), what, {**environment, "TZ": "Asia/Tokyo"}
    )

    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_the_archive_of_sources_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sources = built(copied(tmp_path / "tree", 1_000_000_000), "sdist", {})
    with tarfile.open(sources) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (folder,) = (tmp_path / "unpacked").iterdir()

    assert built(folder, "wheel", {}).read_bytes() == wheel.read_bytes()


def test_the_wheel_holds_every_template_of_a_target_as_a_module(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    templates = [
        path
        for path in (ROOT / "backends").glob("*/templates/*")
        if path.suffix in {".j2", ".jinja", ".yml"}
    ]

    assert templates
    for path in templates:
        module = ModuleLoader.get_module_filename(path.name)
        assert f"reqc/backends/{path.parts[-3]}/{precompiled()}/{module}" in names, path


def test_the_wheel_alone_compiles_the_shipped_pages_to_every_target(
    wheel: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "clean", symlinks=True, with_pip=False)
    python = tmp_path / "clean/bin/python"
    (home,) = (tmp_path / "clean/lib").glob("python*/site-packages")
    shutil.unpack_archive(wheel, home, "zip")
    # what reqc depends on comes from where the tests have it, reqc itself does not
    dependencies = tmp_path / "dependencies"
    dependencies.mkdir()
    for path in Path(yaml.__file__).parents[1].iterdir():
        if "reqc" not in path.name.lower() and path.suffix != ".pth":
            (dependencies / path.name).symlink_to(path)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(dependencies)}
    names = [part for name in TARGETS for part in ("-t", name)]

    for page in sorted((home / "reqc/specs").glob("*.req")):
        folder = tmp_path / page.stem
        subprocess.run(
            [str(python), "-m", "reqc", "compile", str(page), *names, "-o", str(folder)],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
        )
        assert {path.name for path in folder.iterdir()} == set(TARGETS)
        # whose templates are modules, while those of the repository are compiled as they are read
        assert main(["compile", str(page), *names, "-o", f"{folder}-here", "--no-cache"]) == 0
        assert contents(folder) == contents(tmp_path / f"{page.stem}-here")
    where = [str(python), "-c", "import reqc; print(reqc.__file__)"]
    found = subprocess.run(
        where, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()).is_relative_to(home)
