"""A document shown as one file is the same document, byte by byte in every artefact."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqc.backends.registry import TARGETS
from reqc.compiler.diagnostics import Report
from reqc.compiler.digest import digest
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve
from reqc.compiler.said import with_places
from reqc.compiler.syntax.printer import canonical_statements
from tests.amending.test_amending import newer, resolved, written
from tests.cli.command import reqc
from tests.deployments import SHIPPED, SPECS, lowered, rendered


def shown(document: Document, folder: Path) -> Document:
    """Return the document that the shown form of another one is."""
    path = folder / "shown.req"
    path.write_text(canonical_statements(with_places(document.statements)), encoding="utf-8")
    report = Report()
    found = resolve(str(path), report)
    assert found is not None, render(report.sorted())
    return found


def amended(folder: Path) -> Document:
    """Return a document that amends another one in every way."""
    text = """
remove node.size
replace must node.kernel: kernel >= 4.18 when fast { note "Since 1.1." }
default agent_port = 6000
retitle node "Machines"
retitle node.cpu "Processor"
allow REQ701 "No page to cite."
section node {
  must swap: memory >= 1GiB
}
"""
    return resolved(written(folder, new=newer(text)) / "new.req")


def documents(folder: Path) -> list[Document]:
    """Return the shipped documents and an amended one."""
    return [*(resolved(SPECS / f"{name}.req") for name in SHIPPED), amended(folder)]


@pytest.mark.parametrize("number", range(len(SHIPPED) + 1))
def test_what_is_shown_compiles_to_the_same_bytes(number: int, tmp_path: Path) -> None:
    document = documents(tmp_path)[number]
    again = shown(document, tmp_path)

    assert digest(again.statements) == digest(document.statements)
    for target in TARGETS:
        assert rendered(target, lowered(again, {})) == rendered(target, lowered(document, {}))


def test_the_command_shows_it_and_shows_it_again_as_it_is(tmp_path: Path) -> None:
    document = amended(tmp_path)

    done = reqc("show", tmp_path / "new.req")
    (tmp_path / "shown.req").write_text(done.stdout, encoding="utf-8")
    again = reqc("show", tmp_path / "shown.req")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == canonical_statements(with_places(document.statements))
    assert "amends" not in done.stdout
    assert (again.returncode, again.stdout) == (0, done.stdout)


def test_a_document_with_a_mistake_is_not_shown(tmp_path: Path) -> None:
    written(tmp_path, new=newer("remove node.kernl\n"))

    done = reqc("show", tmp_path / "new.req")

    assert (done.returncode, done.stdout) == (1, "")
    assert "error[REQ213]" in done.stderr


def test_comments_and_layout_are_not_in_the_digest(tmp_path: Path) -> None:
    folder = written(tmp_path)
    before = digest(resolved(folder / "base.req").statements)
    text = (folder / "base.req").read_text(encoding="utf-8")
    commented = text.replace("role host", "# a comment\n\nrole   host")
    (folder / "base.req").write_text(commented, encoding="utf-8")

    assert digest(resolved(folder / "base.req").statements) == before


def test_what_is_said_is_in_the_digest(tmp_path: Path) -> None:
    folder = written(tmp_path)
    before = digest(resolved(folder / "base.req").statements)
    text = (folder / "base.req").read_text(encoding="utf-8")
    (folder / "base.req").write_text(text.replace("3.10", "3.11"), encoding="utf-8")

    assert digest(resolved(folder / "base.req").statements) != before


@pytest.mark.parametrize("place", ["here", "base.req:", "base.req:0", ":3", "base.req:x"])
def test_a_place_is_a_file_and_a_line(place: str, tmp_path: Path) -> None:
    path = tmp_path / "a.req"
    path.write_text(
        f'req 1\nspec a 1 on b\nsection n {{\n  must c: cpu >= 1 {{ at "{place}" }}\n}}\n',
        encoding="utf-8",
    )
    report = Report()

    assert resolve(str(path), report) is None
    assert [item.code for item in report.diagnostics] == ["REQ303"]
