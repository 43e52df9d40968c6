"""Where a line may end, and where it goes on."""

from __future__ import annotations

import pytest

from tests.syntax.parsing import SAMPLE, parsed, sound

HEAD = "req 1\nspec a 1 on b\nrole h\noption o: bool\noption p: x | y = x\n"
ONE_LINE = HEAD + "section s { must a: module x, y on h when o and p in [x, y] or not o @h:1 @h }\n"


@pytest.mark.parametrize(
    "body",
    [
        "section s {\n  must a: module x,\n y on h when o and p in [x, y] or not o @h:1 @h\n}",
        "section s {\n must a: module x, y\n on h\n when o and p in [x, y] or not o\n @h:1\n @h\n}",
        "section s {\n must a: module x, y on h when o\n and p in [x, y]\n or not o @h:1 @h }",
        "section s {\n must a: module x, y on h when o and\n p in [x, y] or\n not o @h:1 @h }",
        "section s {\n must a: module x, y on h when o and p in [\n x,\n y\n ] or not o @h:1 @h }",
        (
            "section s {\n must a: module x, y\n # why\n\n # and why\n on h when o"
            " and p in [x, y] or not o @h:1 # here\n @h;;\n;}"
        ),
        "section s {;must a: module x, y on h when o and p in [x, y] or not o @h:1 @h;}",
        (
            "section s {\n\n\n must a: module x, # one\n # two\n y on h when o and p in [x, y]"
            " or not o\n # three\n @h:1 @h # four\n }\n\n"
        ),
    ],
)
def test_a_requirement_may_go_on_on_the_next_line(body: str) -> None:
    assert sound(HEAD + body).statements == sound(ONE_LINE).statements


@pytest.mark.parametrize(
    "text",
    [
        "req\n1",
        "req 1\nspec a 1 on b\noption o:\nbool",
        "req 1\nspec a 1 on b\noption o: bool =\nfalse",
        "req 1\nspec a 1 on b\nrole h\nsection s {\n must a: module x\n y\n}",
        "req 1\nspec a 1 on b\nrole h\nsection s {\n must a: kernel >=\n 3.10\n}",
        "req 1 spec a 1 on b",
        "req 1\nspec a 1 on b\nrole h\nsection s { must a: cpu >= 2 must b: cpu >= 2 ; x }",
    ],
)
def test_other_lines_end(text: str) -> None:
    assert parsed(text)[1]


def test_an_argument_that_begins_like_a_clause_is_no_clause() -> None:
    lines = "section s {\n must a: module x,\n whenever, on-line, android, orange\n}"

    assert sound(HEAD + lines)


@pytest.mark.parametrize(
    "changed",
    [
        SAMPLE.replace("\n", "\r\n"),
        SAMPLE.rstrip("\n"),
        SAMPLE.replace("\n", "  \t\n"),
        "\n\n" + SAMPLE + "\n\n \n",
        SAMPLE.replace("  ", "\t"),
    ],
    ids=["crlf", "no final newline", "blanks", "empty lines", "tabs"],
)
def test_the_form_of_line_ends_and_blanks_does_not_matter(changed: str) -> None:
    long_text = 'because """\n      Long texts\n        keep their shape.\n      """'
    plain = SAMPLE.replace(long_text, "")
    removed = [long_text.replace("\n", "\r\n"), long_text.replace("\n", "  \t\n"), long_text]
    for text in (*removed, long_text.replace("  ", "\t")):
        changed = changed.replace(text, "")

    assert sound(changed).statements == sound(plain).statements


@pytest.mark.parametrize("text", ["", "\n", "# only", "# one\n\n  # two\n", ";;\n;", " \t "])
def test_a_file_without_statements_has_no_mistake(text: str) -> None:
    assert sound(text).statements == ()
