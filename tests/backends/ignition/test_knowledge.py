"""The facts about Ignition versions and OpenShift releases."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest

from reqc.compiler.knowledge.ignition import Knowledge, knowledge
from reqc.compiler.versions import compare_versions

FACTS = knowledge()


def test_the_file_has_the_types_it_is_read_as() -> None:
    assert msgspec.convert(msgspec.to_builtins(FACTS), Knowledge) == FACTS


def test_releases_and_forms_ascend() -> None:
    releases = [release.release for release in FACTS.releases]
    forms = [form.version for form in FACTS.forms]

    for older, newer in (*pairwise(releases), *pairwise(forms)):
        assert compare_versions(older, newer) < 0


def test_a_release_reads_what_it_renders_and_all_that_older_ones_read() -> None:
    for release in FACTS.releases:
        assert release.renders in release.reads
    for older, newer in pairwise(FACTS.releases):
        assert set(older.reads) <= set(newer.reads)


@pytest.mark.parametrize("version", ["2.3.0", "3.6.0", "3.1", ""])
def test_some_versions_are_read_by_no_release(version: str) -> None:
    assert not any(version in release.reads for release in FACTS.releases)


@pytest.mark.parametrize(
    ("oldest", "newest", "version"),
    [
        ("4.3", None, "2.2.0"),
        ("4.3", "4.3", "2.2.0"),
        ("4.5", None, "2.2.0"),
        ("4.6", None, "3.1.0"),
        ("4.7", None, "3.2.0"),
        ("4.12", "4.18", "3.2.0"),
        ("4.22", None, "3.2.0"),
    ],
)
def test_the_form_suits_every_release_of_the_range(
    oldest: str, newest: str | None, version: str
) -> None:
    releases = FACTS.between(oldest, newest)

    assert FACTS.form_for(releases).version == version
    assert all(version in release.reads for release in releases)


def test_every_range_has_a_form() -> None:
    names = [release.release for release in FACTS.releases]
    for at, oldest in enumerate(names):
        for newest in names[at:]:
            assert FACTS.form_for(FACTS.between(oldest, newest)).version in FACTS.preferred


@pytest.mark.parametrize(("oldest", "newest"), [("4.2", None), ("4.18", "4.12"), ("4.3", "5")])
def test_an_impossible_range_is_refused(oldest: str, newest: str | None) -> None:
    with pytest.raises(ValueError, match=r"known releases|is before"):
        FACTS.between(oldest, newest)


def test_only_newer_releases_enable_units_that_may_be_absent() -> None:
    assert FACTS.may_enable_absent_units(FACTS.between("4.20", None))
    assert not FACTS.may_enable_absent_units(FACTS.between("4.19", None))


def test_a_package_is_in_one_extension() -> None:
    packages = [name for item in FACTS.extensions for name in item.packages]

    assert len(packages) == len(set(packages))
    for item in FACTS.extensions:
        assert all(FACTS.extension_with(name) is item for name in item.packages)
    assert FACTS.extension_with("bash") is None


def test_extensions_come_with_a_known_release_and_may_go() -> None:
    names = [release.release for release in FACTS.releases]

    for item in FACTS.extensions:
        found = [release.release for release in FACTS.releases if item.is_in(release)]
        first, last = names.index(item.since), names.index(item.until or names[-1])
        assert found == names[first : last + 1] != []


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("/etc/NetworkManager/conf.d/x.conf", "NetworkManager.service"),
        ("/etc/modules-load.d/x.conf", "systemd-modules-load.service"),
        ("/etc/sysctl.d/x.conf", "systemd-sysctl.service"),
        ("/etc/chrony.conf", "chronyd.service"),
        *((path, None) for path in ("/etc/chrony.conf.d/x", "/etc/sysctl.conf", "/etc/x")),
    ],
)
def test_some_files_have_an_effect_without_a_reboot(path: str, unit: str | None) -> None:
    effect = FACTS.effect_of(path)

    assert (effect.unit if effect else None) == unit


def test_butane_writes_what_the_release_of_its_version_reads() -> None:
    releases = {f"{release.release}.0": release for release in FACTS.releases}

    for item in FACTS.butane.openshift:
        assert item.writes in releases[item.version].reads
    versions = [item.version for item in FACTS.butane.openshift]
    assert versions == [*releases][[*releases].index("4.8.0") :]


def test_butane_writes_all_forms_but_the_oldest() -> None:
    written = [item.writes for item in FACTS.butane.fcos]

    assert written == [form.version for form in FACTS.forms if form.version != "2.2.0"]


def test_policies_begin_with_known_releases() -> None:
    names = [release.release for release in FACTS.releases]
    policy = FACTS.disruption_policy

    assert names.index(policy.preview) + 1 == names.index(policy.general)
    assert FACTS.custom_pools_come_last_from in names


def test_owned_paths_are_sorted_into_folders_and_files() -> None:
    folders = tuple(path for path in FACTS.owned if path.endswith("/"))
    files = [path for path in FACTS.owned if not path.endswith("/")]

    assert len(set(FACTS.owned)) == len(FACTS.owned)
    assert not [path for path in files if path.startswith(folders)]
    assert all(path.startswith(FACTS.writable) for path in FACTS.owned)
