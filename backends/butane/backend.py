"""The target `butane`: the states of a document in Butane's language, for people to go on from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from reqc.backends.base import Artifact, Language, Output, Refusal, Setting, SettingError, Target
from reqc.backends.butane.document import openshift_document, plain_document
from reqc.backends.heading import provenance
from reqc.backends.ignition.composition import Composition, compose
from reqc.backends.ignition.config import Json
from reqc.backends.ignition.explanation import carried, carriers, left_out_lines, plain
from reqc.backends.ignition.first_boot import first_boot
from reqc.backends.ignition.rules import VERSION
from reqc.backends.machineconfig.backend import ROLE
from reqc.backends.machineconfig.header import commented, parts
from reqc.backends.machineconfig.node import openshift_nodes
from reqc.backends.machineconfig.plan import NAMING, Pool, name_refusals, objects, read_pools
from reqc.backends.machineconfig.releases import HELP, SETTING, Releases, named_releases
from reqc.backends.machineconfig.yaml_text import yaml_text
from reqc.compiler.knowledge.ignition import ButaneVersion, knowledge
from reqc.compiler.lowered import LoweredDocument

_OPENSHIFT: Final = "openshift"
_FCOS: Final = "fcos"
_OLDEST: Final = knowledge().butane.openshift[0].version.removesuffix(".0")

FOR_OPENSHIFT: Final = (Setting(SETTING, _OLDEST, HELP), *NAMING)
"""The settings of the variant `openshift`."""

FOR_FCOS: Final = (
    Setting(
        "ignition-version",
        "3.2.0",
        "version of Ignition that Butane shall write",
        tuple(item.writes for item in knowledge().butane.fcos),
    ),
)
"""The settings of the variant `fcos`."""


class _Document(Struct, frozen=True):
    """One file; `writes` is the version of Ignition that Butane makes of it."""

    name: str
    language: ButaneVersion
    data: Mapping[str, Json]


class _Work(Struct, frozen=True):
    """What is written for one variant; `whom` says for which nodes."""

    whom: str
    composition: Composition
    documents: tuple[_Document, ...]
    refusals: tuple[Refusal, ...]


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return a file for each pool, or one for a first boot.

    Raise SettingError for a setting that cannot be read or is not for the variant.
    """
    work = _work(document, settings)
    if work.refusals:
        return Output((), work.composition.unsupported, refusals=work.refusals)
    artifacts = tuple(
        Artifact(item.name, commented(_told(document, work, (item,))) + yaml_text(item.data))
        for item in work.documents
    )
    stream = None if artifacts else commented(_told(document, work, ()))
    return Output(artifacts, work.composition.unsupported, stream)


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return what the files carry and how to make configurations of them."""
    work = _work(document, settings)
    return plain(_told(document, work, work.documents))


def _work(document: LoweredDocument, settings: Mapping[str, str]) -> _Work:
    chosen = settings["variant"]
    foreign = FOR_FCOS if chosen == _OPENSHIFT else FOR_OPENSHIFT
    for setting in foreign:
        if settings[setting.name] != setting.default:
            message = f"{setting.name} has no meaning with variant={chosen}"
            raise SettingError(message)
    return (_for_openshift if chosen == _OPENSHIFT else _for_fcos)(document, settings)


def _for_openshift(document: LoweredDocument, settings: Mapping[str, str]) -> _Work:
    releases = named_releases(settings[SETTING])
    pools = objects(settings, read_pools(settings), document.identity.product)
    composition = compose(document, openshift_nodes(releases))
    language = _language(releases)
    refusals = (*name_refusals(pools, settings), *composition.refusals)
    if language is None:
        return _Work("", composition, (), (_too_old(releases), *refusals))
    documents = tuple(_for_pool(item, composition, language) for item in pools)
    if composition.is_empty:
        documents = ()
    return _Work(f"OpenShift {releases}", composition, documents, refusals)


def _for_pool(item: Pool, composition: Composition, language: ButaneVersion) -> _Document:
    metadata: dict[str, Json] = {"name": item.object, "labels": {ROLE: item.pool}}
    data = openshift_document(composition, language.version, metadata)
    return _Document(f"{item.object}.bu", language, data)


def _for_fcos(document: LoweredDocument, settings: Mapping[str, str]) -> _Work:
    writes = settings["ignition-version"]
    language = next((item for item in knowledge().butane.fcos if item.writes == writes), None)
    form = knowledge().form(writes)
    if language is None or form is None:
        message = f"ignition-version is {writes!r}, and no version of Butane writes that"
        raise SettingError(message)
    composition = compose(document, first_boot(form))
    data = plain_document(composition, language.version)
    name = f"{document.identity.slug}.bu"
    documents = () if composition.is_empty else (_Document(name, language, data),)
    return _Work("a first boot", composition, documents, composition.refusals)


def _language(releases: Releases) -> ButaneVersion | None:
    """Return the version for the oldest release, whose configurations all later ones read."""
    wanted = f"{releases.oldest}.0"
    return next((item for item in knowledge().butane.openshift if item.version == wanted), None)


def _too_old(releases: Releases) -> Refusal:
    message = f"no version of Butane writes what OpenShift {releases.oldest} reads"
    return Refusal(None, VERSION, message, f"begin with {_OLDEST}, or use the target machineconfig")


def _told(
    document: LoweredDocument, work: _Work, documents: tuple[_Document, ...]
) -> Iterator[str]:
    yield f"{document.identity.title}: node configuration for {work.whom}, to be read by Butane"
    yield ""
    yield from provenance(document)
    yield ""
    if documents:
        yield carriers(item.name for item in documents)
        yield from carried(document, parts(work.composition))
    else:
        yield "It carries nothing: no requirement asks for what Ignition can say."
    yield from left_out_lines(work.composition, "in it")
    if documents:
        yield ""
        yield f"Butane makes Ignition {documents[0].language.writes} of it. Modes are octal, as"
        yield "Butane reads them; to a reader that follows YAML 1.2, 0644 is 644."
    for item in documents:
        result = item.name.removesuffix("bu") + ("yaml" if "metadata" in item.data else "ign")
        yield f"Write:   butane --strict {item.name} --output {result}"


TARGET: Final = Target(
    "butane",
    "Butane documents: the configuration in the language that people write by hand.",
    Language.STATES,
    render,
    (
        Setting(
            "variant",
            _OPENSHIFT,
            "a MachineConfig for each pool, or plain Ignition for a first boot",
            (_OPENSHIFT, _FCOS),
        ),
        *FOR_OPENSHIFT,
        *FOR_FCOS,
    ),
    explain,
)
