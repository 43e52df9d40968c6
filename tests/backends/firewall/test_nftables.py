"""nft loads the table, again and again, and nothing but the table."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reqc.backends.base import SettingError
from reqc.backends.nftables.backend import TARGET
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import (
    HOSTS,
    canonical,
    isolated,
    page,
    ports,
    rendered,
    written,
)
from tests.documents import document, requirement, role
from tests.tools import require

FILE = "calico-openstack.nft"
TABLE = "reqc_calico_openstack"
LIST = "nft -s -n -j list ruleset"
MODES = [{"mode": "guard"}, {"mode": "enforce"}, {"mode": "enforce", "trial": "0"}]
require_nft = pytest.fixture(autouse=True)(lambda: require("nft"))


def text_of(asked: LoweredDocument, **settings: str) -> str:
    return rendered(TARGET, asked, **settings).artifacts[0].text


@pytest.mark.parametrize("settings", MODES)
def test_loading_twice_gives_the_same_state(settings: dict[str, str], tmp_path: Path) -> None:
    folder = written(rendered(TARGET, page(), **settings), tmp_path)

    result = isolated(f"nft -c -f {FILE}; nft -f {FILE}; {LIST}; nft -f {FILE}; {LIST}", folder)

    assert (result.returncode, result.stderr) == (0, "")
    first, second = (canonical(line) for line in result.stdout.splitlines())
    assert first == second
    assert len(first) > 20


@pytest.mark.parametrize("settings", MODES)
def test_other_tables_survive_and_removing_leaves_only_them(
    settings: dict[str, str], tmp_path: Path
) -> None:
    folder = written(rendered(TARGET, page(), **settings), tmp_path)
    foreign = "table inet other { chain input { type filter hook input priority 0; drop; }; }"

    result = isolated(
        f"nft '{foreign}'; {LIST}; nft -f {FILE}; nft -s -n -j list table inet other;"
        f"nft 'table inet {TABLE}; delete table inet {TABLE}'; {LIST}",
        folder,
    )

    assert (result.returncode, result.stderr) == (0, "")
    before, during, after = (canonical(line) for line in result.stdout.splitlines())
    assert before == during == after


@pytest.mark.parametrize("first", MODES)
@pytest.mark.parametrize("second", MODES)
def test_a_change_of_mode_needs_no_removal(
    first: dict[str, str], second: dict[str, str], tmp_path: Path
) -> None:
    written(rendered(TARGET, page(), **first), tmp_path / "first")
    written(rendered(TARGET, page(HOSTS, ("host",)), **second), tmp_path / "second")

    result = isolated(
        f"nft -f second/{FILE}; nft -n list chain inet {TABLE} input; nft flush ruleset; echo =;"
        f"nft -f first/{FILE}; nft -f second/{FILE}; nft -n list chain inet {TABLE} input",
        tmp_path,
    )

    assert (result.returncode, result.stderr) == (0, "")
    fresh, changed = result.stdout.split("=\n")
    assert fresh == changed


def test_the_command_in_the_header_confirms_the_deny(tmp_path: Path) -> None:
    text = text_of(page(), mode="enforce", trial="7")
    folder = written(rendered(TARGET, page(), mode="enforce", trial="7"), tmp_path)
    confirm = next(line for line in text.splitlines() if "flush set" in line and "nft '" in line)
    armed = f"nft -s -j list set inet {TABLE} armed"

    result = isolated(f"nft -f {FILE}; {armed}; {confirm.removeprefix('#')}; {armed}", folder)

    assert (result.returncode, result.stderr) == (0, "")
    trial, kept = (
        json.loads(line)["nftables"][1]["set"]["elem"] for line in result.stdout.splitlines()
    )
    assert [item["elem"]["timeout"] for item in trial] == [7, 7]
    assert sorted(kept) == ["ipv4", "ipv6"]


def test_a_new_digest_shows_after_a_reload(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(text_of(page()))
    (tmp_path / "b").write_text(text_of(page()).replace("sha256 0000", "sha256 1111"))

    result = isolated(f"nft -f a; nft -f b; nft list chain inet {TABLE} identity", tmp_path)

    assert 'comment "reqc: calico 3.16 on openstack, sha256 11110000' in result.stdout
    assert "mode guard" in result.stdout


def test_rules_carry_requirements_and_places() -> None:
    text = text_of(page())

    for source in ("ip saddr @peers_host_v4", "ip6 saddr @peers_host_v6"):
        assert f'tcp dport 179 {source} accept comment "network.bgp (example.req:23)"\n' in text
    (line,) = (
        line for line in text.splitlines() if line.endswith('"network.ipip (example.req:24)"')
    )
    assert line.strip().startswith("ip protocol 4 ip saddr @peers_host_v4 accept ")
    assert "ipip " not in "".join(line for line in text.splitlines() if "network.ipip" not in line)


def test_any_source_restricts_nothing_and_says_so() -> None:
    text = text_of(page())

    assert "# Nothing to restrict, so no rule: tcp 9099 from any source" in text
    assert "9099" not in "".join(line for line in text.splitlines() if not line.startswith("#"))
    assert "9099" in text_of(page(), mode="enforce").partition("\n\ntable")[2]


def test_a_group_without_addresses_is_any_source_and_says_so(tmp_path: Path) -> None:
    output = rendered(TARGET, page(role("host")), mode="enforce")

    assert "# Source host: nobody said its addresses" in output.artifacts[0].text
    assert not re.search(r"add element [^{]*\{\s*\}", output.artifacts[0].text)
    result = isolated(f"nft -f {FILE}", written(output, tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


def test_nothing_required_is_still_a_rule_set_that_loads(tmp_path: Path) -> None:
    for mode in ("guard", "enforce"):
        output = rendered(TARGET, document(requirement("a.b"), platform="openstack"), mode=mode)
        result = isolated(f"nft -f {FILE}; nft -f {FILE}", written(output, tmp_path))
        assert (result.returncode, result.stderr) == (0, "")


def test_overlapping_ranges_of_two_groups_load(tmp_path: Path) -> None:
    asked = document(
        requirement("a.one", flows=[Flow(6, ports((1, 100), 50), "host", "host")]),
        requirement("a.two", flows=[Flow(6, ports((50, 150)), "host", "host")]),
        requirement("a.three", flows=[Flow(6, ports((90, 200)), "etcd", "host")]),
        roles=[HOSTS, role("etcd", "10.98.0.0/16", "10.98.3.0/24")],
        platform="openstack",
    )
    output = rendered(TARGET, asked)

    assert (
        "\t\ttcp dport 50-100 ip saddr @peers_host_v4 accept "
        'comment "a.one (example.req:1), a.two (example.req:1)"\n' in output.artifacts[0].text
    )
    result = isolated(f"nft -f {FILE}", written(output, tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


def test_an_accept_of_its_own_opens_nothing_so_mode_open_is_refused() -> None:
    with pytest.raises(SettingError, match="use the target of the firewall that rules the host"):
        rendered(TARGET, page(), mode="open")


@pytest.mark.parametrize("settings", MODES)
def test_a_load_after_any_other_leaves_what_it_makes_alone(
    settings: dict[str, str], tmp_path: Path
) -> None:
    """Modes, inventories and options change; the specification and with it the roles do not."""
    before = [
        (page(), {"mode": "guard"}),
        (page(role("host")), {"mode": "enforce"}),
        (page(role("host", "fd00::1")), {"mode": "enforce", "trial": "0", "ssh_port": "2222"}),
    ]
    for number, (asked, chosen) in enumerate(before):
        written(rendered(TARGET, asked, **chosen), tmp_path / str(number))
    written(rendered(TARGET, page(role("host", "10.0.0.1")), **settings), tmp_path / "last")
    loads = "; ".join(f"nft -f {number}/{FILE}" for number in range(len(before)))

    result = isolated(
        f"nft -f last/{FILE}; {LIST}; nft flush ruleset; {loads}; nft -f last/{FILE}; {LIST}",
        tmp_path,
    )

    assert (result.returncode, result.stderr) == (0, "")
    alone, after = (canonical(line) for line in result.stdout.splitlines())
    by_name = sorted(alone, key=json.dumps), sorted(after, key=json.dumps)
    assert by_name[0] == by_name[1]


def test_what_the_specification_lost_decides_nothing_and_goes_as_the_header_says(
    tmp_path: Path,
) -> None:
    lost = document(
        requirement("a.b", flows=[Flow(17, ports(53), "old", "host")]),
        roles=[HOSTS, role("old", "10.0.0.1")],
        platform="openstack",
    )
    text = text_of(page())
    (tmp_path / "lost").write_text(text_of(lost))
    (tmp_path / FILE).write_text(text)
    clean = next(line for line in text.splitlines() if line.endswith(f"cat {FILE}) | nft -f -"))

    result = isolated(
        f"nft -f {FILE}; {LIST}; nft -f lost; nft -f {FILE}; {LIST}; {clean[1:]}; {LIST}", tmp_path
    )

    assert (result.returncode, result.stderr) == (0, "")
    fresh, reloaded, cleaned = (canonical(line) for line in result.stdout.splitlines())
    assert cleaned == fresh
    stale = [item for item in reloaded if item not in fresh]
    assert {"peers_old_v4", "peers_old_v6"} == {one["set"]["name"] for one in stale if "set" in one}
    assert [one["chain"]["name"] for one in stale if "chain" in one] == ["from_old"]
    assert not [one for one in stale if "rule" in one]


@pytest.mark.parametrize("settings", MODES)
def test_rules_do_not_grow_with_peers(settings: dict[str, str], tmp_path: Path) -> None:
    counted = []
    for size in (10, 10_000):
        addresses = [f"10.{n >> 15}.{n >> 7 & 255}.{(n & 127) * 2}" for n in range(size)]
        asked = page(role("host", *addresses, *(f"fd00::{n * 2:x}" for n in range(size))))
        folder = written(rendered(TARGET, asked, **settings), tmp_path)
        result = isolated(f"nft -f {FILE}; {LIST}", folder)
        assert (result.returncode, result.stderr) == (0, "")
        listed = canonical(result.stdout)
        (peers,) = (
            one["set"] for one in listed if one.get("set", {}).get("name") == "peers_host_v4"
        )
        assert len(peers["elem"]) == size
        counted.append(sum("rule" in one for one in listed))
    assert counted[0] == counted[1] > 10


def test_names_and_comments_stay_within_their_limits(tmp_path: Path) -> None:
    asked = document(
        requirement(f"section.{'long' * 30}", flows=[Flow(4, (), "r" * 300, "host")]),
        requirement("b.c", flows=[Flow(6, ports(1), "r" * 301, "host")]),
        roles=[role("r" * 300, "10.0.0.1"), role("r" * 301, "10.0.0.2")],
        platform="p" * 300,
    )
    output = rendered(TARGET, asked, mode="enforce")

    result = isolated(f"nft -f *.nft; {LIST}", written(output, tmp_path))

    assert (result.returncode, result.stderr) == (0, "")
    listed = canonical(result.stdout)
    comments = [one["rule"]["comment"] for one in listed if "comment" in one.get("rule", {})]
    assert max(map(len, comments)) == 128
    assert next(one for one in comments if one.startswith("section.")).endswith("...")
    assert (
        len([one for one in listed if one.get("set", {}).get("name", "").startswith("peers")]) == 4
    )
