"""Settings that only have to be within bounds: what is within them already stays as it is."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator

import pytest

from reqc.compiler.checks import All, Relation, Sysctl
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import SysctlValue
from tests.backends.ansible.playing import Node as Chroot
from tests.backends.ansible.throwaway import throwaway
from tests.backends.remedy.trees import SHELLS, asking, play, remedy, traces, tree
from tests.backends.shell.nodes import Node
from tests.backends.shell.samples import script
from tests.documents import document, requirement
from tests.tools import require

FILE = "/etc/sysctl.d/90-calico-net.core.somaxconn.conf"


def at_least(value: str, at_most: str = "") -> LoweredDocument:
    """Return a document that asks for a bound of `net.core.somaxconn`, and its check."""
    key = "net.core.somaxconn"
    states, checks = [SysctlValue(key, value, ">=")], [Sysctl(key, Relation.AT_LEAST, value)]
    if at_most:
        states.append(SysctlValue(key, at_most, "<="))
        checks.append(Sysctl(key, Relation.AT_MOST, at_most))
    return document(requirement("node.bound", states=states, check=All(tuple(checks))))


@pytest.fixture(scope="module")
def chroot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroot]:
    with throwaway(tmp_path_factory.mktemp("chroot")) as node:
        yield node


def told(chroot: Chroot, made: LoweredDocument, *steps: str) -> tuple[list[str], list[str]]:
    """Run commands beside a network of its own; return what they print, and the checks' states."""
    chroot.write("/root/remedy", remedy(made))
    chroot.write("/root/check", script(made))
    prepared = (
        "mount -t proc proc /proc; cd /root; rm -f *.json; value=/proc/sys/net/core/somaxconn",
        'run() { sh remedy "$@" >said; status=$?; }',
        "check() { sh check --format json >$1.json; }",
        "look() { echo $(cat $value) $(cat /etc/sysctl.d/90-calico* 2>/dev/null | tail -n 1); }",
    )
    text = "\n".join((*prepared, *steps, "rm -f /etc/sysctl.d/??-calico*; rm -rf /var/lib/reqc"))
    said = chroot.run(f"unshare --net --mount sh -c {shlex.quote(text)}").splitlines()
    reports = chroot.run("cat /root/*.json 2>/dev/null || :")
    states = [json.loads(line)["results"][0]["state"] for line in _documents(reports)]
    return said, states


def _documents(text: str) -> Iterator[str]:
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        _, end = decoder.raw_decode(text, at)
        yield text[at:end]
        at = end


def test_a_larger_value_stays(chroot: Chroot) -> None:
    said, states = told(
        chroot,
        at_least("128"),
        "echo 5000 >$value; check 1",
        "run --dry-run; echo $status $(grep -c would said)",
        "run; look; run; echo $status; [ ! -e /var/lib/reqc ] && echo untouched",
        "check 2",
    )

    assert said == ["0 0", "5000", "0", "untouched"]
    assert states == ["pass", "pass"]


def test_a_smaller_value_is_raised_and_comes_back(chroot: Chroot) -> None:
    said, states = told(
        chroot,
        at_least("5000"),
        "echo 100 >$value; check 1",
        "run --dry-run; echo $status; grep would said",
        "run; look; check 2",
        "run; echo again $(grep -c '^done' said)",
        "echo 6000 >$value; run; look; check 3",
        "echo 5000 >$value; run --undo; look; check 4",
    )

    assert said == [
        "0",
        f"would   write {FILE}, mode 0644, owner root:root, a new file (node.bound)",
        "would   set net/core/somaxconn to 5000, instead of 100 (node.bound)",
        "5000 net.core.somaxconn = 5000",
        "again 0",
        "6000 net.core.somaxconn = 5000",
        "100",
    ]
    assert states == ["fail", "pass", "pass", "fail"]


def test_what_the_next_boot_sets_is_a_question_of_its_own(chroot: Chroot) -> None:
    line = "echo net.core.somaxconn = {} >/etc/sysctl.d/50-calico-admin.conf"
    said, states = told(
        chroot,
        at_least("5000"),
        # It holds now but not after a boot: only the file is missing.
        f"echo 7000 >$value; {line.format(100)}; run; look; check 1",
        "run --undo; look",
        # It holds after a boot but not now: only the running value is wrong.
        f"echo 100 >$value; {line.format(9000)}; run; look; check 2",
        "run; echo again $(grep -c '^done' said)",
        "run --undo; look",
    )

    assert said == ["7000 net.core.somaxconn = 5000", "7000", "5000", "again 0", "100"]
    assert states == ["pass", "pass"]


def test_both_ends_of_a_range(chroot: Chroot) -> None:
    said, states = told(
        chroot,
        at_least("200", "300"),
        "echo 250 >$value; run; look; check 1",
        "echo 5000 >$value; run; look; check 2; run --undo; look",
        "echo 10 >$value; run; look; check 3",
    )

    assert said == [
        "250",
        "200 net.core.somaxconn = 200",
        "5000",
        "200 net.core.somaxconn = 200",
    ]
    assert states == ["pass", "pass", "pass"]


def test_only_what_lasts(chroot: Chroot) -> None:
    said, _ = told(
        chroot,
        at_least("5000"),
        "echo 7000 >$value; run --no-now; look",
        "echo 100 >$value; run --no-now; look",
    )

    assert said == ["7000", "100 net.core.somaxconn = 5000"]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("lines", "changes"),
    [
        ("", 1),
        ("net.core.somaxconn = 127\n", 1),
        ("net/core/somaxconn=128\n", 0),
        ("net.core.somaxconn = 4096\nnet.core.somaxconn = 5000\n", 0),
        ("net.core.somax* = 4096\n", 0),
    ],
)
def test_below_another_root_the_lines_of_its_files_decide(
    shell: str, node: Node, lines: str, changes: int
) -> None:
    node.write("etc/sysctl.d/50-admin.conf", lines)
    # Whatever was left of a kernel there does not run.
    node.write("proc/sys/net/core/somaxconn", "9999\n")
    text, before = remedy(at_least("128")), tree(node.root)

    dry = play(shell, node, text, "--dry-run")
    done = play(shell, node, text)

    assert (dry.status, done.status, dry.complaint, done.complaint) == (0, 0, "", "")
    assert len(dry.lines("would")) == len(done.lines("done")) == changes
    assert (node.root / FILE[1:]).exists() == bool(changes)
    marks = traces(node.root)
    assert play(shell, node, text).status == 0
    assert traces(node.root) == marks
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_value_that_is_no_number_is_left_alone_and_told(shell: str, node: Node) -> None:
    node.write("etc/sysctl.d/50-admin.conf", "net.core.somaxconn = many\n")

    done = play(shell, node, remedy(at_least("128")))

    assert done.status == 1
    (line,) = done.lines("cannot")
    assert f"write {FILE}" in line
    assert "'many' cannot be compared as a number" in line
    assert not (node.root / FILE[1:]).exists()


def test_the_list_names_the_bound(node: Node) -> None:
    listed = play("dash", node, remedy(at_least("128")), "--list")

    file = f"write {FILE}, mode 0644, owner root:root"
    assert listed.said.splitlines() == [
        f"{file}, unless net/core/somaxconn will be >= 128 anyway (node.bound)",
        "set net/core/somaxconn to 128, unless it is >= 128 already (node.bound)",
    ]


def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(
        [require("shellcheck"), "-s", "sh", "-S", "style", "-"],
        input=remedy(at_least("128", "256")).encode(),
        capture_output=True,
        check=False,
    )

    assert done.stdout.decode() == ""


def test_a_script_without_bounds_has_nothing_of_them() -> None:
    assert "bounded" not in remedy(asking(SysctlValue("a.b", "1")))
