"""The repository's folders, the links for the tools, and the packages of the wheel agree."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
FOLDERS: dict[str, str] = SETUP["package-dir"]


def test_every_package_of_the_repository_is_in_the_wheel() -> None:
    found = {"reqc", "reqc.grammar", "reqc.specs"}
    for top in ("compiler", "backends"):
        for marker in (ROOT / top).rglob("__init__.py"):
            found.add(".".join(("reqc", *marker.parent.relative_to(ROOT).parts)))

    assert sorted(SETUP["packages"]) == sorted(found)


@pytest.mark.parametrize("name", sorted(set(FOLDERS) - {"reqc"}))
def test_every_link_leads_to_the_folder_of_its_package(name: str) -> None:
    link = ROOT / "src" / Path(*name.split("."))

    assert link.is_symlink()
    assert not link.readlink().is_absolute()
    assert link.resolve() == ROOT / FOLDERS[name]


def test_every_data_file_is_in_the_wheel() -> None:
    patterns: dict[str, list[str]] = SETUP["package-data"]
    packed = set()
    for package, globs in patterns.items():
        folder = ROOT / "src" / Path(*package.split("."))
        packed |= {path.resolve() for pattern in globs for path in folder.glob(pattern)}
    tops = [ROOT / top for top in ("compiler", "backends", "grammar", "specs")]
    suffixes = {".yaml", ".lark", ".req", ".j2", ".sh", ".jinja", ".css", ".js"}
    data = {path for top in tops for path in top.rglob("*") if path.suffix in suffixes}
    data |= {path.with_suffix(".json") for path in data if path.suffix == ".yaml"}

    assert data <= packed
