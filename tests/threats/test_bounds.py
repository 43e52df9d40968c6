"""What is too much is refused, in memory and processor time that are given beforehand."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest

from reqc.compiler.loader import LARGEST_FILE
from tests.cli.command import REQC, SMALL

MEMORY = 512 * 1024 * 1024
SECONDS = 30


def bounded(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run reqc where the kernel refuses more memory, and ends it after so much work."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    return subprocess.run(
        [REQC, *arguments],
        preexec_fn=limit,  # no threads here
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.req"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_page_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.req"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_FILE * 100)

    done = bounded("check", path)

    assert done.returncode == 1
    assert "error[REQ" in done.stderr


def test_a_page_without_an_end_is_refused() -> None:
    done = bounded("check", "/dev/zero")

    assert done.returncode == 1
    assert "error[REQ" in done.stderr


def test_an_inventory_of_aliases_that_double_is_refused(page: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    rows = ["a0: &a0 {hosts: {one: {ansible_host: 10.0.0.1}}}"]
    rows += [f"a{at}: &a{at} {{children: {{x: *a{at - 1}, y: *a{at - 1}}}}}" for at in range(1, 60)]
    inventory.write_text("\n".join([*rows, "host: *a59", ""]), encoding="utf-8")

    done = bounded("compile", page, "-t", "json", "--inventory", inventory)

    assert done.returncode == 2
    assert "no end of groups" in done.stderr


def test_files_that_use_each_other_are_read_once(page: Path, tmp_path: Path) -> None:
    """Each of two files uses both of the next two, which unrolled would be 2^41 files."""
    for at in range(40):
        for side in "ab":
            text = f'req 1\nfragment {side}{at}\nuse "a{at + 1}.req"\nuse "b{at + 1}.req"\n'
            (tmp_path / f"{side}{at}.req").write_text(text, encoding="utf-8")
    for side in "ab":
        text = f"req 1\nfragment {side}40\n"
        (tmp_path / f"{side}40.req").write_text(text, encoding="utf-8")
    page.write_text(SMALL.replace("option typha:", 'use "a0.req"\noption typha:'), encoding="utf-8")

    done = bounded("check", page)

    assert done.returncode == 0, done.stderr


def test_a_file_that_only_seems_to_be_an_artefact_is_read_in_bounds(
    page: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rules.nft"
    line = "# Compiled by reqc 1 from x\n# Specification: sha256 0\n#   \n"
    path.write_text(line * 20_000 + "<" * 100_000 + "-" * 100_000, encoding="utf-8")

    done = bounded("verify", path, "--spec", page)

    assert done.returncode == 3
