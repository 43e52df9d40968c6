"""JSON and YAML as its readers of both versions understand it, and the files of a node within."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from ruamel.yaml import YAML

from reqc.backends.base import Output
from tests.backends.ignition.oracle import decoded
from tests.injection.readers import Leaf, comment_of, tree, wrapped_comment, wrapped_tame

COMPOSED = re.compile(r"/etc/(?:modules-load\.d|sysctl\.d|NetworkManager/conf\.d)/")
"""Files that reqc composes, with a heading; all others hold what a specification says."""

LIBYAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def json_leaves(output: Output) -> Iterator[Leaf]:
    """Yield what documents of JSON hold; a name that comes twice is refused."""
    for artifact in output.artifacts:
        data = json.loads(artifact.text, object_pairs_hook=once)
        yield from tree(data, (artifact.name,))


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; fail where a name comes twice."""
    assert len({name for name, _ in pairs}) == len(pairs), [name for name, _ in pairs]
    return dict(pairs)


def yaml_documents(text: str) -> list[Any]:
    """Return what readers of YAML 1.1 and of 1.2 take a stream for, which has to be the same.

    They differ in one thing on purpose: a mode of Butane is an octal number of YAML 1.1.
    """
    assert text.isascii() or all(line.isprintable() for line in text.split("\n"))
    old = list(yaml.load_all(text, Loader=LIBYAML))  # it is the safe one
    pure = list(yaml.safe_load_all(text))
    assert old == pure
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    new = list(reader.load_all(text))
    assert without_modes(new) == without_modes(old)
    return old


def without_modes(value: object) -> object:
    """Return data without the numbers under the key `mode`."""
    if isinstance(value, Mapping):
        return {key: without_modes(inner) for key, inner in value.items() if key != "mode"}
    return [without_modes(inner) for inner in value] if isinstance(value, list) else value


def comments(text: str) -> list[str]:
    """Return the lines of comments before the data of a stream."""
    lines = text.split("\n")
    data = next((at for at, line in enumerate(lines) if line and not line.startswith("#")), None)
    return lines[:data]


def yaml_leaves(output: Output) -> Iterator[Leaf]:
    """Yield what streams of YAML hold, with the comments before them."""
    for artifact in output.artifacts:
        said = comment_of(comments(artifact.text))
        yield Leaf((artifact.name, "#"), said, wrapped_comment)
        for number, document in enumerate(yaml_documents(artifact.text)):
            yield from tree(document, (artifact.name, str(number)))


def firewall_yaml_leaves(output: Output) -> Iterator[Leaf]:
    """Yield the same where comments are written as those of rule sets are, but for their end."""
    for leaf in yaml_leaves(output):
        if leaf.place[-1] == "#":
            said, _, use = leaf.text.partition("Apply:")
            yield Leaf(leaf.place, said, wrapped_tame)
            yield Leaf((*leaf.place, "use"), use)
        else:
            yield leaf


def terraform_leaves(output: Output) -> Iterator[Leaf]:
    """Yield what Terraform reads: texts in which nothing is left to evaluate but references."""
    header: list[str] = []
    for leaf in json_leaves(output):
        if "//" in leaf.place:
            header.append(leaf.text if "[]" not in leaf.place else "")
            continue
        yield leaf
    literal = re.sub(r"([$%])\1(?=\{)", r"\1", "".join(header))
    assert not re.search(r"(?<![$%])[$%]\{", re.sub(r"([$%])\1\{", "", "".join(header)))
    yield Leaf(("//",), comment_of([literal], ""), wrapped_tame)


def ignition_leaves(output: Output) -> Iterator[Leaf]:
    """Yield the parts of configurations of Ignition, contents decoded."""
    for artifact in output.artifacts:
        yield from _ignition(json.loads(artifact.text, object_pairs_hook=once), (artifact.name,))


def machineconfig_leaves(output: Output) -> Iterator[Leaf]:
    """Yield the parts of MachineConfigs and the comments before them."""
    for artifact in output.artifacts:
        said = comment_of(comments(artifact.text))
        yield Leaf((artifact.name, "#"), said, wrapped_comment)
        for number, item in enumerate(yaml_documents(artifact.text)):
            config = item["spec"].pop("config", {})
            yield from tree(item, (artifact.name, str(number)))
            yield from _ignition(config, (artifact.name, "config"))


def _ignition(config: Any, at: tuple[str, ...]) -> Iterator[Leaf]:  # noqa: ANN401  # JSON
    for number, file in enumerate(config.get("storage", {}).get("files", ())):
        contents = file.pop("contents")
        text = decoded(contents.pop("source")).decode()
        yield from tree(contents, (*at, str(number), "contents"))
        yield from file_leaves(file["path"], text, at)
    yield from tree(config, at)


def butane_leaves(output: Output) -> Iterator[Leaf]:
    """Yield the parts of documents of Butane and the comments before them."""
    for artifact in output.artifacts:
        said = comment_of(comments(artifact.text))
        yield Leaf((artifact.name, "#"), said, wrapped_comment)
        (item,) = yaml_documents(artifact.text) or [{}]
        for file in item.get("storage", {}).get("files", ()):
            text = file["contents"].pop("inline")
            yield from file_leaves(file["path"], text, (artifact.name,))
        yield from tree(item, (artifact.name,))


def file_leaves(path: str, text: str, at: tuple[str, ...]) -> Iterator[Leaf]:
    """Yield what a file of a node says: its heading, its lines, and its keys where it has some."""
    if not COMPOSED.match(path):
        yield Leaf((*at, path), text)
        return
    head = [line for line in text.split("\n") if line.startswith("#")]
    yield Leaf((*at, path, "#"), comment_of(head), wrapped_comment)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    if path.startswith("/etc/NetworkManager/"):
        reader = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",))
        reader.optionxform = str  # type: ignore[assignment]
        reader.read_string(text)
        assert not reader.defaults()
        sections = {name: dict(reader[name]) for name in reader.sections()}
        yield from tree(sections, (*at, path))
    else:
        yield from tree(lines, (*at, path))
