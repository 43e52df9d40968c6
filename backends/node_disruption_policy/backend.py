"""The target `node-disruption-policy`: a patch that spares nodes a reboot for MachineConfigs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from reqc.backends.base import Artifact, Language, Output, Refusal, Setting, Target
from reqc.backends.ignition.composition import Composition, compose
from reqc.backends.ignition.explanation import carried, left_out_lines, plain
from reqc.backends.ignition.rules import NO_POLICY
from reqc.backends.machineconfig.disruption import (
    DisruptionPolicy,
    disruption_policy,
    entry_refusals,
)
from reqc.backends.machineconfig.header import commented, identity
from reqc.backends.machineconfig.node import openshift_nodes
from reqc.backends.machineconfig.releases import HELP, SETTING, Releases, named_releases
from reqc.backends.machineconfig.yaml_text import yaml_text
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.versions import compare_versions

NAME: Final = "node-disruption-policy.yaml"
"""The file that is written."""


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return the patch; without an entry it is a comment alone.

    Raise SettingError for a setting that cannot be read.
    """
    releases, composition, policy = _read(document, settings)
    refusals = (*_release_refusals(releases), *composition.refusals, *entry_refusals(policy))
    if refusals:
        return Output((), composition.unsupported, refusals=refusals)
    text = commented(_told(document, composition, policy, releases))
    if policy.entries:
        text += f"---\n{yaml_text(policy.patch())}"
    return Output((Artifact(NAME, text),), composition.unsupported)


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return what the policy spares and what not, how to apply it and how to revert it."""
    releases, composition, policy = _read(document, settings)
    return plain(_told(document, composition, policy, releases))


def _read(
    document: LoweredDocument, settings: Mapping[str, str]
) -> tuple[Releases, Composition, DisruptionPolicy]:
    """Return the composition with what needs a reboot among what is left out."""
    releases = named_releases(settings[SETTING])
    composition = compose(document, openshift_nodes(releases))
    policy = disruption_policy(composition)
    order = {item.origin.id: at for at, item in enumerate(document.requirements)}
    rows = dict.fromkeys((*composition.unsupported, *policy.rebooting))
    unsupported = tuple(sorted(rows, key=lambda row: order[row.requirement]))
    return releases, replace(composition, unsupported=unsupported), policy


def _release_refusals(releases: Releases) -> Iterator[Refusal]:
    first = knowledge().disruption_policy
    without = tuple(
        item for item in releases.known if compare_versions(item.release, first.preview) < 0
    )
    if without:
        message = f"OpenShift {Releases(without, open=False)} has no node disruption policies"
        advice = f"they begin with {first.general}, as a technology preview with {first.preview}"
        yield Refusal(None, NO_POLICY, message, advice)


def _told(
    document: LoweredDocument,
    composition: Composition,
    policy: DisruptionPolicy,
    releases: Releases,
) -> Iterator[str]:
    yield from identity(document, releases)
    yield ""
    if policy.entries:
        yield "It spares a reboot for"
        entries = ((item.words, item.requirements) for item in policy.entries)
        yield from carried(document, entries)
    else:
        yield "No policy: there is no file and no unit for which less than a reboot is enough."
    yield from left_out_lines(composition, "in this policy")
    if policy.entries:
        yield from _use(policy, releases)


def _use(policy: DisruptionPolicy, releases: Releases) -> Iterator[str]:
    first = knowledge().disruption_policy
    yield ""
    yield "Cost: none by itself. A node that takes in what is listed here is neither drained nor"
    yield "rebooted, but one change that is not listed reboots it all the same."
    if policy.rebooting:
        yield "The MachineConfig of this specification holds such changes: they are named above."
    yield "Without a reboot, what is taken away stays until the next one: a module is still loaded,"
    yield "a sysctl is still set, and a unit that is masked or disabled still runs where it ran."
    if compare_versions(releases.oldest, first.general) < 0:
        yield f"In OpenShift {first.preview} it needs the feature set TechPreviewNoUpgrade, which"
        yield "no cluster can leave again."
    yield ""
    yield "Before:  oc get machineconfiguration cluster -o yaml"
    yield "         A merge patch replaces the lists that are there, so put their entries in here."
    yield "Apply:   before the MachineConfig,"
    yield f"         oc patch machineconfiguration cluster --type=merge --patch-file={NAME}"
    yield "Verify:  the same list stands in status.nodeDisruptionPolicyStatus.clusterPolicies"
    yield "Revert:  oc patch machineconfiguration cluster --type=json \\"
    yield """         -p '[{"op": "remove", "path": "/spec/nodeDisruptionPolicy"}]'"""


TARGET: Final = Target(
    "node-disruption-policy",
    "A patch that spares OpenShift nodes the reboot for what machineconfig writes.",
    Language.STATES,
    render,
    (Setting(SETTING, knowledge().disruption_policy.general, HELP),),
    explain,
)
