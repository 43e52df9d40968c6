"""Both variants of iptables take the rules, and the scripts apply and remove all of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reqc.backends.iptables.backend import TARGET
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import HOSTS, isolated, page, ports, rendered, written
from tests.documents import document, requirement, role
from tests.tools import require

MODES = [{"mode": "guard"}, {"mode": "enforce"}, {"mode": "enforce", "trial": "0"}]
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
    return f"{variant} -S; {variant.replace('ip', 'ip6', 1)} -S; ipset list -name; echo =;"


@pytest.mark.parametrize("settings", MODES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_applied_twice_is_applied_once_and_removal_leaves_nothing(
    settings: dict[str, str], variant: str, tmp_path: Path
) -> None:
    folder = written(rendered(TARGET, page(), **settings), tmp_path)
    look = states(variant)
    foreign = (
        f"{variant} -N cali-INPUT; {variant} -A INPUT -j cali-INPUT; ipset create other hash:ip;"
    )

    result = isolated(
        f"{foreign}{look} sh apply.sh {variant}; {look} sh apply.sh {variant}; {look}"
        f"sh uninstall.sh {variant}; {look} sh uninstall.sh {variant}; {look}",
        folder,
    )

    assert (result.returncode, result.stderr) == (0, "")
    before, once, twice, gone, gone_twice, _ = result.stdout.split("=\n")
    assert once == twice
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
    assert result.stdout.split() == ["6"]
