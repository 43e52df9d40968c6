"""--explain: a requirement on paper, with words for every probe, and nothing looked at."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Final

import pytest

from reqc.backends.shell.probes import FRAGMENTS, words
from reqc.compiler.checks import All, Any, FileExists, Manual, Not
from reqc.compiler.conditions import Chosen
from reqc.compiler.lowered import Erratum, Level
from reqc.compiler.prose import sentence
from tests.backends.shell.nodes import SHELLS, run
from tests.backends.shell.samples import BAD, EVERY_PROBE, checking, every_probe, script
from tests.documents import document, option, requirement

TEMPLATES: Final = files("reqc.backends.shell") / "templates"

OWN_WORDS: Final = {"package_installed", "boot_argument"}

FULL: Final = document(
    requirement(
        "node.all",
        check=All((BAD, Any((Not(FileExists("/a\x1b b")), Manual("ask $(id)"))))),
        guard=FileExists("/etc/guard"),
        level=Level.SHOULD_NOT,
        title="A title",
        statement=sentence("what is expected"),
        condition=Chosen("mesh"),
        roles=("host", "agent"),
        because="a reason",
        notes=("first", "second"),
        fix="a fix",
        see=("https://example.invalid/1", "https://example.invalid/2"),
        erratum=Erratum("a slip"),
        line=7,
    ),
    options=(option("mesh", value=False),),
)


def explained(shell: str, folder: Path, text: str, name: str) -> str:
    done = run(shell, text, folder, "--explain", name)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


@pytest.mark.parametrize("shell", SHELLS)
def test_all_about_a_requirement(shell: str, tmp_path: Path) -> None:
    assert explained(shell, tmp_path, script(FULL), "node.all").splitlines() == [
        "node.all: A title",
        "        level: should not",
        "        expected: what is expected",
        "        asked when: mesh",
        "        binds: host and agent hosts",
        "        note: first",
        "        note: second",
        "        because: a reason",
        "        fix: a fix",
        "        see: https://example.invalid/1, https://example.invalid/2",
        "        erratum: a slip",
        "        source: example.req:7 (page:7)",
        "        applies only where",
        "          /etc/guard exists and is no directory",
        "        looks whether",
        "          all of:",
        "            /etc/bad exists and is no directory",
        "            one of:",
        "              not:",
        "                /a\\x1b b exists and is no directory",
        "              by a person: ask $(id)",
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_probe_is_said_with_all_that_it_names(shell: str, tmp_path: Path) -> None:
    text = script(every_probe())

    for number, probe in enumerate(EVERY_PROBE, 1):
        if type(probe) not in FRAGMENTS:
            continue
        said = explained(shell, tmp_path, text, f"node.n{number}").partition("looks whether\n")[2]
        assert said.strip()
        _, *arguments = words(probe)  # type: ignore[arg-type]
        known = [
            word
            for word in arguments
            if len(word) > 3 and not re.search(r"[\[\\]|^0|^[0-9A-F]{4}$", word)
        ]
        hint = getattr(probe, "hint", "")
        keywords = {"path", "module", "option", "--version", hint}
        for word in known:
            assert word in keywords or word in said, (probe, said)


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_is_looked_at(shell: str, tmp_path: Path) -> None:
    text = script(checking(*EVERY_PROBE))
    poisoned = re.sub(r"(?m)^(answer|locate|first_line)\(\) \{", r"\1() { printf looked >&2;", text)
    assert poisoned.count("printf looked") == 3

    for number in range(1, len(EVERY_PROBE) + 1):
        explained(shell, tmp_path, poisoned, f"node.n{number}")


def test_every_call_has_words() -> None:
    explain = (TEMPLATES / "explain.sh").read_text(encoding="utf-8")
    calls = {
        words(probe)[0]  # type: ignore[arg-type]
        for probe in EVERY_PROBE
        if type(probe) in FRAGMENTS
    }

    said = set(re.findall(r"^  ([a-z_]+)\(\) \{", explain, re.MULTILINE))

    # Those of a fragment that is not in every script speak for themselves.
    assert said | OWN_WORDS == calls | {"all_of", "any_of", "not_of", "of_image"}
    assert not said & OWN_WORDS


def test_no_two_functions_of_the_library_share_a_name() -> None:
    texts = (file.read_text(encoding="utf-8") for file in TEMPLATES.iterdir())
    names = Counter(
        name for text in texts for name in re.findall(r"^([a-z_0-9]+)\(\) \{", text, re.MULTILINE)
    )

    assert [name for name, count in names.items() if count > 1] == []


def test_explaining_is_not_judging(tmp_path: Path) -> None:
    listed = run("dash", script(FULL), tmp_path, "--list").stdout.decode()

    assert listed == "node.all  should not  A title  (host, agent, when mesh)\n"
