"""Texts in a script: one word for every shell, one line, and nothing that a terminal obeys."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatchcase
from xml.etree import ElementTree as ET

import pytest

from reqc.backends.shell.patterns import (
    argument_pattern,
    bracket,
    case_pattern,
    expression,
    with_bit,
)
from reqc.backends.shell.quoting import comment, label, printable, quote, sayable, xml
from reqc.compiler.source import Place
from tests.tools import require

WORDS = [
    *("", " ", "a b", "'", "''", "it's", "'a'", '"', "\\", "\\'", "\n", "a\nb\n", "$x", "${x}"),
    *("$(id)", "`id`", "a;b", "a&b", "a|b", "<a", ">a", "(a)", "{a,b}", "*", "?", "[a]", "~", "#a"),
    *("!a", "a=b", "%s", "-n", "--", "é", "\u2028", "\t", "\x1b[0m", "\x7f"),
]


@pytest.mark.parametrize("shell", ["dash", "bash", "mksh", "busybox"])
def test_a_shell_takes_every_text_for_one_word(shell: str) -> None:
    command = [require(shell), *(["sh"] if shell == "busybox" else []), "-c"]
    script = f"printf '%s\\0' {' '.join(map(quote, WORDS))}"

    output = subprocess.run([*command, script], capture_output=True, check=True).stdout

    assert output.decode().split("\0")[:-1] == WORDS


@pytest.mark.parametrize("text", ["a", "A-1", "/etc/x.conf", "a_b:c,d+e", "4.18.0-193"])
def test_a_plain_word_stands_as_it_is(text: str) -> None:
    assert quote(text) == text


@pytest.mark.parametrize("text", ["\0", "a\0b"])
def test_no_word_holds_a_nul_character(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a word of the shell cannot hold a NUL character$"):
        quote(text)


@pytest.mark.parametrize(
    ("value", "can_be_said"),
    [
        ("a", True),
        ("a\0", False),
        (None, True),
        (7, True),
        ((), True),
        (("a", "b"), True),
        (("a", ("b", "\0")), False),
        (("\0", "a"), False),
        (Place("X.req", 1), True),
        (Place("a\0.req", 1), False),
        ((Place("X.req", 1), Place("\0", 1)), False),
    ],
)
def test_what_holds_a_nul_character_cannot_be_said(value: object, can_be_said: bool) -> None:  # noqa: FBT001  # a case
    assert sayable(value) is can_be_said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é \U0001f310", "plain é \U0001f310"),
        ("a\nb\tc", r"a\x0ab\x09c"),
        ("\x00\x1b\x7f\x9b\xff", r"\x00\x1b\x7f\x9b" + "\xff"),
        ("\u0100\u200e\u200f\u2028\u2029", "\u0100" + r"\u200e\u200f\u2028\u2029"),
        ("\u202a\u202b\u202c\u202d\u202e", r"\u202a\u202b\u202c\u202d\u202e"),
        ("\u2066\u2067\u2068\u2069\ufeff", r"\u2066\u2067\u2068\u2069\ufeff"),
        ("\ufffd\ufffe\uffff", "\ufffd" + r"\ufffe\uffff"),
        ("\U0001fffd\U0001fffe\U0010ffff", "\U0001fffd" + r"\u1fffe\u10ffff"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_steers_a_terminal_is_made_visible(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_comment_is_one_line_without_blanks_around_it() -> None:
    assert comment("  a b\n ") == r"a b\x0a"
    assert comment("  a b  ") == "a b"


@pytest.mark.parametrize("text", ["a & b", "<a>", '"', "'", "]]>", "&amp;", "a\nb", "\x00", "é"])
def test_a_reader_of_xml_gets_the_printable_text(text: str) -> None:
    found = ET.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>')  # noqa: S314  # made here

    assert found.text == found.get("b") == printable(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [("plain", "plain"), ('a"b', r"a\"b"), ("a\\b", r"a\\b"), ('\\"', r"\\\""), ("\n", r"\\x0a")],
)
def test_a_label_ends_where_it_should(text: str, written: str) -> None:
    assert label(text) == written


@pytest.mark.parametrize(
    ("glob", "pattern"),
    [
        ("", ""),
        ("cali*", "cali*"),
        ("a?b", "a?b"),
        ("[a-c]x", "[a-c]x"),
        ("[!a]x", "[!a]x"),
        ("[XY]X", "[XY]X"),
        ("[^a]x", "[!a]x"),
        (r"\*x", "[*]x"),
        (r"\ax", "ax"),
        ("a(b)|c", "a[(]b[)][|]c"),
        ("[]", "[[][]]"),
        ("[a", "[[]a"),
        ("x]", "x[]]"),
        ("[^]", "[[]^[]]"),
        (r"\\", r"[\\]"),
        ("a\nb*", "a\nb*"),
    ],
)
def test_a_glob_is_a_pattern_of_every_shell(glob: str, pattern: str) -> None:
    assert case_pattern(glob) == pattern


@pytest.mark.parametrize(
    ("argument", "pattern"),
    [
        ("quiet", "quiet"),
        ("a-b_c=d-e_f", "a[-_]b[-_]c=d-e_f"),
        ("a=b-c=d_e", "a=b-c=d_e"),
        ("aXb=X", "aXb=X"),
        ("a*b=[x]|(y)?", "a[*]b=[[]x[]][|][(]y[)][?]"),
        ("a=\\", r"a=[\\]"),
    ],
)
def test_an_argument_matches_however_its_name_is_spelled(argument: str, pattern: str) -> None:
    assert argument_pattern(argument) == pattern


@pytest.mark.parametrize(
    ("characters", "inside"),
    [
        ("", ""),
        ("cba", "abc"),
        ("aab", "ab"),
        ("b-a", "-ab"),
        ("!a^", "a!^"),
        ("-!", "-!"),
        ("!X", "X!"),
        ("A]", "]A"),
        ("a!^]-z", "]az!^-"),
    ],
)
def test_characters_between_brackets_have_an_order(characters: str, inside: str) -> None:
    assert bracket(characters) == inside


@pytest.mark.parametrize("shell", ["dash", "bash", "mksh", "busybox"])
@pytest.mark.parametrize("characters", [";,", "a-", "!a", "a^", "-!", "-^!z", "]a", "]-!^z", "]-"])
def test_no_character_between_brackets_is_special(shell: str, characters: str) -> None:
    command = [require(shell), *(["sh"] if shell == "busybox" else []), "-c"]
    script = 'for one do case $one in [$set]) printf %s "$one" ;; esac; done'
    asked = ["!", "]", "^", "-", ",", ";", ".", "a", "b", "m", "z"]

    found = subprocess.run(
        [*command, script, "sh", *asked],
        capture_output=True,
        check=True,
        text=True,
        env={"set": bracket(characters)},
    ).stdout

    assert found == "".join(one for one in asked if one in characters)


def test_a_bit_is_one_of_eight_digits_before_others() -> None:
    assert with_bit(0) == "*[13579bdf]"
    assert with_bit(39) == "*[89abcdef]?????????"


@pytest.mark.parametrize("bit", [0, 1, 2, 3, 4, 7, 12, 13, 38, 39])
def test_a_pattern_finds_a_bit_in_a_hexadecimal_number(bit: int) -> None:
    numbers = [0, 1, 1 << bit, 1 << bit + 1, (1 << 41) - 1, (1 << 41) - 1 - (1 << bit), 0x123456789]

    for number in numbers:
        assert fnmatchcase(f"{number:016x}", with_bit(bit)) == bool(number >> bit & 1)


@pytest.mark.parametrize(
    ("name", "module", "option"),
    [
        ("nf_conntrack", "nf[-_]conntrack", "nf_conntrack"),
        ("ip-6.x*", "ip[-_]6.x.", "ip_6.x."),
        ("A9z", "A9z", "A9z"),
    ],
)
def test_an_expression_matches_a_name_alone(name: str, module: str, option: str) -> None:
    assert expression(name) == module
    assert expression(name, "_") == option
