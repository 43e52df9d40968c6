"""What the targets write passes the validator: both shipped pages, every release and version."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.knowledge.ignition import Release, knowledge
from reqc.compiler.states import FileContent, MountPoint, SysctlValue, UnitState
from tests.backends.ignition.oracle import decoded
from tests.backends.ignition.test_backend import EVERYTHING, config
from tests.backends.ignition.validation.reading import (
    KNOWN,
    encoded,
    its_verdict,
    judged,
    summary,
)
from tests.backends.machineconfig.example import render, spec
from tests.deployments import SHIPPED, choices_for, lowered, rendered, shipped

RELEASES = [release.release for release in knowledge().releases]
VERSIONS = [form.version for form in knowledge().forms]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("page", SHIPPED)
def test_the_shipped_pages_are_valid_for_every_release(page: str, release: str) -> None:
    document = lowered(shipped(page), {})
    for openshift in (release, f"{release}-{release}", f"4.3-{release}"):
        output = rendered("machineconfig", document, openshift=openshift)

        assert output.stream
        assert summary(judged(output.stream, openshift)) == []
        for artifact in output.artifacts:
            assert summary(judged(artifact.text, openshift)) == []


@pytest.mark.parametrize("release", knowledge().releases, ids=lambda item: item.release)
@pytest.mark.parametrize("page", SHIPPED)
def test_ignition_takes_the_shipped_pages_in_all_that_a_release_reads(
    page: str, release: Release
) -> None:
    document, only = lowered(shipped(page), {}), f"{release.release}-{release.release}"
    versions = [version for version in VERSIONS if version in release.reads]
    for version in versions:
        settings = {"openshift": only, "ignition-version": version}
        stream = rendered("machineconfig", document, **settings).stream
        assert stream
        assert summary(judged(stream, only)) == []
        configs = [item["spec"]["config"] for item in yaml.safe_load_all(stream)]
        assert {item["ignition"]["version"] for item in configs} == {version}
        if version in KNOWN:
            assert {its_verdict(encoded(item)) for item in configs} == {"accept"}
    assert versions


@pytest.mark.parametrize("page", SHIPPED)
def test_every_data_url_holds_what_other_targets_write_as_a_file(page: str) -> None:
    document = shipped(page)
    for item in document.requirements:
        found = lowered(document, choices_for(document, item))
        stream = rendered("machineconfig", found, pools="worker").stream
        roles = {artifact.name: artifact.text for artifact in rendered("ansible", found).artifacts}
        written = {
            name.partition("/files")[2]: text for name, text in roles.items() if "/files/" in name
        }

        (config,) = (entry["spec"]["config"] for entry in yaml.safe_load_all(stream or ""))

        carried = {
            file["path"]: decoded(file["contents"]["source"]).decode()
            for file in config["storage"]["files"]
        }
        assert carried.items() <= written.items()
        assert carried


@pytest.mark.parametrize("page", SHIPPED)
def test_the_shipped_pages_are_valid_for_hosted_control_planes(page: str) -> None:
    output = rendered("machineconfig", lowered(shipped(page), {}), form="hosted", openshift="4.14")

    assert output.stream
    assert "kind: ConfigMap" in output.stream
    assert summary(judged(output.stream, "4.14")) == []


@pytest.mark.parametrize("page", SHIPPED)
def test_the_shipped_pages_are_valid_for_every_choice(page: str) -> None:
    document = shipped(page)
    chosen = {tuple(choices_for(document, item).items()) for item in document.requirements}
    for choices in chosen:
        for openshift in ("4.3", "4.12-4.18", RELEASES[-1]):
            found = rendered("machineconfig", lowered(document, dict(choices)), openshift=openshift)
            assert found.stream
            assert summary(judged(found.stream, openshift)) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("page", SHIPPED)
def test_the_shipped_pages_are_valid_in_every_version(page: str, version: str) -> None:
    settings = {"ignition-version": version}
    (artifact,) = rendered("ignition", lowered(shipped(page), {}), **settings).artifacts

    assert summary(judged(artifact.text)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_target_ignition_writes_nothing_that_is_wrong(version: str) -> None:
    assert summary(judged(encoded(config(*EVERYTHING, version=version)))) == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_target_machineconfig_writes_nothing_that_is_wrong(release: str) -> None:
    states = (
        *(UnitState("chronyd.service", "enabled"), UnitState("iptables.service", "disabled")),
        *(SysctlValue("a.b", "1"), MountPoint("/var/lib/huge", "hugetlbfs")),
        FileContent("/etc/empty.conf", ""),
    )
    output = render(spec(*states), openshift=release)

    assert output.stream
    assert summary(judged(output.stream, release)) == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r")))
def test_every_content_passes(text: str) -> None:
    content = text.rstrip("\n") + "\n"
    found = config(FileContent("/etc/x", content), version="2.2.0")

    assert summary(judged(encoded(found))) == []
