"""Our validator and Ignition's own agree on configurations that nobody thought of."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reqc.backends.ignition.validation.judging import all_findings, judge, read_documents
from reqc.backends.ignition.validation.scope import Scope
from reqc.compiler.knowledge.ignition import knowledge
from tests.backends.ignition.validation.mutations import ODD, Json, mutated, valid
from tests.backends.ignition.validation.reading import (
    KNOWN,
    encoded,
    its_verdict,
    our_verdict,
)

EXAMPLES = int(os.environ.get("REQC_EXAMPLES", "200"))
"""How many are tried; `make fuzz-ignition` tries thousands."""

MANY = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SOME = settings(parent=MANY, max_examples=EXAMPLES // 2)
ALL_VERSIONS = [form.version for form in knowledge().forms]


@pytest.mark.parametrize("version", KNOWN)
def test_both_accept_all_that_a_version_knows(version: str) -> None:
    text = encoded(valid(version))

    assert its_verdict(text) == "accept"
    assert our_verdict(text) == "accept"


@pytest.mark.parametrize("version", ALL_VERSIONS)
def test_we_accept_all_that_a_version_knows(version: str) -> None:
    assert our_verdict(encoded(valid(version))) == "accept"


@MANY
@given(st.sampled_from(KNOWN).flatmap(mutated))
def test_both_judge_mistakes_alike(config: Json) -> None:
    text = encoded(config)

    assert our_verdict(text) == its_verdict(text)


def pieces(*parts: str) -> st.SearchStrategy[str]:
    """Return texts of parts that mean something to a parser."""
    return st.lists(st.sampled_from(parts), max_size=9).map("".join)


UNIT = pieces(
    *("[A]", "[Install]", "[", "]", "\n", "\r", "\r\n", " ", "\t", "#", ";", "\\", "=", "a", "b=c"),
    *("\x0c", "\x1c", "\x85", "\u00a0", "\u2028", "\ufeff", "x=\\\n"),
)
DATA_URL = pieces(
    *(
        ",",
        ";",
        "base64",
        "=",
        "a",
        "/",
        "text",
        "x-",
        '"',
        "\\",
        "%41",
        "%",
        "%4",
        "QQ==",
        "#",
        "?",
    ),
    *("ä", " ", "image/png", "charset=utf-8", "\n", "+", "QUI", "[", "~", "|", "{"),
).map("data:".__add__)
URL = st.builds(
    str.__add__,
    st.sampled_from(["", "http://", "s3://", "https://["]),
    pieces(
        *("http", "s3", "://", ":", "/", "//", "@", "[", "]", "%", "%41", "%e4", "%25", "?", "#"),
        *("a", "b.c", "80", "versionId", "=", "&", ";", " ", "+", "\t", "<", "^", "|", "`", "{"),
        *("\\", "ä", "-", ".", "*"),
    ),
)


@SOME
@given(UNIT)
@example("[A]\nb=c\\\n\nd=e\n")
def test_both_read_units_alike(text: str) -> None:
    unit = {"name": "a.service", "enabled": True, "contents": text}
    config = encoded({"ignition": {"version": "3.2.0"}, "systemd": {"units": [unit]}})

    assert our_verdict(config) == its_verdict(config)


@SOME
@given(DATA_URL | URL | st.sampled_from(ODD), st.sampled_from(KNOWN))
def test_both_read_sources_alike(source: str, version: str) -> None:
    file = {"path": "/etc/a", "contents": {"source": source}}
    config = encoded({"ignition": {"version": version}, "storage": {"files": [file]}})

    assert our_verdict(config) == its_verdict(config)


@MANY
@given(
    st.sampled_from(ALL_VERSIONS).flatmap(mutated), st.sampled_from([None, *knowledge().releases])
)
def test_no_mistake_is_too_odd_to_be_told(config: Json, release: object) -> None:
    text = encoded(config)
    (document,) = read_documents(text, as_yaml=False)
    releases = tuple(item for item in knowledge().releases if item == release)

    for item in all_findings(document, Scope(releases)):
        assert 0 <= item.place.start < item.place.end <= len(text)
        assert item.message.isprintable()
        assert item.help.isprintable()
    assert judge([document], Scope(releases)) == judge([document], Scope(releases))
