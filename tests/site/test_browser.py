"""A site in a real browser: opened as files, accessible, alone, and with a search that finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node_packages import node_packages
from tests.site.hostile import harmed
from tests.site.libraries import made_of
from tests.site.test_valid import write
from tests.web import FOLDER
from tests.web.browser import Tab, browser

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = f"""
axe.run(document, {{runOnly: {json.dumps(RULES)}}}).then((found) => ({{
  violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
  passes: found.passes.map((one) => one.id),
}}))
"""
MATRIX = "demo/linux.html"
CHANGES = "demo/linux/changes/1.9-to-1.10.html"
RESULTS = "[...document.querySelectorAll('#site\\\\:results code')].map((one) => one.textContent)"
ROWS = (
    "[...document.querySelectorAll('.matrix tr[id]')].filter((row) => row.checkVisibility()).length"
)


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """Return a tab that all tests of the module use one after the other."""
    with browser() as found:
        yield found.tab()


@pytest.fixture(scope="module")
def site(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site."""
    folder = tmp_path_factory.mktemp("site")
    write(folder, pages)
    return folder


def type_in_search(tab: Tab, words: str) -> None:
    tab.run(f"""(() => {{
      const field = document.getElementById("site:search");
      field.value = {json.dumps(words)};
      field.dispatchEvent(new Event("input", {{bubbles: true}}));
      field.dispatchEvent(new Event("change", {{bubbles: true}}));
    }})()""")


@pytest.mark.parametrize("name", ["index.html", "search.html", MATRIX, CHANGES])
def test_a_page_asks_for_nothing_and_complains_of_nothing(tab: Tab, site: Path, name: str) -> None:
    tab.open(site / name)

    assert tab.complaints() == []
    assert tab.requests() == [(site / name).as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "search.html", MATRIX, CHANGES])
def test_a_page_is_accessible(tab: Tab, site: Path, name: str, scheme: str) -> None:
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    tab.call("Emulation.setEmulatedMedia", features=media)
    tab.open(site / "demo/bsd/1.9.html")  # another fragment of one page would load nothing
    tab.open(site / name, "#kernel" if name == "search.html" else "")
    tab.run((node_packages(FOLDER) / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))

    found = tab.run(AXE)

    assert found["violations"] == []
    assert {"color-contrast", "region", "heading-order"} <= set(found["passes"])


def test_the_search_finds_and_leads_to_the_requirement(tab: Tab, site: Path) -> None:
    tab.open(site / "search.html")
    assert "requirements in 7 documents" in tab.run(
        "document.getElementById('site:found').textContent"
    )

    type_in_search(tab, "MODULE vxlan")
    assert tab.run(RESULTS) == ["node.vxlan"]
    assert tab.run("location.hash") == "#MODULE%20vxlan"

    links = tab.run("[...document.querySelectorAll('#site\\\\:results a')].map((one) => one.href)")
    assert (site / "demo/linux/1.11.html").as_uri() + "#node.vxlan" in links

    type_in_search(tab, "no such words")
    assert tab.run(RESULTS) == []


def test_a_search_can_be_linked_to(tab: Tab, site: Path) -> None:
    tab.open(site / "index.html")
    tab.open(site / "search.html", "#ip_set")

    assert sorted(tab.run(RESULTS)) == ["node.ip_sets", "node.ipset", "node.sets"]


def test_the_matrix_can_show_what_changed_alone(tab: Tab, site: Path) -> None:
    tab.open(site / MATRIX)
    assert tab.run(ROWS) == 9

    tab.run("document.getElementById('site:changed').click()")

    assert tab.run(ROWS) == 8
    assert not tab.run("document.getElementById('node.quiet').checkVisibility()")


def test_head_and_ids_of_a_matrix_stay_in_sight(tab: Tab, site: Path) -> None:
    tab.call(
        "Emulation.setDeviceMetricsOverride",
        width=420,
        height=500,
        deviceScaleFactor=1,
        mobile=False,
    )
    tab.open(site / MATRIX)

    places = tab.run("""(() => {
      const box = document.querySelector(".matrix");
      box.scrollTo(200, 300);
      const place = (found) => document.querySelector(found).getBoundingClientRect();
      const own = box.getBoundingClientRect();
      return [box.scrollLeft, box.scrollTop, place("thead th:nth-child(2)").top - own.top,
              place("tbody tr[id] th").left - own.left,
              document.documentElement.scrollWidth <= innerWidth];
    })()""")
    tab.call("Emulation.clearDeviceMetricsOverride")

    assert places == [200, 300, 1, 1, True]  # the box has a border of one pixel


def test_a_mark_leads_to_the_change(tab: Tab, site: Path) -> None:
    tab.open(site / MATRIX)

    address = tab.run("document.querySelector('#node\\\\.vxlan a.mark').href")

    assert address == (site / CHANGES).as_uri() + "#node.vxlan"


def test_hostile_texts_do_nothing(tab: Tab, tmp_path: Path) -> None:
    harm = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    pages = made_of(harmed([harm, harm, f"{harm}</style>", harm, f'" onclick=alert(3) {harm}']))
    write(tmp_path, pages)

    for name in pages:
        tab.open(tmp_path / name, "#alert" if name == "search.html" else "")
        assert tab.complaints() == []
        assert tab.dialogs() == []
        assert tab.requests() == [(tmp_path / name).as_uri()]
