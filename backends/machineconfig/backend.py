"""The target `machineconfig`: one object for each pool of an OpenShift cluster, in YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Artifact, Language, Output, Refusal, Target
from reqc.backends.ignition.composition import Composition, compose
from reqc.backends.ignition.config import Json, configuration
from reqc.backends.ignition.explanation import plain
from reqc.backends.machineconfig.header import header, told
from reqc.backends.machineconfig.node import openshift_nodes
from reqc.backends.machineconfig.plan import (
    Plan,
    Pool,
    plan_refusals,
    planned,
    settings_of_objects,
)
from reqc.backends.machineconfig.size import size_refusals, stored_bytes
from reqc.backends.machineconfig.yaml_text import yaml_text
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.lowered import LoweredDocument

ROLE: Final = "machineconfiguration.openshift.io/role"
"""The label by which pools choose their objects."""


class _Work(Struct, frozen=True):
    """What to write for whom; without anything to write, for nobody."""

    plan: Plan
    composition: Composition
    objects: Mapping[Pool, dict[str, Json]]


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return the objects of all pools as one stream, and each in a file of its own.

    Raise SettingError for a setting that cannot be read.
    """
    work = _work(document, settings)
    plan, composition = work.plan, work.composition
    refusals = (*plan_refusals(plan, settings), *composition.refusals, *_too_large(work))
    if refusals:
        return Output((), composition.unsupported, refusals=refusals)
    texts = {item: f"---\n{yaml_text(data)}" for item, data in work.objects.items()}
    artifacts = tuple(
        Artifact(f"{item.object}.yaml", header(document, composition, _only(plan, item)) + text)
        for item, text in texts.items()
    )
    stream = header(document, composition, plan) + "".join(texts.values())
    return Output(artifacts, composition.unsupported, stream)


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return what the objects cost, how to use them, and which requirement each part is for."""
    work = _work(document, settings)
    return plain(told(document, work.composition, work.plan))


def _work(document: LoweredDocument, settings: Mapping[str, str]) -> _Work:
    plan = planned(settings, document.identity.product)
    composition = compose(document, openshift_nodes(plan.releases))
    if composition.is_empty and not composition.refusals:
        plan = replace(plan, pools=())
    objects = {item: _object(item, composition, plan) for item in plan.pools}
    if plan.hosted:
        objects = {item: _config_map(item, data) for item, data in objects.items()}
    large = any(stored_bytes(data) > knowledge().annotation_bytes for data in objects.values())
    return _Work(replace(plan, large=large), composition, objects)


def _too_large(work: _Work) -> Iterator[Refusal]:
    """Refuse the largest object if need be; the others differ from it in their names alone."""
    hosted = work.plan.hosted
    most = knowledge().config_map_bytes if hosted else knowledge().object_bytes
    sizes = {item.object: stored_bytes(data) for item, data in work.objects.items()}
    name = max(sizes, key=lambda name: sizes[name], default="")
    if name:
        yield from size_refusals(name, sizes[name], work.composition, most)


def _only(plan: Plan, pool: Pool) -> Plan:
    return replace(plan, pools=(pool,))


def _object(item: Pool, composition: Composition, plan: Plan) -> dict[str, Json]:
    spec: dict[str, Json] = {"config": configuration(composition, plan.form)}
    if composition.arguments:
        # the operator sets them by itself and refuses changes to those in the configuration
        spec["kernelArguments"] = [argument.value.argument for argument in composition.arguments]
    if composition.extensions:
        spec["extensions"] = [extension.value for extension in composition.extensions]
    labels: dict[str, Json] = {} if plan.hosted else {"labels": {ROLE: item.pool}}
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfig",
        "metadata": {**labels, "name": item.object},
        "spec": spec,
    }


def _config_map(item: Pool, data: dict[str, Json]) -> dict[str, Json]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": item.object},
        "data": {"config": yaml_text(data)},
    }


TARGET: Final = Target(
    "machineconfig",
    "MachineConfig objects for the pools of an OpenShift cluster.",
    Language.STATES,
    render,
    settings_of_objects(),
    explain,
)
