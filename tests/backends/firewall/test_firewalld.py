"""A real firewalld runs with the files and makes the rules that they ask for."""

from __future__ import annotations

import re
import subprocess
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqc.backends.base import Artifact, Output, Reason, SettingError
from reqc.backends.firewalld import configuration
from reqc.backends.firewalld.backend import TARGET
from reqc.backends.firewalld.configuration import ICMP_TYPES, INVALID, POLICY_LENGTH, USUAL_ENTRIES
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import UnitState
from tests.backends.firewall.daemon import configured, daemon
from tests.backends.firewall.samples import HOSTS, isolated, page, ports, rendered
from tests.backends.firewall.test_properties import documents
from tests.documents import document, requirement, role
from tests.tools import require


def policy_file(output: Output) -> Artifact:
    (found,) = (item for item in output.artifacts if item.name.startswith("policies/"))
    return found


def policy_of(output: Output) -> Element:
    return fromstring(policy_file(output).text.encode())  # noqa: S314  # our own


def chain(ruleset: str, output: Output) -> list[str]:
    name = Path(policy_file(output).name).stem
    body = ruleset.split(f"chain filter_IN_policy_{name}_allow {{\n")[1].split("\t}\n", maxsplit=1)[
        0
    ]
    return [line.strip() for line in body.splitlines()]


def test_the_daemon_takes_the_page_and_makes_the_chain(tmp_path: Path) -> None:
    output = rendered(TARGET, page())

    found = daemon(output, tmp_path)

    assert (found.state, found.complaints) == ("running", [])
    host4, host6 = "@reqc-calico-openstack-host4", "@reqc-calico-openstack-host6"
    assert chain(found.ruleset, output) == [
        f"ip saddr {host4} tcp dport 179 accept",
        f"ip6 saddr {host6} tcp dport 179 accept",
        f"ip saddr {host4} meta l4proto 4 accept",
        f"ip saddr {host4} udp dport 4789 accept",
        f"ip6 saddr {host6} udp dport 4789 accept",
        f"ip saddr {host4} tcp dport 2379-2380 accept",
        f"ip6 saddr {host6} tcp dport 2379-2380 accept",
        "meta nfproto 2 tcp dport 9099 accept",
        "meta nfproto 10 tcp dport 9099 accept",
    ]


def test_the_daemon_takes_every_shape_of_flow(tmp_path: Path) -> None:
    flows = [
        *(Flow(protocol, (), "host", "host") for protocol in (1, 2, 47, 51, 58, 94, 255)),
        *(
            Flow(protocol, (), "host", "host", icmp_type=number)
            for protocol, types in ICMP_TYPES.items()
            for number in types
        ),
        *(Flow(protocol, ports(1, (5, 9)), "etcd", "host") for protocol in (6, 17, 33, 132)),
        Flow(6, (), "host", "host"),
        Flow(17, ports((0, 65535)), "any", "host"),
    ]
    asked = document(
        *(requirement(f"a.r{number}", flows=[flow]) for number, flow in enumerate(flows)),
        roles=[
            role("host", "0.0.0.0/0", "10.0.0.0/8", "::/0"),
            role("etcd", "10.0.0.1/8", "10.1.0.0/16", "10.1.2.3"),
        ],
        platform="openstack",
    )
    output = rendered(TARGET, asked)

    found = daemon(output, tmp_path)

    ignored = [
        f"a.r{number}"
        for number, flow in enumerate(flows)
        if (flow.protocol, flow.icmp_type) in INVALID
    ]
    assert [row.requirement for row in output.unsupported] == ["a.r3", *ignored]
    assert (found.state, found.complaints) == ("running", [])
    rules = policy_of(output).findall("rule")
    assert len(chain(found.ruleset, output)) >= len(rules) > len(flows) - len(ignored)


def test_the_daemon_takes_a_page_without_traffic_and_hostile_words(tmp_path: Path) -> None:
    hostile = '</short><rule/>\x00 ]]> -- " & \ud800 \n'
    asked = document(
        requirement("a.b", title=hostile),
        requirement("a.c", title=hostile, flows=[Flow(4, (), "host", "host")], line=2),
        roles=[role("host", "fd00::/64")],
        platform="openstack",
    )

    found = daemon(rendered(TARGET, asked), tmp_path)

    assert (found.state, found.complaints) == ("running", [])


def test_the_check_of_firewalld_finds_nothing(tmp_path: Path) -> None:
    require("firewall-offline-cmd")
    folder = configured(rendered(TARGET, page()), tmp_path)

    check = 'firewall-offline-cmd --system-config "$PWD/etc" --check-config'

    sound = isolated(check, folder)
    service = folder / "etc/services/reqc-calico-openstack-tcp-179.xml"
    service.write_text(service.read_text().replace('port="179"', 'port="99999"'))
    broken = isolated(check, folder)

    assert (sound.returncode, sound.stdout, sound.stderr) == (0, "", "")
    assert broken.returncode != 0


def test_the_oracle_would_notice_a_reference_to_nothing(tmp_path: Path) -> None:
    output = rendered(TARGET, page())
    broken = Output(tuple(item for item in output.artifacts if not item.name.startswith("ipsets/")))

    found = daemon(broken, tmp_path)

    assert found.state != "running"
    assert found.complaints


def test_every_reference_has_its_file_and_no_zone_is_touched() -> None:
    output = rendered(TARGET, page())
    names = {item.name for item in output.artifacts}
    policy = policy_of(output)

    assert {name.split("/")[0] for name in names} == {
        "services",
        "ipsets",
        "policies",
        "apply.sh",
        "uninstall.sh",
    }
    assert {f"services/{one.get('name')}.xml" for one in policy.iter("service")} <= names
    assert {f"ipsets/{one.get('ipset')}.xml" for one in policy.iter("source")} <= names
    assert len(Path(policy_file(output).name).stem) <= POLICY_LENGTH


def test_two_groups_share_a_service_that_names_both_reasons() -> None:
    asked = document(
        requirement("a.one", flows=[Flow(6, ports(1), "host", "host")]),
        requirement("a.two", flows=[Flow(6, ports(1), "etcd", "host")], line=2),
        roles=[HOSTS, role("etcd", "10.0.0.1")],
    )
    files = {item.name: item.text for item in rendered(TARGET, asked).artifacts}

    text = files["services/reqc-calico-openshift-tcp-1.xml"]
    assert "a.one (example.req:1), a.two (example.req:2)" in text


def test_a_page_that_turns_firewalld_off_is_told_so() -> None:
    item = requirement("node.firewall", states=[UnitState("firewalld.service", "disabled")])
    output = rendered(TARGET, document(item))

    cautions = [(one.requirement, one.code) for one in output.cautions]
    assert ("node.firewall", "REQ570") in cautions
    assert "Caution, REQ570 (node.firewall)" in policy_file(output).text


@pytest.mark.parametrize(
    "flow",
    [Flow(1, (), "host", "host", icmp_type=42), Flow(136, ports(1), "host", "host")],
)
def test_what_firewalld_has_no_words_for_is_reported(flow: Flow) -> None:
    output = rendered(TARGET, document(requirement("a.b", flows=[flow]), roles=[HOSTS]))

    assert [row.reason for row in output.unsupported] == [Reason.INEXPRESSIBLE]
    assert not policy_of(output).findall("rule")


@pytest.mark.parametrize(("protocol", "kind"), [(1, 9), (1, 10), (58, 137)])
def test_what_firewalld_drops_before_any_rule_is_reported(protocol: int, kind: int) -> None:
    flow = Flow(protocol, (), "host", "host", icmp_type=kind)
    output = rendered(TARGET, document(requirement("a.b", flows=[flow]), roles=[HOSTS]))

    assert [row.reason for row in output.unsupported] == [Reason.IGNORED]
    assert not policy_of(output).findall("rule")


def test_all_of_udplite_is_a_protocol_without_ports() -> None:
    flow = Flow(136, (), "host", "host")
    output = rendered(TARGET, document(requirement("a.b", flows=[flow]), roles=[HOSTS]))

    (service,) = (item for item in output.artifacts if item.name.startswith("services/"))
    assert '<protocol value="136" />' in service.text
    assert "<port " not in service.text
    assert output.unsupported == ()


def test_an_ipset_with_more_than_the_usual_entries_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def options() -> list[list[str | None]]:
        return [
            [option.get("name") for option in fromstring(item.text.encode()).findall("option")]  # noqa: S314  # our own
            for item in rendered(TARGET, page()).artifacts
            if item.name.startswith("ipsets/")
        ]

    assert USUAL_ENTRIES == 65536
    assert options() == [["family"], ["family"]]
    monkeypatch.setattr(configuration, "USUAL_ENTRIES", 1)
    assert options() == [["family", "maxelem"], ["family"]]


def test_rich_rules_say_what_the_policy_says() -> None:
    policy = policy_of(rendered(TARGET, page()))
    output = rendered(TARGET, page(), form="rich-rules")

    rules = [
        line for line in output.artifacts[-2].text.splitlines() if line.startswith("rule family=")
    ]

    assert rules[0] == (
        'rule family="ipv4" source ipset="reqc-calico-openstack-host4"'
        ' service name="reqc-calico-openstack-tcp-179" accept'
    )
    assert len(rules) == len(policy.findall("rule"))
    assert not any(item.name.startswith("policies/") for item in output.artifacts)


def test_no_other_form_is_known() -> None:
    with pytest.raises(SettingError, match="form must be policy or rich-rules, not 'zone'"):
        rendered(TARGET, page(), form="zone")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.sampled_from(["policy", "rich-rules"]))
def test_limits_are_kept_whatever_the_document(asked: LoweredDocument, form: str) -> None:
    output = rendered(TARGET, asked, form=form)
    files = {item.name: item.text for item in output.artifacts}
    names = {name.removesuffix(".xml") for name in files if name.endswith(".xml")}
    for script in ("apply.sh", "uninstall.sh"):
        subprocess.run([require("dash"), "-n"], input=files[script].encode(), check=True)

    assert all(re.fullmatch(r"[a-z]+/reqc-[A-Za-z0-9_-]+", name) for name in names)
    longest = {"policies": 17, "ipsets": 31, "services": 60}
    assert all(len(Path(name).name) <= longest[name.split("/")[0]] for name in names)
    rules = next((text for name, text in files.items() if "policies/" in name), "")
    rules += "".join(re.findall("(?m)^rule family=.*$", files["apply.sh"]))
    named = re.findall(r'(ipset|service name)="?([^"]+)"', rules)
    kinds = {"ipset": "ipsets", "service name": "services"}
    assert {f"{kinds[kind]}/{name}" for kind, name in named} == {
        name for name in names if not name.startswith("policies/")
    }
    for name, text in files.items():
        if name.startswith("ipsets/"):
            networks = [ip_network(entry) for entry in re.findall("<entry>(.*)</entry>", text)]
            family = {4: "inet", 6: "inet6"}[networks[0].version]
            assert f'<option name="family" value="{family}" />' in text
            assert len({one.version for one in networks}) == 1
            ordered = sorted(networks, key=lambda one: int(one[0]))
            assert all(int(one[-1]) < int(two[0]) for one, two in pairwise(ordered))
