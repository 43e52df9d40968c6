"""What is wrong with MachineConfigs only because one pool gets several of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.ignition import rules
from reqc.backends.ignition.validation.findings import OVERRULED
from reqc.backends.ignition.validation.judging import judge, read_documents
from reqc.backends.ignition.validation.objects import GENERATED
from reqc.backends.ignition.validation.scope import Scope
from reqc.backends.machineconfig.releases import named_releases
from reqc.compiler.knowledge.ignition import knowledge
from tests.backends.ignition.validation.mutations import Json, mutated
from tests.backends.ignition.validation.reading import judged, summary

FILE = "$.items.0.spec.config.storage.files.0.path"
UNIT = "[Service]\nExecStart=/opt/a\n"


def machine_config(
    name: str,
    files: Mapping[str, str] | None = None,
    *units: dict[str, Any],
    role: str | None = None,
    version: str = "3.2.0",
) -> dict[str, Any]:
    """Return an object for the pool that its name speaks of, whose files are whole sources."""
    filesystem = {"filesystem": "root"} if version.startswith("2.") else {}
    rows = [
        {**filesystem, "path": path, "mode": 420, "overwrite": True, "contents": {"source": source}}
        for path, source in (files or {}).items()
    ]
    storage = {"storage": {"files": rows}} if rows else {}
    systemd = {"systemd": {"units": list(units)}} if units else {}
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfig",
        "metadata": {
            "name": name,
            "labels": {"machineconfiguration.openshift.io/role": role or name.split("-")[1]},
        },
        "spec": {"config": {"ignition": {"version": version}, **storage, **systemd}},
    }


def pool(name: str) -> dict[str, Any]:
    api = "machineconfiguration.openshift.io/v1"
    return {"apiVersion": api, "kind": "MachineConfigPool", "metadata": {"name": name}}


def told(*objects: dict[str, Any], openshift: str = "4.15", custom: bool = False) -> list[str]:
    """Return what is wrong with objects in one list, in their order."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    scope = Scope(named_releases(openshift).known, ("infra",) if custom else ())
    (found,) = judge(read_documents(text, as_yaml=False), scope)
    return [f"{item.severity} {item.code} {item.path}: {item.message}" for item in found]


def test_the_name_that_sorts_later_wins() -> None:
    old, new = {"/etc/a": "data:,a%0A"}, {"/etc/a": "data:,b%0A"}
    message = "`/etc/a` is as `99-worker-b` has it, which sorts after `50-worker-a`"

    first = told(machine_config("50-worker-a", old), machine_config("99-worker-b", new))
    last = told(machine_config("99-worker-b", new), machine_config("50-worker-a", old))

    assert first == [f"warning {OVERRULED} {FILE}: {message}"]
    assert last == [f"warning {OVERRULED} {FILE.replace('0', '1', 1)}: {message}"]


@pytest.mark.parametrize(
    "others",
    [
        (machine_config("99-worker-b", {"/etc/b": "data:,b%0A"}),),
        (machine_config("99-worker-b", {"/etc/a": "data:;base64,YQo="}),),
        (machine_config("99-worker-b", {"/etc/a": "data:,a%0A"}, version="2.2.0"),),
        (machine_config("99-master-b", {"/etc/a": "data:,b%0A"}),),
        (machine_config("50-worker-a", {"/etc/a": "data:,a%0A"}),),
        (pool("worker"),),
    ],
)
def test_what_is_in_nobodys_way_is_not_talked_about(others: tuple[dict[str, Any], ...]) -> None:
    assert told(machine_config("50-worker-a", {"/etc/a": "data:,a%0A"}), *others) == []


@pytest.mark.parametrize(
    ("infra", "openshift", "warns"),
    [
        ("50-infra-a", "4.12", True),
        ("50-infra-a", "4.14-4.15", True),
        ("50-infra-a", "4.15", False),
        ("99-z-infra-a", "4.12", False),
    ],
)
def test_a_custom_pool_overrules_workers_by_name_or_by_release(
    infra: str, openshift: str, *, warns: bool
) -> None:
    found = told(
        machine_config(infra, {"/etc/a": "data:,a%0A"}, role="infra"),
        machine_config("99-worker-b", {"/etc/a": "data:,b%0A"}),
        openshift=openshift,
        custom=True,
    )

    message = (
        "before OpenShift 4.15 `/etc/a` is as `99-worker-b` has it, which sorts after `50-infra-a`"
    )
    assert found == ([f"warning {OVERRULED} {FILE}: {message}"] if warns else [])


def test_what_workers_disagree_on_is_told_once_for_all_pools() -> None:
    found = told(
        machine_config("50-worker-a", {"/etc/a": "data:,a%0A"}),
        machine_config("60-worker-b", {"/etc/a": "data:,b%0A"}),
        machine_config("99-infra-c", {"/etc/a": "data:,c%0A"}),
        custom=True,
    )

    assert [line.partition(":")[0] for line in found] == [f"warning {OVERRULED} {FILE}"]


@pytest.mark.parametrize(
    ("one", "other", "subject"),
    [
        ({"enabled": True}, {"enabled": False}, "`enabled` of `a.service`"),
        ({"mask": True}, {"mask": False}, "`mask` of `a.service`"),
        ({"contents": UNIT}, {"contents": f"#\n{UNIT}"}, "`contents` of `a.service`"),
        (
            {"dropins": [{"name": "x.conf", "contents": UNIT}]},
            {"dropins": [{"name": "x.conf", "contents": f"#\n{UNIT}"}]},
            "`x.conf` of `a.service`",
        ),
    ],
)
def test_units_are_merged_part_by_part(
    one: dict[str, Any], other: dict[str, Any], subject: str
) -> None:
    unit = {"name": "a.service"}

    differing = told(
        machine_config("50-worker-a", None, unit | one),
        machine_config("99-worker-b", None, unit | other),
        openshift="4.20",
    )
    same = told(
        machine_config("50-worker-a", None, unit | one),
        machine_config("99-worker-b", None, unit | one),
        openshift="4.20",
    )

    (line,) = differing
    assert line.startswith(f"warning {OVERRULED} $.items.0.spec.config.systemd.units.0.")
    assert f": {subject} is as `99-worker-b` has it" in line
    assert same == []


@pytest.mark.parametrize(
    ("state", "words"),
    [({"enabled": True}, "enabled"), ({"contents": f"{UNIT}[Install]\nAlias=b\n"}, "written")],
)
def test_no_object_masks_what_another_one_needs(state: dict[str, Any], words: str) -> None:
    found = told(
        machine_config("50-worker-a", None, {"name": "a.service", "mask": True}),
        machine_config("99-infra-b", None, {"name": "a.service", **state}),
        openshift="4.20",
        custom=True,
    )

    (line,) = found
    assert line.startswith(f"error {rules.UNIT_STATES} $.items.1.spec.config.systemd.units.0.")
    assert line.endswith(f"`a.service` is {words} here and masked by `50-worker-a`")


def test_no_object_has_a_file_where_another_one_needs_a_directory() -> None:
    found = told(
        machine_config("50-worker-a", {"/etc/a/b": "data:,"}),
        machine_config("99-worker-b", {"/etc/a": "data:,"}),
    )

    message = "`/etc/a` is a file of `99-worker-b`, and `/etc/a/b` needs a directory there"
    assert found == [f"error {rules.FILE_AS_PARENT} {FILE}: {message}"]


def operators(item: dict[str, Any]) -> dict[str, Any]:
    """Return an object as one that the operator made."""
    annotations = {GENERATED: "33286190af0d4d34"}
    return item | {"metadata": item["metadata"] | {"annotations": annotations}}


def test_what_the_operator_says_is_its_own_affair_until_somebody_overrules_it() -> None:
    first = operators(machine_config("00-worker-a", {"/etc/a": "data:,a%0A"}))
    second = operators(machine_config("01-worker-a", {"/etc/a": "data:,b%0A"}))
    mine = machine_config("99-worker-a", {"/etc/a": "data:,c%0A"})

    alone, overruled = told(first, second), told(first, second, mine)

    assert {line.split()[0] for line in alone} == {"note"}
    assert [line.split()[2] for line in overruled if line.startswith("warning")] == [
        f"{FILE}:",
        f"{FILE.replace('0', '1', 1)}:",
    ]


def test_one_name_is_of_one_object() -> None:
    found = told(
        machine_config("99-worker-a", {"/etc/a": "data:,a%0A"}),
        machine_config("99-worker-a", {"/etc/a": "data:,b%0A"}),
    )

    message = "another object is called `99-worker-a`, and a cluster keeps the last one"
    assert found == [f"warning {OVERRULED} $.items.0.metadata.name: {message}"]


@pytest.mark.parametrize(("share", "fits"), [(0.4, True), (0.6, False)])
def test_objects_of_a_pool_must_fit_together(share: float, *, fits: bool) -> None:
    body = "a" * int(knowledge().object_bytes * share)

    found = told(
        machine_config("50-worker-a", {"/etc/a": f"data:,{body}%0A"}),
        machine_config("99-worker-b", {"/etc/b": f"data:,{body}%0A"}),
        machine_config("99-master-c", {"/etc/c": f"data:,{body}%0A"}),
    )

    assert [
        line.partition(": the objects for the pool worker have at least 1,")[0] for line in found
    ] == ([] if fits else [f"error {rules.SIZE} $.items.0.metadata.name"])


def test_what_is_overruled_takes_no_room() -> None:
    body = "a" * int(knowledge().object_bytes * 0.6)

    found = told(
        machine_config("50-worker-a", {"/etc/a": f"data:,{body}%0A"}),
        machine_config("99-worker-b", {"/etc/a": f"data:,{body}b%0A"}),
    )

    assert {line.split()[1] for line in found} == {OVERRULED}


def test_an_object_without_a_name_or_a_pool_is_told_as_such_alone() -> None:
    good = machine_config("99-worker-b", {"/etc/a": "data:,b%0A"})
    bad = machine_config("99-worker-a", {"/etc/a": "data:,a%0A"})
    bad["metadata"] = {}

    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [bad, bad, good]})

    codes = {line.split()[1] for line in summary(judged(text, "4.15"))}
    assert codes == {rules.POOL, rules.OBJECT_NAME}


def test_an_object_in_a_version_that_nobody_reads_does_not_disturb() -> None:
    odd = machine_config("99-worker-a", {"/etc/a": "data:,a%0A"}, version="9.9.9")

    found = told(odd, machine_config("99-worker-b", {"/etc/a": "data:,b%0A"}))

    assert [line.split()[1] for line in found] == [rules.VERSION]


CONFIG = st.sampled_from([form.version for form in knowledge().forms]).flatmap(mutated)


@settings(deadline=None)
@given(CONFIG, CONFIG)
def test_no_two_objects_are_too_odd_to_be_judged_together(one: Json, other: Json) -> None:
    objects = [machine_config("50-worker-a"), machine_config("99-worker-b")]
    for item, config in zip(objects, (one, other), strict=True):
        item["spec"]["config"] = config
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})

    for found in judged(text):
        assert 0 <= found.place.start < found.place.end <= len(text)
        assert found.message.isprintable()
