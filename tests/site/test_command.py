"""`reqc docs` from the command line: all or nothing, its own files only, and quiet."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.command import in_shell, reqc
from tests.cli.terminals import at_terminal
from tests.site.libraries import CHAIN, specification, write_library

RECORD = ".reqc-docs.json"


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def specs(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "specs"
    folder.mkdir()
    return write_library(folder)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def test_writes_a_site_and_says_nothing(specs: list[Path], site: Path) -> None:
    done = reqc("docs", *specs, "-o", site)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "demo/linux/1.11.html" in files(site)
    assert set(json.loads((site / RECORD).read_text())["files"]) == set(files(site)) - {RECORD}


def test_the_order_of_the_arguments_does_not_matter(specs: list[Path], site: Path) -> None:
    reqc("docs", *specs, "-o", site)
    first = files(site)

    reqc("docs", *reversed(specs), specs[0], "-o", site)

    assert files(site) == first
    assert str(site.parent).encode() not in b"".join(first.values())


def test_verbose_names_the_files(specs: list[Path], site: Path) -> None:
    done = reqc("docs", specs[0], "-o", site, "-v")

    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"wrote {site}/{name}" for name in ("demo/linux/1.9.html", "index.html", "search.html")
    ]


def test_progress_is_for_terminals_and_leaves_no_trace(specs: list[Path], site: Path) -> None:
    shown = at_terminal("docs", *specs, "-o", site)

    assert shown.status == 0
    assert f"reading 2 of {len(specs)}" in shown.raw
    assert "writing 15 pages" in shown.raw
    assert shown.text.strip() == ""


def test_errors_of_all_specifications_are_told_and_nothing_is_written(
    specs: list[Path], site: Path
) -> None:
    for path in specs[:2]:
        path.write_text(path.read_text() + "section s { must a: kernel >= x }\n")

    done = reqc("docs", *specs, site / "no.req", "-o", site)

    assert done.returncode == 1
    assert done.stdout == ""
    for path in (*specs[:2], site / "no.req"):
        assert path.name in done.stderr
    assert not site.exists()


def test_a_mistake_in_a_file_that_several_use_is_told_once(specs: list[Path], site: Path) -> None:
    specs[0].with_name("part.req").write_text('req 1\nfragment f "F"\noption x: bool = 3\n')
    for path in specs:
        path.write_text(path.read_text() + 'use "part.req"\n')

    done = reqc("docs", *specs, "-o", site)

    assert done.returncode == 1
    assert done.stderr.count("error[REQ402]") == 1


def test_two_specifications_of_one_version_are_an_error(specs: list[Path], site: Path) -> None:
    twin = specs[0].with_name("twin.req")
    twin.write_text(specification("1.9", CHAIN["1.10"]))

    done = reqc("docs", *specs, twin, "-o", site)

    assert done.returncode == 1
    assert "error[REQ201]: two specifications are of demo 1.9 on linux" in done.stderr
    assert "the first" in done.stderr
    assert not site.exists()


def test_names_that_differ_in_capitals_only_are_an_error(specs: list[Path], site: Path) -> None:
    twin = specs[0].with_name("twin.req")
    twin.write_text(specification("1.9", CHAIN["1.10"], product="Demo"))

    assert reqc("docs", *specs, twin, "-o", site).returncode == 1


@pytest.mark.parametrize("arguments", ["", "x.req", "-o site"])
def test_wrong_usage_is_told(arguments: str, tmp_path: Path) -> None:
    done = in_shell(f"docs {arguments}", cwd=tmp_path)

    assert done.returncode == 2
    assert "usage: reqc docs" in done.stderr


def test_a_file_in_the_place_of_the_folder_is_an_error(specs: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")

    done = reqc("docs", *specs, "-o", tmp_path / "file")

    assert done.returncode == 1
    assert done.stderr.startswith("reqc: error: ")
    assert (tmp_path / "file").read_text() == "mine"


def test_pages_that_are_no_more_are_removed(specs: list[Path], site: Path) -> None:
    reqc("docs", *specs, "-o", site)
    (site / "demo" / "linux" / "mine.html").write_text("mine")

    done = reqc("docs", *specs[3:], "-o", site, "-v")

    left = files(site)
    assert f"removed {site}/demo/linux.html\n" in done.stderr
    assert sorted(name for name in left if name.startswith("demo/linux")) == [
        "demo/linux/mine.html"
    ]
    assert not (site / "demo" / "linux" / "changes").exists()
    assert (site / "demo" / "bsd" / "1.9.html").exists()
    del left["demo/linux/mine.html"]
    fresh = site.with_name("fresh")
    reqc("docs", *specs[3:], "-o", fresh)
    assert files(fresh) == left


def test_a_page_that_somebody_changed_is_not_removed(specs: list[Path], site: Path) -> None:
    reqc("docs", *specs, "-o", site)
    (site / "demo" / "linux.html").write_text("mine")

    reqc("docs", *specs[3:], "-o", site)

    assert (site / "demo" / "linux.html").read_text() == "mine"


def test_a_file_of_somebody_else_is_not_overwritten(specs: list[Path], site: Path) -> None:
    site.mkdir()
    (site / "index.html").write_text("mine")

    done = reqc("docs", *specs, "-o", site)

    assert done.returncode == 2
    assert f"{site}/index.html is there, and not from an earlier run" in done.stderr
    assert files(site) == {"index.html": b"mine"}


def test_a_folder_in_the_place_of_a_page_is_not_replaced(specs: list[Path], site: Path) -> None:
    (site / "search.html" / "mine").mkdir(parents=True)

    assert reqc("docs", *specs, "-o", site).returncode == 2
    assert files(site) == {}


@pytest.mark.parametrize(
    "record", ["", "[]", "{}", '{"schema": "reqc/docs/1", "files": {"a": 1}}', "\x00"]
)
def test_a_record_that_is_none_is_an_error(specs: list[Path], site: Path, record: str) -> None:
    site.mkdir()
    (site / RECORD).write_text(record)

    done = reqc("docs", *specs, "-o", site)

    assert done.returncode == 2
    assert f"{site}/{RECORD} is no record of an earlier run" in done.stderr
    assert list(files(site)) == [RECORD]


def test_what_a_record_names_is_removed_only_within_the_folder(
    specs: list[Path], site: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.html").write_text("mine")
    site.mkdir()
    (site / "link").symlink_to(outside)
    (site / "link.html").symlink_to(outside / "a.html")
    digest = hashlib.sha256(b"mine").hexdigest()
    names = ["../outside/a.html", str(outside / "a.html"), "link/a.html", "link.html", ".", ""]
    forged = {"schema": "reqc/docs/1", "files": dict.fromkeys(names, digest)}
    (site / RECORD).write_text(json.dumps(forged))

    done = reqc("docs", *specs, "-o", site, "-v")

    assert done.returncode == 0
    assert "removed" not in done.stderr
    assert (outside / "a.html").read_text() == "mine"
    assert (site / "link.html").is_symlink()


def test_a_link_in_the_folder_leads_no_page_out_of_it(
    specs: list[Path], site: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    site.mkdir()
    (site / "demo").symlink_to(outside)

    done = reqc("docs", *specs, "-o", site)

    assert done.returncode == 2
    assert f"{site}/demo/bsd/1.9.html is outside of the folder" in done.stderr
    assert list(outside.iterdir()) == []


def test_errata_can_be_corrected(specs: list[Path], site: Path) -> None:
    slip = '  must slip: module vxlan { erratum "A slip" }\n'
    specs[0].write_text(specification("1.9", CHAIN["1.9"][:-2] + slip + "}\n"))

    reqc("docs", *specs, "-o", site, "--errata", "corrected")

    assert 'id="node.slip"' not in (site / "demo" / "linux.html").read_text()
    assert "node.slip" not in (site / "search.html").read_text()


def test_the_help_teaches() -> None:
    told = reqc("docs", "--help").stdout

    assert "reqc docs specs/*.req -o site/" in told
    assert "exit status" in told
