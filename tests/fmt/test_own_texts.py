"""What we ship and show is in canonical form."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from tests.fmt.formatting import formatted

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").rglob("*.req"))
BLOCK = re.compile(
    r"^(?P<untidy><!-- untidy on purpose -->\n)?```req\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
GENERATED = "<!-- Written by "
"""How a page begins whose examples show mistakes, or are taken from elsewhere."""

BLOCKS = [
    pytest.param(found["text"], id=f"{page.relative_to(ROOT)}:{line}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    for text in [page.read_text(encoding="utf-8")]
    if not text.startswith(GENERATED)
    for found in BLOCK.finditer(text)
    for line in [text[: found.start("text")].count("\n")]
    if not found["untidy"]
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_shipped_specification_is_canonical(spec: Path) -> None:
    text = spec.read_text(encoding="utf-8")

    assert formatted(text) == text


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_of_the_documents_is_canonical(text: str) -> None:
    if re.match(r"(must|should|may)\b", text):
        text = f"section example {{\n{indent(text, '  ')}}}\n"

    assert formatted(text) == text


def test_there_are_texts() -> None:
    assert SPECS
    assert BLOCKS
