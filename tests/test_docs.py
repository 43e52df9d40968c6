"""Every piece of the language that the documents show is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reqc.compiler.diagnostics import Report
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```req\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(found["text"], id=f"{page.name}:{text[: found.start()].count(chr(10)) + 1}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for text in [page.read_text(encoding="utf-8")]
    for found in BLOCK.finditer(text)
]
FRAME = """req 1
spec example 1.0 on linux
source page "requirements.txt"
option encapsulation: ipip | vxlan | none = ipip
option agent_port: port = 5473
option ipv6: bool = false
role host
role agent
section example {{
{text}
}}
"""


@pytest.mark.parametrize("text", BLOCKS)
def test_the_block_is_sound(text: str, tmp_path: Path) -> None:
    spec = tmp_path / "block.req"
    whole = text.startswith("req ")
    spec.write_text(text if whole else FRAME.format(text=text), encoding="utf-8")
    report = Report()

    resolve(str(spec), report)

    assert render(report.sorted()) == ""


def test_there_are_blocks() -> None:
    assert BLOCKS
