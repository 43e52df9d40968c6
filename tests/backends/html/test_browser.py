"""A page in a real browser: accessible, alone, and with controls that do what they say."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler.lowered import LoweredDocument
from tests.backends.example import example
from tests.backends.strategies import documents
from tests.node_packages import node_packages
from tests.specs.shipped import NAMES, OPENSHIFT, OPENSTACK, lowered
from tests.web import FOLDER
from tests.web.browser import Tab

Visit = Callable[..., Tab]

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = f"""
axe.run(document, {{runOnly: {json.dumps(RULES)}}}).then((found) => ({{
  violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
  passes: found.passes.map((one) => one.id),
}}))
"""
ROWS = "[...document.querySelectorAll('tr[id][data-requirement]')]"
SHOWN = f"{ROWS}.filter((row) => row.checkVisibility()).map((row) => row.id)"

PAYLOADS = (
    "<script>window.harmed = 1; alert(1)</script>",
    "</script><script>window.harmed = 2; alert(2)</script>",
    "<img src=https://evil.invalid/x onerror='window.harmed = 3; alert(3)'>",
    '" onfocus="window.harmed = 4; alert(4)" autofocus x="',
    "' onmouseover='alert(5)' style='background:url(https://evil.invalid/y)",
    "<!--<script>",
    "</title></style><base href=https://evil.invalid/><link rel=stylesheet href=//evil.invalid/z>",
    "javascript:alert(6)",
    'https://evil.invalid/"><script>alert(7)</script>',
    "{{ 7 * 7 }} ${alert(8)} [x](javascript:alert(9)) `code` **bold** |",
    "\u202ertl\u202c \x00nul \x1b[31m &lt;b&gt; &#60;i&#62;",
    "]]><svg onload=alert(10)>",
    "__proto__",
    "constructor",
)


def ids(page: LoweredDocument) -> list[str]:
    return [item.origin.id for item in page.requirements]


def choose(tab: Tab, option: str, words: str) -> None:
    """Choose by the words that a reader sees, or type them."""
    tab.run(f"""(() => {{
      const control = document.querySelector('[data-switch="{option}"]');
      const offers = [...(control.options ?? [])];
      const offer = offers.find((one) => one.text.split(" ")[0] === {json.dumps(words)});
      control.value = control.options ? offer.value : {json.dumps(words)};
      control.dispatchEvent(new Event("input", {{bubbles: true}}));
    }})()""")


def type_in_search(tab: Tab, words: str) -> None:
    tab.run(f"""(() => {{
      const field = document.getElementById("page:search");
      field.value = {json.dumps(words)};
      field.dispatchEvent(new Event("input", {{bubbles: true}}));
    }})()""")


def click(tab: Tab, id: str) -> None:  # noqa: A002  # the attribute's name
    tab.run(f'document.getElementById("{id}").click()')


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_for_nothing_but_itself_and_breaks_no_rule_of_its_own(
    visit: Visit, name: str
) -> None:
    tab = visit(lowered(name))

    assert tab.complaints() == []
    assert [url.rpartition("/")[2] for url in tab.requests()] == ["page.html"]
    assert tab.run("document.getElementById('page:deployment').checkVisibility()")


def test_the_policy_stops_what_is_not_of_the_page(visit: Visit) -> None:
    tab = visit(example())

    tab.run("""(() => {
      const script = document.createElement("script");
      script.textContent = "window.harmed = true";
      document.body.append(script);
      const image = document.createElement("img");
      image.src = "https://evil.invalid/x.png";
      document.body.append(image);
    })()""")

    assert tab.run("window.harmed") is None
    assert len([said for said in tab.complaints() if "Content Security Policy" in said]) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", [lowered(OPENSTACK), example(tunnel="vxlan")], ids=["all", "set"])
def test_a_page_is_accessible(visit: Visit, tab: Tab, page: LoweredDocument, scheme: str) -> None:
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    tab.call("Emulation.setEmulatedMedia", features=media)
    visit(page)
    tab.run((node_packages(FOLDER) / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    click(tab, "page:all")
    tab.run("for (const one of document.querySelectorAll('details')) one.open = true")

    found = tab.run(AXE)

    assert found["violations"] == []
    assert {"color-contrast", "region", "label", "heading-order"} <= set(found["passes"])
    page_is_dark = (
        tab.run("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    )
    assert page_is_dark == (scheme == "dark")


def test_switches_hide_what_does_not_apply(visit: Visit) -> None:
    tab = visit(example())
    assert tab.run(SHOWN) == ids(example())

    choose(tab, "mesh", "false")
    assert set(ids(example())) - set(tab.run(SHOWN)) == {"network.relay"}
    choose(tab, "release", "2.10")
    assert set(ids(example())) - set(tab.run(SHOWN)) == {"network.relay", "node.unmanaged"}
    choose(tab, "release", "2.x")  # no version, so that it is open again
    assert set(ids(example())) - set(tab.run(SHOWN)) == {"network.relay"}
    assert tab.run("document.querySelector('[data-switch=release]').ariaInvalid") == "true"

    click(tab, "page:all")
    assert tab.run(SHOWN) == ids(example())
    assert tab.run("document.getElementById('network.relay').className") == "off"

    click(tab, "page:open")
    click(tab, "page:all")
    assert tab.run(SHOWN) == ids(example())


def test_defaults_and_choices_are_where_switches_begin(visit: Visit) -> None:
    tab = visit(example())
    click(tab, "page:defaults")
    assert set(ids(example())) - set(tab.run(SHOWN)) == {"network.relay"}

    tab = visit(example(tunnel="vxlan"))
    assert set(ids(example())) - set(tab.run(SHOWN)) == {
        *("network.relay", "network.tunnel", "node.unmanaged")
    }
    states = f"{ROWS}.map((row) => [row.id, row.querySelector('.state').textContent])"
    written = dict(tab.run(states))
    assert written["node.release"] == "open, depends on release"
    assert written["network.tunnel"] == "does not apply"


def test_a_table_and_an_arrow_go_with_their_requirements(visit: Visit) -> None:
    tab = visit(lowered(OPENSHIFT))
    drawn = "filter((one) => getComputedStyle(one).display !== 'none').length"
    arrows = f"[...document.querySelectorAll('g.arrow')].{drawn}"
    height = "document.querySelector('svg.diagram').getBoundingClientRect().height"
    before = tab.run(arrows), tab.run(height)

    choose(tab, "calico_networking", "false")

    after = tab.run(arrows), tab.run(height)
    assert before[0] == 5
    assert after[0] == 2
    assert after[1] < before[1]
    type_in_search(tab, "sys_admin")
    assert tab.run(SHOWN) == ["privileges.sys_admin"]
    assert tab.run(f"[...document.querySelectorAll('section.part .scroll')].{drawn}") == 1


def test_words_that_hold_for_another_value_say_so(visit: Visit) -> None:
    page = example()
    bound = replace(page.sections[0].requirements[0], bound_to=("tunnel",))
    section = replace(page.sections[0], requirements=(bound, *page.sections[0].requirements[1:]))
    tab = visit(replace(page, sections=(section, *page.sections[1:])))
    state = "document.querySelector('[id=\"node.kernel\"] .state').textContent"

    assert tab.run(state) == ""
    choose(tab, "tunnel", "ipip")
    assert tab.run(state) == ""
    choose(tab, "tunnel", "vxlan")
    assert tab.run(state) == "written for tunnel = ipip"


def test_search_finds_every_word_in_any_place(visit: Visit) -> None:
    tab = visit(lowered(OPENSHIFT))

    type_in_search(tab, "XDP")
    assert tab.run(SHOWN) == ["kernel.xdp"]
    type_in_search(tab, "uname 3.10")
    assert tab.run(SHOWN) == ["node.kernel"]
    assert "1 of 49 requirements shown" in tab.run(
        "document.getElementById('page:count').innerText"
    )
    type_in_search(tab, "no such words")
    assert tab.run(SHOWN) == []
    type_in_search(tab, "")
    assert tab.run(SHOWN) == ids(lowered(OPENSHIFT))


def test_enter_in_the_search_leaves_the_page_as_it_is(visit: Visit) -> None:
    tab = visit(example())
    tab.run("document.getElementById('page:search').focus()")

    for kind in ("rawKeyDown", "char", "keyUp"):
        tab.call(
            "Input.dispatchKeyEvent", type=kind, key="Enter", text="\r", windowsVirtualKeyCode=13
        )

    assert tab.complaints() == []
    assert [url.rpartition("/")[2] for url in tab.requests()] == ["page.html"]


def test_a_deep_link_leads_to_what_the_switches_hide(visit: Visit) -> None:
    tab = visit(example(tunnel="vxlan"), "#network.tunnel")

    assert "network.tunnel" in tab.run(SHOWN)
    assert tab.run("document.querySelector('[id=\"network.tunnel\"] details').open")
    tab.run(
        "new Promise((done) => { addEventListener('hashchange', done, {once: true});"
        " location.hash = '#node.kernel'; })"
    )
    assert "network.tunnel" not in tab.run(SHOWN)
    assert tab.run("document.querySelector(':target').id") == "node.kernel"


def test_a_command_can_be_copied(visit: Visit, tab: Tab) -> None:
    visit(lowered(OPENSHIFT), "#node.kernel")
    tab.call("Browser.grantPermissions", permissions=["clipboardReadWrite"])
    tab.call("Page.bringToFront")

    label = tab.run("""(async () => {
      const button = document.querySelector('[id="node.kernel"] button.copy');
      const label = button.ariaLabel;
      button.click();
      await new Promise((done) => {
        new MutationObserver(done).observe(button, {childList: true});
        if (button.textContent !== "Copy") done();
      });
      return [label, button.textContent, await navigator.clipboard.readText()];
    })()""")

    assert label == ["Copy uname -r", "Copied", "uname -r"]


def test_without_scripts_everything_is_shown(visit: Visit, tab: Tab) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        visit(example(tunnel="vxlan"))
        tab.call("Emulation.setScriptExecutionDisabled", value=False)

        assert tab.run(SHOWN) == ids(example())
        assert not tab.run("document.getElementById('page:deployment').checkVisibility()")
        assert tab.run("document.querySelectorAll('button.copy').length") == 0
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_print_shows_notes_and_no_controls(visit: Visit, tab: Tab) -> None:
    visit(lowered(OPENSHIFT))
    tab.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert not tab.run("document.getElementById('page:search').checkVisibility()")
        assert tab.run("document.querySelector('details dl').checkVisibility()")
        assert tab.run("document.querySelector('details dl').getBoundingClientRect().height") > 0
    finally:
        tab.call("Emulation.setEmulatedMedia", media="")


def test_hostile_texts_are_shown_and_do_nothing(visit: Visit) -> None:
    pages: list[LoweredDocument] = []

    @settings(max_examples=15, deadline=None)
    @given(documents(st.sampled_from(PAYLOADS)))
    def collect(page: LoweredDocument) -> None:
        pages.append(page)

    collect()

    for page in pages:
        tab = visit(page)
        assert tab.run("window.harmed") is None
        assert tab.dialogs() == []
        assert tab.complaints() == []
        assert [url.rpartition("/")[2] for url in tab.requests()] == ["page.html"]
        assert len(
            tab.run("[...document.querySelectorAll('tr[id][data-requirement]')].map(String)")
        ) == (len(page.requirements))
