"""The diagram as Mermaid itself draws it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from reqc.backends.document.traffic import diagram
from reqc.backends.markdown.mermaid import label, mermaid, others
from reqc.compiler.lowered import LoweredDocument
from tests.backends.example import example
from tests.backends.strategies import HOSTILE, documents
from tests.node_packages import node_packages
from tests.specs.shipped import NAMES, lowered
from tests.web import FOLDER
from tests.web.browser import Tab, browser

DRAW = """
(async (texts) => {
  mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
  const drawn = [];
  for (const [number, text] of texts.entries()) {
    const {svg} = await mermaid.render(`picture${number}`, text);
    const place = document.createElement("div");
    place.innerHTML = svg;
    const words = (name) => [...place.querySelectorAll(name)].map((one) => one.textContent.trim());
    drawn.push([words(".node .nodeLabel"), words(".edgeLabel .edgeLabel"), window.harmed ?? null]);
  }
  return drawn;
})(%s)
"""


def drawn(tab: Tab, texts: list[str]) -> list[tuple[list[str], list[str], None]]:
    """Return the words in the boxes and at the arrows of each diagram."""
    library = node_packages(FOLDER) / "@mermaid-js" / "tiny" / "dist" / "mermaid.tiny.js"
    tab.run(library.read_text(encoding="utf-8"))
    found: list[tuple[list[str], list[str], None]] = tab.run(DRAW % json.dumps(texts))
    return found


def test_mermaid_draws_what_the_diagram_says(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><title>x</title><body></body>", encoding="utf-8")
    pages = [example(), *(lowered(name) for name in NAMES)]

    @settings(max_examples=15, deadline=None)
    @given(documents(HOSTILE))
    def collect(page: LoweredDocument) -> None:
        pages.append(page)

    collect()
    diagrams = [found for one in pages if (found := diagram(one, one.requirements)).arrows]
    assert len(diagrams) > len(NAMES)

    with browser() as program:
        tab = program.tab()
        tab.open(page)
        pictures = drawn(tab, [mermaid(one) for one in diagrams])

    for one, (boxes, arrows, harmed) in zip(diagrams, pictures, strict=True):
        among = dict.fromkeys(arrow.source for arrow in one.arrows if arrow.both_ways)
        roles = [*one.roles, *map(others, among)]
        asked = [f"{arrow.service} ({', '.join(arrow.requirements)})" for arrow in one.arrows]
        assert sorted(map(squeezed, boxes)) == sorted(map(squeezed, roles))
        assert sorted(map(squeezed, arrows)) == sorted(map(squeezed, asked))
        assert harmed is None


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("TCP 179 (a, B)", '"TCP 179 (a, B)"'),
        ('a"b#c;', '"a#34;b#35;c#59;"'),
        ("<b>\u00e9", '"#60;b#62;#233;"'),
        ("  a \n\t b ", '"a b"'),
        ("\u202ea", '"#65533;a"'),
        ("", '" "'),
    ],
)
def test_a_label_is_plain_signs_and_numbers(text: str, written: str) -> None:
    assert label(text) == written


def test_the_second_box_of_a_role_is_for_its_other_hosts() -> None:
    assert others("etcd") == "other hosts of etcd"


@settings(max_examples=50, deadline=None)
@given(HOSTILE)
def test_a_label_ends_nothing(text: str) -> None:
    assert re.fullmatch(r'"(?:[A-Za-z0-9 ,()]|#[0-9]+;)*"', label(text))
