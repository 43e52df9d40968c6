"""The pages as the validator of HTML judges them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from hypothesis import given, settings

from reqc.compiler.lowered import LoweredDocument
from tests.backends.example import example
from tests.backends.html.reading import written
from tests.backends.strategies import HOSTILE, documents
from tests.node_packages import node_packages
from tests.specs.shipped import NAMES, lowered
from tests.tools import require
from tests.web import FOLDER

# The validator does not work out hashes, and takes what a policy allows by one for forbidden.
_HASHES = ("Inline style violates", "Inline script violates")


def complaints(
    pages: Iterable[LoweredDocument], folder: Path, *, warnings: bool = True
) -> list[str]:
    """Return what the validator says of the pages of documents."""
    jar = node_packages(FOLDER) / "vnu-jar" / "build" / "dist" / "vnu.jar"
    for number, page in enumerate(pages):
        (folder / f"{number}.html").write_text(written(page), encoding="utf-8")
    done = subprocess.run(
        [require("java"), "-jar", str(jar), "--format", "json", str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = json.loads(done.stderr)["messages"]
    return [
        one["message"]
        for one in said
        if not one["message"].startswith(_HASHES) and (warnings or one["type"] == "error")
    ]


def test_the_pages_of_the_shipped_specifications_are_valid(tmp_path: Path) -> None:
    pages = [example(), example(tunnel="vxlan"), *(lowered(name) for name in NAMES)]

    assert complaints(pages, tmp_path) == []


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text("<p><img src=a></b>", encoding="utf-8")

    assert complaints([], tmp_path) != []


def test_hostile_texts_leave_a_page_valid(tmp_path: Path) -> None:
    pages: list[LoweredDocument] = []

    @settings(max_examples=20, deadline=None)
    @given(documents(HOSTILE))
    def collect(page: LoweredDocument) -> None:
        pages.append(page)

    collect()  # one run of the validator for all of them, since it takes long to start

    # It warns of texts that begin with a combining character, and that is up to their author.
    assert complaints(pages, tmp_path, warnings=False) == []
