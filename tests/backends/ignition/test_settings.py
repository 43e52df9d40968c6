"""Settings: what several requirements come to that ask for one key, exactly or within bounds."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.folding.agreement import Difference
from reqc.compiler.folding.files import Folded, fold
from reqc.compiler.folding.settings import Setting, dotted, setting_file
from reqc.compiler.states import SysctlValue

INTEGERS = st.integers(-9, 9).map(str)
WISHES = st.builds(SysctlValue, st.just("a.b"), INTEGERS, st.sampled_from(["=", ">=", "<="]))


def folded(*states: SysctlValue) -> Folded:
    rows = ((f"n.{number}", state) for number, state in enumerate(states))
    return fold(rows, "calico", "Calico")


def wish(text: str) -> SysctlValue:
    relation, _, value = text.partition(" ")
    return SysctlValue("a.b", value, relation)  # type: ignore[arg-type]


def satisfies(value: int, state: SysctlValue) -> bool:
    wanted = int(state.value)
    return {"=": value == wanted, ">=": value >= wanted, "<=": value <= wanted}[state.relation]


def allows(value: int, setting: Setting) -> bool:
    if not setting.bounds:
        return value == int(setting.value)
    return all(satisfies(value, wish(f"{side} {end}")) for side, end in setting.bounds)


@pytest.mark.parametrize(
    ("wishes", "met"),
    [
        ((">= 1", ">= 2"), ">= 2"),
        (("<= 1", "<= 2"), "<= 1"),
        ((">= 9", ">= 10"), ">= 10"),
        ((">= 1", "= 5"), "5"),
        (("= 5", "<= 5"), "5"),
        ((">= 10", "<= 20"), ">= 10 <= 20"),
        (("<= 20", ">= 10", "= 15"), "15"),
        ((">= 1 2", ">= 1 2"), ">= 1 2"),
        ((">= 1 2", "= 1 2"), "1 2"),
    ],
)
def test_wishes_that_agree(wishes: tuple[str, ...], met: str) -> None:
    for order in permutations(wishes):
        result = folded(*map(wish, order))

        assert result.conflicts == ()
        assert [item.value.wish for item in result.settings] == [met]
        assert result.files[0].requirements == tuple(f"n.{at}" for at in range(len(wishes)))


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("= 1", "= 2", ("1", "2")),
        (">= 5", "= 4", (">= 5", "4")),
        ("= 6", "<= 5", ("6", "<= 5")),
        (">= 6", "<= 5", (">= 6", "<= 5")),
        (">= 1 2", ">= 1 3", (">= 1 2", ">= 1 3")),
        (">= 1 2", "= 1 3", (">= 1 2", "1 3")),
        (">= 1", "= many", (">= 1", "many")),
        ("= 1", "= 01", ("1", "01")),
        (">= " + "9" * 5000, ">= 1", (">= " + "9" * 5000, ">= 1")),
    ],
)
def test_wishes_that_contradict(first: str, second: str, words: tuple[str, str]) -> None:
    (conflict,) = folded(wish(first), wish(second)).conflicts

    assert (conflict.difference, conflict.subject) == (Difference.SYSCTL, "a.b")
    assert (conflict.first, conflict.second) == ("n.0", "n.1")
    assert (conflict.wanted_first, conflict.wanted_second) == words


@given(st.lists(WISHES, min_size=1, max_size=5))
def test_a_setting_allows_just_what_every_wish_allows(wishes: list[SysctlValue]) -> None:
    result = folded(*wishes)

    good = [value for value in range(-12, 13) if all(satisfies(value, one) for one in wishes)]
    assert bool(result.conflicts) == (not good)
    if good:
        (setting,) = (item.value for item in result.settings)
        assert [value for value in range(-12, 13) if allows(value, setting)] == good
        assert int(setting.value) in good


def test_only_what_stays_a_bound_has_a_file_of_its_own() -> None:
    result = folded(
        SysctlValue("a.b", "1"),
        SysctlValue("a.c", "2", ">="),
        SysctlValue("a.d", "3"),
        SysctlValue("a.b", "0", ">="),
        SysctlValue("net.ipv4.conf.eth0/100.x", "4", "<="),
    )

    assert {file.path: file.content for file in result.files} == {
        "/etc/sysctl.d/90-calico.conf": "# Kernel settings for Calico.\na.b = 1\na.d = 3\n",
        "/etc/sysctl.d/90-calico-a.c.conf": (
            "# Kernel settings for Calico. Any value >= 2 will do.\na.c = 2\n"
        ),
        "/etc/sysctl.d/90-calico-net.ipv4.conf.eth0%2F100.x.conf": (
            "# Kernel settings for Calico. Any value <= 4 will do.\nnet.ipv4.conf.eth0/100.x = 4\n"
        ),
    }
    assert result.files[0].requirements == ("n.0", "n.2", "n.3")


def test_one_key_is_one_however_it_is_spelled() -> None:
    result = folded(SysctlValue("a.b/c.d", "1"), SysctlValue("a/b.c/d", "2"))

    (conflict,) = result.conflicts
    assert conflict.subject == dotted("a/b.c/d") == "a.b/c.d"


@given(st.lists(st.text("ab./:@-*_%", min_size=1), min_size=2, max_size=2, unique_by=dotted))
def test_the_files_of_two_keys_are_two(keys: list[str]) -> None:
    first, second = (setting_file("x", Setting(key, "1", ((">=", "1"),))) for key in keys)

    assert first != second
    assert first.count("/") == second.count("/") == 3
