"""The target `ignition`: one configuration in JSON for the first boot of a node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from reqc.backends.base import Artifact, Language, Output, Reason, Setting, SettingError, Target
from reqc.backends.ignition.composition import Objection, Policy, compose
from reqc.backends.ignition.config import configuration
from reqc.backends.ignition.units import UnitEntry
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.knowledge.ignition import Form, knowledge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import KernelArgument, UnitState

VERSIONS: Final = tuple(form.version for form in knowledge().forms)
"""Every version that can be written."""

DEFAULT_VERSION: Final = "3.2.0"
"""Read by every Ignition since 2.7 and, embedded, by every OpenShift since 4.7."""


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return the configuration of a document's states.

    Raise SettingError for a version that is not written.
    """
    version = settings["ignition-version"]
    form = knowledge().form(version)
    if form is None:
        message = f"ignition-version is {version!r} and can be {', '.join(VERSIONS)}"
        raise SettingError(message)
    composition = compose(document, _policy(form))
    if composition.refusals:
        return Output((), composition.unsupported, refusals=composition.refusals)
    config = configuration(composition, form)
    if composition.arguments:
        arguments = [item.value.argument for item in composition.arguments]
        config["kernelArguments"] = {"shouldExist": [*arguments]}
    text = json.dumps(config, indent=2) + "\n"
    artifact = Artifact(f"{document.identity.slug}.ign", text)
    return Output((artifact,), composition.unsupported)


def _policy(form: Form) -> Policy:
    def argument(_argument: KernelArgument) -> Objection | None:
        if form.kernel_arguments:
            return None
        detail = f"Ignition {form.version} has no kernel arguments; choose 3.3.0 or newer"
        return Reason.INEXPRESSIBLE, detail

    return Policy(_unit, _no_objection, argument)


def _unit(wanted: Wanted[UnitState]) -> UnitEntry:
    """Write a state as it is: at a first boot it is a preset, harmless where the unit is absent."""
    state = wanted.value.state
    if state == "masked":
        return UnitEntry(wanted.value.unit, wanted.requirements, mask=True)
    return UnitEntry(wanted.value.unit, wanted.requirements, enabled=state == "enabled")


def _no_objection(_file: NodeFile) -> None:
    return None


TARGET: Final = Target(
    "ignition",
    "An Ignition configuration for the first boot of Fedora CoreOS, Flatcar and their relatives.",
    Language.STATES,
    render,
    (
        Setting(
            "ignition-version",
            DEFAULT_VERSION,
            "version of the configuration; the oldest that every node reads is the best choice",
            VERSIONS,
        ),
    ),
)
