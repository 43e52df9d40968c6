"""`reqc trace`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import reqc
from tests.language.reading import section
from tests.schemas import read_as

LINES = "A page\n- 2 processors\n- 4 GiB of memory\n"
HEAD = 'source page "page.txt"\nrole host\n'
COVERED = ("must cpu: cpu >= 2 @page:2", "must memory: memory >= 4GiB @page:3")


def _spec(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "a.req"
    path.write_text(section(*rows, head=head), encoding="utf-8")
    return path


def _beside(folder: Path, text: str = LINES) -> Path:
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_a_source_beside_the_specification_is_found_and_covered(tmp_path: Path) -> None:
    _beside(tmp_path)

    done = reqc("trace", _spec(tmp_path, *COVERED))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"page: {tmp_path}/page.txt\n"
        "    1  -          A page\n"
        "    2  cited      - 2 processors\n"
        "                  s.cpu\n"
        "    3  cited      - 4 GiB of memory\n"
        "                  s.memory\n"
        "2 of 2 normative lines covered (100 %): 2 cited, 0 ignored\n"
    )


def test_an_uncovered_line_is_a_problem_in_the_page(tmp_path: Path) -> None:
    _beside(tmp_path)

    done = reqc("trace", _spec(tmp_path, COVERED[0]))

    assert done.returncode == 1
    assert "1 of 2 normative lines covered (50 %): 1 cited, 0 ignored" in done.stdout
    assert "                  looks normative: number, list or table\n" in done.stdout
    assert "error[REQ721]" in done.stderr
    assert f"{tmp_path}/page.txt:3:1" in done.stderr


def test_the_command_line_says_where_a_source_is(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    file = _beside(elsewhere)
    spec = _spec(tmp_path, *COVERED)

    assert reqc("trace", spec).returncode == 1
    assert reqc("trace", spec, "--source", f"page={file}").returncode == 0
    assert reqc("trace", spec, "--include-dir", elsewhere).returncode == 0


def test_a_source_may_come_over_standard_input(tmp_path: Path) -> None:
    done = reqc("trace", _spec(tmp_path, *COVERED), "--source", "page=-", stdin=LINES)

    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "page: <stdin>")


def test_a_missing_text_is_named_with_the_way_to_give_it(tmp_path: Path) -> None:
    done = reqc("trace", _spec(tmp_path, *COVERED))

    assert (done.returncode, done.stdout) == (1, "")
    assert "error[REQ724]" in done.stderr
    assert "--source page=FILE" in done.stderr


def test_an_unknown_source_is_wrong_usage(tmp_path: Path) -> None:
    done = reqc("trace", _spec(tmp_path, *COVERED), "--source", "pgae=x.txt")

    assert done.returncode == 2
    assert "did you mean `page`?" in done.stderr


def test_an_unreadable_text_is_a_problem(tmp_path: Path) -> None:
    spec = _spec(tmp_path, *COVERED)
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")

    for file, code in ((tmp_path / "none", "REQ001"), (tmp_path, "REQ001"), (binary, "REQ002")):
        done = reqc("trace", spec, "--source", f"page={file}")
        assert done.returncode == 1
        assert code in done.stderr


@pytest.mark.parametrize("written", ["../secret.txt", "{}/secret.txt", "link.txt"])
def test_a_specification_cannot_have_other_files_printed(tmp_path: Path, written: str) -> None:
    (tmp_path / "secret.txt").write_text("password 1", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    head = HEAD.replace("page.txt", written.format(tmp_path))

    done = reqc("trace", _spec(folder, *COVERED, head=head))

    assert done.returncode == 1
    assert "REQ724" in done.stderr
    assert "password" not in done.stdout + done.stderr


def test_hostile_lines_and_reasons_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    _beside(tmp_path, "must \x1b[2J\u202eevil\x07\r\nmust \x1b]0;x\x07\n")
    head = HEAD + 'ignore @page:1 "so \\u{1b}[31m it is"\n'

    done = reqc("trace", _spec(tmp_path, "must cpu: cpu >= 2 @page", head=head))

    assert done.returncode == 1
    for shown in (done.stdout, done.stderr):
        assert not {"\x1b", "\u202e", "\x07", "\r"} & set(shown)
    assert "\\u{1b}[2J\\u{202e}evil" in done.stdout


def test_programs_read_the_whole_trace(tmp_path: Path) -> None:
    file = _beside(tmp_path, LINES + "x" * 500 + "\x1b\n")
    head = HEAD + 'ignore @page:1 "A heading."\n'

    done = reqc("trace", _spec(tmp_path, COVERED[0], head=head), "--format", "json")

    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    found = read_as("trace", done.stdout)
    (source,) = found["sources"]
    assert found["schema"] == "reqc/trace/1"
    assert found["document"] == "demo 1.0 on linux"
    assert source["file"] == str(file)
    counts = ("normative", "cited", "ignored", "uncovered", "percent")
    assert [source[name] for name in counts] == [2, 1, 0, 1, 50]
    assert source["lines"][0] == {
        "line": 1,
        "state": "ignored",
        "text": "A page",
        "cited": [],
        "reasons": ["A heading."],
        "signs": [],
    }
    assert source["lines"][3]["text"] == "x" * 500 + "\x1b"


def test_a_long_line_is_cut_for_people(tmp_path: Path) -> None:
    _beside(tmp_path, "word " * 100 + "\n")

    done = reqc("trace", _spec(tmp_path, "must cpu: cpu >= 2 @page:1"))

    assert max(map(len, done.stdout.splitlines())) < 125
    assert "..." in done.stdout


def test_colours_are_asked_for(tmp_path: Path) -> None:
    _beside(tmp_path)
    spec = _spec(tmp_path, *COVERED)

    assert "\x1b[32mcited" in reqc("trace", spec, "--color", "always").stdout
    assert "\x1b" not in reqc("trace", spec).stdout


def test_sources_are_traced_one_after_another(tmp_path: Path) -> None:
    head = f'source other "other.txt"\nsource book {{ title "A book" }}\n{HEAD}'
    (tmp_path / "other.txt").write_text("- 1 disk\n", encoding="utf-8")
    rows = (*COVERED, 'must disk: disk "/var" >= 1GiB @other:1')

    done = reqc("trace", _spec(tmp_path, *rows, head=head), "--source", f"page={_beside(tmp_path)}")

    first, second = done.stdout.split("\n\n")
    assert first.startswith(f"other: {tmp_path}/other.txt\n")
    assert second.startswith(f"page: {tmp_path}/page.txt\n")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_bad_specification_is_not_traced(tmp_path: Path) -> None:
    done = reqc("trace", _spec(tmp_path, "must cpu: nonsense"))

    assert (done.returncode, done.stdout) == (1, "")
    assert "REQ301" in done.stderr
