"""The pages of a site as the validator of HTML judges them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.backends.strategies import HOSTILE
from tests.node_packages import node_packages
from tests.site.hostile import harmed
from tests.site.libraries import made_of
from tests.specs.shipped import NAMES, shipped
from tests.tools import require
from tests.web import FOLDER

# The validator works out no hashes, and takes what a policy allows by one for forbidden.
_HASHES = ("Inline style violates", "Inline script violates")
_TEXT_RUN = "Text run "
"""How complaints begin about characters that an author may write and no page can mend."""


def complaints(folder: Path) -> list[str]:
    """Return what the validator says of the pages below a folder."""
    jar = node_packages(FOLDER) / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        [require("java"), "-jar", str(jar), "--format", "json", str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = json.loads(done.stderr)["messages"]
    known = (*_HASHES, _TEXT_RUN)
    return [one["message"] for one in said if not one["message"].startswith(known)]


def write(folder: Path, pages: Mapping[str, str]) -> None:
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_the_pages_of_libraries_are_valid(pages: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path / "made-up", pages)
    write(tmp_path / "shipped", made_of([shipped(name) for name in NAMES]))

    assert complaints(tmp_path) == []


def test_hostile_texts_leave_pages_valid(tmp_path: Path) -> None:
    made: list[list[str]] = []

    @settings(max_examples=8, deadline=None)
    @given(st.lists(HOSTILE, min_size=5, max_size=5))
    def collect(words: list[str]) -> None:
        made.append(words)

    collect()  # one run of the validator for all of them, since it takes long to start
    for number, words in enumerate(made):
        write(tmp_path / str(number), made_of(harmed(words)))

    assert complaints(tmp_path) == []
