"""Every requirement, of every shipped page and of every kind, reaches each target or is named."""

from __future__ import annotations

import base64
import json
from urllib.parse import unquote_to_bytes

import pytest

from reqc.backends.base import Output
from reqc.backends.registry import TARGETS
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.lowered import LoweredRequirement
from reqc.compiler.states import (
    FileContent,
    FileMode,
    FileOwner,
    IniListItems,
    ModuleAtBoot,
    SysctlValue,
    UnitState,
)
from tests.deployments import SHIPPED, choices_for, lowered, rendered, shipped
from tests.language import reading as language


@pytest.mark.parametrize("target", sorted(TARGETS))
@pytest.mark.parametrize("spec", SHIPPED)
def test_no_requirement_is_dropped(spec: str, target: str) -> None:
    document = shipped(spec)
    outputs: dict[str, tuple[LoweredRequirement, Output]] = {}
    cache = {}
    for requirement in document.requirements:
        choices = choices_for(document, requirement)
        key = tuple(sorted(choices.items()))
        if key not in cache:
            deployment = lowered(document, choices)
            cache[key] = deployment, rendered(target, deployment)
        deployment, output = cache[key]
        item = next(one for one in deployment.requirements if one.origin.id == requirement.id)
        outputs[requirement.id] = item, output

    dropped = [
        name
        for name, (item, output) in outputs.items()
        if name not in {row.requirement for row in output.unsupported}
        and not _carried(target, item, output)
    ]

    assert dropped == []
    assert all(item.applies for item, _ in outputs.values())


@pytest.mark.parametrize("target", sorted(TARGETS))
@pytest.mark.parametrize("name", KINDS)
def test_no_kind_is_dropped(name: str, target: str) -> None:
    made = [
        language.lowered(language.section(f"must it: {example}", head="role host\nrole typha\n"))
        for example in kind(name).examples
    ]

    for document in made:
        output = rendered(target, document)
        named = {row.requirement for row in output.unsupported}
        (item,) = document.requirements
        assert item.origin.id in named or _carried(target, item, output)


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_no_part_of_a_requirement_for_a_file_is_dropped(target: str) -> None:
    parts = 'content "a\\n"', "mode 0600", 'owner "core"'
    every = "; ".join(f'file "/etc/x" {part}' for part in parts)
    made = language.lowered(language.section(f"must it: all {{ {every} }}"))

    output = rendered(target, made)

    (item,) = made.requirements
    named = {row.requirement for row in output.unsupported}
    assert item.origin.id in named or _carried(target, item, output)


def _carried(target: str, item: LoweredRequirement, output: Output) -> bool:
    text = "\n".join(artifact.text for artifact in output.artifacts)
    if target == "ignition":
        return bool(item.states) and all(_in_ignition(state, text) for state in item.states)
    if target == "remedy":
        # Above the changes, a table has the ids that --only knows, which are all.
        text = text.partition("# --- the changes ---")[2]
        assert text
    return item.origin.id in text


def _in_ignition(state: object, text: str) -> bool:  # noqa: PLR0911  # one for each state
    config = json.loads(text)
    written = {file["path"]: file for file in config.get("storage", {}).get("files", [])}
    files = {path: _decoded(file["contents"]["source"]) for path, file in written.items()}
    units = {unit["name"] for unit in config.get("systemd", {}).get("units", [])}
    lines = [line for content in files.values() for line in content.splitlines()]
    match state:
        case ModuleAtBoot(name):
            return name in lines
        case IniListItems(path=path, items=items):
            return all(item in files[path] for item in items)
        case FileContent(path=path, content=content):
            return files[path] == content
        case FileMode(path=path, mode=mode):
            return bool(written[path]["mode"] == mode)
        case FileOwner(path=path, user=user):
            return bool(written[path].get("user", {}).get("name", "root") == user)
        case UnitState(unit=unit):
            return unit in units
        case SysctlValue(key=key, value=value):
            return f"{key} = {value}" in lines
        case _:
            return False


def _decoded(url: str) -> str:
    head, _, body = url.partition(",")
    raw = base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    return raw.decode()


@pytest.mark.parametrize("target", sorted(TARGETS))
@pytest.mark.parametrize("spec", SHIPPED)
def test_the_same_input_gives_the_same_bytes(spec: str, target: str) -> None:
    document = shipped(spec)

    assert rendered(target, lowered(document, {})) == rendered(target, lowered(document, {}))


def test_both_specifications_are_shipped() -> None:
    assert set(SHIPPED) >= {"v3.16-openstack", "v3.24-openshift"}
