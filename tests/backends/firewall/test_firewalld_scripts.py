"""apply.sh and uninstall.sh with a real firewalld: all of it or nothing, once, and no more."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from reqc.backends.base import Artifact, Output
from reqc.backends.firewalld.backend import TARGET
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.daemon import Firewalld, configured, running
from tests.backends.firewall.samples import HOSTS, isolated, page, ports, rendered, written
from tests.documents import document, requirement
from tests.tools import require

SHELLS = ("dash", "busybox sh", "bash --posix", "mksh")
FORMS = ("policy", "rich-rules")
APPLIED = "reqc: applied, and firewalld runs with it\n"
NOTHING = "reqc: nothing to change, and nothing reloaded\n"
OFFLINE = (
    'export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$PWD/none"; mount --bind etc /etc/firewalld;'
    " sh compiled/apply.sh"
)
PORTS = ("179", "2379-2380")
HOST4, HOST6 = "ip saddr @reqc-calico-openstack-host4", "ip6 saddr @reqc-calico-openstack-host6"
PERMITTED = sorted(
    [
        *(f"{source} tcp dport {port} accept" for source in (HOST4, HOST6) for port in PORTS),
        *(f"{source} udp dport 4789 accept" for source in (HOST4, HOST6)),
        f"{HOST4} meta l4proto 4 accept",
        *(f"meta nfproto {family} tcp dport 9099 accept" for family in ("2", "10")),
    ]
)
REMOVED = "reqc: removed\n"
NOT_THERE = "reqc: nothing to remove, and nothing reloaded\n"
SERVICE = "services/reqc-calico-openstack-tcp-179.xml"
IPSET = "ipsets/reqc-calico-openstack-host4.xml"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firewalld]:
    for tool in ("busybox", "dash", "bash", "mksh", "iptables-nft"):
        require(tool)
    with running(tmp_path_factory.mktemp("firewalld")) as started:
        yield started


@pytest.fixture(scope="module")
def stock_rules(daemon: Firewalld) -> str:
    return daemon.ruleset()


@pytest.fixture
def firewalld(daemon: Firewalld, stock_rules: str) -> Firewalld:
    """Return the daemon with its stock configuration."""
    (daemon.etc / "reqc-calico-openstack.rules").unlink(missing_ok=True)
    if daemon.ruleset() == stock_rules:
        daemon.place(Output(()))
    else:
        daemon.load(Output(()))
    return daemon


def script(
    firewalld: Firewalld, name: str, folder: Path, shell: str = "sh"
) -> subprocess.CompletedProcess[str]:
    return firewalld.run(f"{shell} {folder}/{name}")


def page_without_etcd() -> LoweredDocument:
    asked = page(host_roles=("host",))
    return replace(asked, digest="1" * 64)


def files(firewalld: Firewalld) -> dict[str, str]:
    """Return the configuration, without the copies that firewalld makes."""
    return {
        str(path.relative_to(firewalld.etc)): path.read_text()
        for path in sorted(firewalld.etc.rglob("*"))
        if path.is_file() and path.suffix != ".old"
    }


def loads(firewalld: Firewalld) -> str:
    """Return a number that a reload changes."""
    return firewalld.run("nft -n -a list tables; nft -n -a list table inet firewalld").stdout


def ours(ruleset: str) -> list[str]:
    """Return the rules that let in what the page requires, whichever chain they are in."""
    return sorted(re.findall(r"(?m)^\s+(.*(?:@reqc-\S+ .*|dport 9099) accept)", ruleset))


def outcome(firewalld: Firewalld, name: str, folder: Path, shell: str = "sh") -> tuple[int, str]:
    result = script(firewalld, name, folder, shell)
    return result.returncode, result.stderr


def test_both_scripts_do_their_work_once(firewalld: Firewalld, tmp_path: Path) -> None:
    output = rendered(TARGET, page())
    written(output, tmp_path)
    rules, stock = firewalld.ruleset(), files(firewalld)

    assert outcome(firewalld, "apply.sh", tmp_path, "dash") == (0, APPLIED)
    loaded, applied = loads(firewalld), files(firewalld)
    assert ours(loaded) == PERMITTED
    brought = {item.name: item.text for item in output.artifacts if item.name.endswith(".xml")}
    assert applied == stock | brought

    assert outcome(firewalld, "apply.sh", tmp_path, "busybox sh") == (0, NOTHING)
    assert (loads(firewalld), files(firewalld)) == (loaded, applied)

    assert outcome(firewalld, "uninstall.sh", tmp_path, "mksh") == (0, REMOVED)
    assert (firewalld.ruleset(), files(firewalld)) == (rules, stock)
    assert outcome(firewalld, "uninstall.sh", tmp_path, "bash --posix") == (0, NOT_THERE)


def test_rules_of_a_zone_follow_the_default_zone_and_spare_those_of_the_user(
    firewalld: Firewalld, tmp_path: Path
) -> None:
    written(rendered(TARGET, page(), form="rich-rules"), tmp_path)
    mine = 'rule family="ipv4" icmp-type name="echo-request" accept'
    firewalld.run(f"for how in '' --permanent; do firewall-cmd $how --add-rich-rule='{mine}'; done")
    rules = firewalld.ruleset()

    assert outcome(firewalld, "apply.sh", tmp_path, "mksh") == (0, APPLIED)
    loaded = loads(firewalld)
    assert ours(loaded) == PERMITTED
    assert outcome(firewalld, "apply.sh", tmp_path, "bash --posix") == (0, NOTHING)
    assert loads(firewalld) == loaded

    firewalld.run("firewall-cmd --set-default-zone=internal")
    assert outcome(firewalld, "apply.sh", tmp_path, "busybox sh") == (0, APPLIED)
    zones = [files(firewalld)[f"zones/{name}.xml"] for name in ("public", "internal")]
    assert [zone.count("<rule ") for zone in zones] == [1, 9]

    firewalld.run("firewall-cmd --set-default-zone=public")
    assert outcome(firewalld, "uninstall.sh", tmp_path, "dash") == (0, REMOVED)
    assert firewalld.ruleset() == rules
    assert {name for name in files(firewalld) if "reqc-" in name} == set()


def test_what_firewalld_would_choke_on_is_taken_back(firewalld: Firewalld, tmp_path: Path) -> None:
    # the other form: a firewalld that has failed lets nobody change the rules of a zone
    written(rendered(TARGET, page(), form="rich-rules"), tmp_path)
    overlapping = tmp_path / IPSET
    text = overlapping.read_text()
    overlapping.write_text(text.replace("<entry>", "<entry>10.0.0.0/8</entry><entry>", 1))
    before, rules = files(firewalld), firewalld.ruleset()

    result = script(firewalld, "apply.sh", tmp_path, "busybox sh")

    assert result.returncode == 1
    assert "conflicting intervals" in result.stderr
    assert result.stderr.endswith("reqc: the former files are put back\n")
    left = files(firewalld)
    assert "<rule" not in left.pop("zones/public.xml")
    assert (left, firewalld.ruleset()) == (before, rules)
    assert firewalld.run("firewall-cmd --state").stdout == "running\n"


def test_a_new_version_takes_the_place_of_the_old_one_and_of_no_other(
    firewalld: Firewalld, tmp_path: Path
) -> None:
    other = document(
        requirement("a.b", flows=[Flow(6, ports(1), "host", "host")]),
        roles=[HOSTS],
        platform="openstack-too",
    )
    there = (*rendered(TARGET, other).artifacts, *rendered(TARGET, page()).artifacts)
    firewalld.load(Output(there))
    written(rendered(TARGET, page_without_etcd()), tmp_path)
    assert script(firewalld, "apply.sh", tmp_path, "dash").stderr == APPLIED

    names = {name for name in files(firewalld) if "reqc-" in name}
    assert names == {
        item.name
        for asked in (other, page_without_etcd())
        for item in rendered(TARGET, asked).artifacts
        if item.name.endswith(".xml")
    }
    assert "2379" not in firewalld.ruleset()
    script(firewalld, "uninstall.sh", tmp_path, "busybox sh")
    assert {name for name in files(firewalld) if "reqc-" in name} == {
        item.name for item in rendered(TARGET, other).artifacts if item.name.endswith(".xml")
    }


def test_nothing_is_changed_where_it_would_end_something(
    firewalld: Firewalld, tmp_path: Path
) -> None:
    written(rendered(TARGET, page()), tmp_path)
    firewalld.run("firewall-cmd --add-port=2222/tcp")
    before, runs = files(firewalld), loads(firewalld)

    spared = script(firewalld, "apply.sh", tmp_path)
    told = "reqc: a reload ends this: make it permanent, or say --discard-runtime\n"
    assert (spared.returncode, spared.stderr) == (1, f"public ports 2222/tcp\n{told}")
    assert (files(firewalld), loads(firewalld)) == (before, runs)

    rule = "iptables-nft -A INPUT -p tcp --dport 1 -j ACCEPT"
    firewalld.run(f"{rule}; {rule}")
    agreed = script(firewalld, "apply.sh --discard-runtime", tmp_path, "bash --posix")
    told = (
        "reqc: the reload deletes 2 rules of iptables-nft; who made them has to make them again\n"
    )
    assert agreed.stderr == told + APPLIED
    assert "2222" not in firewalld.ruleset()
    # what is applied already costs no rule of anybody
    firewalld.run(rule)
    assert script(firewalld, "apply.sh", tmp_path, "mksh").stderr == NOTHING
    assert "--dport 1" in firewalld.run("iptables-nft -S INPUT; iptables-nft -F INPUT").stdout


@pytest.mark.parametrize(
    ("place", "text", "complaint"),
    [
        (
            "zones/public.xml",
            '<zone><rule family="ipv4"><source ipset="lost"/><accept/></rule></zone>',
            "the ipset lost, which is not there",
        ),
        ("services/broken.xml", "<service><port port='99999' protocol='tcp'/></service>", "99999"),
        (SERVICE, "<service><port port='1' protocol='tcp'/></service>", "is of something else"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_before_anything_changes(
    firewalld: Firewalld, place: str, text: str, complaint: str, tmp_path: Path
) -> None:
    written(rendered(TARGET, page()), tmp_path)
    (firewalld.etc / place).write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n')
    before, runs = files(firewalld), loads(firewalld)

    result = script(firewalld, "apply.sh", tmp_path)

    assert result.returncode == 1
    assert complaint in result.stderr
    assert (files(firewalld), loads(firewalld)) == (before, runs)


def test_half_a_folder_is_refused(firewalld: Firewalld, tmp_path: Path) -> None:
    written(rendered(TARGET, page()), tmp_path)
    (tmp_path / IPSET).unlink()

    result = script(firewalld, "apply.sh", tmp_path)

    assert (result.returncode, result.stderr) == (
        1,
        f"reqc: {tmp_path}/{IPSET} is missing: copy the whole folder\n",
    )


def test_what_a_rule_of_the_user_names_is_not_taken_away(
    firewalld: Firewalld, tmp_path: Path
) -> None:
    output = rendered(TARGET, page())
    written(output, tmp_path)
    name = Path(SERVICE).stem
    zone = f'<?xml version="1.0" encoding="utf-8"?>\n<zone><service name="{name}"/></zone>\n'
    firewalld.load(Output((*output.artifacts, Artifact("zones/public.xml", zone))))
    before, rules = files(firewalld), firewalld.ruleset()

    result = script(firewalld, "uninstall.sh", tmp_path)

    assert result.returncode == 1
    assert f"zones/public.xml names {name}: take it out there first" in result.stderr
    assert (files(firewalld), firewalld.ruleset()) == (before, rules)


def test_a_run_that_is_ended_goes_back_and_one_that_is_killed_is_finished_by_the_next(
    firewalld: Firewalld, tmp_path: Path
) -> None:
    written(rendered(TARGET, page()), tmp_path)
    deadly = tmp_path / "bin/firewall-cmd"
    deadly.parent.mkdir()
    deadly.write_text(
        '#!/bin/sh\n[ "$1" != --reload ] || kill -$signal $PPID\nexec /usr/bin/firewall-cmd "$@"\n'
    )
    deadly.chmod(0o755)
    run = f"PATH={deadly.parent}:$PATH sh {tmp_path}/apply.sh"
    before = files(firewalld)

    ended = firewalld.run(f"export signal=TERM; {run}")
    assert (ended.returncode, ended.stderr) == (143, "reqc: the former files are put back\n")
    assert files(firewalld) == before
    assert "reqc-" not in firewalld.ruleset()

    killed = firewalld.run(f"export signal=KILL; {run}")
    assert killed.returncode not in {0, 1}
    assert (firewalld.etc / SERVICE).exists()
    # whether or not the reload was still on its way, the next run brings it about
    assert script(firewalld, "apply.sh", tmp_path).stderr in {APPLIED, NOTHING}
    assert "@reqc-calico-openstack-host4 tcp dport 179 accept" in firewalld.ruleset()


def test_where_a_rule_would_lose_its_source_nothing_is_opened(
    firewalld: Firewalld, tmp_path: Path
) -> None:
    written(rendered(TARGET, page(), form="rich-rules"), tmp_path)
    older = tmp_path / "bin/firewall-offline-cmd"
    older.parent.mkdir()
    older.write_text("#!/bin/sh\necho 0.7.5\n")
    older.chmod(0o755)
    before = files(firewalld)

    result = firewalld.run(f"PATH={older.parent}:$PATH sh {tmp_path}/apply.sh")

    told = "open IP protocol 4 to everybody: set FirewallBackend=iptables"
    assert (result.returncode, result.stderr) == (1, f"reqc: firewalld 0.6 and 0.7 {told}\n")
    assert files(firewalld) == before
    # a policy is for those that have no such fault, and so is a page without such a rule
    plain = document(requirement("a.b", flows=[Flow(6, ports(1), "host", "host")]), roles=[HOSTS])
    for output in (rendered(TARGET, page()), rendered(TARGET, plain, form="rich-rules")):
        assert not any(told[-30:] in item.text for item in output.artifacts)


def test_before_firewalld_runs_its_files_are_put_in_place(tmp_path: Path) -> None:
    require("firewall-cmd")
    written(rendered(TARGET, page()), tmp_path / "compiled")
    configured(Output(()), tmp_path)

    result = isolated(f"unshare --mount sh -euc '{OFFLINE}; sh compiled/apply.sh'", tmp_path)

    assert result.returncode == 0, result.stderr
    assert result.stderr == (
        "reqc: firewalld does not run, and reads the files when it starts\n" + NOTHING
    )
    assert (tmp_path / "etc" / SERVICE).exists()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["apply.sh", "uninstall.sh"])
def test_scripts_are_posix(form: str, name: str, tmp_path: Path) -> None:
    output = rendered(TARGET, page(), form=form)
    written(output, tmp_path)

    checked = subprocess.run(
        [require("shellcheck"), "--shell=sh", name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.stdout, checked.stderr) == ("", "")
    for shell in SHELLS:
        subprocess.run([*shell.split(), "-n", name], cwd=tmp_path, check=True)
    wrong = subprocess.run(
        ["sh", name, "--what"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (wrong.returncode, wrong.stderr) == (2, f"usage: sh {name} [--discard-runtime]\n")


def test_an_older_firewalld_is_told_of_the_other_form(tmp_path: Path) -> None:
    require("firewall-cmd")
    written(rendered(TARGET, page()), tmp_path / "compiled")
    configured(Output(()), tmp_path)
    script = (
        "cp -R /usr/lib/firewalld old; rm -r old/policies; mount --bind old /usr/lib/firewalld;"
        f"{OFFLINE}"
    )

    result = isolated(f"unshare --mount sh -euc '{script}'", tmp_path)

    assert result.returncode == 1
    assert result.stderr == (
        "reqc: firewalld before 0.9 has no policies: compile with form=rich-rules\n"
    )
    assert not (tmp_path / "etc" / SERVICE).exists()
