"""Every form of a comparison, word by word: the golden files beside the two documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.comparison import json_report, markdown_report, text_report
from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.comparison.supplement import ArtefactChange, Effect, NodeChange, Supplement
from reqc.compiler.diagnostics import Report
from reqc.compiler.evaluation.tables import Style
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve
from tests.language.reading import document

FOLDER: Final = Path(__file__).parent / "reports"
MANY: Final = tuple(f"n{number:02}" for number in range(23))
EVERYTHING: Final = Supplement(
    nodes=(
        NodeChange("worse", ("node.memory",), ("node.cpu", "node.disk"), (), ()),
        NodeChange("broken", (), ("node.cpu",), (), ("node.disk",)),
        NodeChange("wreck", (), tuple(f"node.check-{one}" for one in MANY), (), ()),
        NodeChange("dark | <b>", (), (), ("node.cpu",), ("node.cpu",)),
        NodeChange("better", ("node.memory",), (), (), ()),
        NodeChange("good", (), (), (), ()),
        *(NodeChange(name, (), (), (), ()) for name in MANY),
    ),
    effects=(
        Effect("node.cpu", ("worse", "broken"), ()),
        Effect("node.memory", (), MANY),
        Effect("node.disk", MANY, ("better",)),
    ),
    artefacts=(
        ArtefactChange(
            "a.conf", ("--- old/a.conf", "+++ new/a.conf", "@@ -1 +1 @@", "-\tone", "+  two", " x")
        ),
        ArtefactChange("empty", ()),
        ArtefactChange("b.md", ("+a ``` and ````` and `", "-\x1b[0m\u202e")),
    ),
    target="a `target`",
    reboot="nodes restart for a change of `x`, one after the other, and what runs there moves away",
)


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch) -> tuple[Document, Document]:
    monkeypatch.chdir(FOLDER)
    return read("old.req"), read("new.req")


@pytest.fixture
def comparison(documents: tuple[Document, Document]) -> Comparison:
    return compare(*documents)


def read(name: str) -> Document:
    report = Report()
    found = resolve(name, report)
    assert found is not None, render(report.sorted())
    return found


Golden = Callable[[Path, str], None]


def text(
    comparison: Comparison, supplement: Supplement, style: Style, *, verbose: bool = False
) -> str:
    lines = text_report.lines(comparison, supplement, style, verbose=verbose)
    return "".join(f"{line}\n" for line in lines)


def test_text(comparison: Comparison, golden: Golden) -> None:
    golden(FOLDER / "wide.txt", text(comparison, EVERYTHING, Style()))
    golden(FOLDER / "verbose.txt", text(comparison, Supplement(), Style(), verbose=True))


def test_text_at_a_terminal(comparison: Comparison, golden: Golden) -> None:
    found = text(comparison, EVERYTHING, Style(width=60, colour=True))

    golden(FOLDER / "narrow.txt", found.replace("\x1b", "ESC"))


def test_markdown(comparison: Comparison, golden: Golden) -> None:
    golden(FOLDER / "all.md", markdown_report.document(comparison, EVERYTHING))


def test_json(comparison: Comparison, golden: Golden) -> None:
    golden(FOLDER / "all.json", json_report.document(comparison, EVERYTHING))


def test_the_schema_of_json(golden: Golden) -> None:
    one, chain = json_report.schema(), json_report.changelog_schema()

    golden(FOLDER / "schema.json", json.dumps(one, indent=2) + "\n")
    defined = {name: one[name] for name in one if name not in {"$schema", "$defs"}}
    assert chain["$defs"] == one["$defs"] | {defined["title"]: defined}
    assert chain["$schema"] == one["$schema"]
    assert chain["required"] == ["schema", "steps"]


def test_a_chain(documents: tuple[Document, Document], golden: Golden) -> None:
    old, new = documents
    steps = [compare(old, new), compare(new, old), compare(new, new)]

    golden(FOLDER / "chain.md", markdown_report.changelog("What *changed*", steps))
    assert json.loads(json_report.changelog(steps)) == {
        "schema": "reqc/changelog/1",
        "steps": [json.loads(json_report.document(item, Supplement())) for item in steps],
    }


@pytest.mark.parametrize(
    ("supplement", "more"),
    [
        (Supplement(), ""),
        (Supplement(reboot="never told"), ""),
        (Supplement(target="ports"), "\nWhat the target ports writes: nothing changes\n"),
        (
            Supplement(nodes=(NodeChange("one", (), (), (), ()),)),
            "\nNodes\n  passes still: 1 node (one)\n",
        ),
    ],
)
def test_documents_that_say_the_same(
    documents: tuple[Document, Document], supplement: Supplement, more: str
) -> None:
    same = compare(documents[0], documents[0])

    assert text(same, supplement, Style()) == (
        f"demo 1.0 on linux -> demo 1.0 on linux\n{more}\nnothing changed\n"
    )
    head = "# From demo 1.0 on linux (2023-01-16) to demo 1.0 on linux (2023-01-16)\n\n"
    assert markdown_report.document(same, supplement).startswith(f"{head}Nothing changed.\n")


def test_options_alone_are_no_change_of_a_requirement() -> None:
    page = "req 1\nspec a 1 on b\n{}role h\nsection s {{\n  must c: cpu >= 2\n}}\n"
    one, other = (document(page.format(line)) for line in ("", "option x: bool = true\n"))

    found = compare(one, other)

    assert text(found, Supplement(), Style()).endswith("\nno requirement changed\n")
    assert "\nNo requirement changed.\n" in markdown_report.document(found, Supplement())
