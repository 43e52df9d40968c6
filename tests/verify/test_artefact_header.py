"""What `provenance` writes is read back through the quoting of every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.backends.firewall.text import HEADER_WIDTH, one_line
from reqc.backends.heading import provenance
from reqc.backends.markdown.quoting import quoted
from reqc.compiler.commands.artefact_header import read_header
from reqc.compiler.folding.text import comment
from reqc.compiler.lowered import ChangedSetting, LoweredOption, Recipe
from tests.documents import document

TEXT = st.text(st.characters(codec="utf-8"), max_size=300)


def lines(value: str) -> list[str]:
    """Return the header of a document with a text as the value of an option and a setting."""
    option = LoweredOption("name", "string", (), None, value, chosen=True, help="")
    plain = replace(
        document(),
        digest="0" * 64,
        options=(option,),
        recipe=Recipe("shell", (ChangedSetting("form", value),)),
    )
    return list(provenance(plain))


FORMS: Final[Mapping[str, Callable[[list[str]], str]]] = {
    "comments": lambda found: "".join(f"{comment(line)}\n" for line in found),
    "markdown": lambda found: "".join(f"- {quoted(line)}\n" for line in found),
    "plain": "\n".join,
    "wrapped": lambda found: "\n".join(
        f"# {part}" for line in found for part in wrapped(one_line(line))
    ),
}


def wrapped(line: str) -> list[str]:
    """Break a line as headers of rule sets are broken."""
    return wrap(line, HEADER_WIDTH, subsequent_indent="  ", break_on_hyphens=False)


@pytest.mark.parametrize("form", FORMS)
@given(TEXT)
def test_any_value_comes_back(form: str, value: str) -> None:
    header = read_header(FORMS[form](lines(value)))

    assert header is not None
    assert header.choices == (f"name={value}",)
    assert header.settings == (f"form={value}",)


@given(TEXT)
def test_no_value_can_end_the_header_or_write_a_line_of_it(value: str) -> None:
    assert not any(character in line for line in lines(value) for character in '\n\r"<>&\\`')


@given(st.text(max_size=2000))
def test_any_text_without_the_rest_is_no_header(text: str) -> None:
    assert read_header(f"# Compiled by reqc {text}") is None


def test_a_header_that_is_not_whole_is_passed_over() -> None:
    found = lines("x")
    text = f"# {found[0]}\n# {found[1]}\n\n" + "".join(f"# {line}\n" for line in found)

    header = read_header(text)

    assert header is not None
    assert header.choices == ("name=x",)
