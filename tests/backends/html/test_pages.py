"""The html target: what a page is made of, whatever the texts of the document are."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from markupsafe import Markup
from msgspec.structs import replace

from reqc.backends.document.page import Entry, passages
from reqc.backends.document.traffic import diagram
from reqc.backends.html.backend import TARGET
from reqc.backends.html.drawing import COLUMN, drawing
from reqc.backends.html.pages import page
from reqc.backends.html.quoting import identifier, showable
from reqc.compiler.flows import TCP, Flow, Ports
from reqc.compiler.lowered import Erratum, LoweredDocument
from reqc.compiler.prose import plain
from tests.backends.example import example
from tests.backends.html.reading import Element, elements, written
from tests.backends.strategies import HOSTILE, documents
from tests.documents import document, requirement

HERE = Path(__file__).parent


def of(found: list[Element], name: str) -> list[Element]:
    return [one for one in found if one.name == name]


def entries(lowered: LoweredDocument) -> list[Entry]:
    options = tuple(replace(option, chosen=False) for option in lowered.options)
    unchosen = replace(lowered, options=options)
    return [
        entry
        for section in unchosen.sections
        for passage in passages(unchosen, section)
        for entry in passage.entries
    ]


def test_writes_one_file_named_after_the_page_and_leaves_nothing_out() -> None:
    output = TARGET.render(example(), {})

    assert [artifact.name for artifact in output.artifacts] == ["calico-3.16-openstack.html"]
    assert output.unsupported == ()


@settings(max_examples=15, deadline=None)
@given(documents(HOSTILE))
def test_every_text_of_a_requirement_is_seen(lowered: LoweredDocument) -> None:
    found = elements(written(lowered))

    rows = {one.attributes["id"]: one.text for one in of(found, "tr") if "id" in one.attributes}
    assert list(rows) == [identifier(entry.id) for entry in entries(lowered)]
    for entry in entries(lowered):
        texts = [entry.id, entry.level, entry.title, plain(entry.requirement.statement)]
        texts += [plain(entry.applies), plain(entry.stated), *entry.see]
        texts += [text for one in entry.remarks for text in (one.label, one.words, *one.commands)]
        seen = squeezed(rows[identifier(entry.id)])
        assert [text for text in texts if squeezed(text) not in seen] == []


def squeezed(text: str) -> str:
    return "".join(showable(text).split())


@settings(max_examples=15, deadline=None)
@given(documents(HOSTILE))
def test_nothing_is_loaded_and_no_attribute_runs(lowered: LoweredDocument) -> None:
    found = elements(written(lowered))

    assert {one.name for one in found}.isdisjoint(
        {"img", "iframe", "link", "object", "embed", "audio", "video", "base", "use", "image"}
    )
    for one in found:
        for name, value in one.attributes.items():
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "style", "action", "formaction", "data", "poster"}
            assert name != "href" or value.startswith(("#", "http://", "https://", "HTTP"))
            assert name != "href" or one.name == "a"
    ids = [one.attributes["id"] for one in found if "id" in one.attributes]
    assert len(set(ids)) == len(ids)
    inside = [one.attributes.get("href", "") for one in of(found, "a")]
    assert {href[1:] for href in inside if href.startswith("#")} <= set(ids)


@settings(max_examples=15, deadline=None)
@given(documents(HOSTILE))
def test_the_same_document_gives_the_same_bytes(lowered: LoweredDocument) -> None:
    assert written(lowered) == written(lowered)
    assert written(lowered).endswith("</html>\n")


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page() -> None:
    found = elements(written(example()))

    (policy,) = (
        one.attributes["content"]
        for one in of(found, "meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    (style,) = of(found, "style")
    (script,) = (one for one in of(found, "script") if not one.attributes)
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'{digest(style.text)}'",
        "script-src": f"'{digest(script.text)}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not re.search(r"@import|url\(|https?:", style.text)


def digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@pytest.mark.parametrize("lowered", [example(), example(tunnel="vxlan")], ids=["all", "vxlan"])
def test_what_a_reader_without_eyes_or_scripts_finds(lowered: LoweredDocument) -> None:
    found = elements(written(lowered))

    assert of(found, "html")[0].attributes == {"lang": "en"}
    assert [len(of(found, name)) for name in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    levels = [int(one.name[1]) for one in found if re.fullmatch("h[1-6]", one.name)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    assert all(one.attributes.get("scope") in {"col", "row"} for one in of(found, "th"))
    hidden = [one.attributes.get("id") for one in found if "hidden" in one.attributes]
    assert set(hidden) == {"page:deployment", None}
    assert not any("hidden" in one.attributes for one in of(found, "tr"))


def test_choices_mark_what_they_rule_out_and_where_the_switches_begin() -> None:
    found = elements(written(example(tunnel="vxlan")))

    rows = [one for one in found if one.attributes.get("data-requirement")]
    states = [one.text for one in found if one.attributes.get("class") == "state"]
    marked = {
        row.attributes["data-requirement"]: state for row, state in zip(rows, states, strict=True)
    }
    started = [one.text for one in of(found, "option") if "selected" in one.attributes]
    assert marked == {
        "node.kernel": "",
        "node.unmanaged": "does not apply",
        "node.release": "open",
        "network.bgp": "",
        "network.tunnel": "does not apply",
        "network.relay": "does not apply",
        "network.sctp": "",
    }
    assert started == ["vxlan", "false (default)"]
    assert "tunnel = vxlan" in next(one.text for one in of(found, "p") if "Choices" in one.text)


def test_a_withdrawn_requirement_never_applies() -> None:
    withdrawn = requirement("a.b", applies=False, erratum=Erratum("A slip"), complete=False)
    lowered = replace(document(withdrawn), reading="corrected")

    (row,) = (one for one in of(elements(written(lowered)), "tr") if "id" in one.attributes)
    assert "never (erratum)" in row.text
    assert "Erratum." in row.text


def test_the_summary_is_json_for_programs() -> None:
    (found,) = (
        one for one in elements(written(example())) if one.attributes.get("id") == "page:summary"
    )

    read = json.loads(found.text)
    assert read["schema"] == "reqc/summary/1"
    assert [row["id"] for row in read["requirements"]] == [
        item.origin.id for item in example().requirements
    ]


def test_the_diagram_looks_like_the_golden_file(golden: Callable[[Path, str], None]) -> None:
    picture = re.search(r"<svg.*</svg>\n", written(example()), re.DOTALL)

    assert picture is not None
    golden(HERE / "traffic.svg", picture[0])


def test_a_diagram_has_a_row_for_each_traffic_and_room_for_loops() -> None:
    one = Flow(TCP, (Ports(1, 1),), "host", "relay")
    other = Flow(TCP, (Ports(2, 2),), "relay", "relay")
    lowered = document(requirement("a.b", flows=[one]), requirement("a.c", flows=[other, one]))

    drawn = drawing(diagram(lowered, lowered.requirements))

    rows = list(drawn.rows)
    assert [row.arrow.requirements for row in rows] == [("a.b", "a.c"), ("a.c",)]
    assert [row.loop for row in rows] == [False, True]
    assert drawn.width > drawn.boxes[-1].x + COLUMN
    assert "; ".join(drawn.sentences) == (
        "host to relay: TCP 1 (a.b, a.c); both ways between hosts of relay: TCP 2 (a.c)"
    )


def test_a_document_without_traffic_has_no_diagram() -> None:
    assert "<svg" not in written(document(requirement("a.b")))


def test_a_frame_takes_any_body_and_quotes_its_title() -> None:
    found = elements(page("<b>", Markup('<main id="page:main">Hello</main>')))

    assert of(found, "title")[0].text == "<b>"
    assert of(found, "html")[0].attributes == {"lang": "en"}
    assert of(found, "main")[0].text == "Hello"
