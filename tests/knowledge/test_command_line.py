"""The command line of the kernel, cut and read as the kernel does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reqc.compiler.knowledge.command_line import arguments_of, spelled

LINES = st.lists(st.sampled_from(('"', '"', " ", " ", "\t", "=", "a", "-", "--", "é"))).map("".join)


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("", ()),
        (" ro  quiet\troot=UUID=1 ", ("ro", "quiet", "root=UUID=1")),
        ('dyndbg="file a.c +p; file b.c +p" ro', ("dyndbg=file a.c +p; file b.c +p", "ro")),
        ('"dyndbg=file a.c +p" ro', ("dyndbg=file a.c +p", "ro")),
        ('"quiet" "a"b', ("quiet", 'a"b')),
        ('a=" quiet ', ("a= quiet ",)),
        ('a="" ""', ("a=",)),
        ("ro -- quiet", ("ro",)),
        ('ro "--" quiet', ("ro",)),
        ("ro --quiet --=x", ("ro", "--quiet", "--=x")),
        ("=a ==b", ("=a", "==b")),
    ],
)
def test_a_line_is_cut(line: str, arguments: tuple[str, ...]) -> None:
    assert arguments_of(line) == arguments


def test_a_dash_is_an_underscore_in_names_alone() -> None:
    assert spelled("a-b_c=d-e=f-g") == "a_b_c=d-e=f-g"
    assert spelled("no-smt") == "no_smt"


@given(LINES)
@example('"a="b" c=d" e')
@example('""x" y')
def test_the_kernel_reads_the_same(line: str) -> None:
    assert arguments_of(line) == tuple(as_the_kernel(line))


def as_the_kernel(line: str) -> Iterator[str]:  # noqa: C901  # as long as what it follows
    """Yield the arguments as parse_args() and next_arg() of the kernel walk through a line.

    One index after another, with a NUL where the kernel writes one.
    """
    text = [*line.lstrip(" \t"), "\0"]
    at = 0
    while text[at] != "\0":
        lead = text[at] == '"'
        at += lead
        start, quoted, equals = at, lead, 0
        while text[at] != "\0" and (quoted or text[at] not in " \t"):
            if equals == 0 and text[at] == "=":
                equals = at - start
            if text[at] == '"':
                quoted = not quoted
            at += 1
        end, value = at, 0
        if equals:
            value = start + equals + 1
            if text[value] == '"' and value < end:
                value += 1
                end -= text[end - 1] == '"'
        if lead and at > start and end == at and text[end - 1] == '"':
            end -= 1
        if equals:
            # The quote that the kernel steps over may be the one that it takes away.
            yield "".join(text[start : start + equals + 1] + text[value : max(end, value)])
        else:
            name = "".join(text[start:end])
            if name == "--":
                return
            if name:
                yield name
        while text[at] in " \t":
            at += 1
