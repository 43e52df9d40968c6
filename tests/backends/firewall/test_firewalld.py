"""A real firewalld runs with the files and makes the rules that they ask for."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from reqc.backends.base import Output, Reason
from reqc.backends.firewalld.backend import ICMP_TYPES, POLICY_LENGTH, TARGET
from reqc.compiler.flows import Flow
from reqc.compiler.states import UnitState
from tests.backends.firewall.daemon import configured, daemon
from tests.backends.firewall.samples import HOSTS, isolated, page, ports, rendered
from tests.documents import document, requirement, role
from tests.tools import require


def policy_of(output: Output) -> Element:
    return fromstring(output.artifacts[-1].text.encode())  # noqa: S314  # our own


def chain(ruleset: str, output: Output) -> list[str]:
    name = Path(output.artifacts[-1].name).stem
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

    assert [row.requirement for row in output.unsupported] == ["a.r3"]
    assert (found.state, found.complaints) == ("running", [])
    rules = policy_of(output).findall("rule")
    assert len(chain(found.ruleset, output)) >= len(rules) > len(flows)


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

    assert {name.split("/")[0] for name in names} == {"services", "ipsets", "policies"}
    assert {f"services/{one.get('name')}.xml" for one in policy.iter("service")} <= names
    assert {f"ipsets/{one.get('ipset')}.xml" for one in policy.iter("source")} <= names
    assert len(Path(output.artifacts[-1].name).stem) <= POLICY_LENGTH


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
    assert "Caution, REQ570 (node.firewall)" in output.artifacts[-1].text


@pytest.mark.parametrize(
    "flow",
    [Flow(1, (), "host", "host", icmp_type=42), Flow(136, ports(1), "host", "host")],
)
def test_what_firewalld_has_no_words_for_is_reported(flow: Flow) -> None:
    output = rendered(TARGET, document(requirement("a.b", flows=[flow]), roles=[HOSTS]))

    assert [row.reason for row in output.unsupported] == [Reason.INEXPRESSIBLE]
    assert not policy_of(output).findall("rule")
