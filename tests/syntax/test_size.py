"""Large, long and deep texts are read in time and space that grow with them, or refused."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.syntax.parsing import parsed, sound

HEAD = "req 1\nspec a 1 on b\nrole h\nsection s {\n"
DEPTH = 10_000

DEEP = {
    "not": HEAD + "must a: " + "not " * DEPTH + "cpu >= 2\n}\n",
    "not in a condition": HEAD + "must a: cpu >= 2 when " + "not " * DEPTH + "x\n}\n",
    "parentheses": HEAD + "must a: cpu >= 2 when " + "(" * DEPTH + "x" + ")" * DEPTH + "\n}\n",
    "lists": HEAD + "must a: cpu " + "[" * DEPTH + "x" + "]" * DEPTH + "\n}\n",
    "groups": HEAD + "must a: " + "all { " * DEPTH + "cpu >= 2" + " }" * DEPTH + "\n}\n",
    "groups on lines": HEAD + "must a: " + "any {\n" * DEPTH + "cpu >= 2\n" + "}\n" * DEPTH + "}\n",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_what_is_nested_too_deep_gets_one_report_and_the_rest_is_read(text: str) -> None:
    file, reported = parsed(text.removesuffix("}\n") + "must b: cpu >= 2\n}\n")

    assert [item.code for item in reported] == ["REQ105"]
    section = file.statements[-1]
    assert [item.id.text for item in section.requirements] == ["b"]  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["all", "any"])
def test_what_people_nest_is_not_too_deep(word: str) -> None:
    text = HEAD + "must a: " + f"{word} {{ not " * 20 + "cpu >= 2" + " }" * 20 + "\n}\n"

    assert sound(text)


MILLIONS = 10_000_000

LONG = {
    "text": (HEAD + 'must a: manual "' + "x" * MILLIONS + '"\n}\n', []),
    "word": (HEAD + "must a: module " + "x" * MILLIONS + "\n}\n", []),
    "comment": (HEAD + "# " + "x" * MILLIONS + "\n}\n", []),
    "blanks": (HEAD + " " * MILLIONS + "\n}\n", []),
    "unclosed text": (HEAD + 'must a: manual "' + "x" * MILLIONS + "\n}\n", ["REQ102"]),
    "dots": (HEAD + "must a: module x" + "." * MILLIONS + "\n}\n", ["REQ101"]),
    "signs": (HEAD + "must a: module " + "$" * MILLIONS + "\n}\n", ["REQ101"]),
}


@pytest.mark.parametrize(("text", "codes"), LONG.values(), ids=LONG.keys())
def test_a_line_of_ten_megabytes_takes_little_memory(text: str, codes: list[str]) -> None:
    tracemalloc.start()
    try:
        _, reported = parsed(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert [item.code for item in reported] == codes
    assert peak < 8 * len(text)


def test_a_hundred_thousand_options_are_read() -> None:
    options = "".join(f"option o{number}: bool\n" for number in range(100_000))

    assert len(sound("req 1\n" + options).statements) == 100_001


def test_a_list_of_a_hundred_thousand_words_is_read() -> None:
    words = ", ".join(f"m{number}" for number in range(100_000))

    assert sound(HEAD + f"must a: module {words}\n}}\n")


@pytest.mark.parametrize("text", ["{" * 100_000, "}\n" * 100_000, "$\n" * 100_000, "\r" * 100_000])
def test_nonsense_is_given_up_early(text: str) -> None:
    _, reported = parsed(text)

    assert 1 <= len(reported) <= 101
