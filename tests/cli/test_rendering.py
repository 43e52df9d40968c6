"""Targets of a large document are shared by processes, and nobody can tell from what they write."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqc.backends.base import Output
from reqc.backends.registry import TARGETS, target
from reqc.compiler import forks
from reqc.compiler.cli import main
from reqc.compiler.commands import rendering
from reqc.compiler.commands.rendering import Task, output, outputs
from tests.documents import document, requirement

ALL = tuple(word for name in TARGETS for word in ("-t", name))


@pytest.fixture
def _shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes share even the smallest document, however many processors there are."""
    monkeypatch.setattr(rendering, "MANY", 1)
    monkeypatch.setattr(forks, "processors", lambda: 3)


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.mark.usefixtures("_shared")
def test_what_is_shared_is_what_one_process_writes(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("compile", str(spec), *ALL, "--no-cache", "-o")
    assert main([*words, str(tmp_path / "shared")]) == 0
    monkeypatch.setattr(rendering, "MANY", 1_000_000)
    assert main([*words, str(tmp_path / "alone")]) == 0

    assert contents(tmp_path / "shared") == contents(tmp_path / "alone")


@pytest.mark.usefixtures("_shared")
def test_what_is_left_out_and_refused_is_shared_as_well() -> None:
    stated = document(requirement("a.b"), requirement("a.c", applies=None))
    tasks = [Task(target(name), target(name).defaults, stated) for name in TARGETS]

    made = outputs(tasks)

    assert made == [output(task) for task in tasks]
    assert any(isinstance(one, Output) and one.unsupported for one in made)


@pytest.mark.usefixtures("_shared")
def test_a_setting_is_refused_by_whichever_process(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("compile", str(spec), "-t", "json", "-t", "nftables", "-O", "mode=open", "--no-cache")

    assert main([*words, "-o", str(tmp_path / "out")]) == 2
    assert "see reqc targets nftables" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_one_target_makes_its_text_while_it_is_written() -> None:
    (one,) = outputs([Task(target("json"), {}, document(requirement("a.b")))])

    assert isinstance(one, Output)
    assert not isinstance(one.artifacts[0].content, str)
