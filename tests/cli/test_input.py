"""Whatever a file is, reqc says what is wrong with it and never falls over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.command import SMALL, in_shell, reqc


def test_a_sound_specification_is_fine_and_silent(spec: Path) -> None:
    done = reqc("check", spec)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = reqc("check", "nowhere.req", cwd=tmp_path)

    assert done.returncode == 1
    assert "error[REQ001]: cannot read nowhere.req: No such file" in done.stderr


def test_a_folder_is_no_specification(tmp_path: Path) -> None:
    done = reqc("check", tmp_path)

    assert done.returncode == 1
    assert "Is a directory" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"req 1\n\xff\xfe\n", "byte 0xff in line 2"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "a zero byte in line 1"),
        ("req 1\n".encode("utf-16"), "byte 0xff in line 1"),
        (os.urandom(4096), "not"),
    ],
    ids=["latin-1", "program", "utf-16", "noise"],
)
def test_what_is_no_text_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "junk.req"
    path.write_bytes(content)

    done = reqc("check", path)

    assert done.returncode == 1
    assert "error[REQ002]" in done.stderr
    assert said in done.stderr


@pytest.mark.parametrize("content", ["", "\n", "# only a comment", "\ufeff", " \t"])
def test_an_empty_file_is_no_document(content: str, tmp_path: Path) -> None:
    path = tmp_path / "empty.req"
    path.write_text(content, encoding="utf-8")

    done = reqc("check", path)

    assert done.returncode == 1
    assert done.stderr.count("error[REQ107]") == 2


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.req"
    with path.open("wb") as stream:
        stream.truncate((64 << 20) + 1)  # sparse, so that nothing is written

    done = reqc("check", path)

    assert done.returncode == 1
    assert "is larger than 64 MiB" in done.stderr


def test_standard_input_is_a_file(tmp_path: Path) -> None:
    good = reqc("check", "-", stdin=SMALL)
    bad = reqc("check", "-", stdin="req 1\nspec a 1 on b\nrole a\nrole a\n", cwd=tmp_path)

    assert good.returncode == 0
    assert bad.returncode == 1
    assert "<stdin>:4:6" in bad.stderr


def test_standard_input_can_use_files_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "roles.req").write_text("req 1\nfragment roles\nrole host\n", encoding="utf-8")

    done = reqc("check", "-", stdin='req 1\nspec a 1 on b\nuse "roles.req"\n', cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


def test_closed_standard_input_is_empty() -> None:
    done = in_shell("check - <&-")

    assert done.returncode == 1
    assert "error[" in done.stderr


def test_every_specification_is_checked(spec: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.req"
    bad.write_text("req 2\nspec a 1 on b\n", encoding="utf-8")

    done = reqc("check", bad, spec, tmp_path / "none.req")

    assert done.returncode == 1
    assert done.stderr.count("error[") == 2


def test_a_file_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9\x1b[31m.req")
    (tmp_path / name).write_text("req 2\nspec a 1 on b\n", encoding="utf-8")

    done = reqc("check", name, cwd=tmp_path)

    assert done.returncode == 1
    assert "\x1b" not in done.stderr
    assert r"caf\u{dce9}\u{1b}[31m.req:1:5" in done.stderr


def test_a_file_name_that_is_no_text_can_be_compiled(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.req")
    (tmp_path / name).write_text(SMALL, encoding="utf-8")

    done = reqc("compile", name, "-t", "json", cwd=tmp_path)

    assert done.returncode == 0
    assert "caf\ufffd.req" in done.stdout
