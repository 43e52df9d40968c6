"""`reqc diff --format html`: one page that says what the other forms say, and stands alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.commands import diff_page
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.comparison.supplement import ArtefactChange, Effect, NodeChange, Supplement
from tests.backends.html.reading import Element, elements
from tests.backends.strategies import HOSTILE
from tests.cli.command import SMALL, reqc
from tests.deployments import SPECS
from tests.evaluation.nodes import told
from tests.node_packages import node_packages
from tests.site.hostile import harmed
from tests.site.libraries import broken
from tests.site.test_browser import AXE
from tests.site.test_valid import complaints
from tests.web import FOLDER
from tests.web.browser import browser

HERE = Path(__file__).parent
SHIPPED = (SPECS / "v3.16-openstack.req", SPECS / "v3.24-openshift.req")
PAIR = (HERE / "openstack-3.16.req", HERE / "openstack-3.24.req")
MARKS = {"added": "new", "removed": "gone", "equivalent": "same"}
INVENTORY = """\
host: {hosts: {h1: {ansible_host: 10.0.0.1}}}
etcd: {hosts: {e1: {ansible_host: 10.0.0.3}}}
"""


def page(*arguments: str | Path) -> str:
    done = reqc("diff", *arguments, "--format", "html")
    assert done.returncode == 0, done.stderr
    return done.stdout


def words(text: str) -> str:
    """Return a text with one blank for each run of blanks, as a browser shows it."""
    return " ".join(text.split())


def body(text: str) -> str:
    """Return what a page shows, with one blank between words."""
    (found,) = (one for one in elements(text) if one.name == "body")
    return words(found.text)


def changes(text: str) -> list[Element]:
    """Return the items about one change each."""
    return [one for one in elements(text) if one.name == "li" and "id" in one.attributes]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[str | Path, ...]:
    """Return arguments that ask for all that can be told."""
    folder = tmp_path_factory.mktemp("everything")
    (folder / "hosts.yaml").write_text(INVENTORY, encoding="utf-8")
    facts = folder / "facts"
    facts.mkdir()
    (facts / "bare.json").write_text(json.dumps(told(machine="mips")), encoding="utf-8")
    (facts / "firewall.json").write_text(
        json.dumps(told(units={"files": {}, "running": ["firewalld.service"]})), encoding="utf-8"
    )
    return (
        *("--facts", facts, "--target", "nftables", "--inventory", folder / "hosts.yaml"),
        *("--role", "etcd", "--role", "host", "--set", "vxlan=true"),
    )


def hostile(texts: Sequence[str]) -> list[str]:
    """Return pages of comparisons with texts in all places that can have them."""
    name = f"a{texts[0]}"  # no file and no node is without a name
    supplement = Supplement(
        nodes=(NodeChange(name, ("node.kernel",), (name,), (), ()),),
        effects=(Effect("node.kernel", (name,), (texts[1],)),),
        artefacts=(ArtefactChange(name, tuple(f"+{text}" for text in texts)),),
        target=texts[2],
        reboot=texts[3],
    )
    return [
        diff_page.document(compare(old, new), supplement, texts)
        for old, new in pairwise(harmed(texts))
    ]


@pytest.mark.parametrize("documents", [SHIPPED, PAIR, SHIPPED[::-1]])
def test_it_has_the_changes_of_the_form_for_programs(documents: tuple[Path, Path]) -> None:
    record = json.loads(reqc("diff", *documents, "--format", "json").stdout)
    text = page(*documents)
    found = {item.attributes["id"]: item for item in changes(text)}

    assert len(found) == len(changes(text)) == len(record["changes"]) > 20
    for change in record["changes"]:
        shown = words(found[change["id"]].text)
        mark = "erratum" if change["erratum"] else MARKS.get(change["change"], change["change"])
        assert shown.startswith(f"{mark} {change['id']} ")
        assert all(words(aspect) in shown for aspect in change["aspects"])
        for split in change["splits"]:
            assert not split["condition"] or not split["told"] or split["condition"] in shown


def test_a_change_is_below_what_a_reader_does() -> None:
    text = page(*SHIPPED)
    record = json.loads(reqc("diff", *SHIPPED, "--format", "json").stdout)

    wanted = {"before": "Do before", "after": "Do after"}
    for change in record["changes"]:
        start = text.index(f'<li id="{change["id"]}">')
        heading = re.findall(r"<h2 [^>]*>([^<]*)</h2>", text[:start])[-1]
        assert heading.startswith(wanted.get(change["do"], ("Advice", "Nothing", "Said")))


def bare(text: str) -> str:
    """Return words without the stops between headings, names and what follows them."""
    return words(re.sub("[:.;]", " ", text)).lower()


def test_it_has_all_that_the_text_has(everything: tuple[str | Path, ...]) -> None:
    text = reqc("diff", *SHIPPED, *everything, "--verbose").stdout
    shown = bare(body(page(*SHIPPED, *everything)))

    told_of, _, nodes = text.partition("\nNodes\n")
    nodes, _, artefacts = nodes.partition("\nWhat the target")
    # A page counts no names, and needs no word for what options are of.
    told_of = re.sub(
        r" and [0-9]+ more\)|: options of the specifications$", "", told_of, flags=re.MULTILINE
    )
    lines = [line for part in (told_of, artefacts) for line in part.splitlines()[1:]]
    assert len(lines) > 140
    assert [line for line in lines if bare(line).strip(")") not in shown] == []
    failing = re.findall(r"^    (\w+) fails (.*)$", nodes, re.MULTILINE)
    assert [name for name, _ in failing] == ["bare", "firewall"]
    for name, ids in failing:
        assert re.search(rf"\b{name} fails (?:now|still) .*{re.escape(bare(ids))}", shown)


def test_nodes_and_the_changes_that_they_fail_through_are_told(tmp_path: Path) -> None:
    old, new = tmp_path / "old.req", tmp_path / "new.req"
    old.write_text(SMALL, encoding="utf-8")
    new.write_text(SMALL.replace("cpu >= 2", "cpu >= 4"), encoding="utf-8")
    facts = tmp_path / "facts"
    facts.mkdir()
    for name, count in (("a-large", 8), ("middle", 2), ("small", 1)):
        (facts / f"{name}.json").write_text(json.dumps(told(processors=count)), encoding="utf-8")

    found = elements(page(old, new, "--facts", facts))

    rows = [words(one.text) for one in found if one.name == "tr" and "tbody" in one.within]
    (change,) = (one for one in found if one.attributes.get("id") == "node.cpu")
    assert "fails now on 1 node: middle" in words(change.text)
    assert [row.split()[0] for row in rows] == ["middle", "small", "a-large"], "the worst first"


def test_artefacts_are_shown_line_by_line(everything: tuple[str | Path, ...]) -> None:
    found = elements(page(*SHIPPED, *everything))
    record = json.loads(reqc("diff", *SHIPPED, *everything, "--format", "json").stdout)

    shown = [one.text for one in found if one.name == "pre"]
    assert shown == ["\n".join(["", *item["lines"], ""]) for item in record["artefacts"]]
    assert any(one.attributes.get("class") == "removed" for one in found)
    same = page(SHIPPED[0], SHIPPED[0], "--target", "nftables", "--role", "etcd")
    assert "Nothing changes." in body(same)


def test_it_says_what_it_holds_for(everything: tuple[str | Path, ...], tmp_path: Path) -> None:
    text = page(*SHIPPED, *everything, "--new-set", "ipip=false", "--errata", "corrected")

    for asked in ("--set vxlan=true", "--new-set ipip=false", "--role etcd", "--errata corrected"):
        assert f"<dd><code>{asked}</code></dd>" in text
    assert "Compared with" not in page(*SHIPPED)
    assert str(tmp_path.parent) not in text


def test_documents_that_say_the_same_have_a_page() -> None:
    text = page(SHIPPED[0], SHIPPED[0])

    assert "Nothing changed." in body(text)
    assert changes(text) == []
    assert broken({"page.html": text}) == []


def test_every_link_leads_somewhere(everything: tuple[str | Path, ...]) -> None:
    assert broken({"page.html": page(*SHIPPED, *everything), "pair.html": page(*PAIR)}) == []


def test_the_same_documents_give_the_same_bytes(
    everything: tuple[str | Path, ...], tmp_path: Path
) -> None:
    out = tmp_path / "out.html"

    assert reqc("diff", *SHIPPED, *everything, "--format", "html", "-o", out).stdout == ""

    assert out.read_text(encoding="utf-8") == page(*SHIPPED, *everything)


def test_it_loads_nothing(everything: tuple[str | Path, ...]) -> None:
    text = page(*SHIPPED, *everything)

    (found,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert found.startswith("default-src &#39;none&#39;; ")
    assert "unsafe" not in found
    assert not re.search(r"<(?:img|link|iframe|object|embed)\b|\bsrc=|@import|url\(", text)


@settings(max_examples=15, deadline=None)
@given(st.lists(HOSTILE, min_size=5, max_size=5))
def test_hostile_texts_stay_texts(texts: list[str]) -> None:
    for text, known in zip(hostile(texts), hostile(["word"] * 5), strict=True):
        found, harmless = elements(text), elements(known)
        assert {one.name for one in found} <= {one.name for one in harmless}
        assert {key for one in found for key in one.attributes} <= {
            key for one in harmless for key in one.attributes
        }
        assert broken({"page.html": text}) == []


def test_texts_are_shown_as_they_are() -> None:
    (text, _) = hostile(["<b>&amp;</b>", "<i>", "</title>", "</pre>", "\"'><u>"])

    assert "<dd>&lt;b&gt;&amp;amp;&lt;/b&gt;, revision &lt;i&gt;</dd>" in text
    assert '<span class="added">+&lt;/pre&gt;</span>' in text
    assert not re.search("<[bi]>", text)


def test_the_validator_has_no_complaint(everything: tuple[str | Path, ...], tmp_path: Path) -> None:
    made: list[list[str]] = []

    @settings(max_examples=8, deadline=None)
    @given(st.lists(HOSTILE, min_size=5, max_size=5))
    def collect(texts: list[str]) -> None:
        made.append(texts)

    collect()  # one run of the validator for all of them, since it takes long to start
    pages = [text for texts in made for text in hostile(texts)]
    pages += [page(*SHIPPED), page(*PAIR), page(*SHIPPED, *everything), page(PAIR[0], PAIR[0])]
    for number, text in enumerate(pages):
        (tmp_path / f"{number}.html").write_text(text, encoding="utf-8")

    assert complaints(tmp_path) == []


def test_a_browser_finds_it_accessible_and_alone(
    everything: tuple[str | Path, ...], tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(*SHIPPED, *everything), encoding="utf-8")
    axe = (node_packages(FOLDER) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    with browser() as found:
        tab = found.tab()
        for scheme in ("light", "dark"):
            media = [{"name": "prefers-color-scheme", "value": scheme}]
            tab.call("Emulation.setEmulatedMedia", features=media)
            tab.open(file)
            assert (tab.complaints(), tab.requests()) == ([], [file.as_uri()])
            tab.run(axe)
            judged = tab.run(AXE)
            assert judged["violations"] == []
            assert {"color-contrast", "region", "heading-order"} <= set(judged["passes"])
        size = {"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        tab.call("Emulation.setDeviceMetricsOverride", **size)
        tab.open(tmp_path / "page.html")
        assert tab.run("document.documentElement.scrollWidth <= innerWidth")
