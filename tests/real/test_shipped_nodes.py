"""What the shipped specifications make of nodes, for every release of OpenShift that is known."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from reqc.backends.base import Output
from reqc.backends.machineconfig.releases import named_releases
from reqc.compiler.conditions import Value
from reqc.compiler.knowledge.ignition import knowledge
from tests.backends.butane.test_backend import readable
from tests.backends.butane.translation import translated
from tests.backends.ignition.oracle import NEWEST, complaints, faults, missing
from tests.backends.node_disruption_policy.crd import complaints as complaints_of_the_crd
from tests.deployments import SHIPPED, lowered, rendered, shipped

RELEASES = [item.release for item in knowledge().releases]
RANGES = [
    *(f"{release}-{release}" for release in RELEASES),
    *("4.3+", "4.5-4.6", "4.6-4.13", "4.7+", "4.12-4.18", "4.19-4.22"),
]


def compiled(spec: str, target: str, **settings: str) -> list[Output]:
    """Return what a target makes of a specification by default, and with all that is optional."""
    document = shipped(spec)
    names = {name.replace("_", "-"): value for name, value in settings.items()}
    everything = {name: True for name, item in document.options.items() if item.default is False}
    cases: tuple[dict[str, Value], ...] = ({}, {**everything})
    outputs = [rendered(target, lowered(document, choices), **names) for choices in cases]
    assert all(output.refusals == () and output.artifacts for output in outputs)
    return outputs


def configs(output: Output) -> list[dict[str, Any]]:
    """Return the configuration in each object."""
    return [yaml.safe_load(item.text)["spec"]["config"] for item in output.artifacts]


@pytest.mark.parametrize("spec", SHIPPED)
@pytest.mark.parametrize("openshift", RANGES)
def test_every_range_gets_valid_objects(spec: str, openshift: str) -> None:
    for output in compiled(spec, "machineconfig", openshift=openshift):
        worker, master = configs(output)
        version = worker["ignition"]["version"]
        assert worker == master
        assert all(version in item.reads for item in named_releases(openshift).known)
        if version == "2.2.0":
            assert [*faults(worker), *missing(worker)] == []
        else:
            assert version <= NEWEST
            assert complaints(worker) == ""


@pytest.mark.parametrize("spec", SHIPPED)
@pytest.mark.parametrize("version", ["2.2.0", "3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0"])
def test_every_version_says_the_same(spec: str, version: str) -> None:
    for output, other in zip(
        compiled(spec, "machineconfig", openshift="4.22", ignition_version=version),
        compiled(spec, "machineconfig", openshift="4.22", ignition_version="3.2.0"),
        strict=True,
    ):
        for config, validated in zip(configs(output), configs(other), strict=True):
            assert complaints(validated) == ""
            assert config["ignition"].pop("version") == version
            del validated["ignition"]["version"]
            for file in config["storage"]["files"]:
                assert file.pop("filesystem", "root") == "root"
            assert readable(config) == readable(validated)


@pytest.mark.parametrize("spec", SHIPPED)
@pytest.mark.parametrize("release", RELEASES[RELEASES.index("4.8") :])
def test_butane_documents_say_the_same(spec: str, release: str) -> None:
    for mine, other in zip(
        compiled(spec, "butane", openshift=release),
        compiled(spec, "machineconfig", openshift=release),
        strict=True,
    ):
        for document, config in zip(mine.artifacts, configs(other), strict=True):
            found = translated(document.text)["spec"]["config"]
            del found["ignition"], config["ignition"]
            assert readable(found) == readable(config)


@pytest.mark.parametrize("spec", SHIPPED)
@pytest.mark.parametrize("openshift", ["4.16", "4.17", "4.18-4.20", "4.22-4.22"])
def test_policies_cover_all_that_the_objects_change(spec: str, openshift: str) -> None:
    for policy, objects in zip(
        compiled(spec, "node-disruption-policy", openshift=openshift),
        compiled(spec, "machineconfig", openshift=openshift),
        strict=True,
    ):
        patch = yaml.safe_load(policy.artifacts[0].text)
        assert complaints_of_the_crd(patch) == []
        covered = patch["spec"]["nodeDisruptionPolicy"]
        listed = {entry["path"] for entry in covered.get("files", [])}
        listed |= {entry["name"] for entry in covered.get("units", [])}
        told = " ".join(row.detail for row in policy.unsupported)
        for config in configs(objects):
            changed = {file["path"] for file in config["storage"]["files"]}
            changed |= {unit["name"] for unit in config.get("systemd", {}).get("units", [])}
            assert listed
            assert listed <= changed
            assert all(f"`{name}` reboots a node" in told for name in changed - listed)


@pytest.mark.parametrize("spec", SHIPPED)
def test_hosted_clusters_get_the_same_object(spec: str) -> None:
    for hosted, objects in zip(
        compiled(spec, "machineconfig", form="hosted"),
        compiled(spec, "machineconfig", pools="worker"),
        strict=True,
    ):
        (held,), (plain,) = hosted.artifacts, objects.artifacts
        inner = yaml.safe_load(yaml.safe_load(held.text)["data"]["config"])
        expected = yaml.safe_load(plain.text)
        del expected["metadata"]["labels"]
        assert inner == expected
