"""The order of versions in every shell, against the compiler's own."""

from __future__ import annotations

import subprocess
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.versions import compare_versions, matches_prefix
from tests.backends.shell.nodes import SHELLS
from tests.tools import require

KERNELS = (
    "6.1.0-50-amd64",
    "6.12.107+deb13-amd64",
    "5.15.0-94-generic",
    "4.18.0-193.el8.x86_64",
    "4.18.0-305.19.1.el8_4.x86_64",
    "6.12.0-211.26.1.el10_2.aarch64",
    "6.1.141-155.222.amzn2023.x86_64",
    "6.0.7-301.fc37.x86_64",
    "5.4.72-v7l+",
    "5.10.66-24-rockchip-g1",
    "5.15.153.1-microsoft-standard-WSL2",
    "6.6.0-rc4",
    "2.6.32-754.el6",
    "2.4.20",
    "3.9.1",
    "3.10.0-1160.el7.x86_64",
    "3.10.",
    "v3.10",
    "10.0",
    "6.08",
    "6.8..1-7",
    "6.8-7..1",
    "6.8.-7",
)
FLOORS = (
    "3.10",
    "3.9",
    "4.18.0-193",
    "4.18.0-305.19",
    "5.3",
    "5.15.153",
    "6.8",
    "6.08",
    "10",
    "v6.1",
)

NUMBERS = st.integers(0, 12) | st.integers(0, 10**21)
DOTTED = st.lists(
    st.tuples(st.sampled_from(["", "0", "00"]), NUMBERS).map(lambda it: f"{it[0]}{it[1]}"),
    min_size=1,
    max_size=4,
).map(".".join)
WANTED = st.tuples(st.sampled_from(["", "v"]), DOTTED, st.just("") | DOTTED.map("-{}".format)).map(
    "".join
)
FOUND = st.tuples(
    WANTED, st.sampled_from(["", ".", "-", "+", "..1", "-1.", ".el8", "-rc1", " x"])
).map("".join)

PROGRAM = """
LC_ALL=C; export LC_ALL; set -u
while [ $# -gt 0 ]; do
  order_versions "$1" "$2" || order=error
  printf '%s ' "$order"
  begins_with "$1" "$2" && echo True || echo False
  shift 2
done
"""


@cache
def library() -> str:
    folder = files("reqc.backends.shell") / "templates"
    return (folder / "versions.sh").read_text(encoding="utf-8") + PROGRAM


def in_shell(shell: str, pairs: list[tuple[str, str]]) -> list[str]:
    """Return the order of each pair, and whether the first begins with the second."""
    program, *arguments = SHELLS[shell]
    flat = [text for pair in pairs for text in pair]
    command = [require(program), *arguments, "-c", library(), "versions", *flat]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return done.stdout.splitlines()


def in_compiler(pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{compare_versions(*pair)} {matches_prefix(*pair)}" for pair in pairs]


@pytest.mark.parametrize("shell", SHELLS)
def test_versions_of_real_kernels(shell: str) -> None:
    pairs = [(found, wanted) for found in KERNELS for wanted in FLOORS]

    assert in_shell(shell, pairs) == in_compiler(pairs)


@pytest.mark.parametrize(
    ("found", "wanted", "order"),
    [
        ("2.6.32", "3.10", -1),
        ("3.9.1", "3.10", -1),
        ("3.10", "3.9", 1),
        ("10.0", "3.10", 1),
        ("6.08", "6.8", 0),
        ("6.6.0-rc4", "6.6", 0),
        ("4.18.0-193.el8", "4.18.0-305", -1),
        ("4.18.0-305.el8", "4.18.0-193", 1),
        ("4.18.0-9.el8", "4.18.0-193", -1),
        ("4294967297.0", "4294967296.0", 1),
    ],
)
def test_version_by_pattern(found: str, wanted: str, order: int) -> None:
    for shell in SHELLS:
        assert in_shell(shell, [(found, wanted)])[0].split()[0] == str(order)


@pytest.mark.parametrize("shell", SHELLS)
@given(pairs=st.lists(st.tuples(FOUND, WANTED), min_size=20, max_size=60))
@settings(max_examples=20, deadline=None)
def test_versions_as_the_compiler_orders_them(shell: str, pairs: list[tuple[str, str]]) -> None:
    assert in_shell(shell, pairs) == in_compiler(pairs)


@pytest.mark.parametrize("shell", SHELLS)
def test_what_does_not_begin_with_a_number_cannot_be_compared(shell: str) -> None:
    pairs = [("", "1"), ("x1", "1"), ("1", ""), ("vv1", "1"), ("-1", "1"), (".1", "1")]

    assert in_shell(shell, pairs) == ["error False"] * len(pairs)
