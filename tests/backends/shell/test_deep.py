"""Rules that are really tried: the deep proof of matches and targets of iptables."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reqc.compiler.checks import KernelCapability, KernelOption, ProcRow
from reqc.compiler.knowledge import kernel
from reqc.compiler.knowledge.kernel_table import kernel_table
from tests.backends.shell.nodes import SHELLS, Node, report
from tests.backends.shell.samples import checking, script
from tests.tools import missing, needs_root, not_promised, require

SET_RULE = ("-A", "INPUT", "-m", "set", "--match-set", "reqc", "src")
NOWHERE = ProcRow("net/reqc-nowhere", "set")
STANDARD = "standard_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def capability(*rule: str, option: str = "", row: ProcRow = NOWHERE) -> KernelCapability:
    """Return a capability of which no list knows anything, with the rule that would prove it."""
    options = (KernelOption(option),) if option else ()
    return KernelCapability("thing", ("reqc_nowhere",), options, (row,), trial=rule)


def deep(
    shell: str, folder: Path, check: KernelCapability, *arguments: str, user: int | None = None
) -> str:
    """Return the state of a capability and what was found, with rules being tried."""
    text = script(checking(check))
    found = report(shell, text, folder, "--deep", *arguments, user=user)["node.n1"]
    return f"{found['state']}: {found['found']} [{found['looked']}]"


@pytest.fixture(autouse=True)
def namespaces(request: pytest.FixtureRequest) -> None:
    """Skip a test of real rules where no network namespace can be made."""
    if "commands" in request.fixturenames:
        return
    require("iptables")
    alone = [require("unshare"), "-n", "true"]
    needs_root()
    if subprocess.run(alone, check=False).returncode:
        missing("network namespaces")


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """Return a folder that is the whole search path of a script, with unshare faked."""
    needs_root()
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("awk", "cat", "grep", "gzip", "ls", "od", "printf", "sh", "timeout", "tr", "true"):
        (folder / tool).symlink_to(require(tool))
    fake(folder, "unshare", 'shift; exec "$@"')
    return folder


def fake(folder: Path, name: str, body: str) -> None:
    """Make a command of the body."""
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def faked(shell: str, commands: Path, check: KernelCapability) -> str:
    """Return what `deep` does, with the commands of the folder only."""
    text = script(checking(check))
    assert STANDARD in text
    text = text.replace(STANDARD, f"standard_path={commands}").replace("$PATH:", "")
    found = report(shell, text, commands.parent, "--deep")["node.n1"]
    return f"{found['state']}: {found['found']}"


@pytest.mark.parametrize("shell", SHELLS)
def test_an_accepted_rule_is_proof(shell: str, tmp_path: Path) -> None:
    found = deep(shell, tmp_path, capability("-A", "INPUT", "-j", "ACCEPT"))

    assert found.startswith(
        "pass: thing: a rule with it was accepted in a network namespace of its own [iptables"
    )


def test_nothing_is_tried_without_being_asked(tmp_path: Path) -> None:
    text = script(checking(capability("-A", "INPUT", "-j", "ACCEPT")))

    assert report("dash", text, tmp_path)["node.n1"]["state"] == "unknown"


def test_rules_and_sets_of_this_machine_stay_as_they_are(tmp_path: Path) -> None:
    def state() -> list[bytes]:
        saves = (["iptables-save"], ["ip6tables-save"], ["ipset", "save"])
        return [
            b"\n".join(
                line
                for line in subprocess.run(
                    [require(save[0]), *save[1:]], check=True, capture_output=True
                ).stdout.splitlines()
                if not line.startswith(b"#")
            )
            for save in saves
        ]

    before = state()
    found = deep("dash", tmp_path, capability(*SET_RULE))

    assert "pass" in found or "ipset" in found
    assert state() == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_rule_of_ipv6_is_tried_with_ip6tables(shell: str, tmp_path: Path) -> None:
    row = ProcRow("/proc/net/ip6_tables_matches", "reqc-nowhere")
    check = capability("-A", "INPUT", "-s", "fd00::/64", "-j", "ACCEPT", row=row)

    assert deep(shell, tmp_path, check).startswith("pass")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_rule_that_is_wrong_proves_nothing(shell: str, tmp_path: Path) -> None:
    found = deep(shell, tmp_path, capability("-A", "INPUT", "--no-such-word"))

    assert found.startswith("unknown: thing: ")
    assert "refused a rule with it" in found


def test_another_root_or_kernel_is_never_asked(node: Node) -> None:
    node.kernel()
    check = capability("-A", "INPUT", "-j", "ACCEPT")

    other_root = deep("dash", node.root.parent, check, "--root", str(node.root))
    other_kernel = deep("dash", node.root.parent, check, "--kernel-release", "1.2.3")

    assert other_root.startswith("unknown")
    assert "no rule was tried: only the running kernel of this very machine" in other_root
    assert "no rule was tried" in other_kernel


@pytest.mark.parametrize("shell", SHELLS)
def test_another_user_is_told_that_root_may(shell: str, open_folder: Path) -> None:
    found = deep(shell, open_folder, capability("-A", "INPUT", "-j", "ACCEPT"), user=65534)

    assert found.startswith("unknown")
    assert "no rule was tried: only root may" in found


def test_what_the_known_rules_prove_is_what_the_kernel_says(tmp_path: Path) -> None:
    needs = [
        *(kernel.xtables_match(row.name, "ipv4") for row in kernel_table().matches.values()),
        *(kernel.xtables_target(row.name, "ipv4") for row in kernel_table().targets.values()),
    ]
    checks = [
        check for need in needs if isinstance(check := need.check, KernelCapability) and check.trial
    ]
    text = script(checking(*checks))

    usual = report("dash", text, tmp_path)
    tried = report("dash", text, tmp_path, "--deep")

    proved = [item["id"] for item in tried.values() if "was accepted" in item["found"]]
    if not proved:
        not_promised("kernel that iptables works with")
    lies = [
        (checks[number].name, item["state"], usual[name]["state"])
        for number, (name, item) in enumerate(tried.items())
        if (item["state"], usual[name]["state"]) in {("fail", "pass"), ("pass", "fail")}
    ]
    assert lies == []
    assert len(proved) > len(checks) // 2 or not Path("/proc/config.gz").exists()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "message",
    [
        "Warning: Extension x revision 0 not supported, missing kernel module?",
        "iptables: No chain/target/match by that name.",
    ],
)
def test_a_missing_module_is_a_failure(shell: str, message: str, commands: Path) -> None:
    refused = f'case "$*" in *ACCEPT*) exit 0 ;; esac; echo "{message}" >&2; exit 1'
    fake(commands, "iptables-nft", refused)
    fake(commands, "iptables-legacy", refused)

    found = faked(shell, commands, capability("-A", "INPUT", "-m", "x"))

    assert found.startswith("fail: thing: ")
    assert "iptables-nft refused a rule with it" in found
    assert "iptables-legacy refused a rule with it" in found


def test_one_variant_that_accepts_is_enough(commands: Path) -> None:
    fake(commands, "iptables-nft", 'case "$*" in *ACCEPT*) exit 0 ;; esac; exit 1')
    fake(commands, "iptables-legacy", "exit 0")

    assert faked("dash", commands, capability("-A", "INPUT", "-m", "x")).startswith("pass")


def test_a_variant_that_takes_no_plain_rule_is_not_asked(commands: Path) -> None:
    fake(commands, "iptables", 'echo "iptables: No chain/target/match by that name." >&2; exit 1')

    found = faked("dash", commands, capability("-A", "INPUT", "-m", "x"))

    assert found.startswith("unknown")
    assert "there is no iptables that works" in found


def test_what_is_there_and_yet_refused_is_a_caution(commands: Path) -> None:
    refused = 'case "$*" in *ACCEPT*) exit 0 ;; esac; echo "missing kernel module" >&2; exit 1'
    fake(commands, "iptables", refused)
    check = KernelCapability("thing", paths=("/proc/self",), trial=("-A", "INPUT", "-m", "x"))

    found = faked("dash", commands, check)

    assert found.startswith("warn: thing: /proc/self exists, and yet iptables refused")


def test_a_set_is_made_where_a_rule_names_it(commands: Path) -> None:
    log = commands.parent / "log"
    fake(commands, "ipset", f'echo "ipset $*" >>"{log}"')
    fake(commands, "iptables", f'echo "iptables $*" >>"{log}"')

    assert faked("dash", commands, capability(*SET_RULE)).startswith("pass")
    assert log.read_text().splitlines()[-2:] == [
        "ipset create reqc hash:ip family inet",
        "iptables " + " ".join(SET_RULE),
    ]
