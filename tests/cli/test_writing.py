"""Artefacts are written whole or not at all, and never outside their folder."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqc.backends.base import Artifact
from reqc.compiler.commands.writing import OutsideError, write_file, write_folder


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/tmp/x", "..", ".", "", "a/.."])  # noqa: S108
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    with pytest.raises(OutsideError):
        write_folder(folder, [Artifact(name, "text")])

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_links_out_is_refused(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    folder.mkdir()
    (folder / "sub").symlink_to(outside)

    with pytest.raises(OutsideError):
        write_folder(folder, [Artifact("sub/x", "text")])
    with pytest.raises(OutsideError):
        write_folder(folder, [Artifact("sub/deeper/x", "text")])

    assert list(outside.iterdir()) == []


def test_a_file_that_links_out_is_replaced(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "out"
    outside.write_text("as it was", encoding="utf-8")
    folder.mkdir()
    (folder / "x").symlink_to(outside)

    write_folder(folder, [Artifact("x", "text")])

    assert outside.read_text(encoding="utf-8") == "as it was"
    assert (folder / "x").read_text(encoding="utf-8") == "text"


def test_nothing_is_written_where_one_name_leads_out(tmp_path: Path) -> None:
    with pytest.raises(OutsideError):
        write_folder(tmp_path / "out", [Artifact("a", "text"), Artifact("../b", "text")])

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("as it was", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "inside").touch()

    with pytest.raises(OSError, match="director"):
        write_folder(tmp_path, [Artifact("b", "text")])
    with pytest.raises(UnicodeEncodeError):
        write_folder(tmp_path, [Artifact("a", "text"), Artifact("c", "\udcff")])

    assert (tmp_path / "a").read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_text_in_pieces_is_written_as_it_is_made(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "one\n"
        yield "two\n"

    artifact = Artifact("x", pieces)
    write_folder(tmp_path, [artifact])

    assert (tmp_path / "x").read_text(encoding="utf-8") == artifact.text == "one\ntwo\n"
    assert artifact == Artifact("x", "one\ntwo\n")
    assert hash(artifact) == hash(Artifact("x", "one\ntwo\n"))


def test_a_text_that_fails_half_made_leaves_what_was_there(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "one\n"
        raise MemoryError

    (tmp_path / "x").write_text("as it was", encoding="utf-8")

    with pytest.raises(MemoryError):
        write_file(tmp_path / "x", Artifact("x", pieces))

    assert (tmp_path / "x").read_text(encoding="utf-8") == "as it was"
    assert len(list(tmp_path.iterdir())) == 1


def test_modes_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_folder(tmp_path, [Artifact("text", ""), Artifact("script", "", executable=True)])
    finally:
        os.umask(before)

    assert (tmp_path / "text").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "script").stat().st_mode & 0o777 == 0o750


def test_a_link_that_was_named_stays(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to(file)

    write_file(link, Artifact("x", "text"))

    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "text"


def test_a_link_to_itself_stays_and_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")

    with pytest.raises(OSError, match="symbolic links"):
        write_file(tmp_path / "link", Artifact("x", "text"))

    assert (tmp_path / "link").is_symlink()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_text_is_for_this_user_alone_until_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    monkeypatch.setattr(
        os, "chmod", lambda path, _: modes.append(Path(path).stat().st_mode & 0o777)
    )

    write_file(tmp_path / "x", Artifact("x", "text", executable=True))

    assert modes == [0o600]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()

    write_file(pipe, Artifact("x", "text"))
    reader.join(timeout=10)

    assert read == ["text"]
    assert pipe.is_fifo()


def test_line_ends_are_kept(tmp_path: Path) -> None:
    write_file(tmp_path / "x", Artifact("x", "a\r\nb\n"))

    assert (tmp_path / "x").read_bytes() == b"a\r\nb\n"


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    name = "x" * os.pathconf(tmp_path, "PC_NAME_MAX")

    write_folder(tmp_path, [Artifact(name, "text")])

    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_new_folder_is_there_with_all_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "new"
    seen: list[list[str]] = []

    def pieces() -> Iterator[str]:
        seen.append([path.name for path in folder.parent.iterdir() if path.name[0] != "."])
        yield "text"

    files = (
        Artifact("a/b/one", pieces),
        Artifact("a/two", pieces, executable=True),
        Artifact("three", pieces),
    )
    written = write_folder(folder, files)

    assert seen == [[], [], []]
    assert [Path(path).read_text() for path in written] == ["text"] * 3
    assert sorted(path.name for path in folder.parent.iterdir()) == ["new"]
    mask = os.umask(0)
    os.umask(mask)
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "a", *map(Path, written))
    ]
    assert modes == [0o777 & ~mask] * 2 + [0o666 & ~mask, 0o777 & ~mask, 0o666 & ~mask]


def test_a_new_folder_that_fails_is_not_there(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "half"
        raise LookupError

    with pytest.raises(LookupError):
        write_folder(tmp_path / "new", (Artifact("a/whole", "text"), Artifact("b/half", pieces)))

    assert list(tmp_path.iterdir()) == []


def test_what_is_no_folder_is_named(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("kept")
    link.symlink_to(tmp_path / "nothing")

    for place in (file, link):
        with pytest.raises(FileExistsError) as problem:
            write_folder(place, (Artifact("one", "text"),))
        assert problem.value.filename == str(place)
    assert file.read_text() == "kept"


def test_a_folder_that_cannot_be_made_is_named() -> None:
    with pytest.raises(OSError, match="/proc/none"):
        write_folder("/proc/none", (Artifact("one", "text"),))
