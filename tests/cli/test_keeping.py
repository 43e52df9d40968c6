"""What is kept of a compilation is small, and finding out that it is takes no memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reqc.compiler.commands.answer import Answer, Delivery, File, deliver
from reqc.compiler.commands.cache import Cache
from reqc.compiler.commands.keeping import LARGEST_ENTRY, keep
from reqc.compiler.status import FINE

PIECE = "x" * (LARGEST_ENTRY // 16)


class Made:
    """Pieces of a text, of which is known how many were made."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.times = 0

    def pieces(self) -> Iterator[str]:
        """Make them, one more time."""
        for _ in range(self.count):
            self.times += 1
            yield PIECE


def kept(made: Made, folder: Path) -> tuple[Answer, Cache]:
    """Keep an answer with one file, which is its own stream."""
    cache = Cache(str(folder / "cache"), "question")
    file = File("x", made.pieces)
    answer = Answer(FINE, (file,), file, "")
    keep(cache, answer, delivery(folder), ())
    return answer, cache


def delivery(folder: Path | None) -> Delivery:
    """Return the way into a folder, or to standard output."""
    output = str(folder / "out") if folder else None
    return Delivery(output=output, list=False, targets=("x",), verbose=False, color="never")


def test_a_small_text_is_made_once_and_found_again(tmp_path: Path) -> None:
    made = Made(2)
    answer, cache = kept(made, tmp_path)

    assert deliver(answer, delivery(tmp_path)) == FINE
    assert (tmp_path / "out").read_text(encoding="utf-8") == PIECE * 2
    assert made.times == 2
    found = cache.find()
    assert found is not None
    assert [file.text for file in found[0].files] == [PIECE * 2]


def test_a_large_text_is_not_made_as_a_whole_to_be_kept(tmp_path: Path) -> None:
    made = Made(40)
    answer, cache = kept(made, tmp_path)

    assert cache.find() is None
    assert made.times == 17
    assert deliver(answer, delivery(tmp_path)) == FINE
    assert (tmp_path / "out").stat().st_size == 40 * len(PIECE)


def test_pieces_go_to_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    file = File("x", Made(2).pieces)

    assert deliver(Answer(FINE, (file,), file, ""), delivery(None)) == FINE

    assert capsysbinary.readouterr().out == PIECE.encode() * 2
