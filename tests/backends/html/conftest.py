"""A tab of a real browser, and pages in files for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reqc.compiler.lowered import LoweredDocument
from tests.backends.html.reading import written
from tests.web.browser import Tab, browser


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """Return a tab that all tests of a module use one after the other."""
    with browser() as found:
        yield found.tab()


@pytest.fixture
def visit(tab: Tab, tmp_path: Path) -> Callable[..., Tab]:
    """Return a function that opens the page of a document, at a fragment where one is given."""

    def opened(lowered: LoweredDocument, fragment: str = "") -> Tab:
        page = tmp_path / "page.html"
        page.write_text(written(lowered), encoding="utf-8")
        tab.open(page, fragment)
        return tab

    return opened
