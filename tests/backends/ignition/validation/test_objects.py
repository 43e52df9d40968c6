"""What the corpus has no room for: large objects, releases by name, and objects within objects."""

from __future__ import annotations

import json

import pytest

from reqc.backends.ignition import rules
from reqc.backends.ignition.validation import findings
from reqc.backends.ignition.validation.scope import named
from reqc.backends.machineconfig.releases import named_releases
from reqc.compiler.knowledge.ignition import knowledge
from tests.backends.ignition.codes import codes_of
from tests.backends.ignition.validation.reading import judged, summary

OBJECT = {
    "apiVersion": "machineconfiguration.openshift.io/v1",
    "kind": "MachineConfig",
    "metadata": {
        "name": "99-worker-a",
        "labels": {"machineconfiguration.openshift.io/role": "worker"},
    },
}


def with_content(size: int) -> str:
    file = {"path": "/etc/a", "mode": 420, "overwrite": True}
    contents = {"source": f"data:,{'a' * size}%0A"}
    config = {
        "ignition": {"version": "3.2.0"},
        "storage": {"files": [file | {"contents": contents}]},
    }
    return json.dumps(OBJECT | {"spec": {"config": config}})


def test_an_object_that_no_cluster_stores_is_an_error() -> None:
    most = knowledge().object_bytes

    assert summary(judged(with_content(most - 1000))) == []
    (found,) = judged(with_content(most))
    assert (found.severity, found.code, found.path) == ("error", rules.SIZE, "$")


@pytest.mark.parametrize(
    ("openshift", "words"),
    [
        ("4.3-4.3", "OpenShift 4.3"),
        ("4.9-4.10", "OpenShift 4.9 to 4.10"),
        ("4.20", "OpenShift 4.20 to 4.22"),
    ],
)
def test_releases_are_named_as_ranges(openshift: str, words: str) -> None:
    assert named(named_releases(openshift).known) == words


def test_releases_with_gaps_are_named_one_by_one() -> None:
    known = knowledge().releases

    assert named([known[0], known[2], known[3]]) == "OpenShift 4.3, 4.5 to 4.6"


def test_a_text_within_a_config_map_can_be_broken() -> None:
    text = json.dumps({"kind": "ConfigMap", "apiVersion": "v1", "data": {"config": "a: ["}})

    (found,) = judged(text)

    assert (found.code, found.path) == (findings.UNREADABLE, "$.data.config")


def test_a_config_map_of_something_else_is_passed_over() -> None:
    text = json.dumps({"kind": "ConfigMap", "apiVersion": "v1", "data": {"a": "b"}})

    assert summary(judged(text)) == ["note REQ550 $"]


def test_a_configuration_alone_is_judged_for_releases_that_are_named() -> None:
    text = json.dumps({"ignition": {"version": "3.4.0"}})

    assert judged(text) == []
    assert summary(judged(text, "4.12")) == ["error REQ539 $.ignition.version"]
    assert summary(judged(text, "4.13")) == []


def test_a_warning_is_silent_beside_an_error_of_its_kind() -> None:
    file = {"path": "/etc/a", "mode": 644, "contents": {"source": "data:,"}}
    text = json.dumps({"ignition": {"version": "3.1.0"}, "storage": {"files": [file]}})

    assert summary(judged(text)) == ["error REQ528 $.storage.files.0.mode"]


def test_the_codes_are_no_others() -> None:
    assert not codes_of(findings) & codes_of(rules)
