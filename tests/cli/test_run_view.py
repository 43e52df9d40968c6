"""`reqc run` at a terminal: what a person sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from reqc.compiler.commands.check_report import CheckReport, Finding
from reqc.compiler.commands.layout import Layout
from reqc.compiler.commands.report_view import View
from reqc.compiler.commands.verdict_view import summary
from reqc.compiler.evaluation.results import State
from tests.backends.shell.nodes import Node
from tests.cli.command import reqc
from tests.cli.terminals import at_terminal, plain
from tests.documents import document

GOLDEN = Path(__file__).parent / "views"

PAGE = """\
req 1
spec demo 1.0 on linux "What every node of the cluster needs, 節点の要件"
source page { title "A page" }
role host "Every host"
section node "Nodes, before anything else is installed" {
  must kernel: kernel >= 3.10 @page:1
  must arch: arch x86_64 @page:2
  must marker: file "/etc/cluster/installed-by-the-deployment-tool.conf" exists @page:3-4 {
    title   "A marker of the deployment"
    because "節点は展開ツールによって準備されなければなりません。そうでなければ構成が失われます。"
    fix     "Run the deployment tool once more on this node."
    see     "https://example.invalid/deployment/troubleshooting/markers-and-what-they-mean"
  }
  should forward: file "/etc/sysctl.d/99-forward.conf" exists @page:5
  may    tuned:   file "/etc/tuned" exists
  must   memory:  memory >= 1GiB
  must   guarded: file "/etc/kubernetes" exists { where os rhel }
}
section people "What people look at" {
  must   ports: manual "Ask the network team whether the firewalls between the racks are open."
  should other: kernel >= 99 @page:9 { title "A kernel of tomorrow" }
}
section good "Nothing to see here" {
  must one: kernel >= 3.10
  must two: kernel >= 3.11
}
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return the file of a specification with something of every state."""
    file = tmp_path / "page.req"
    file.write_text(PAGE, encoding="utf-8")
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a node on which something of every state is found."""
    node = Node(tmp_path / "root")
    node.kernel()
    node.write("proc/sys/kernel/arch", "x86_64\n")
    node.write("etc/os-release", "ID=debian\nVERSION_ID=12\n")
    return node.root


def settled(text: str, root: Path) -> str:
    """Return what is shown without what differs between machines: users and lengths of paths."""

    def unfolded(found: re.Match[str]) -> str:
        path = "".join(line.strip() for line in found[2].splitlines())
        return f"{found[1]}{path.replace(str(root), 'ROOT')}\n"

    text = re.sub(r"(looked at:? *)(.*\n(?: {6}\S.*\n| {21}\S.*\n)*)", unfolded, text)
    text = re.sub(r"next: +for\s+the[^:]*marked \?,[^:]*\n(?=next:|\Z)", "", text)
    return re.sub(r"note: +not run as root[^:]*\n(?=\n)", "", text)


def columns(line: str) -> int:
    """Return the columns that a line takes, by the standard's own table of widths."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in line)


WAIVERS = "waivers.txt"
VIEWS = {
    "80": (80, []),
    "40": (40, []),
    "80-verbose": (80, ["-v"]),
    "40-verbose": (40, ["--", "--verbose"]),
    "80-quiet": (80, ["-q"]),
    "80-waived": (80, ["--waive", WAIVERS, "--only=node"]),
    "80-selected": (80, ["--only", "node", "--skip=node.marker", "--strict"]),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_a_person_sees(
    name: str, page: Path, root: Path, golden: Callable[[Path, str], None]
) -> None:
    width, arguments = VIEWS[name]
    (page.parent / WAIVERS).write_text("node.marker 2999-12-31 the tool is being replaced\n")
    quiet = {"NO_COLOR": "1", "REQC_ROOT": str(root)}

    shown = at_terminal("run", page, *arguments, columns=width, env=quiet, cwd=page.parent)

    assert (shown.status, shown.stderr) == (3 if "waived" in name else 1, "")
    assert max(map(columns, shown.text.splitlines())) <= width
    golden(GOLDEN / f"{name}.txt", settled(shown.text, root))


def test_colours_say_nothing_that_words_do_not(page: Path, root: Path) -> None:
    coloured = at_terminal("run", page, "--root", root)
    uncoloured = at_terminal("run", page, "--root", root, env={"NO_COLOR": "1"})
    never = at_terminal("run", page, "--root", root, "--color", "never")
    dumb = at_terminal("run", page, "--root", root, env={"TERM": "dumb"})

    assert "\x1b[1;31mFAIL\x1b[0m" in coloured.text
    assert plain(coloured.text) == uncoloured.text == never.text == dumb.text
    assert "\x1b" not in uncoloured.raw + never.raw + dumb.raw


def test_progress_is_told_and_gone(page: Path, root: Path) -> None:
    shown = at_terminal("run", page, "--root", root, columns=30)
    dumb = at_terminal("run", page, "--root", root, env={"TERM": "dumb"})

    told = shown.raw.partition("What every node")[0].split("\r")
    first = next(text.strip() for text in told if text.startswith("checked "))
    assert first == "checked node.kernel"
    assert told[-2:] == [" " * len(told[-2]), "\x1b[1m"]
    assert max(map(columns, told)) < 30
    assert "checked" not in shown.text
    assert "\r" not in dumb.raw


def test_what_a_node_says_does_not_reach_the_terminal_as_it_is(tmp_path: Path) -> None:
    node = Node(tmp_path / "root")
    node.write("proc/sys/kernel/osrelease", "6.1\x1b]0;owned\x07\u202e\n")
    page = tmp_path / "page.req"
    page.write_text("req 1\nspec a 1 on b\nrole h\nsection s { must k: kernel >= 99 }\n")

    shown = at_terminal("run", page, "--root", node.root)

    assert shown.status == 1
    assert "owned" in shown.text
    assert "\x1b]" not in shown.raw
    assert "\u202e" not in shown.raw


@pytest.mark.parametrize(
    ("container", "as_root", "advice"),
    [
        (False, True, "see under `found` what could not be read"),
        (False, False, "run this as root"),
        (True, True, "look at the host: mount it, and pass its folder with --root"),
    ],
)
def test_what_was_unknown_comes_with_the_way_to_know(
    container: bool,  # noqa: FBT001  # a case
    as_root: bool,  # noqa: FBT001  # a case
    advice: str,
) -> None:
    texts = dict.fromkeys(("level", "title", "expected", "looked", "found"), "")
    more = dict.fromkeys(("condition", "because", "fix", "erratum", "place"), "")
    finding = Finding(id="a.b", state=State.UNKNOWN, see=(), citations=(), **texts, **more)
    report = CheckReport("6.1", ("host",), container, as_root, (finding,))

    told = list(summary(report, 3, Layout(110, colour=False)))

    assert told[-1] == f"next:    for the 1 item marked ?, {advice}"


@pytest.mark.parametrize(
    ("container", "as_root", "notes"),
    [
        (False, True, []),
        (False, False, ["note: not run as root: what only root can read stays unknown"]),
        (
            True,
            True,
            ["note: in a container: the kernel is the host's, files are those of the image"],
        ),
    ],
)
def test_a_person_is_told_what_the_check_could_not_see(
    container: bool,  # noqa: FBT001  # a case
    as_root: bool,  # noqa: FBT001  # a case
    notes: list[str],
) -> None:
    report = CheckReport("", ("host", "typha"), container, as_root, ())

    title, about, *rest, last = View(Layout(110, colour=False)).render(report, document())

    assert (title, last) == (document().identity.title, "")
    assert about == f"{document().identity}; role host, typha; kernel unknown"
    assert rest == notes


@pytest.mark.parametrize("width", [1, 10, 24, 59, 60, 61, 500])
def test_any_width_is_kept_to(width: int, page: Path, root: Path) -> None:
    shown = at_terminal("run", page, "-v", "--root", root, "--color=never", columns=width)

    widest = max(map(columns, shown.text.splitlines()))
    assert widest <= min(max(width, 24), 110)
    assert "node.marker" in shown.text


@pytest.mark.parametrize(
    "arguments", [["--format", "json"], ["--", "--format=tap"], ["--", "--list"], ["--", "--help"]]
)
def test_other_forms_are_the_scripts_own(arguments: list[str], page: Path, root: Path) -> None:
    wanted = ["run", page, "--root", root, "--color=never", *arguments]

    assert at_terminal(*wanted).raw == reqc(*wanted).stdout
