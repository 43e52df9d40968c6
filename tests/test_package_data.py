"""Files of the package are found in it, and nothing else is."""

from __future__ import annotations

import pytest

import reqc
from reqc.compiler.package_data import package_data


def test_a_file_of_the_package_is_read() -> None:
    assert package_data("grammar/reqc.lark").startswith(b"// The req language")


def test_a_file_that_is_not_there_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        package_data("grammar/nonsense")

    monkeypatch.setattr(reqc.__spec__, "loader", None)
    with pytest.raises(FileNotFoundError):
        package_data("grammar/reqc.lark")
