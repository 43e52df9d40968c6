"""A configuration of Ignition, judged by everybody who has to take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reqc.backends.ignition.validation import disks, nodes, sources, storage, units
from reqc.backends.ignition.validation.decoding import Decoder, Item
from reqc.backends.ignition.validation.findings import UNREADABLE, Finding, Judge, Spot
from reqc.backends.ignition.validation.nodes import Node
from reqc.backends.ignition.validation.on_node import node_findings
from reqc.backends.ignition.validation.openshift import embedded_findings, placed_findings
from reqc.backends.ignition.validation.rule import Rule
from reqc.backends.ignition.validation.scope import Scope
from reqc.backends.ignition.validation.uniqueness import duplicates
from reqc.backends.ignition.validation.version import version_findings, version_of
from reqc.compiler.knowledge.ignition_shapes import CONFIG, Shapes, Type, shapes

_RULES: Final[tuple[Mapping[str, Rule], ...]] = (
    disks.RULES,
    sources.RULES,
    storage.RULES,
    units.RULES,
)


def configuration_findings(
    node: Node, path: str, scope: Scope, *, embedded: bool
) -> Iterator[Finding]:
    """Yield what is wrong with a configuration, alone or `embedded` in a MachineConfig."""
    if not isinstance(node, nodes.Mapping):
        yield Spot(path, node.place).refused(UNREADABLE, f"{path} is no object")
        return
    version = version_of(node, path)
    readers = scope.readers(version.name) if embedded else ()
    yield from version_findings(version, readers, scope)
    if version.form is None:
        return
    known = shapes(version.form.version)
    config, found = _decoded(node, path, known)
    yield from found
    yield from _refused(config, known)
    yield from node_findings(config)
    if embedded:
        yield from embedded_findings(config, version.name, readers, scope)
    else:
        for file in config.at("storage").list("files"):
            yield from placed_findings(file, embedded=False)


def decoded_configuration(node: Node | None, path: str) -> Item | None:
    """Return a configuration as far as it can be decoded, None where its version is not known."""
    if not isinstance(node, nodes.Mapping):
        return None
    form = version_of(node, path).form
    return _decoded(node, path, shapes(form.version))[0] if form else None


def _decoded(node: nodes.Mapping, path: str, known: Shapes) -> tuple[Item, list[Finding]]:
    remarks_null = known.since("3.0.0")
    decoder = Decoder(known.shapes, Judge.IGNITION, folds=True, remarks_null=remarks_null)
    item = decoder.decode(node, Type(CONFIG), path)
    return item or Item(path, node.place, CONFIG), decoder.findings


def _refused(config: Item, known: Shapes) -> Iterator[Finding]:
    """Yield what Ignition refuses of every object that was decoded whole."""
    for item in config.walk():
        if item.sound:
            for rules in _RULES:
                if item.shape in rules:
                    yield from rules[item.shape](item, known)
        yield from duplicates(item, known)
