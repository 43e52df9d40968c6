"""Contents of files as commands: every byte comes out as it went in, in every shell."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.remedy.contents import writing
from tests.backends.remedy.trees import SHELLS
from tests.backends.shell.nodes import SHELLS as PROGRAMS
from tests.backends.strategies import HOSTILE
from tests.tools import require

CANARY = "$(echo canary >&2) `echo canary >&2` $HOME ${HOME} \\\n"
ODD = (
    "",
    "\n",
    "\n\n\n",
    "no line feed",
    "END_OF_FILE\nEND_OF_FILE_\n",
    "END_OF_FILE",
    CANARY,
    "a\r\nb\r\n",
    "'\n''\n'\\''\n",
    "-n\n-e \\n\n%s %b\\c\n",
    "\\0101 \\c stays\x00nul\n",
    "\x1b[31mred\x1b[m\n",
    "\u202eturned\u202c\n",
    "".join(map(chr, range(1, 0x250))),
    "\U0001f310 é ß 漢\n" * 3,
    "tab\tand trailing blank \n",
    "x" * 200_000,
    "line\n" * 40_000,
    "é\x07" * 30_000,
)


def written(shell: str, content: str) -> bytes:
    commands = f"content() {{\n{writing(content)}\n}}\ncontent\n"
    program = PROGRAMS[shell]
    done = subprocess.run(
        [require(program[0]), *program[1:], "-s"],
        input=commands.encode(),
        capture_output=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_odd_contents_are_written_as_they_are(shell: str, content: str) -> None:
    assert written(shell, content) == content.encode()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SHELLS),
    st.lists(HOSTILE | st.text(st.characters(exclude_categories=["Cs"])) | st.just("\n")),
)
def test_every_content_is_written_as_it_is(shell: str, parts: list[str]) -> None:
    content = "".join(parts)

    assert written(shell, content) == content.encode()


def test_a_megabyte_is_written_as_it_is() -> None:
    content = "".join(f"{number:06d} ünïcode and 'quotes'\n" for number in range(35_000))
    assert len(content.encode()) > 1 << 20

    for shell in SHELLS:
        assert written(shell, content) == content.encode()


def test_what_steers_a_terminal_does_not_stand_in_the_script() -> None:
    commands = writing("plain\n\x1b[31m\u202e\nplain again\n")

    assert commands.isascii()
    assert "\x1b" not in commands
    assert "\nplain\n" in commands


@pytest.mark.parametrize("shell", SHELLS)
def test_a_content_that_cannot_be_written_is_a_failure(shell: str) -> None:
    program = PROGRAMS[shell]
    commands = f"content() {{\n{writing('one' * 9000)}\n}}\ncontent >/dev/full\n"

    done = subprocess.run(
        [require(program[0]), *program[1:], "-s"],
        input=commands.encode(),
        capture_output=True,
        check=False,
    )

    assert done.returncode != 0


def test_what_people_can_read_stands_as_it_is() -> None:
    assert writing("a\tb\nEND_OF_FILE\nEND_OF_FILE_\nc\x7f d\\\n") == (
        "  cat <<'END_OF_FILE__' &&\n"
        "a\tb\nEND_OF_FILE\nEND_OF_FILE_\nEND_OF_FILE__\n"
        r"  printf %b 'c\0177 d\0134\0012'"
    )
