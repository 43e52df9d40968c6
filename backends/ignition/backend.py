"""The target `ignition`: one configuration in JSON for the first boot of a node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from reqc.backends.base import Artifact, Language, Output, Setting, SettingError, Target
from reqc.backends.ignition.composition import compose
from reqc.backends.ignition.config import configuration
from reqc.backends.ignition.explanation import plain, side_table
from reqc.backends.ignition.first_boot import first_boot
from reqc.compiler.knowledge.ignition import Form, knowledge
from reqc.compiler.lowered import LoweredDocument

VERSIONS: Final = tuple(form.version for form in knowledge().forms)
"""Every version that can be written."""

DEFAULT_VERSION: Final = "3.2.0"
"""Read by every Ignition since 2.7 and, embedded, by every OpenShift since 4.7."""


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return the configuration of a document's states.

    Raise SettingError for a version that is not written.
    """
    form = _form(settings)
    composition = compose(document, first_boot(form))
    if composition.refusals:
        return Output((), composition.unsupported, refusals=composition.refusals)
    config = configuration(composition, form)
    if composition.arguments:
        arguments = [item.value.argument for item in composition.arguments]
        config["kernelArguments"] = {"shouldExist": [*arguments]}
    text = json.dumps(config, indent=2) + "\n"
    return Output((Artifact(_name(document), text),), composition.unsupported)


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return the side table of the configuration: which requirement each part is for."""
    form = _form(settings)
    composition = compose(document, first_boot(form))
    return plain(side_table(document, composition, form.version, _name(document)))


def _form(settings: Mapping[str, str]) -> Form:
    version = settings["ignition-version"]
    form = knowledge().form(version)
    if form is None:
        message = f"ignition-version is {version!r} and can be {', '.join(VERSIONS)}"
        raise SettingError(message)
    return form


def _name(document: LoweredDocument) -> str:
    return f"{document.identity.slug}.ign"


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
    explain,
)
