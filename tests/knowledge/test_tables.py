"""The tables of facts are read in JSON, which says what people wrote in YAML."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from reqc.compiler.knowledge.tables import NAMES, table, written

FOLDER = files("reqc.compiler.knowledge")


def test_every_file_of_facts_is_named() -> None:
    names = {
        path.name.removesuffix(".yaml") for path in FOLDER.iterdir() if path.name.endswith(".yaml")
    }

    assert set(NAMES) == names


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_what_was_written(name: str) -> None:
    source = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")

    assert table(name) == yaml.safe_load(source), "run make docs"


@pytest.mark.parametrize("name", NAMES)
def test_the_files_are_as_they_are_generated(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == written(name), "run make docs"


def test_a_file_that_is_not_there_is_missed() -> None:
    with pytest.raises(FileNotFoundError):
        table("nonsense")
