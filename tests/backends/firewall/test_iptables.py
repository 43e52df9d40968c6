"""Both variants of iptables take the rules, and the scripts apply and remove all of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from reqc.backends.iptables.backend import TARGET
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument, LoweredRole
from tests.backends.firewall.samples import HOSTS, isolated, page, ports, rendered, written
from tests.documents import document, requirement, role
from tests.tools import require

MODES = [
    {"mode": "guard"},
    {"mode": "open"},
    {"mode": "enforce"},
    {"mode": "enforce", "trial": "0"},
]
SHELLS = ["dash", "bash --posix", "busybox ash", "mksh"]
CHAIN = "REQC-calico-openstack"
VARIANTS = ["iptables-nft", "iptables-legacy"]


@pytest.fixture(autouse=True)
def tools() -> None:
    for tool in ("ipset", "iptables-nft", "iptables-legacy"):
        require(tool)


def rules(asked: LoweredDocument, version: int = 4, **settings: str) -> list[str]:
    files = {item.name: item.text for item in rendered(TARGET, asked, **settings).artifacts}
    return [line for line in files[f"rules.v{version}"].splitlines() if not line.startswith("#")]


def states(variant: str) -> str:
    """Return a script that prints all rules of both versions and all sets."""
    v6 = variant.replace("ip", "ip6", 1)
    tables = f"{variant}-save; {v6}-save; nft -s list ruleset 2>/dev/null"
    return f"({tables}; ipset save | sort) | sed '/^#/d; s/\\[[0-9:]*\\]//'; echo =;"


def ruled(variant: str) -> str:
    """Return a script that makes a host which the variant rules already."""
    v6 = variant.replace("ip", "ip6", 1)
    return "".join(f"{one} -A INPUT -p tcp --dport 1 -j DROP;" for one in (variant, v6))


def without_moments(state: str) -> str:
    """Leave out what the time that passes changes: how long a member of a set still has."""
    return re.sub(r"timeout [1-9]\d*$|initval \S+|bucketsize \d+", "", state, flags=re.MULTILINE)


@pytest.mark.parametrize("settings", MODES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_applied_twice_is_applied_once_and_removal_leaves_nothing(
    settings: dict[str, str], variant: str, tmp_path: Path
) -> None:
    folder = written(rendered(TARGET, page(), **settings), tmp_path)
    look = states(variant)
    v6 = variant.replace("ip", "ip6", 1)
    foreign = (
        f"{variant} -N cali-INPUT; {variant} -A INPUT -j cali-INPUT; ipset create other hash:ip;"
        f"{variant} -P FORWARD DROP; {v6} -A INPUT -p tcp --dport 1 -j DROP;"
        # what is named much like the sets here, and is not theirs
        "ipset create reqc-host4-0000-000000 hash:ip; ipset create reqc_armed_other4 hash:ip;"
    )

    result = isolated(
        f"{foreign}{look} sh apply.sh {variant}; {look} sh apply.sh {variant}; {look}"
        f"sh uninstall.sh {variant}; {look} sh uninstall.sh {variant}; {look}",
        folder,
    )

    assert (result.returncode, result.stderr) == (0, "")
    before, once, twice, gone, gone_twice, _ = result.stdout.split("=\n")
    assert without_moments(once) == without_moments(twice)
    assert before == gone == gone_twice
    assert "-A INPUT -j REQC-calico-openstack\n" in once
    assert "-A INPUT -j cali-INPUT\n" in once
    assert "REQC" not in before


@pytest.mark.parametrize("variant", VARIANTS)
def test_another_mode_replaces_the_rules_in_place(variant: str, tmp_path: Path) -> None:
    for mode in ("guard", "enforce"):
        written(rendered(TARGET, page(), mode=mode), tmp_path / mode)

    result = isolated(
        f"sh guard/apply.sh {variant}; {variant} -S; echo =; sh enforce/apply.sh {variant};"
        f"sh guard/apply.sh {variant}; {variant} -S; sh guard/uninstall.sh {variant}; ipset list",
        tmp_path,
    )

    assert (result.returncode, result.stderr) == (0, "")
    fresh, changed = result.stdout.split("=\n")
    assert fresh == changed


def test_apply_works_from_any_folder_and_refuses_other_tools(tmp_path: Path) -> None:
    written(rendered(TARGET, page()), tmp_path / "it's here")

    assert isolated('cd /; sh "$OLDPWD/it\'s here/apply.sh"', tmp_path).returncode == 0
    refused = isolated('sh "it\'s here/apply.sh" "rm -rf"', tmp_path)
    assert refused.returncode == 2
    assert "usage" in refused.stderr


def test_apply_stops_before_it_touches_anything_where_firewalld_rules(tmp_path: Path) -> None:
    folder = written(rendered(TARGET, page()), tmp_path)
    (folder / "systemctl").write_text("#!/bin/sh\nexit 0\n")
    (folder / "systemctl").chmod(0o755)

    result = isolated('PATH=$PWD:$PATH; sh apply.sh || echo "status $?"; ipset list', folder)

    assert result.stdout == "status 1\n"
    assert "firewalld" in result.stderr


def test_one_bad_file_leaves_both_versions_alone(tmp_path: Path) -> None:
    folder = written(rendered(TARGET, page()), tmp_path)
    (folder / "rules.v6").write_text("*filter\n-A INPUT --no-such-option\nCOMMIT\n")

    result = isolated("sh apply.sh || echo failed; iptables -S", folder)

    assert "failed" in result.stdout
    assert "REQC" not in result.stdout


def test_the_commands_in_apply_confirm_the_deny(tmp_path: Path) -> None:
    output = rendered(TARGET, page(), mode="enforce", trial="7")
    folder = written(output, tmp_path)
    script = (folder / "apply.sh").read_text()
    confirm = [line[1:] for line in script.splitlines() if line.startswith("#   ipset add")]

    sets = "ipset save reqc_armed_calico-openstack4; ipset save reqc_armed_calico-openstack6"
    result = isolated(f"sh apply.sh; {sets}; echo =; {';'.join(confirm)}; {sets}", folder)

    assert (result.returncode, result.stderr) == (0, "")
    trial, kept = result.stdout.split("=\n")
    assert trial.count("/1 timeout ") == kept.count("/1 timeout 0\n") == 4
    assert "/1 timeout 0\n" not in trial


@pytest.mark.parametrize("settings", MODES)
def test_scripts_are_clean_posix_shell(settings: dict[str, str], tmp_path: Path) -> None:
    folder = written(rendered(TARGET, page(), **settings), tmp_path)

    command = [
        require("shellcheck"),
        "-s",
        "sh",
        str(folder / "apply.sh"),
        str(folder / "uninstall.sh"),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (0, "")


def test_ip_in_ip_is_a_number_and_ipv4_only() -> None:
    assert any(" -p 4 " in line for line in rules(page()))
    assert not any(" -p 4 " in line for line in rules(page(), version=6))
    assert not any("ipip " in line.replace("network.ipip", "") for line in rules(page()))


def test_many_ports_are_several_rules_of_fifteen_places(tmp_path: Path) -> None:
    asked = ports(*range(1, 60, 2), (100, 105), (200, 210))
    folder = written(
        rendered(
            TARGET,
            document(
                requirement("a.b", flows=[Flow(6, asked, "host", "host")]),
                roles=[HOSTS],
                platform="openstack",
            ),
        ),
        tmp_path,
    )

    result = isolated("sh apply.sh; iptables -S", folder)

    assert (result.returncode, result.stderr) == (0, "")
    lists = [
        line.split("--dports ")[1].split()[0]
        for line in result.stdout.splitlines()
        if "--match-set" in line
    ]
    assert [len(text.replace(":", ",").split(",")) for text in lists] == [15, 15, 4]
    assert ",".join(lists) == ",".join(str(item).replace("-", ":") for item in asked)


def test_comments_are_cut_by_us_and_not_by_iptables(tmp_path: Path) -> None:
    reasons = [
        requirement(f"section.{'long' * 9}{number}", flows=[Flow(4, (), "host", "host")])
        for number in range(9)
    ]
    asked = document(*reasons, roles=[HOSTS], platform="openstack")
    line = next(line for line in rules(asked) if " -p 4 " in line)
    comment = line.split('"')[1]

    result = isolated("sh apply.sh; iptables -S", written(rendered(TARGET, asked), tmp_path))

    assert len(comment) == 255
    assert comment.endswith("...")
    assert f'"{comment}"' in result.stdout


def test_all_names_fit_whatever_the_product_is_called(tmp_path: Path) -> None:
    asked = document(
        requirement("a.b", flows=[Flow(4, (), "r" * 50, "host"), Flow(4, (), "r" * 51, "host")]),
        roles=[role("r" * 50, "10.0.0.1"), role("r" * 51, "10.0.0.2")],
        platform="p" * 90,
    )

    result = isolated(
        "sh apply.sh; ipset list -name | sort -u | wc -l; sh uninstall.sh; ipset list",
        written(rendered(TARGET, asked, mode="enforce"), tmp_path),
    )

    assert (result.returncode, result.stderr) == (0, "")
    # a set of each role and, of each version, the switch
    assert result.stdout.split() == ["4"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_host_without_rules_keeps_only_the_empty_built_in_chains(
    variant: str, tmp_path: Path
) -> None:
    folder = written(rendered(TARGET, page()), tmp_path)

    result = isolated(
        f"sh apply.sh {variant}; sh uninstall.sh {variant}; {states(variant)}", folder
    )

    assert (result.returncode, result.stderr) == (0, "")
    rest = [line.strip() for line in result.stdout.splitlines()]
    built_in = r":\w+ ACCEPT|\*filter|COMMIT|table ip6? filter \{|chain INPUT \{|}|=|"
    empty = rf"{built_in}|type filter hook input priority filter; policy accept;"
    assert [line for line in rest if not re.fullmatch(empty, line)] == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_open_accepts_what_is_required_and_drops_nothing(variant: str, tmp_path: Path) -> None:
    lines = rules(page(), mode="open")
    verdicts = {line.rpartition(" -j ")[2] for line in lines if " -j " in line}
    folder = written(rendered(TARGET, page(), mode="open"), tmp_path)

    result = isolated(f"{variant} -P INPUT DROP; sh apply.sh {variant}; {variant} -S", folder)

    assert (result.returncode, result.stderr) == (0, "")
    assert verdicts == {"ACCEPT"}
    # nobody asked for ssh or for a ping
    assert not [line for line in lines if "failsafe" in line or "--dport 22" in line]
    assert any("--dports 9099 " in line for line in lines)
    assert "-P INPUT DROP\n" in result.stdout


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_an_earlier_load_needed_and_this_one_does_not_is_gone(
    variant: str, tmp_path: Path
) -> None:
    earlier = [
        (page(), {"mode": "enforce"}),
        (page(role("hosts-of-another-specification", "10.0.0.1", "fd00::1")), {}),
        (page(role("host", "10.0.0.1")), {"mode": "open"}),
    ]
    for number, (asked, settings) in enumerate(earlier):
        written(rendered(TARGET, asked, **settings), tmp_path / str(number))
    written(rendered(TARGET, page()), tmp_path / "last")
    loads = "".join(f"sh {number}/apply.sh {variant};" for number in range(len(earlier)))
    # a load that was killed leaves a set under its working name
    killed = "sed '/^swap/,$d' 2/rules.ipset | ipset restore;"

    result = isolated(
        f"{ruled(variant)} sh last/apply.sh {variant}; {states(variant)}"
        f"sh last/uninstall.sh {variant};"
        f"{loads} {killed} sh last/apply.sh {variant}; {states(variant)}"
        f"{loads} {killed} sh last/uninstall.sh {variant}; ipset list -name",
        tmp_path,
    )

    assert (result.returncode, result.stderr) == (0, "")
    alone, after, rest = result.stdout.split("=\n")
    assert without_moments(alone) == without_moments(after)
    assert "reqc-host4-" in alone
    assert rest == ""


def test_other_members_are_another_set_and_the_same_members_are_not() -> None:
    def names(hosts: LoweredRole, **settings: str) -> set[str]:
        return set(re.findall(r"--match-set (\S+)", "\n".join(rules(page(hosts), 4, **settings))))

    one, other = role("host", "10.0.0.1"), role("host", "10.0.0.2")

    assert names(one) == names(one, mode="open")
    assert len(names(one) | names(other)) == 2


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_set_that_somebody_else_uses_stays_and_is_named(variant: str, tmp_path: Path) -> None:
    folder = written(rendered(TARGET, page()), tmp_path)
    line = next(line for line in rules(page()) if "--match-set" in line)
    peers = line.partition("--match-set ")[2].split()[0]
    use = f"{variant} -A OUTPUT -m set --match-set {peers} dst -j ACCEPT"

    result = isolated(
        f"sh apply.sh {variant}; {use}; sh uninstall.sh {variant}; ipset list -name", folder
    )

    assert result.returncode == 0
    assert f"{peers} stays" in result.stderr
    assert result.stdout == f"{peers}\n"


@pytest.mark.parametrize(
    ("settings", "session", "refused"),
    [
        ({"mode": "enforce"}, "10.0.0.9 50000 10.0.0.1 2222", "2222"),
        ({"mode": "enforce"}, "fd00::9 50000 fd00::1 21", "21"),
        ({"mode": "enforce"}, "10.0.0.9 50000 10.0.0.1 22", ""),
        ({"mode": "enforce", "ssh_port": "2222"}, "10.0.0.9 50000 10.0.0.1 2222", ""),
        ({"mode": "enforce", "ssh_port": "2222"}, "10.0.0.9 50000 10.0.0.1 22", "22"),
        ({"mode": "guard"}, "10.0.0.9 50000 10.0.0.1 2222", ""),
        ({"mode": "guard"}, "10.0.0.9 50000 10.0.0.1 2380", "2380"),
        ({"mode": "open"}, "10.0.0.9 50000 10.0.0.1 2380", ""),
        ({"mode": "enforce"}, "", ""),
        ({"mode": "enforce"}, "nobody knows", ""),
    ],
)
def test_apply_does_not_close_the_session_it_runs_in(
    settings: dict[str, str], session: str, refused: str, tmp_path: Path
) -> None:
    folder = written(rendered(TARGET, page(), **settings), tmp_path)

    result = isolated(
        f"export SSH_CONNECTION='{session}'; status=0; sh apply.sh || status=$?;"
        "echo $status; ipset list -name; iptables -S",
        folder,
    )

    status, *state = result.stdout.splitlines()
    if refused:
        assert status == "1"
        assert f"compile with -O ssh-port={refused}\n" in result.stderr
        assert not [line for line in state if "reqc" in line.lower()]
    else:
        assert (status, result.stderr) == ("0", "")
        assert f"-A INPUT -j {CHAIN}" in state


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("settings", MODES)
def test_all_shells_run_the_scripts_alike(
    shell: str, settings: dict[str, str], tmp_path: Path
) -> None:
    require(shell.split(maxsplit=1)[0])
    folder = written(rendered(TARGET, page(), **settings), tmp_path)
    look = states("iptables-nft")

    result = isolated(
        f"{ruled('iptables-nft')} {shell} apply.sh iptables-nft; {look}"
        f"{shell} apply.sh iptables-nft; {shell} uninstall.sh iptables-nft; ipset list -name;"
        f"echo =; sh apply.sh iptables-nft; {look}",
        folder,
    )

    assert (result.returncode, result.stderr) == (0, "")
    here, sets, plain, _ = result.stdout.split("=\n")
    assert without_moments(here) == without_moments(plain)
    assert f"-A INPUT -j {CHAIN}\n" in here
    assert sets == ""


@pytest.mark.parametrize("settings", MODES)
def test_rules_do_not_grow_with_peers(settings: dict[str, str], tmp_path: Path) -> None:
    few, many = (page(many_hosts(size)) for size in (10, 10_000))
    folder = written(rendered(TARGET, many, **settings), tmp_path)

    result = isolated("sh apply.sh; ipset list -t | grep entries", folder)

    assert (result.returncode, result.stderr) == (0, "")
    assert "Number of entries: 10000\n" in result.stdout
    assert len(rules(few, 4, **settings)) == len(rules(many, 4, **settings)) > 5


def test_more_members_than_an_ipset_takes_unless_told(tmp_path: Path) -> None:
    folder = written(rendered(TARGET, page(many_hosts(66_000))), tmp_path)

    result = isolated("sh apply.sh; sh apply.sh; ipset list -t | grep entries", folder)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Number of entries: 66000\n"


def many_hosts(size: int) -> LoweredRole:
    """Return as many addresses, no two of which can become one network."""
    return role("host", *(f"10.{n >> 15}.{n >> 7 & 255}.{(n & 127) * 2}" for n in range(size)))
