"""The json target: complete, described by its schema, and read back as the same document."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from reqc.backends.heading import provenance
from reqc.backends.json.backend import FORM, TARGET, Envelope, read, schema
from reqc.compiler import json_form
from reqc.compiler.checks import Check
from reqc.compiler.conditions import Condition
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import State
from tests.backends.example import example
from tests.backends.strategies import documents, values
from tests.documents import document, requirement

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
TEXT = st.text(max_size=6)


def written(lowered: LoweredDocument) -> str:
    return TARGET.render(lowered, {}).artifacts[0].text


def test_writes_one_file_named_after_the_page_and_leaves_nothing_out() -> None:
    output = TARGET.render(example(), {})

    assert [artifact.name for artifact in output.artifacts] == ["calico-3.16-openstack.json"]
    assert output.unsupported == ()


def test_the_name_of_the_file_stays_in_its_folder() -> None:
    lowered = document()
    escaping = replace(lowered, identity=replace(lowered.identity, product="../..", version="/"))

    assert TARGET.render(escaping, {}).artifacts[0].name == "..-..---openshift.json"


def test_the_schema_is_sound_and_names_its_dialect() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["properties"]["schema"]["enum"] == [FORM]


@settings(max_examples=50, deadline=None)
@given(documents(TEXT))
def test_every_document_is_valid_and_read_back_equal(lowered: LoweredDocument) -> None:
    text = written(lowered)

    VALIDATOR.validate(json.loads(text))
    assert read(text) == lowered


@settings(max_examples=50, deadline=None)
@given(documents(TEXT))
def test_the_pieces_are_those_of_the_whole(lowered: LoweredDocument) -> None:
    envelope = Envelope(FORM, tuple(provenance(lowered)), lowered)

    assert written(lowered) == json_form.written(envelope)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_requirements_are_written_in_parts_without_a_seam(count: int) -> None:
    lowered = document(*(requirement(f"a.r{number}") for number in range(count)))
    envelope = Envelope(FORM, tuple(provenance(lowered)), lowered)
    (artifact,) = TARGET.render(lowered, {}).artifacts

    assert artifact.text == json_form.written(envelope)
    assert sum('"origin"' in piece for piece in artifact.pieces) == -(-count // 100)


@pytest.mark.parametrize("kind", get_args(Check), ids=lambda kind: kind.__name__)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_every_check_is_read_back_equal(kind: type, data: st.DataObject) -> None:
    lowered = document(requirement("a.b", check=data.draw(values(kind, TEXT))))

    VALIDATOR.validate(json.loads(written(lowered)))
    assert read(written(lowered)) == lowered


@pytest.mark.parametrize("kind", get_args(State), ids=lambda kind: kind.__name__)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_every_state_is_read_back_equal(kind: type, data: st.DataObject) -> None:
    lowered = document(requirement("a.b", states=(data.draw(values(kind, TEXT)),)))

    VALIDATOR.validate(json.loads(written(lowered)))
    assert read(written(lowered)) == lowered


@pytest.mark.parametrize("kind", get_args(Condition), ids=lambda kind: kind.__name__)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_condition_is_read_back_equal(kind: type, data: st.DataObject) -> None:
    lowered = document(requirement("a.b", condition=data.draw(values(kind, TEXT))))

    VALIDATOR.validate(json.loads(written(lowered)))
    assert repr(read(written(lowered))) == repr(lowered)  # true and 1 are equal, but not the same


def test_the_example_is_read_back_equal() -> None:
    assert read(written(example())) == example()


def test_the_text_is_indented_unescaped_and_ends_with_one_newline() -> None:
    text = written(document(requirement("a.b", because="\u00e9 \u2192 \U0001f310")))

    assert text.startswith('{\n  "schema": "reqc/lowered/1",\n  "provenance": [\n    "Compiled by ')
    assert '\n  ],\n  "document": {\n    "identity": {' in text
    assert '"because": "\u00e9 \u2192 \U0001f310"' in text
    assert text.endswith("}\n")


def test_same_document_same_text() -> None:
    assert written(example()) == written(example())


def test_choices_change_what_applies_but_leave_nothing_out() -> None:
    items = read(written(example(tunnel="vxlan"))).requirements

    assert [item.origin.id for item in items] == [item.origin.id for item in example().requirements]
    assert {item.origin.id for item in items if item.applies is False} == {
        "node.unmanaged",
        "network.tunnel",
        "network.relay",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"reqc/lowered/1"', '"reqc/lowered/2"'),
        ('"digest"', '"digets"'),
        ('"line": 3', '"line": "3"'),
        ('"line": 3', '"line": 3, "column": 1'),
        ('"applies": true', '"applies": 1'),
        ('"must"', '"shall"'),
        ('"document": {', '"document": '),
    ],
)
def test_what_is_not_of_the_form_is_refused(old: str, new: str) -> None:
    text = written(example())
    assert old in text

    with pytest.raises(ValueError, match=r"\$|JSON|complete"):
        read(text.replace(old, new, 1))


@pytest.mark.parametrize("key", ["type", "title", "applies", "erratum"])
def test_the_schema_asks_for_every_key(key: str) -> None:
    tree = json.loads(written(example()))
    item = tree["document"]["sections"][0]["requirements"][0]
    del {"type": item["check"], "title": item["origin"]}.get(key, item)[key]

    assert not VALIDATOR.is_valid(tree)
    with pytest.raises(ValueError, match=r"missing required field|every key"):
        read(json.dumps(tree))
