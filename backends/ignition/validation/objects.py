"""Objects: what stands around the configuration in a MachineConfig."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reqc.backends.ignition.rules import OBJECT_NAME, OTHER_POOL, POOL, SIZE, shown
from reqc.backends.ignition.validation.decoding import Decoder, Item
from reqc.backends.ignition.validation.findings import (
    EXTENSION,
    UNCHANGEABLE,
    UNREADABLE,
    Finding,
    Judge,
    Severity,
    Spot,
)
from reqc.backends.ignition.validation.nodes import Fraction, Mapping, Node, Scalar, Sequence
from reqc.backends.ignition.validation.on_node import argument_findings
from reqc.backends.ignition.validation.scope import Scope, told
from reqc.backends.machineconfig.plan import Pool, name_refusals
from reqc.backends.machineconfig.size import stored_bytes
from reqc.compiler.knowledge.ignition import Release, knowledge
from reqc.compiler.knowledge.ignition_shapes import MACHINE_CONFIG, Type, object_shapes
from reqc.compiler.knowledge.machineconfig import before, operator

API: Final = "machineconfiguration.openshift.io/v1"
ROLE_LABEL: Final = "machineconfiguration.openshift.io/role"
GENERATED: Final = "machineconfiguration.openshift.io/generated-by-controller-version"
"""An annotation of what the Machine Config Operator made itself, rendered objects among it."""

_WORKER: Final = "worker"
_REPLACED: Final = ("osImageURL", "baseOSExtensionsContainerImage")
_NAME_ADVICE: Final = {
    POOL: "declare a pool of your own with --pool",
    OTHER_POOL: "change the name or the label",
    OBJECT_NAME: "call it NN-ROLE-WHAT, such as 99-worker-example",
}


def text_at(node: Node | None, *keys: str) -> str:
    """Return the text behind keys of a document, empty where there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    value = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, str) else ""


def is_operators_own(node: Mapping) -> bool:
    """Tell whether an object out of a cluster was made by the operator, or by the installer."""
    metadata = node.get("metadata")
    by_installer = f"99-{text_at(metadata, 'labels', ROLE_LABEL)}-ssh"
    installed = text_at(metadata, "uid") and text_at(metadata, "name") == by_installer
    return bool(text_at(metadata, "annotations", GENERATED) or installed)


def decoded_object(node: Mapping, path: str) -> tuple[Item | None, list[Finding]]:
    """Decode a MachineConfig, without its configuration."""
    decoder = Decoder(object_shapes(), Judge.NODE, folds=False)
    item = decoder.decode(node, Type(MACHINE_CONFIG), path)
    return item, decoder.findings


def object_findings(
    node: Mapping, path: str, scope: Scope, *, hosted: bool = False
) -> Iterator[Finding]:
    """Check all of an object that does not depend on a release.

    A `hosted` one is chosen by a NodePool, and needs no label.
    """
    if text_at(node, "apiVersion") != API:
        spot = spot_at(node, path, "apiVersion")
        message = f"a MachineConfig has the apiVersion {API}"
        yield spot.breaks(UNREADABLE, message, "write it so")
    yield from _naming(node, path, scope, hosted=hosted)
    size, most = stored_bytes({"object": plain(node)}), knowledge().object_bytes
    if size > most:
        message = f"the object has about {size:,} bytes, and a cluster stores at most {most:,}"
        advice = "let nodes fetch what is so large from elsewhere"
        yield Spot(path, node.place).breaks(SIZE, message, advice)


def spot_at(node: Mapping, path: str, *keys: str) -> Spot:
    """Return the spot of a value, or of the nearest thing around it that is there."""
    found: Node = node
    for key in keys:
        inner = found.get(key) if isinstance(found, Mapping) else None
        if inner is None:
            break
        found = inner
    return Spot(".".join((path, *keys)), found.place)


def _naming(node: Mapping, path: str, scope: Scope, *, hosted: bool) -> Iterator[Finding]:
    """Check the name and the label, which say together for which pool the object is."""
    role = text_at(node, "metadata", "labels", ROLE_LABEL)
    label = spot_at(node, path, "metadata", "labels", ROLE_LABEL)
    name = spot_at(node, path, "metadata", "name")
    if not role and not hosted:
        message = f"without the label {ROLE_LABEL} the object is for no pool"
        yield label.breaks(POOL, message, f"write the pool, such as {_WORKER}")
    pool = Pool(role or _WORKER, text_at(node, "metadata", "name"))
    settings = {"custom-pools": ",".join(scope.custom_pools)}
    for refusal in name_refusals((pool,), settings):
        if role or refusal.code == OBJECT_NAME:
            spot = label if refusal.code == POOL else name
            close, _, _ = refusal.help.partition("?")
            guess = f"{close}? Or " if close != refusal.help else ""
            yield spot.breaks(refusal.code, refusal.message, guess + _NAME_ADVICE[refusal.code])


def spec_findings(spec: Item, releases: tuple[Release, ...], scope: Scope) -> Iterator[Finding]:
    """Check what a MachineConfig says beside its configuration."""
    for argument in spec.list("kernelArguments"):
        yield from argument_findings(argument)
    for extension in spec.list("extensions"):
        yield from _extension(extension, releases, scope)
    yield from _kernel_type(spec, releases, scope)
    if spec.true("fips"):
        message = "FIPS mode can only be chosen when a cluster is installed"
        yield told(spec.at("fips"), "warning", UNCHANGEABLE, message)
    for key in _REPLACED:
        if spec.text(key):
            message = f"{key} keeps the nodes on one image, whatever the cluster is updated to"
            yield told(spec.at(key), "warning", UNCHANGEABLE, message)


def _extension(item: Item, releases: tuple[Release, ...], scope: Scope) -> Iterator[Finding]:
    name = str(item.value or "")
    known = next((row for row in knowledge().extensions if row.name == name), None)

    def tell(who: str, severity: Severity) -> Finding:
        message = f"the extension {shown(name)} is not known to {who}"
        names = ", ".join(row.name for row in knowledge().extensions)
        advice = "" if known else f"extensions are {names}"
        return told(item, severity, EXTENSION, message, advice)

    yield from scope.minded(releases, lambda one: not (known and known.is_in(one)), tell)


def _kernel_type(spec: Item, releases: tuple[Release, ...], scope: Scope) -> Iterator[Finding]:
    name, types = spec.text("kernelType"), operator().kernel_types
    known, spot = types.get(name), spec.at("kernelType")

    def tell(who: str, severity: Severity) -> Finding:
        message = f"the type of kernel {shown(name)} is not known to {who}"
        advice = "" if known else f"types are {', '.join(types)}"
        return told(spot, severity, EXTENSION, message, advice)

    if name:
        yield from scope.minded(releases, lambda one: not known or before(one, known.since), tell)
    if known and known.architecture:
        # nothing in an object tells what its nodes are
        message = f"only nodes of {known.architecture} have the type of kernel {shown(name)}"
        yield told(spot, "note", EXTENSION, message, "every other node of the pool is degraded")


def plain(node: Node) -> object:
    """Return a document as plain data."""
    match node:
        case Mapping():
            return {entry.key: plain(entry.value) for entry in node.entries}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar(value=Fraction()):
            return 0
        case Scalar():
            return node.value
