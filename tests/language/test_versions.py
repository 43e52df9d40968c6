"""Versions are compared by number, as kernels and vendors mean them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.versions import (
    compare_versions,
    is_version,
    matches_prefix,
    order_versions,
)


@pytest.mark.parametrize(
    ("found", "wanted", "order"),
    [
        ("3.9", "3.10", -1),
        ("3.10", "3.9", 1),
        ("3.10.0-1160.el7.x86_64", "3.10", 0),
        ("2.6.32", "3.10", -1),
        ("10.0", "9.9", 1),
        ("6.08", "6.8", 0),
        ("6.8.0-rc3", "6.8", 0),
        ("5.15.0-generic", "5.15", 0),
        ("5.4.0-1045-aws", "5.4.0-1046", -1),
        ("4.18.0-193.el8.x86_64", "4.18.0-193", 0),
        ("4.18.0-80.el8.x86_64", "4.18.0-193", -1),
        ("4.18.0-305.el8", "4.18.0-193", 1),
        ("4.18.0-193.14.2.el8_2", "4.18.0-193", 1),
        ("4.18.0", "4.18.0-193", -1),
        ("4.19.0", "4.18.0-193", 1),
        ("4.18.0-193", "4.18.0", 0),
        ("5", "5.0.0", 0),
        ("5.0.1", "5", 1),
        ("v5.3", "5.3", 0),
        ("5.10.102.1-microsoft-standard-WSL2", "5.10.102", 1),
        ("6.1.0-18-cloud-amd64", "6.1", 0),
        ("1000000000000000000000.5", "999999999999999999", 1),
        ("1." + "9" * 5000, "1." + "9" * 4999, 1),
    ],
)
def test_versions_compare_by_number(found: str, wanted: str, order: int) -> None:
    assert compare_versions(found, wanted) == order


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("3.10", True),
        ("4.18.0-193", True),
        ("v1.2", True),
        ("2022", True),
        ("3.x", False),
        ("3.", False),
        (".3", False),
        ("", False),
        ("3.10-rc1", False),
        ("latest", False),
        ("1" * 18, True),
        ("1" * 19, False),
        ("٣.٤", False),
    ],
)
def test_a_specification_asks_for_plain_versions(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_version(text) is is_one


@pytest.mark.parametrize("text", ["", "rc1", "-1", ".5"])
def test_what_has_no_number_cannot_be_compared(text: str) -> None:
    with pytest.raises(ValueError, match="does not begin with a version number"):
        compare_versions(text, "1")


@pytest.mark.parametrize(
    ("found", "wanted", "finer"),
    [("7.9", "7", True), ("20.04.6", "20.04", True), ("8", "8.2", False), ("70", "7", False)],
)
def test_a_finer_version_begins_with_a_coarser_one(
    found: str,
    wanted: str,
    finer: bool,  # noqa: FBT001  # a case
) -> None:
    assert matches_prefix(found, wanted) is finer


NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(
    lambda parts: ".".join(map(str, parts))
)
BUILDS = st.lists(st.integers(1, 3), min_size=1, max_size=2).map(
    lambda parts: ".".join(map(str, parts))
)
VERSIONS = st.one_of(NUMBERS, st.builds("{}-{}".format, NUMBERS, BUILDS))


@given(VERSIONS, VERSIONS, VERSIONS, st.booleans())
def test_versions_are_in_a_total_order(one: str, two: str, three: str, bare_last: bool) -> None:  # noqa: FBT001
    def order(left: str, right: str) -> int:
        return order_versions(left, right, bare_last=bare_last)

    assert order(one, one) == 0
    assert order(one, two) == -order(two, one)
    if order(one, two) <= 0 and order(two, three) <= 0:
        assert order(one, three) <= 0


@given(VERSIONS, VERSIONS)
def test_a_host_satisfies_a_version_and_all_before_it(found: str, wanted: str) -> None:
    assert (compare_versions(found, wanted) >= 0) is (order_versions(found, wanted) >= 0)
    if "-" in found:  # a host without a build comes before all builds, whatever is asked
        order = order_versions(found, wanted, bare_last=True)
        assert (compare_versions(found, wanted) <= 0) is (order <= 0)


@given(NUMBERS, NUMBERS)
def test_without_builds_there_is_one_order(one: str, two: str) -> None:
    assert compare_versions(one, two) == -compare_versions(two, one) == order_versions(one, two)
