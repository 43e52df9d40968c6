"""Rule sets as the tools that load them list them, and the comments above them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from reqc.backends.base import Output
from tests.backends.firewall.samples import canonical, isolated, written
from tests.backends.ports.reading import csv_rows, unmarked
from tests.injection.readers import Leaf, comment_of, escaped, tree, wrapped_tame
from tests.tools import require

_SEED = re.compile(r"initval \S+")
"""What every hash of an ipset has of its own."""

NFT = """
for folder in [0-9]*; do
  nft -c -f "$folder"/*.nft
  nft -f "$folder"/*.nft
  nft -s -n -j list ruleset >"$folder/listed"
  nft flush ruleset
done
"""
IPTABLES = """
for folder in [0-9]*; do
  ipset restore <"$folder/rules.ipset"
  for version in 4 6; do
    [ $version = 4 ] && tables=iptables-nft || tables=ip6tables-nft
    "$tables-restore" --noflush --test <"$folder/rules.v$version"
    "$tables-restore" --noflush <"$folder/rules.v$version"
    "$tables-save" -t filter >"$folder/listed.$version"
    "$tables" -F
    "$tables" -X
  done
  ipset list -o save >"$folder/listed.ipset"
  ipset destroy
done
"""
FIREWALLD = """
import json, os, sys
from firewall.core.io import ipset, policy, service
READERS = {"policies": policy.policy_reader, "services": service.service_reader,
           "ipsets": ipset.ipset_reader}
found = []
for folder in sys.argv[1:]:
    one = {}
    for kind, read in READERS.items():
        where = f"{folder}/{kind}"
        for name in sorted(os.listdir(where) if os.path.isdir(where) else ()):
            item = read(name, where)
            one[f"{kind}/{name}"] = {
                key: str(value) if not isinstance(value, list) else [str(part) for part in value]
                for key, value in item.export_config_dict().items()
            }
    found.append(one)
print(json.dumps(found))
"""
"""Reads configurations with the classes of firewalld itself."""


def into_folders(outputs: Iterable[Output], folder: Path) -> list[Path]:
    """Write outputs into folders of their own, which have numbers."""
    folders = []
    for number, output in enumerate(outputs):
        folders.append(folder / str(number))
        folders[-1].mkdir()
        written(output, folders[-1])
    return folders


def nft_leaves(outputs: Sequence[Output], folder: Path) -> list[list[Leaf]]:
    """Return what nft lists of each output after it was loaded, and the comment above it."""
    require("nft")
    folders = into_folders(outputs, folder)
    _run(NFT, folder)
    found = []
    for one, output in zip(folders, outputs, strict=True):
        (artifact,) = output.artifacts
        listed = canonical((one / "listed").read_text(encoding="utf-8"))
        found.append([*_header(artifact.text), *tree(listed)])
    return found


def iptables_leaves(outputs: Sequence[Output], folder: Path) -> list[list[Leaf]]:
    """Return what iptables and ipset list of each output after it was loaded, and the comments."""
    for tool in ("iptables-nft-restore", "iptables-nft-save", "ipset"):
        require(tool)
    folders = into_folders(outputs, folder)
    _run(IPTABLES, folder)
    found = []
    for one, output in zip(folders, outputs, strict=True):
        rules = (item for item in output.artifacts if not item.executable)
        leaves = [leaf for item in rules for leaf in _header(item.text, item.name)]
        for name in ("listed.4", "listed.6", "listed.ipset"):
            lines = (one / name).read_text(encoding="utf-8").splitlines()
            said = [_SEED.sub("", line) for line in lines if not line.startswith("#")]
            # the members of a set have no order
            leaves.extend(tree(sorted(said) if "ipset" in name else said, (name,)))
        found.append(leaves)
    return found


def firewalld_leaves(outputs: Sequence[Output], folder: Path) -> list[list[Leaf]]:
    """Return what firewalld's own classes read in each output, and what a reader of XML does."""
    require("firewalld")
    folders = into_folders(outputs, folder)
    # the Python that the packages of the system are for
    done = subprocess.run(
        ["/usr/bin/python3", "-c", FIREWALLD, *map(str, folders)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = []
    for read, output in zip(json.loads(done.stdout), outputs, strict=True):
        leaves = [_described(leaf) for leaf in tree(read)]
        for artifact in output.artifacts:
            if artifact.name.endswith(".xml"):
                root = ET.fromstring(artifact.text)  # noqa: S314  # our own
                leaves.extend(_element(root, (artifact.name,)))
        found.append(leaves)
    return found


def _described(leaf: Leaf) -> Leaf:
    """Return a leaf; what is for people is a tame text in it."""
    if leaf.place[-1] in {"description", "short"}:
        return Leaf(leaf.place, "".join(leaf.text.split()), wrapped_tame)
    return leaf


def _element(element: ET.Element, at: tuple[str, ...]) -> Iterator[Leaf]:
    here = (*at, element.tag)
    yield _described(Leaf(here, element.text or ""))
    for name, value in element.attrib.items():
        yield Leaf((*here, f"@{name}"), value)
    for inner in element:
        yield from _element(inner, here)


def _header(text: str, name: str = "") -> Iterator[Leaf]:
    """Yield the comment that a file begins with, and the number of its other lines."""
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    yield Leaf((name, "#"), comment_of(lines[:end]), wrapped_tame)
    yield Leaf((name, "lines"), str(len(lines) - end))


def csv_leaves(output: Output) -> Iterator[Leaf]:
    """Yield the lines of the cells of a table, without the marks that keep them from computing."""
    (artifact,) = output.artifacts
    for number, row in enumerate(csv_rows(artifact.text)):
        for column, cell in enumerate(row):
            for at, line in enumerate(cell.split("\n")):
                assert not line.startswith(tuple("=+-@\t\r"))
                yield Leaf((str(number), str(column), str(at)), unmarked(line), a_line)


def a_line(text: str) -> str:
    """Return a text as a line of a cell."""
    return escaped(" ".join(text.split()))


def _run(script: str, folder: Path) -> None:
    done = isolated(script, folder)
    assert (done.returncode, done.stderr) == (0, ""), (done.returncode, done.stderr[-2000:])
