"""The Butane document as data: contents as text, where Ignition has URLs."""

from __future__ import annotations

from collections.abc import Mapping

from reqc.backends.ignition.composition import Composition
from reqc.backends.ignition.config import Json, owners, unit
from reqc.backends.machineconfig.yaml_text import Octal
from reqc.compiler.folding.files import NodeFile


def openshift_document(
    composition: Composition, version: str, metadata: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the document of the variant for MachineConfigs."""
    document: dict[str, Json] = {"variant": "openshift", "version": version}
    document["metadata"] = {**metadata}
    own: dict[str, Json] = {}
    if composition.arguments:
        own["kernel_arguments"] = [item.value.argument for item in composition.arguments]
    if composition.extensions:
        own["extensions"] = [item.value for item in composition.extensions]
    if own:
        document["openshift"] = own
    return document | _states(composition)


def plain_document(composition: Composition, version: str) -> dict[str, Json]:
    """Return the document of the variant for a first boot."""
    document: dict[str, Json] = {"variant": "fcos", "version": version}
    if composition.arguments:
        arguments: list[Json] = [item.value.argument for item in composition.arguments]
        document["kernel_arguments"] = {"should_exist": arguments}
    return document | _states(composition)


def _states(composition: Composition) -> dict[str, Json]:
    states: dict[str, Json] = {}
    if composition.files:
        states["storage"] = {"files": [_file(file) for file in composition.files]}
    if composition.units:
        states["systemd"] = {"units": [unit(entry) for entry in composition.units]}
    return states


def _file(file: NodeFile) -> dict[str, Json]:
    entry: dict[str, Json] = {"path": file.path, "mode": Octal(file.mode), "overwrite": True}
    entry |= owners(file)
    entry["contents"] = {"inline": file.content}
    return entry
