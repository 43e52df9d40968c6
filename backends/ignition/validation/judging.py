"""Judging: reads a text and yields all that is wrong with the configurations in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from reqc.backends.ignition.rules import shown
from reqc.backends.ignition.validation import nodes
from reqc.backends.ignition.validation.configuration import configuration_findings
from reqc.backends.ignition.validation.findings import UNREADABLE, Finding, Judge, Spot
from reqc.backends.ignition.validation.json_reader import read_json
from reqc.backends.ignition.validation.nodes import (
    Mapping,
    Node,
    Scalar,
    UnreadableError,
)
from reqc.backends.ignition.validation.objects import (
    decoded_object,
    is_operators_own,
    object_findings,
    spec_findings,
    text_at,
)
from reqc.backends.ignition.validation.pools import part_of, pool_findings
from reqc.backends.ignition.validation.scope import Scope
from reqc.backends.ignition.validation.version import version_of
from reqc.backends.ignition.validation.yaml_reader import read_yaml
from reqc.compiler.knowledge.ignition import knowledge

ROOT: Final = "$"
POOL_KIND: Final = "MachineConfigPool"


def read_documents(text: str, *, as_yaml: bool) -> tuple[Node, ...]:
    """Return the documents of a text; raise `UnreadableError` where it is no JSON or YAML."""
    return read_yaml(text) if as_yaml else (read_json(text),)


def declared_pools(documents: Iterable[Node]) -> tuple[str, ...]:
    """Return the names of the pools that documents declare."""
    pools = (item for item in documents if text_at(item, "kind") == POOL_KIND)
    names = (text_at(item, "metadata", "name") for item in pools)
    return tuple(name for name in names if name)


def judge(documents: Sequence[Node], scope: Scope) -> list[list[Finding]]:
    """Return for each document all that is wrong with it, alone and beside the others.

    It is a configuration of Ignition, a MachineConfig, a List of objects, or a ConfigMap that holds
    a MachineConfig for a hosted control plane. Findings are in the order of the document. A warning
    is left out where there is an error of the same kind at the same place.
    """
    found = [[*all_findings(document, scope)] for document in documents]
    objects = [
        (number, *item)
        for number, document in enumerate(documents)
        for item in _machine_configs(document, ROOT)
    ]
    if len(objects) > 1:
        parts = [part for item in objects if (part := part_of(*item)) is not None]
        for number, finding in pool_findings(parts, scope):
            found[number].append(finding)
    return [*map(_in_order, found)]


def _in_order(found: Sequence[Finding]) -> list[Finding]:
    wrong = {(item.code, item.path) for item in found if item.severity == "error"}
    kept = {
        item for item in found if item.severity == "error" or (item.code, item.path) not in wrong
    }
    return sorted(kept, key=lambda item: (item.place.start, item.code, item.path, item.message))


def all_findings(document: Node, scope: Scope) -> Iterator[Finding]:
    """Yield everything that anybody minds, in no order; the same may be minded by several."""
    return _document(document, ROOT, scope)


def _document(node: Node, path: str, scope: Scope) -> Iterator[Finding]:
    kind = text_at(node, "kind")
    if not isinstance(node, Mapping):
        yield Spot(path, node.place).refused(UNREADABLE, f"{path} is no object")
    elif kind == "MachineConfig" and is_operators_own(node):
        message = f"{shown(text_at(node, 'metadata', 'name'))} is the operator's own, not judged"
        yield Finding("note", Judge.NODE, UNREADABLE, message, path, node.place)
    elif kind == "MachineConfig":
        yield from _machine_config(node, path, scope)
    elif kind == "List":
        for number, item in enumerate(_items(node)):
            yield from _document(item, f"{path}.items.{number}", scope)
    elif kind == "ConfigMap":
        yield from _config_map(node, path, scope)
    elif kind == POOL_KIND:
        return
    elif kind or text_at(node, "apiVersion"):
        yield _unjudged(node, path, kind)
    elif text_at(node, "variant"):
        message = "this is a configuration for Butane"
        advice = "let butane turn it into one for Ignition, and judge that"
        yield Spot(path, node.place).refused(UNREADABLE, message, advice)
    else:
        yield from configuration_findings(node, path, scope, embedded=scope.is_stated)


def _machine_configs(node: Node, path: str) -> Iterator[tuple[Mapping, str]]:
    """Yield the MachineConfigs of a document, each with its path."""
    kind = text_at(node, "kind")
    if isinstance(node, Mapping) and kind == "MachineConfig":
        yield node, path
    elif isinstance(node, Mapping) and kind == "List":
        for number, item in enumerate(_items(node)):
            yield from _machine_configs(item, f"{path}.items.{number}")


def _items(node: Mapping) -> tuple[Node, ...]:
    items = node.get("items")
    return items.items if isinstance(items, nodes.Sequence) else ()


def _unjudged(node: Mapping, path: str, kind: str) -> Finding:
    message = f"an object of the kind {shown(kind or '?')} is not judged"
    return Finding("note", Judge.NODE, UNREADABLE, message, path, node.place)


def _config_map(node: Mapping, path: str, scope: Scope) -> Iterator[Finding]:
    """Judge the MachineConfig that a ConfigMap holds as text, at the place of that text."""
    data = node.get("data")
    inner = data.get("config") if isinstance(data, Mapping) else None
    text = text_at(node, "data", "config")
    if inner is None or not text:
        yield _unjudged(node, path, "ConfigMap")
        return
    at = f"{path}.data.config"
    try:
        documents = read_yaml(text)
    except UnreadableError as problem:
        yield Spot(at, inner.place).breaks(UNREADABLE, f"{at} is no YAML: {problem}")
        return
    for document in documents:
        if isinstance(document, Mapping):
            for item in _machine_config(document, f"{at}:{ROOT}", scope, hosted=True):
                yield replace(item, place=inner.place)


def _machine_config(
    node: Mapping, path: str, scope: Scope, *, hosted: bool = False
) -> Iterator[Finding]:
    item, found = decoded_object(node, path)
    yield from found
    yield from object_findings(node, path, scope, hosted=hosted)
    spec = node.get("spec")
    config = spec.get("config") if isinstance(spec, Mapping) else None
    releases = scope.releases or tuple(knowledge().releases)
    if config is not None and not (isinstance(config, Scalar) and config.value is None):
        at = f"{path}.spec.config"
        releases = scope.readers(version_of(config, at).name) or releases
        yield from configuration_findings(config, at, scope, embedded=True)
    if item is not None:
        yield from spec_findings(item.at("spec"), releases, scope)
