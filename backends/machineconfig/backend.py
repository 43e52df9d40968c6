"""The target `machineconfig`: one object for each pool of an OpenShift cluster, in YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reqc.backends.base import Artifact, Language, Output, Reason, Refusal, Setting, Target
from reqc.backends.ignition import rules
from reqc.backends.ignition.composition import Composition, Objection, Policy, compose
from reqc.backends.ignition.config import Json, configuration, is_number
from reqc.backends.ignition.units import UnitEntry
from reqc.backends.machineconfig.header import header
from reqc.backends.machineconfig.plan import Plan, Pool, plan_refusals, planned
from reqc.backends.machineconfig.yaml_text import yaml_text
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import UnitState


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return the objects of all pools as one stream, and each in a file of its own.

    Raise SettingError for a setting that cannot be read.
    """
    plan = planned(settings, document.identity.product)
    composition = compose(document, _policy(plan))
    refusals = (*plan_refusals(plan, settings), *composition.refusals)
    if refusals:
        return Output((), composition.unsupported, refusals=refusals)
    if not (composition.files or composition.units or composition.arguments):
        plan = replace(plan, pools=())
    objects = {item: f"---\n{yaml_text(_object(item, composition, plan))}" for item in plan.pools}
    artifacts = tuple(
        Artifact(f"{item.object}.yaml", header(document, composition, _only(plan, item)) + text)
        for item, text in objects.items()
    )
    stream = header(document, composition, plan) + "".join(objects.values())
    return Output(artifacts, composition.unsupported, stream)


def _only(plan: Plan, pool: Pool) -> Plan:
    return replace(plan, pools=(pool,))


def _object(item: Pool, composition: Composition, plan: Plan) -> dict[str, Json]:
    spec: dict[str, Json] = {"config": configuration(composition, plan.form)}
    if composition.arguments:
        # the operator sets them by itself and refuses changes to those in the configuration
        spec["kernelArguments"] = [argument.value.argument for argument in composition.arguments]
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfig",
        "metadata": {
            "labels": {"machineconfiguration.openshift.io/role": item.pool},
            "name": item.object,
        },
        "spec": spec,
    }


def _policy(plan: Plan) -> Policy:
    may_enable = knowledge().may_enable_absent_units(plan.releases)

    def unit(wanted: Wanted[UnitState]) -> UnitEntry | tuple[Reason, str]:
        name = wanted.value.unit
        if wanted.value.state != "enabled":
            # disabling a unit that a node lacks degrades the pool before 4.20, masking never does
            return UnitEntry(name, wanted.requirements, mask=True)
        if may_enable:
            return UnitEntry(name, wanted.requirements, enabled=True)
        first = knowledge().absent_units_may_be_enabled_from
        detail = (
            f"a node without {rules.shown(name)} would stop its update before OpenShift {first}"
        )
        return Reason.UNSAFE, detail

    return Policy(unit, _file_objection, lambda _argument: None)


def _file_objection(file: NodeFile) -> Objection | None:
    facts, name = knowledge(), rules.shown(file.path)
    if file.path == facts.force_file:
        message = f"{name} makes a node take a configuration without validating it"
        return Refusal(file.requirements[0], rules.FORCE_FILE, message)
    if any(_is_owned(file.path, owned) for owned in facts.owned):
        message = f"{name} belongs to the Machine Config Operator, which would lose its own content"
        advice = "write to another file of the same folder, or use the operator's own resources"
        return Refusal(file.requirements[0], rules.OWNED_PATH, message, advice)
    for account in (file.user, file.group):
        if account not in facts.accounts and not is_number(account):
            detail = (
                f"{name} belongs to {rules.shown(account)}, which a node may not have; use a number"
            )
            return Reason.UNSAFE, detail
    return None


def _is_owned(path: str, owned: str) -> bool:
    return path.startswith(owned) if owned.endswith("/") else path == owned


TARGET: Final = Target(
    "machineconfig",
    "MachineConfig objects for the pools of an OpenShift cluster.",
    Language.STATES,
    render,
    (
        Setting(
            "openshift",
            "4.3",
            "oldest release that must read the objects, or a range such as 4.12-4.18",
        ),
        Setting("pools", "worker,master", "pools to write an object for", many=True),
        Setting("custom-pools", "", "pools of the cluster besides the built-in ones", many=True),
        Setting("prefix", "99", "first part of the objects' names; later names override earlier"),
        Setting("name", "", "last part of the objects' names; the product where none is given"),
    ),
)
