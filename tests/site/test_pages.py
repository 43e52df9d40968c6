"""The pages of a site: which there are, what leads where, and what no text of a document breaks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler.commands.site import build
from reqc.compiler.commands.site.library import Library, arranged
from reqc.compiler.commands.site.places import document_place, way
from reqc.compiler.model import Document
from tests.backends.html.reading import elements
from tests.backends.strategies import HOSTILE
from tests.site.hostile import harmed
from tests.site.libraries import CHAIN, broken, made, made_of, read, specification
from tests.specs.shipped import NAMES, OPENSTACK, shipped

OF_THE_CHAIN = [
    "demo/linux.html",
    "demo/linux/1.10.html",
    "demo/linux/1.11.html",
    "demo/linux/1.9.html",
    "demo/linux/changes/1.10-to-1.11.html",
    "demo/linux/changes/1.9-to-1.10.html",
]


def documents(folder: Path, *versions: str) -> list[Document]:
    found = []
    for number, version in enumerate(versions):
        path = folder / f"{number}.req"
        path.write_text(specification(version, CHAIN["1.9"]), encoding="utf-8")
        found.append(read(path))
    return found


def named(library: Library) -> list[list[str]]:
    return [[item.identity.version for item in chain.documents] for chain in library.compared]


def test_versions_are_ordered_by_number_and_names_are_the_newest(tmp_path: Path) -> None:
    found = documents(tmp_path, "3.9", "master", "3.10", "v3.1", "3.10-1", "latest")

    assert named(arranged(found)) == [["v3.1", "3.9", "3.10", "3.10-1", "latest", "master"]]
    assert arranged(found) == arranged(reversed(found))


def test_a_site_has_each_document_and_each_pair_of_neighbours(pages: dict[str, str]) -> None:
    assert list(pages) == sorted(
        [
            *OF_THE_CHAIN,
            "demo/bsd/1.9.html",
            "index.html",
            "other/bsd.linux.sun.html",
            "other/bsd.linux.sun/changes/bsd-7-to-linux-7.html",
            "other/bsd.linux.sun/changes/linux-7-to-sun-master.html",
            *("other/bsd/7.html", "other/linux/7.html", "other/sun/master.html"),
            "search.html",
        ]
    )


def test_one_document_alone_is_compared_with_nothing(library: list[Path]) -> None:
    assert list(made(library[:1])) == ["demo/linux/1.9.html", "index.html", "search.html"]


def test_the_shipped_pages_of_two_platforms_are_compared() -> None:
    names = made_of([shipped(name) for name in NAMES])

    changes = names["calico/openstack.openshift/changes/openstack-3.16-to-openshift-3.24.html"]
    assert "From calico 3.16 on openstack to calico 3.24 on openshift" in changes
    assert broken(names) == []


def test_every_link_leads_somewhere(pages: dict[str, str]) -> None:
    assert broken(pages) == []


def test_the_checker_of_links_sees_what_is_wrong(pages: dict[str, str]) -> None:
    wrong = {
        **pages,
        "index.html": '<p id="a"><p id="a"><a href="no.html"></a><a href="demo/linux.html#no"></a>',
    }

    assert [one for one in broken(wrong) if one[0] == "index.html"] == [
        ("index.html", "a"),
        ("index.html", "no.html"),
        ("index.html", "demo/linux.html#no"),
    ]


def test_the_index_has_the_newest_version_first(pages: dict[str, str]) -> None:
    found = re.findall(r'href="(demo/linux/1[^"]+)"', pages["index.html"])

    assert found == [f"demo/linux/{version}.html" for version in ("1.11", "1.10", "1.9")]
    assert 'href="https://example.org/page"' in pages["index.html"]


def test_a_document_leads_to_its_neighbours(pages: dict[str, str]) -> None:
    page = pages["demo/linux/1.10.html"]

    assert '<a href="changes/1.9-to-1.10.html">Changes since 1.9</a>' in page
    assert '<a href="changes/1.10-to-1.11.html">Changes to 1.11</a>' in page
    assert '<a href="../linux.html">Versions side by side</a>' in page
    assert 'id="node.kernel"' in page


def test_a_page_of_changes_says_what_to_do(pages: dict[str, str]) -> None:
    page = pages["demo/linux/changes/1.9-to-1.10.html"]

    before, after = page.index("Do before the upgrade</h2>"), page.index("Nothing to do</h2>")
    assert before < page.index('<li id="node.kernel">') < after
    assert after < page.index('<li id="node.vxlan">')
    assert page.index("Said in another way</h2>") < page.index('<li id="node.ip_sets">')


def test_a_requirement_is_searched_once_for_all_that_say_it(pages: dict[str, str]) -> None:
    text = re.search(r'id="site:data">(.*?)</script>', pages["search.html"], re.DOTALL)
    assert text is not None
    data = json.loads(text[1])
    where = {
        tuple(item[:3]): [data["pages"][number][0] for number in item[4]]
        for item in data["requirements"]
    }

    assert where["node.quiet", "MUST", "at least 2GiB of memory"] == [
        *("demo 1.9 on bsd", "demo 1.11 on linux", "demo 1.10 on linux", "demo 1.9 on linux"),
        *("other 7 on bsd", "other 7 on linux", "other master on sun"),
    ]
    assert all(page in pages for _, page in data["pages"])


def test_no_page_loads_anything(pages: dict[str, str]) -> None:
    for text in pages.values():
        (found,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        assert found.startswith("default-src &#39;none&#39;; ")
        assert "unsafe" not in found
        assert not re.search(r"<(?:img|link|iframe|object|embed)\b|\bsrc=|@import|url\(", text)


@pytest.mark.parametrize("few", [0, 100])
def test_the_same_library_gives_the_same_bytes(
    library: list[Path], pages: dict[str, str], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(build, "FEW", few)  # with processes, and without

    assert made(library[::-1]) == pages


def test_adding_a_version_moves_no_document(library: list[Path], pages: dict[str, str]) -> None:
    without = made([path for path in library if path.stem != "demo-1.10"])

    assert set(without) - set(pages) == {"demo/linux/changes/1.9-to-1.11.html"}


@pytest.mark.parametrize(
    ("start", "end", "address"),
    [
        ("index.html", "a/b/1.html", "a/b/1.html"),
        ("a/b/1.html", "index.html", "../../index.html"),
        ("a/b.html", "a/b/changes/1-to-2.html", "b/changes/1-to-2.html"),
        ("a/b/1.html", "a/b/1.html", "1.html"),
    ],
)
def test_the_way_from_page_to_page(start: str, end: str, address: str) -> None:
    assert way(start, end) == address


@settings(max_examples=60, deadline=None)
@given(st.lists(st.from_regex(r"[A-Za-z0-9_.+/%:~-]{1,12}", fullmatch=True), unique=True))
def test_every_version_has_a_name_of_its_own_within_the_folder(versions: list[str]) -> None:
    base = shipped(OPENSTACK)
    places = [
        document_place(replace(base, identity=replace(base.identity, version=version)))
        for version in versions
    ]

    assert len(set(places)) == len(places)
    assert all(re.fullmatch(r"calico/openstack/[A-Za-z0-9_.~-]+", place) for place in places)


@settings(max_examples=15, deadline=None)
@given(st.lists(HOSTILE, min_size=5, max_size=5))
def test_hostile_texts_stay_texts(words: list[str]) -> None:
    pages = made_of(harmed(words))
    harmless = made_of(harmed(["word"] * 5))

    assert list(pages) == list(harmless)
    assert broken(pages) == []
    for name, text in pages.items():
        found, known = elements(text), elements(harmless[name])
        assert {one.name for one in found} <= {one.name for one in known} | {"br", "p", "a"}
        assert {key for one in found for key in one.attributes} <= {
            key for one in known for key in one.attributes
        } | {"rel"}


def test_texts_are_shown_as_they_are() -> None:
    pages = made_of(harmed(["<b>&amp;</b>", "<i>", "</title>", "</script>", "\"'><u>"]))

    assert pages["demo/linux.html"].count("&lt;/script&gt;") == 4
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in pages["index.html"]
    assert '</script>"' not in pages["search.html"]
    assert r"\u003c/script\u003e" in pages["search.html"]
