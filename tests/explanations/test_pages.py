"""Every code has one page, and every page shows what it says."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from reqc.backends.ignition import rules
from reqc.backends.ignition.validation import findings
from reqc.compiler.diagnostics import Code
from reqc.compiler.explanations.pages import HEADINGS, Page, pages
from tests.backends.ignition.codes import codes_of
from tests.explanations.examples import run, section, shown

ROOT = Path(__file__).parents[2]
PAGES = [pytest.param(item, id=item.code) for item in pages().values()]


def codes_of_the_code() -> set[str]:
    """Return every code that a module names, wherever it is declared."""
    files = (path for top in ("compiler", "backends") for path in (ROOT / top).rglob("*.py"))
    texts = (path.read_text(encoding="utf-8") for path in files)
    return {code for text in texts for code in re.findall(r'"(REQ\d{3})"', text)}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert codes_of_the_code() == set(pages())


def test_no_code_escapes_the_search() -> None:
    assert {*map(str, Code), *codes_of(rules), *codes_of(findings)} <= codes_of_the_code()


def test_pages_and_files_have_the_same_names() -> None:
    folder = ROOT / "compiler" / "explanations"

    assert {path.stem for path in folder.glob("*.md")} == set(pages())


def test_every_title_is_of_one_code() -> None:
    assert len({item.title for item in pages().values()}) == len(pages())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_its_parts_in_order(page: Page) -> None:
    headings = re.findall(r"^#+ .*", page.text, re.MULTILINE)

    expected = [f"# {page.code}: {page.title}", *(f"## {heading}" for heading in HEADINGS)]
    assert headings in (expected, expected[:-1])
    assert page.summary.endswith(".")
    assert not page.title.endswith(".")
    assert all(section(page.text, heading[3:]).strip() for heading in headings[1:])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_plain_markdown_that_reads_well_in_a_terminal(page: Page) -> None:
    tokens = MarkdownIt().parse(page.text)
    used = {child.type for token in tokens for child in token.children or ()}

    assert used <= {"text", "code_inline", "softbreak"}  # no link, no HTML, no emphasis
    assert {token.type for token in tokens} <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "fence")
    }
    assert page.text.endswith("\n")
    assert max(map(len, page.text.splitlines())) <= 120
    assert not re.search(r"\{\d+\}", page.text)  # readers of SARIF would replace it


@pytest.mark.parametrize("page", PAGES)
def test_the_wrong_example_gets_this_code_alone(page: Page, tmp_path: Path) -> None:
    example = section(page.text, "Wrong")

    outcome = run(example, tmp_path, lints=page.code.startswith("REQ7"))

    assert outcome.codes == {page.code}, outcome
    at = 0
    for line in shown(example):
        found = outcome.output.find(line, at)
        assert found >= 0, f"{line}\n--- is not in ---\n{outcome.output}"
        at = found + len(line)


@pytest.mark.parametrize("page", PAGES)
def test_the_right_example_is_clean(page: Page, tmp_path: Path) -> None:
    example = section(page.text, "Right")

    outcome = run(example, tmp_path, lints=page.code.startswith("REQ7"))

    assert (outcome.told, outcome.output, outcome.failed) == (frozenset(), "", False)
    assert list(shown(example)) == []


def test_the_documents_are_generated_from_the_pages() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "generate-docs"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "errors" / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"\[(\w+)\]\(\1\.md\)", index) == list(pages())


def test_the_pages_are_in_the_wheel() -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    data = setup["tool"]["setuptools"]["package-data"]
    assert data["reqc.compiler.explanations"] == ["*.md"]
