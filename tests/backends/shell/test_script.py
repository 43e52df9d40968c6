"""The script as a whole: its form, its command line, its formats and its exit status."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from reqc.backends.base import Reason
from reqc.backends.shell.backend import TARGET
from reqc.backends.shell.probes import FRAGMENTS
from reqc.compiler import checks
from reqc.compiler.checks import (
    Check,
    CommandVersion,
    FileExists,
    Manual,
    PortFree,
    Reachable,
    Relation,
)
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import Level, LoweredDocument
from tests.backends.shell.nodes import RELEASE, SHELLS, Node, agreed, expect, output, report, run
from tests.backends.shell.samples import (
    BAD,
    DARK,
    EVERY_PROBE,
    EVERY_STATE,
    GOOD,
    checking,
    every_probe,
    script,
)
from tests.deployments import SHIPPED, shipped
from tests.documents import document, option, requirement
from tests.tools import needs_root, require


def levels(*rows: tuple[Level, Check]) -> LoweredDocument:
    """Return a document with a requirement for each level and check."""
    return document(
        *(
            requirement(f"node.n{number}", check=check, level=level)
            for number, (level, check) in enumerate(rows, 1)
        )
    )


def test_every_probe_of_the_language_is_in_the_sample() -> None:
    probes = {type(check) for check in EVERY_PROBE}

    assert set(FRAGMENTS) == set(checks.Probe.__args__)
    assert set(FRAGMENTS) < probes


def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "check.sh"
    file.write_text(script(every_probe()))

    done = subprocess.run(
        [require("shellcheck"), "-s", "sh", "-S", "style", str(file)],
        capture_output=True,
        check=False,
    )

    assert done.stdout.decode() == ""


@pytest.mark.parametrize("probe", EVERY_PROBE, ids=lambda probe: type(probe).__name__)
def test_a_script_has_what_its_probe_needs(tmp_path: Path, probe: Check) -> None:
    for shell, program in SHELLS.items():
        file = tmp_path / "check.sh"
        file.write_text(script(checking(probe)))
        subprocess.run([require(program[0]), *program[1:], "-n", str(file)], check=True)

        done = run(shell, file.read_text(), tmp_path)

        assert done.stderr == b""
        assert done.returncode in (0, 1, 3)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert script(every_probe()) == script(every_probe())
    assert "\r" not in script(every_probe())


@pytest.mark.parametrize("shell", SHELLS)
def test_the_compact_form_says_the_same(shell: str, good: Node) -> None:
    folder, root = good.root.parent, ("--root", str(good.root))
    good.kernel()
    good.tree("net/xt_set.ko")
    made = document(
        *EVERY_STATE.requirements, *every_probe().requirements, options=EVERY_STATE.options
    )
    (compact,) = TARGET.render(made, {"form": "compact"}).artifacts
    assert len(compact.text) < 0.9 * len(script(made))

    for arguments in (
        ("--help",),
        ("--list",),
        ("-v",),
        ("--format", "json"),
        ("--explain", "node.n4"),
    ):
        readable = run(shell, script(made), folder, *root, *arguments)
        said = run(shell, compact.text, folder, *root, *arguments)

        assert (said.returncode, said.stdout, said.stderr) == (
            readable.returncode,
            readable.stdout,
            readable.stderr,
        )


def test_words_of_the_specification_are_not_compacted() -> None:
    nasty = "  # no comment\n\n   and no margin  "
    made = document(requirement("node.n", check=Manual(nasty), notes=(nasty,)))

    (compact,) = TARGET.render(made, {"form": "compact"}).artifacts

    assert f"manual '{nasty}'" in compact.text


@pytest.mark.parametrize("spec", SHIPPED)
def test_the_compact_form_of_a_shipped_page_is_one_argument(spec: str) -> None:
    (compact,) = TARGET.render(lower(shipped(spec), Deployment()), {"form": "compact"}).artifacts

    # MAX_ARG_STRLEN of Linux: 32 pages of 4 KiB, with the NUL behind the text.
    assert len(compact.text.encode()) < 32 * 4096
    done = subprocess.run(
        [require("dash"), "-c", compact.text, "check", "--list"], capture_output=True, check=True
    )
    assert done.stdout


def test_artifact_is_executable_and_named_after_the_document() -> None:
    (artifact,) = TARGET.render(document(version="../3.24 x"), {}).artifacts

    assert artifact.executable
    assert artifact.name == "check-calico---3.24-x-openshift.sh"
    assert artifact.text.startswith("#!/bin/sh\n")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("rows", "status", "strict"),
    [
        ((), 0, 0),
        (((Level.MUST, GOOD),), 0, 0),
        (((Level.MUST, BAD),), 1, 1),
        (((Level.MUST_NOT, BAD), (Level.MUST, DARK)), 1, 1),
        (((Level.MUST, DARK), (Level.MUST, GOOD)), 3, 3),
        (((Level.SHOULD, BAD),), 0, 1),
        (((Level.SHOULD_NOT, DARK),), 0, 3),
        (((Level.MAY, BAD), (Level.MAY, DARK)), 0, 0),
        (((Level.MUST, Manual("look")),), 0, 0),
        (((Level.MUST, BAD),) * 256, 1, 1),
    ],
)
def test_exit_status(
    shell: str, good: Node, rows: tuple[tuple[Level, Check], ...], status: int, strict: int
) -> None:
    made = levels(*rows)

    assert output(shell, good, made, "-q")[0] == status
    assert output(shell, good, made, "-q", "--strict")[0] == strict


@pytest.mark.parametrize("shell", SHELLS)
def test_selection(shell: str, good: Node) -> None:
    text, root = script(EVERY_STATE), ("--root", str(good.root))
    folder = good.root.parent

    only = report(shell, text, folder, *root, "--only", "node.bad", "--only=net")
    skipped = report(shell, text, folder, *root, "--skip", "node")
    listed = output(shell, good, EVERY_STATE, "--list", "--skip", "node")[1].splitlines()
    status = output(
        shell, good, EVERY_STATE, "--skip=node.bad", "--skip", "node.dark", "--only", "node"
    )

    assert list(only) == ["node.bad", "net.maybe", "net.person", "net.guard"]
    assert [item["state"] for item in skipped.values()] == [
        *("skipped",) * 6,
        *("unknown", "manual", "pass"),
    ]
    assert listed[1] == "node.bad  must  A #1 \\ title  (host, when mesh)"
    assert len(listed) == 9
    assert status[0] == 0
    assert "2 skipped" in status[1]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "arguments",
    [
        ("--unknown",),
        ("extra",),
        ("",),
        ("--format", "xml"),
        ("--color=sometimes",),
        ("--only", "node.goo"),
        ("--only", "node.good\nnode.bad"),
        ("--skip", "nod"),
        ("--skip", ""),
        ("--only",),
        ("--root", "/no/such/folder"),
        ("--kernel-release", "../x"),
        ("--\x1b[31m",),
        ("--onlynode.good",),
        ("--timeout", "0"),
        ("--timeout=1s",),
        ("--kernel-config", "/no/such/file"),
        ("--explain", "node"),
        ("--output", "json"),
        ("--output", "json="),
        ("--output", "xml=out"),
        ("--output", "json=no/such/folder/out"),
        ("--output", "json=one", "--output", "json=two"),
        ("--format=tap", "--output", "tap=one"),
    ],
)
def test_usage_errors(shell: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(shell, script(EVERY_STATE), tmp_path, *arguments)

    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Try check.sh --help." in done.stderr
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_help(shell: str, tmp_path: Path) -> None:
    done = run(shell, script(EVERY_STATE), tmp_path, "--help")

    assert done.returncode == 0
    assert done.stdout.startswith(b"Usage: check.sh [OPTION]...")


@pytest.mark.parametrize("shell", SHELLS)
def test_other_kernels_are_named(shell: str, good: Node) -> None:
    good.kernel()
    good.tree()
    good.write("lib/modules/6.12.0-1 bad/modules.dep")
    good.write("usr/lib/modules/6.12.0-1-amd64/modules.dep")
    good.write("usr/lib/modules/6.13.0/modules.builtin")

    text = output(shell, good, checking(GOOD))[1]
    other = output(shell, good, checking(GOOD), "--kernel-release", "6.12.0-1-amd64")[1]

    assert "note: also installed: 6.12.0-1-amd64; judge one with --kernel-release\n" in text
    assert f"note: also installed: {RELEASE}; judge one with --kernel-release\n" in other
    assert "note: judged for kernel 6.12.0-1-amd64, which is not the one that runs\n" in other


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("argument", "near"),
    [("--formt", "--format"), ("--root-dir", "--root"), ("--verbos", ""), ("--kernal", "--kernel")],
)
def test_a_misspelt_option_is_answered_with_one(
    shell: str, tmp_path: Path, argument: str, near: str
) -> None:
    said = run(shell, script(EVERY_STATE), tmp_path, argument).stderr.decode()

    assert f"unknown option '{argument}'" in said
    assert (f"; did you mean {near}" in said) == bool(near)


@pytest.mark.parametrize("shell", SHELLS)
def test_root_from_the_environment_and_relative(shell: str, good: Node) -> None:
    program, *rest = SHELLS[shell]
    (good.root.parent / "check.sh").write_text(script(checking(GOOD)))
    command = [require(program), *rest, "check.sh"]

    named = subprocess.run(
        command, cwd=good.root.parent, env={"REQC_ROOT": f"{good.root}//"}, check=False
    )
    relative = subprocess.run(
        [*command, "--root", good.root.name], cwd=good.root.parent, env={}, check=False
    )

    assert (named.returncode, relative.returncode) == (0, 0)


@pytest.mark.parametrize("shell", SHELLS)
def test_script_that_arrives_over_a_pipe(shell: str) -> None:
    made = checking(CommandVersion("/bin/cat", (), Relation.AT_LEAST, "1.0"), GOOD)
    program, *rest = SHELLS[shell]
    command = [require(program), *rest, "-s", "--", "--format", "json"]

    done = subprocess.run(command, input=script(made).encode(), capture_output=True, check=False)

    assert done.stderr == b""
    assert len(json.loads(done.stdout)["results"]) == 2


@pytest.mark.parametrize("shell", SHELLS)
def test_a_file_that_only_seems_readable_is_passed_over_in_silence(
    shell: str, tmp_path: Path
) -> None:
    needs_root()
    root = tmp_path / "root"
    root.mkdir()
    (root / "proc").symlink_to("/proc")
    program, *rest = SHELLS[shell]
    # Without this capability the kernel refuses to open what its mode lets root read.
    tied = [require("setpriv"), "--inh-caps=-all", "--bounding-set=-sys_ptrace"]
    command = [*tied, require(program), *rest, "-s", "--", "--root", str(root)]

    done = subprocess.run(
        command, input=script(checking(GOOD)).encode(), capture_output=True, check=False
    )

    assert done.stderr == b""
    assert done.returncode in (0, 1, 3)


@pytest.mark.parametrize("shell", SHELLS)
def test_script_cut_anywhere_runs_nothing(shell: str) -> None:
    whole = script(checking(GOOD, BAD)).encode()
    program, *rest = SHELLS[shell]
    last = len(whole) - len(b'{ main "$@" </dev/null; exit "${status:-2}"; }\n')
    cuts = [*range(1, len(whole) - 1, len(whole) // 40), *range(last, len(whole) - 1)]

    for cut in cuts:
        done = subprocess.run(
            [require(program), *rest, "-s"], input=whole[:cut], capture_output=True, check=False
        )

        assert done.stdout == b"", whole[cut - 40 : cut]


def test_nothing_is_changed(good: Node) -> None:
    good.write("proc/net/tcp", "x\n")
    good.kernel()
    good.tree("net/xt_set.ko")

    def snapshot() -> list[tuple[str, int, int]]:
        everything = sorted(good.root.parent.rglob("*"))
        stats = [(str(file), file.lstat()) for file in everything if file.name != "check.sh"]
        return [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]

    before = snapshot()
    agreed(good, *EVERY_PROBE)

    assert len(before) > 10
    assert [row for row in snapshot() if "/a root" in row[0]] == [
        row for row in before if "/a root" in row[0]
    ]


def test_what_is_left_out_is_said_in_the_header() -> None:
    made = document(
        requirement("node.here", check=GOOD),
        requirement("node.other", roles=("etcd",)),
        requirement("node.valueless", applies=None, complete=False, bound_to=("port",)),
        requirement("node.later", applies=False, complete=False, bound_to=("port",)),
        requirement("node.dropped", applies=False, complete=False),
        requirement("node.nul", check=FileExists("/a\0b")),
        options=(
            option("mesh", "a\nrm -rf /", kind="string"),
            option("port", kind="port"),
            option("mode", "one", "enum", "one", "two"),
        ),
    )
    made = replace(made, reading="corrected")

    result = TARGET.render(made, {})

    text = result.artifacts[0].text
    header = text.partition("\n\n")[0]
    assert all(line.startswith("#") for line in header.splitlines())
    assert [(row.requirement, row.reason) for row in result.unsupported] == [
        ("node.valueless", Reason.INEXPRESSIBLE),
        ("node.later", Reason.INEXPRESSIBLE),
        ("node.nul", Reason.INEXPRESSIBLE),
    ]
    for row in result.unsupported:
        assert row.detail in header
    assert "#   cannot say: node.valueless, node.later: an option" in header
    assert '#   mesh="a\\nrm -rf /", string\n' in header
    assert "#   port=(no value), fixed\n" in header
    assert "#   mode=one, one or two\n" in header
    assert "# Errata: as corrected" in header
    assert f"sha256 {'0' * 64}" in header
    assert "describe_2()" in text
    assert "describe_3()" not in text


@pytest.mark.parametrize("shell", SHELLS)
def test_report_that_cannot_be_written_is_no_success(shell: str, tmp_path: Path) -> None:
    file = tmp_path / "check.sh"
    file.write_text(script(document()))
    program, *rest = SHELLS[shell]

    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [require(program), *rest, str(file)], stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert done.returncode == 2


@pytest.mark.parametrize("shell", SHELLS)
def test_script_that_breaks_is_neither_success_nor_failure(shell: str, tmp_path: Path) -> None:
    broken = script(checking(GOOD)).replace('  seen "$1" ||', '  seen "$no_such_variable" ||')

    assert broken != script(checking(GOOD))
    assert run(shell, broken, tmp_path).returncode == 2


@pytest.mark.parametrize("shell", SHELLS)
def test_connections_are_tried_on_request(shell: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port, silent = server.getsockname()[1], closed.getsockname()[1]
        text = script(
            checking(
                Reachable("open", ("127.0.0.1",), port),
                Reachable("closed", ("127.0.0.1",), silent),
                Reachable("either", ("10.0.0.0/8", "127.0.0.1"), port),
                Reachable("network", ("10.0.0.0/8",), port),
                Reachable("option", ("-e",), port),
                Reachable("nobody", (), port),
            )
        )

        quiet = report(shell, text, tmp_path)
        asked = report(shell, text, tmp_path, "--network")

    assert {item["state"] for item in quiet.values()} == {"unknown"}
    assert [item["state"] for item in asked.values()] == [
        *("pass", "fail", "pass", "unknown", "unknown", "unknown")
    ]


def test_a_listener_of_this_machine_takes_its_port(node: Node) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        node.write("proc/net/tcp", Path("/proc/net/tcp").read_bytes())

    expect(node, (PortFree("tcp", port), "fail"))
