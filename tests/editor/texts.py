"""The texts that everything that colours is tried on."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = (Path(__file__).parent / "sample.req").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```req\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

BLOCKS = {
    f"{page.name}:{text[: found.start()].count(chr(10)) + 1}": found["text"]
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for text in [page.read_text(encoding="utf-8")]
    for found in _BLOCK.finditer(text)
}
"""What documents show of the language, as it stands there."""

FILES = {
    path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "specs").rglob("*.req"))
}
"""The shipped specifications and fragments."""

SOUND = {
    "sample": SAMPLE,
    **FILES,
    **{
        name: text if text.startswith("req ") else f"req 1\nsection s {{\n{text}}}\n"
        for name, text in BLOCKS.items()
    },
}
"""Whole files that the parser accepts."""

UNSOUND = {
    path.name: path.read_bytes().decode("utf-8", "replace")
    for path in sorted((ROOT / "tests" / "errors").rglob("*.req"))
}
"""Files that the compiler refuses."""
