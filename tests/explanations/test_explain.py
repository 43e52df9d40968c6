"""`reqc explain`: the pages in a terminal."""

from __future__ import annotations

import pytest

from reqc.compiler.explanations.pages import pages
from tests.cli.command import reqc


def test_without_a_code_all_are_listed() -> None:
    done = reqc("explain")

    titles = [f"{item.code}  {item.title}" for item in pages().values()]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == titles


@pytest.mark.parametrize("written", ["REQ301", "req301"])
def test_a_page_is_printed_as_it_is(written: str) -> None:
    done = reqc("explain", written)

    assert (done.returncode, done.stdout, done.stderr) == (0, pages()["REQ301"].text, "")


def test_a_terminal_gets_headings_and_examples_without_their_marks() -> None:
    done = reqc("explain", "REQ301", "--color", "always")

    assert "\x1b[1mREQ301: There is no such kind\x1b[0m\n" in done.stdout
    assert "\x1b[1mWrong\x1b[0m\n" in done.stdout
    assert "  \x1b[2mreq 1\x1b[0m\n" in done.stdout
    assert "```" not in done.stdout
    assert "##" not in done.stdout


def test_a_terminal_gets_the_names_of_files() -> None:
    done = reqc("explain", "REQ205", "--color", "always")

    assert "\nhosts.req:\n  \x1b[2mreq 1\x1b[0m\n" in done.stdout


@pytest.mark.parametrize(
    ("written", "help_text"),
    [
        ("REQ30", "did you mean `REQ"),
        ("nonsense", "reqc explain lists the codes"),
        ("../cli", "reqc explain lists the codes"),
        ("", "reqc explain lists the codes"),
    ],
)
def test_an_unknown_code_is_wrong_usage(written: str, help_text: str) -> None:
    done = reqc("explain", written)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"error[REQ901]: there is no code `{written}`" in done.stderr
    assert f"help: {help_text}" in done.stderr
