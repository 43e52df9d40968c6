"""What the language reference says beside its examples is what the compiler does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reqc.compiler.conditions import Both, Condition, Either, Unless, conjunction, disjunction
from reqc.compiler.diagnostics import Report
from reqc.compiler.kinds.host import File
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import Reading
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve
from reqc.compiler.values import OptionType
from tests.test_docs import FRAME

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
NAMED_FILE = re.compile(
    r"^```text\n# (?P<name>\S+\.req)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
FILES = {found["name"]: found["text"] for found in NAMED_FILE.finditer(PAGE)}
TRUTH = {"true": True, "false": False, "unknown": None}


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without the table's own heading."""
    table = re.search(r"(?:^\|.*\n)+", PAGE[PAGE.index(f"## {heading}\n") :], re.MULTILINE)
    assert table is not None
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def block(begin: str) -> str:
    """Return the block of the language that holds a text."""
    blocks: list[str] = re.findall(r"^```req\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return next(text for text in blocks if begin in text)


def read(text: str, folder: Path, name: str = "example.req") -> Document:
    """Return the document of a text, which stands in a file of this name."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    report = Report()
    document = resolve(str(file), report)
    assert render(report.sorted()) == ""
    assert document is not None
    return document


def condition(document: Document, name: str) -> Condition | None:
    return next(item.condition for item in document.requirements if item.id == f"example.{name}")


def test_the_example_of_several_files(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    old = read(FILES["example-1.0.req"], tmp_path, "example-1.0.req")
    new = read(FILES["example-2.0.req"], tmp_path, "example-2.0.req")

    assert [item.id for item in old.requirements] == ["node.kernel", "node.u32", "network.agent"]
    assert [item.id for item in new.requirements] == ["node.kernel", "node.btf", "network.agent"]
    assert new.options["agent_port"].default == 5474


def test_the_table_of_truth_is_whole_and_right() -> None:
    table = [[TRUTH[cell] for cell in row] for row in rows("Outcomes")]

    assert len({(row[0], row[1]) for row in table}) == len(table) == 9
    for one, other, inverted, both, either in table:
        assert inverted == (None if one is None else not one)
        assert both == conjunction([one, other])
        assert either == disjunction([one, other])


def test_the_example_of_precedence(tmp_path: Path) -> None:
    document = read(FRAME.format(text=block("must tunnel:")), tmp_path)

    found = condition(document, "vxlan")

    assert isinstance(found, Either)
    assert isinstance(found.parts[0], Both)
    assert isinstance(found.parts[0].parts[0], Unless)


def test_the_example_of_newlines(tmp_path: Path) -> None:
    document = read(FRAME.format(text=block("must systems:")), tmp_path)

    assert [item.id.partition(".")[2] for item in document.requirements] == [
        *("systems", "cpu", "memory"),
    ]
    assert isinstance(condition(document, "systems"), Both)


def test_the_example_of_a_long_text(tmp_path: Path) -> None:
    predicate = read(FRAME.format(text=block("must resolver:")), tmp_path).requirements[0].predicate

    assert isinstance(predicate, File)
    assert predicate.value == (
        '# Written by hand; "quotes" need no escape here.\n[main]\n  key = value\n'
    )


@pytest.mark.parametrize(
    ("reading", "applies"), [("published", [True, True]), ("corrected", [False, False])]
)
def test_the_example_of_errata(reading: Reading, applies: list[bool], tmp_path: Path) -> None:
    document = read(FRAME.format(text=block("must dummy:")), tmp_path)

    lowered = lower(document, Deployment({"encapsulation": "vxlan"}, reading=reading))

    assert [item.applies for item in lowered.requirements] == applies


def test_the_escapes(tmp_path: Path) -> None:
    escapes = [found for row in rows("Texts") for found in re.findall(r"`(.*?)`", row[0])]
    text = f'must a: file "/x" content "{"".join(escapes)}"\n'
    predicate = read(FRAME.format(text=text), tmp_path).requirements[0].predicate

    assert isinstance(predicate, File)
    assert predicate.value == '"\\\n\té'


@pytest.mark.parametrize(
    ("row", "option_type"), [(0, "int"), (1, "port"), (4, "version"), (5, "cidr"), (6, "bool")]
)
def test_the_examples_of_values(row: int, option_type: str) -> None:
    examples = re.findall(r"`\"?(.*?)\"?`", rows("Values")[row][1])

    assert [OptionType(option_type).read(example) for example in examples]


def test_a_name_may_be_used_before_it_is_declared(tmp_path: Path) -> None:
    text = "req 1\nsection s { must a: cpu >= n on h when b @p }\nrole h\n"
    text += "option n: int = 1; option b: bool; source p\nspec a 1 on b\n"

    assert read(text, tmp_path).requirements[0].roles == ("h",)


def test_the_words_of_the_language_are_not_reserved(tmp_path: Path) -> None:
    text = "req 1\nspec on 1 on spec\noption on: bool\nrole title\nsection must {\n"
    text += "  must not not: kernel >= 3 on title when on\n  must when: cpu >= 2\n}\n"

    assert [item.id for item in read(text, tmp_path).requirements] == ["must.not", "must.when"]
