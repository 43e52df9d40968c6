"""Versions of platforms are ordered as they were released."""

from __future__ import annotations

import itertools

import pytest

from reqc.compiler.knowledge.software import SOFTWARE

OPENSTACK = SOFTWARE["openstack"]
CODENAMES = [release.codename for release in OPENSTACK.releases]


def test_codenames_follow_the_alphabet_once_and_then_again() -> None:
    letters = "".join(name[0] for name in CODENAMES)

    assert letters == "abcdefghijklmnopqrstuvwxyzabcdefgh"


def test_years_and_numbers_rise() -> None:
    years = [release.year for release in OPENSTACK.releases]
    numbered = [release for release in OPENSTACK.releases if release.version]

    assert years == sorted(years)
    assert all(str(one.version).startswith(f"{one.year}.") for one in numbered)
    assert [one.version for one in numbered] == sorted(str(one.version) for one in numbered)
    assert numbered[0].codename == "antelope"


def test_codenames_compare_by_date() -> None:
    for (left, one), (right, other) in itertools.product(enumerate(CODENAMES), repeat=2):
        assert OPENSTACK.compare(one, other) == (left > right) - (left < right)


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("Ussuri", "yoga", -1),
        ("zed", "antelope", -1),
        ("2023.1", "antelope", 0),
        ("caracal", "2023.2", 1),
    ],
)
def test_codenames_and_numbers_mix(left: str, right: str, order: int) -> None:
    assert OPENSTACK.compare(left, right) == order


def test_software_without_codenames_compares_by_number() -> None:
    assert SOFTWARE["openshift"].compare("4.10", "4.3") == 1
    assert SOFTWARE["kubernetes"].compare("v1.25.3", "1.25.3") == 0
    assert SOFTWARE["openshift"].releases == ()


@pytest.mark.parametrize(("software", "word"), [("openstack", "2022.1"), ("openshift", "ussuri")])
def test_a_word_that_is_no_version_is_refused(software: str, word: str) -> None:
    known = SOFTWARE[software]

    assert not known.knows(word)
    with pytest.raises(ValueError, match="is no version of"):
        known.compare(word, word)


def test_a_node_shows_the_version_of_openshift_only_in_os_release() -> None:
    assert SOFTWARE["openshift"].os_release_key == "OPENSHIFT_VERSION"
    assert SOFTWARE["openstack"].os_release_key is None
    assert all(software.ask and software.title for software in SOFTWARE.values())
