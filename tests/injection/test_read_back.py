"""What is written is read by the real reader of its format as the text that was meant.

Every target has a reader here. Documents with hostile texts in all fields are read as those with
plain words, with the same keys, rules and lines, and the texts in the places of the words.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from reqc.backends.base import Output
from reqc.backends.registry import TARGETS
from reqc.compiler.states import IniListItems
from tests.backends.ignition.oracle import complaints, decoded
from tests.injection.mixing import EXAMPLES, TURNS, deployed, meant, mixed, mixtures, rendered
from tests.injection.readers import Leaf, differences
from tests.injection.readers_data import (
    butane_leaves,
    firewall_yaml_leaves,
    ignition_leaves,
    json_leaves,
    machineconfig_leaves,
    terraform_leaves,
    yaml_documents,
    yaml_leaves,
)
from tests.injection.readers_documents import (
    TEXTS,
    for_people,
    lowered,
    of_quoted_fields,
    plain_output,
    settled,
    swapping,
    turned,
)
from tests.injection.readers_markup import markdown_leaves
from tests.injection.readers_rules import (
    csv_leaves,
    firewalld_leaves,
    iptables_leaves,
    nft_leaves,
)
from tests.injection.texts import LONGEST
from tests.tools import missing

Read = Callable[[Sequence[Output], Path], list[list[Leaf]]]
Settings = tuple[tuple[str, str], ...]

OBEYED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""Control characters and those that change the direction of writing, but for blanks and lines."""

RUN = frozenset({"shell", "remedy", "ansible"})
"""Targets whose outputs are run, by the tests beside this one."""

IN_A_BROWSER = frozenset({"html"})
"""Targets whose outputs a browser opens, in test_markup.py."""


def each(read: Callable[[Output], Iterable[Leaf]]) -> Read:
    """Return a reader of many outputs, one by one."""
    return lambda outputs, _: [list(read(output)) for output in outputs]


class Reading(NamedTuple):
    """A target with settings, and what reads what it writes; `people` read words, not data."""

    target: str
    read: Read
    settings: Settings = ()
    people: bool = False

    def __str__(self) -> str:
        return "-".join((self.target, *(value for _, value in self.settings)))


ALL_ROWS = ("rows", "all")
READINGS = (
    Reading("ignition", each(ignition_leaves)),
    Reading("machineconfig", each(machineconfig_leaves)),
    Reading("node-disruption-policy", each(yaml_leaves)),
    Reading("butane", each(butane_leaves)),
    Reading("calico-policy", each(firewall_yaml_leaves)),
    Reading("openstack-security-group", each(terraform_leaves)),
    Reading("openstack-security-group", each(firewall_yaml_leaves), (("form", "ansible"),)),
    Reading("nftables", nft_leaves),
    Reading("iptables", iptables_leaves),
    Reading("firewalld", firewalld_leaves),
    Reading("ports", each(csv_leaves), (ALL_ROWS,), people=True),
    Reading("ports", each(json_leaves), (ALL_ROWS, ("format", "json")), people=True),
    Reading("ports", each(markdown_leaves), (ALL_ROWS, ("format", "markdown")), people=True),
    Reading("markdown", each(markdown_leaves), (("front-matter", "yaml"),), people=True),
    Reading("json", each(json_leaves), people=True),
)
every_reading = pytest.mark.parametrize("reading", READINGS, ids=str)


def test_every_target_has_a_reader() -> None:
    assert {reading.target for reading in READINGS} | RUN | IN_A_BROWSER == set(TARGETS)


def compared(
    reading: Reading, documents: Sequence[Mapping[str, str]], folder: Path
) -> list[dict[str, str]]:
    """Compare what is read of documents with what is read of words; return the texts in them."""
    outputs, kept = [plain_output(reading.target, reading.settings)], []
    for texts in documents:
        asked = for_people(texts) if reading.people else texts
        output, held = settled(reading.target, reading.settings, asked)
        outputs.append(output)
        kept.append(held)
    plain, *hostile = reading.read(outputs, folder)
    assert any("word" in leaf.text for leaf in plain)
    for leaves, texts in zip(hostile, kept, strict=True):
        assert differences(plain, leaves, swapping(texts)) == []
    return kept


@every_reading
def test_texts_come_back_and_nothing_else_changes(reading: Reading, tmp_path: Path) -> None:
    kept = compared(reading, [turned(turn) for turn in TURNS], tmp_path)

    # nothing is compared where texts are refused
    assert {name for texts in kept for name in texts} == {field.name for field in TEXTS}
    assert sum(map(len, kept)) > len(kept) * len(TEXTS) * 0.9


@every_reading
def test_long_texts_come_back(reading: Reading, tmp_path: Path) -> None:
    fields = ("Remark.text title", "Identity.title", "Remark.text title of traffic")

    compared(reading, [dict.fromkeys(fields, text) for text in LONGEST], tmp_path)


@every_reading
def test_a_terminal_obeys_nothing_of_it(reading: Reading) -> None:
    for turn in TURNS:
        output, _ = settled(reading.target, reading.settings, turned(turn))
        for artifact in output.artifacts:
            assert not OBEYED.search(artifact.text), artifact.name


READ_ALONE = [
    reading
    for reading in READINGS
    if reading.read not in {nft_leaves, iptables_leaves, firewalld_leaves}
]


@settings(
    max_examples=3 + EXAMPLES,
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a failure tells the texts, and to make them smaller takes long
)
@given(mixtures())
def test_any_texts_come_back(texts: dict[str, str]) -> None:
    for reading in READ_ALONE:
        compared(reading, [of_quoted_fields(texts)], Path("not used"))


@pytest.mark.parametrize("turn", TURNS)
def test_words_and_names_are_no_numbers_or_truths_of_yaml(turn: int) -> None:
    document = deployed(meant(mixed(turn)))

    for name in ("machineconfig", "node-disruption-policy", "butane", "calico-policy"):
        for artifact in rendered(name, document).artifacts:
            yaml_documents(artifact.text)
    identity = document.identity
    (page,) = rendered("markdown", document, **{"front-matter": "yaml"}).artifacts
    (matter,) = yaml_documents(page.text.split("---\n", 2)[1])
    assert matter["title"] == (identity.title or str(identity))
    assert [matter[key] for key in ("product", "version", "platform", "revision")] == [
        *(identity.product, identity.version, identity.platform, identity.revision)
    ]


@pytest.mark.parametrize("version", ["2.2.0", "3.2.0", "3.3.0"])
def test_the_validator_of_ignition_has_no_complaint(version: str) -> None:
    for turn in TURNS:
        settings = (("ignition-version", version),)
        output, _ = settled("ignition", settings, turned(turn))
        (artifact,) = output.artifacts
        if version.startswith("3"):
            assert complaints(json.loads(artifact.text)) == ""


GLIB = """
import json, sys
from gi.repository import GLib
found = []
for text in json.load(sys.stdin):
    keys = GLib.KeyFile()
    keys.set_list_separator(ord(";"))
    keys.load_from_data(text, len(text.encode()), GLib.KeyFileFlags.NONE)
    found.append({
        group: {key: keys.get_string_list(group, key) for key in keys.get_keys(group)[0]}
        for group in keys.get_groups()[0]
    })
print(json.dumps(found))
"""
"""Reads files as NetworkManager does, by the library that it uses."""


def test_networkmanager_reads_the_interfaces_that_were_meant() -> None:
    if subprocess.run(
        ["/usr/bin/python3", "-c", "from gi.repository import GLib"],
        check=False,
        capture_output=True,
    ).returncode:
        missing("GLib for Python")
    texts, meant_lists = [], []
    for turn in TURNS:
        output, kept = settled("ignition", (), turned(turn))
        files = json.loads(output.artifacts[0].text)["storage"]["files"]
        (file,) = (item for item in files if "NetworkManager" in item["path"])
        texts.append(decoded(file["contents"]["source"]).decode())
        states = [state for item in lowered(kept).requirements for state in item.states]
        meant_lists.append([state for state in states if isinstance(state, IniListItems)])

    done = subprocess.run(
        ["/usr/bin/python3", "-c", GLIB],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )

    for read, asked in zip(json.loads(done.stdout), meant_lists, strict=True):
        (place,) = {(state.section, state.key) for state in asked}
        items = list(dict.fromkeys(item for state in asked for item in state.items))
        assert read == {place[0]: {place[1]: items}}
