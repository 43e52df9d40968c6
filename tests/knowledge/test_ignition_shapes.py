"""The shapes of configurations, and the facts about the operator, are whole and fit together."""

from __future__ import annotations

import msgspec
import pytest

from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.knowledge.ignition_shapes import (
    CONFIG,
    ITSELF,
    PRIMITIVES,
    object_shapes,
    shapes,
)
from reqc.compiler.knowledge.machineconfig import Operator, before, operator

VERSIONS = [form.version for form in knowledge().forms]
RELEASES = {release.release for release in knowledge().releases}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_shape_is_used_and_there(version: str) -> None:
    found = shapes(version).shapes
    seen, todo = {CONFIG}, [CONFIG]
    while todo:
        for wanted in found[todo.pop()].values():
            assert wanted.name in found or wanted.name in PRIMITIVES
            if wanted.name in found and wanted.name not in seen:
                seen.add(wanted.name)
                todo.append(wanted.name)

    later = {"KernelArguments", "Proxy", "HttpHeader", "Luks", "Clevis", "ClevisCustom", "Tang"}
    assert set(found) - seen <= later | {"Cex", "Reference", "CertificateAuthority"}


def test_keys_come_and_go_with_versions() -> None:
    has = {
        version: ("kernelArguments" in found[CONFIG], "luks" in found["Storage"])
        for version in VERSIONS
        for found in [shapes(version).shapes]
    }

    assert has == {
        "2.2.0": (False, False),
        "3.0.0": (False, False),
        "3.1.0": (False, False),
        "3.2.0": (False, True),
        "3.3.0": (True, True),
        "3.4.0": (True, True),
        "3.5.0": (True, True),
    }
    assert shapes("3.0.0").shapes["IgnitionConfig"]["merge"].name == "Reference"
    assert shapes("3.1.0").shapes["IgnitionConfig"]["merge"].name == "Resource"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_must_differ_is_a_key_of_a_list(version: str) -> None:
    found = shapes(version)
    for row in found.unique:
        for name in row.lists:
            wanted = found.shapes.get(row.shape, {}).get(name)
            if wanted is not None:
                assert wanted.many
                assert (row.by == ITSELF) == (wanted.name in PRIMITIVES)
                assert row.by == ITSELF or row.by in found.shapes[wanted.name] or version == "2.2.0"


def test_values_grow_with_versions() -> None:
    assert shapes("2.2.0").schemes != shapes("3.0.0").schemes
    assert (
        set(shapes("3.1.0").schemes) < set(shapes("3.2.0").schemes) < set(shapes("3.5.0").schemes)
    )
    assert [*shapes("3.0.0").hashes] == ["sha512"]
    assert [*shapes("3.5.0").hashes] == ["sha512", "sha256"]
    assert shapes("3.4.0").since("3.4.0")
    assert not shapes("3.4.0").since("3.5.0")


def test_the_object_has_shapes() -> None:
    found = object_shapes()

    assert found["MachineConfig"]["spec"].name == "MachineConfigSpec"
    assert found["MachineConfigSpec"]["kernelArguments"].many


def test_the_facts_about_the_operator_have_their_types() -> None:
    facts = operator()

    assert msgspec.convert(msgspec.to_builtins(facts), Operator) == facts
    types = (item.since for item in facts.kernel_types.values())
    assert {facts.compression_from, facts.overwrite_from, *types} <= RELEASES
    assert not any(
        version in release.reads for release in knowledge().releases for version in facts.unread
    )


def test_releases_are_compared_by_number() -> None:
    older = [item.release for item in knowledge().releases if before(item, "4.10")]

    assert older == ["4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9"]


def test_what_cannot_be_changed_is_a_key_of_some_version() -> None:
    for row in operator().unchangeable:
        assert any(_exists(version, row.path) for version in VERSIONS), row.path
        assert row.why


def _exists(version: str, path: tuple[str, ...]) -> bool:
    found, name = shapes(version).shapes, CONFIG
    for key in path:
        if key == "*":
            continue
        if key not in found.get(name, {}):
            return False
        name = found[name][key].name
    return True
