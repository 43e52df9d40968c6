"""`reqc drift` tells exactly in what a machine differs, and touches nothing of it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from reqc.backends.firewall import comparing
from reqc.compiler import cli
from tests.backends.firewall.samples import isolated
from tests.cli.command import REQC, reqc
from tests.schemas import read_as
from tests.tools import needs_root, require

SPEC = """req 1
spec demo 1.0 on linux "A small page"
role host
role etcd
section network {
  must bgp:  allow tcp 179 host <-> host
  must ipip: allow ip 4 host <-> host
  must etcd: allow tcp 2379-2380 host -> etcd on etcd
}
"""
INVENTORY = """host:
  hosts:
    one: {ansible_host: 10.98.0.1}
    two: {addresses: [10.98.1.0/24, "fd00:98::2"]}
"""
VARIANTS = ["nftables", "iptables-nft", "iptables-legacy"]
# the time that a member still has goes by
SETS = "ipset save | sed 's/timeout [1-9].*//'"
LOOK = {
    "nftables": "nft -s list ruleset",
    "iptables-nft": f"iptables-nft-save | sed '/^#/d'; ip6tables-nft-save | sed '/^#/d'; {SETS}",
    "iptables-legacy": f"iptables-legacy-save | sed '/^#/d'; {SETS}",
}
APART = "=== what drift told ==="


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for tool in ("nft", "ipset", "iptables-nft", "iptables-legacy"):
        require(tool)
    (tmp_path / "demo.req").write_text(SPEC)
    (tmp_path / "hosts.yaml").write_text(INVENTORY)
    return tmp_path


def arguments(variant: str, *more: str) -> list[str]:
    target = variant.partition("-")[0]
    return ["demo.req", "--target", target, "--inventory", "hosts.yaml", *more]


def load(variant: str, folder: Path, *more: str) -> str:
    """Compile, and return the command that loads what was written."""
    done = reqc("compile", *arguments(variant, *more), "-o", f"{folder}/rules/", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    if variant == "nftables":
        return "nft -f rules/demo-linux.nft"
    return f"sh rules/apply.sh {variant}"


def drift(
    variant: str, folder: Path, script: str, *more: str
) -> tuple[subprocess.CompletedProcess[str], Any]:
    """Run a script in a new network and then drift, and return what it told."""
    command = " ".join([str(REQC), "drift", *arguments(variant, *more), "--format", "json"])
    look = LOOK[variant]
    done = isolated(
        f"{script}\n{{ {look}; }} >before\nstatus=0; {command} || status=$?\n"
        f"{{ {look}; }} >after\ncmp before after\nexit $status",
        folder,
    )
    assert "Traceback" not in done.stderr
    return done, read_as("drift", done.stdout) if done.stdout else None


def signs(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["sign"], one["where"], one["what"]) for one in told["deviations"]]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    "more",
    [(), ("--role", "etcd"), ("-O", "mode=enforce"), ("-O", "mode=enforce", "-O", "trial=0")],
)
def test_what_was_just_loaded_is_as_the_specification_says(
    variant: str, more: tuple[str, ...], folder: Path
) -> None:
    done, told = drift(variant, folder, load(variant, folder, *more), *more)

    assert (done.returncode, done.stderr) == (0, "")
    assert (told["deviations"], told["notes"]) == ([], [])
    assert told["specification"]["product"] == "demo"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_machine_without_the_rules_lacks_them_as_a_whole(variant: str, folder: Path) -> None:
    done, told = drift(variant, folder, ":")

    assert (done.returncode, done.stderr) == (1, "")
    ((sign, where, what),) = signs(told)
    name = "table inet reqc_demo_linux" if variant == "nftables" else "chain REQC-demo-linux"
    assert (sign, where) == ("missing", name)
    assert what.startswith("the whole")


NFT = "nft {} inet reqc_demo_linux {}"
CHANGES = [
    (
        NFT.format("add rule", "from_host tcp dport 99 accept"),
        [("unexpected", "chain from_host", "tcp dport 99 accept")],
    ),
    (
        NFT.format("add element", "peers_host_v4 '{ 192.0.2.1, 192.0.2.8/29 }'"),
        [
            ("unexpected", "set peers_host_v4", "192.0.2.1"),
            ("unexpected", "set peers_host_v4", "192.0.2.8/29"),
        ],
    ),
    (
        NFT.format("delete element", "peers_host_v4 '{ 10.98.1.0/24 }'"),
        [("missing", "set peers_host_v4", "10.98.1.0/24")],
    ),
    (
        NFT.format("add set", "stray '{ type ipv4_addr; }'"),
        [("unexpected", "set stray", "an empty object")],
    ),
    (
        NFT.format("flush chain", "guarded"),
        [
            ("missing", "chain guarded", "tcp dport 179 counter drop"),
            ("missing", "chain guarded", "ip protocol 4 counter drop"),
        ],
    ),
    ("nft add table inet foreign", []),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_each_change_of_a_table_is_told_and_nothing_else(
    change: str, expected: list[tuple[str, str, str]], folder: Path
) -> None:
    done, told = drift("nftables", folder, f"{load('nftables', folder)}; {change}")

    assert signs(told) == expected
    assert done.returncode == (1 if expected else 0)


IN_CHAIN = "REQC-demo-linux"


@pytest.mark.parametrize("variant", VARIANTS[1:])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            f"$V4 -I {IN_CHAIN} 3 -p tcp --dport 99 -j ACCEPT",
            [("unexpected", f"IPv4 chain {IN_CHAIN}", "-p tcp -m tcp --dport 99 -j ACCEPT")],
        ),
        (
            f"$V4 -D INPUT -j {IN_CHAIN}",
            [("missing", "IPv4 chain INPUT", f"-A INPUT -j {IN_CHAIN}")],
        ),
        (
            (
                "ipset add $(ipset list -name | grep host4) 192.0.2.1;"
                "ipset del $(ipset list -name | grep host6) fd00:98::2"
            ),
            [
                ("unexpected", "ipset reqc-host4-58ce", "192.0.2.1"),
                ("missing", "ipset reqc-host6-58ce", "fd00:98::2"),
            ],
        ),
        ("$V4 -I INPUT 1 -p tcp --dport 99 -j ACCEPT; $V4 -N FOREIGN", []),
    ],
)
def test_each_change_of_a_chain_is_told_and_nothing_else(
    variant: str, change: str, expected: list[tuple[str, str, str]], folder: Path
) -> None:
    script = f"{load(variant, folder)}; V4={variant}; {change}"

    done, told = drift(variant, folder, script)

    assert signs(told) == expected
    assert done.returncode == (1 if expected else 0)


def test_a_swapped_order_counts(folder: Path) -> None:
    swap = f"iptables-nft -D {IN_CHAIN} -i lo -j RETURN; iptables-nft -A {IN_CHAIN} -i lo -j RETURN"
    _, told = drift("iptables-nft", folder, f"{load('iptables-nft', folder)}; {swap}")

    assert sorted(row[0] for row in signs(told)) == ["missing", "unexpected"]


def test_a_rule_names_its_requirement(folder: Path) -> None:
    script = f"{load('nftables', folder)}; nft flush chain inet reqc_demo_linux from_host"

    _, told = drift("nftables", folder, script)

    rows = {one["what"]: one["requirements"] for one in told["deviations"]}
    assert rows["ip protocol 4 ip saddr @peers_host_v4 accept"] == ["network.ipip"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_rules_of_another_text_or_mode_are_told_as_such(variant: str, folder: Path) -> None:
    loading = load(variant, folder)
    (folder / "demo.req").write_text(SPEC.replace("tcp 179", "tcp 178"))

    done, told = drift(variant, folder, loading)

    assert done.returncode == 1
    (note,) = told["notes"]
    assert note.startswith("it was loaded from `reqc: demo 1.0 on linux, sha256 ")
    assert any("179" in row[2] for row in signs(told) if row[0] == "unexpected")
    assert any("178" in row[2] for row in signs(told) if row[0] == "missing")


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_deny_that_opened_is_a_note(variant: str, folder: Path) -> None:
    flush = "nft flush set inet reqc_demo_linux armed"
    if variant != "nftables":
        flush = "for set in $(ipset list -name | grep armed); do ipset flush $set; done"
    enforce = ("-O", "mode=enforce", "-O", "trial=0")

    _, told = drift(variant, folder, f"{load(variant, folder, *enforce)}; {flush}", *enforce)

    assert "the deny is open: its trial is over, and nobody confirmed it" in told["notes"]


def test_two_variants_with_our_chain_are_no_answer(folder: Path) -> None:
    script = f"{load('iptables-nft', folder)}; sh rules/apply.sh iptables-legacy"

    done, told = drift("iptables-nft", folder, script)

    assert (done.returncode, told) == (3, None)
    assert "error[REQ604]: both iptables-nft and iptables-legacy have a chain" in done.stderr


def test_only_root_may_look(folder: Path) -> None:
    require("unshare")
    command = ["unshare", "--user", REQC, "drift", *arguments("nftables")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (3, "")
    assert "error[REQ604]: only root may read the rules of this machine" in done.stderr
    assert "help: run it with sudo" in done.stderr


def test_people_read_which_line_asks_for_a_rule(folder: Path) -> None:
    command = " ".join([str(REQC), "drift", *arguments("nftables"), "--color"])
    script = f"{load('nftables', folder)}; nft flush chain inet reqc_demo_linux from_host"
    done = isolated(f"{script}; {command} never || :; {command} always || :", folder)

    plain, _, coloured = done.stdout.partition("3 missing (-), 0 unexpected (+)\n")
    assert plain == (
        "chain from_host\n"
        "  - tcp dport 179 ip saddr @peers_host_v4 accept  [network.bgp (demo.req:6)]\n"
        "  - ip protocol 4 ip saddr @peers_host_v4 accept  [network.ipip (demo.req:7)]\n"
        "  - tcp dport 179 ip6 saddr @peers_host_v6 accept  [network.bgp (demo.req:6)]\n"
    )
    assert "\x1b[31m" in coloured


def test_people_read_that_nothing_differs(folder: Path) -> None:
    command = " ".join([str(REQC), "drift", *arguments("nftables")])

    done = isolated(f"{load('nftables', folder)}; {command}", folder)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "the machine is as the specification says\n"


@pytest.mark.parametrize(
    ("target", "there", "said"),
    [
        ("nftables", {}, "there is no nft on this machine"),
        ("iptables", {}, "there is no ipset on this machine"),
        ("iptables", {"ipset": ""}, "there is neither iptables-nft nor iptables-legacy on"),
        ("firewalld", {}, "there is no firewall-cmd on this machine"),
        ("nftables", {"nft": "exit 1"}, "there is no unshare on this machine"),
        ("nftables", {"nft": "", "unshare": "echo a >&2; echo b >&2; exit 1"}, "its own: a\n"),
        ("nftables", {"nft": "", "unshare": "exit 7"}, "of its own: status 7\n"),
    ],
)
def test_a_machine_that_cannot_be_read_is_told(  # noqa: PLR0913, PLR0917  # a case and its place
    target: str,
    there: dict[str, str],
    said: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    needs_root()
    for name, program in there.items():
        (folder / name).write_text(f"#!/bin/sh\n{program}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(comparing, "SEARCH_PATH", ())
    monkeypatch.chdir(folder)

    status = cli.main(["drift", *arguments(target)])

    told = capfd.readouterr()
    assert (status, told.out) == (3, "")
    assert told.err.startswith("error[REQ604]: ")
    assert said in told.err


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        (["--target", "markdown"], 2, "the target markdown cannot be compared with a machine"),
        (["--target", "nftable"], 2, "did you mean `nftables`?"),
        (["--target", "nftables", "-O", "mode=x"], 2, "`x` is no value of the setting `mode`"),
        (["--target", "nftables", "-O", "trial=x"], 2, "trial must be a whole number"),
        (["--target", "nftables", "--set", "x=1"], 2, "the specification has no option `x`"),
    ],
)
def test_wrong_usage(more: list[str], status: int, said: str, folder: Path) -> None:
    done = reqc("drift", "demo.req", *more, cwd=folder)

    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
