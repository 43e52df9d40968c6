"""The stream: objects that Calico takes, in an order that drops nothing, with their reasons."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from reqc.backends.base import Reason
from reqc.backends.calico_policy.backend import TARGET
from reqc.backends.calico_policy.names import Names, dns_label, is_node
from reqc.backends.calico_policy.objects import Objects
from reqc.backends.calico_policy.rules import Rule
from reqc.compiler.flows import Flow
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument, LoweredHost, LoweredRole
from tests.backends.calico_policy.crd import complaints
from tests.backends.calico_policy.streams import kinds, objects, stream, text_of
from tests.backends.firewall.samples import HOSTS, page, ports
from tests.backends.firewall.test_properties import documents
from tests.cli.command import reqc
from tests.deployments import SHIPPED, shipped
from tests.documents import document, requirement, role

SPECS = Path(__file__).parents[3] / "specs"
CHOICES: tuple[dict[str, bool], ...] = ({}, {"vxlan": True, "ipv6": True})
SETTINGS = [
    {"mode": mode, "staged": staged} for mode in ("guard", "enforce") for staged in ("no", "yes")
]


def named(name: str, *hosts: LoweredHost) -> LoweredRole:
    addresses = [address for host in hosts for address in host.addresses]
    return LoweredRole(name, "", None, applies=True, addresses=tuple(addresses), hosts=hosts)


ONE = LoweredHost("node1.example.org", ("10.98.0.11", "fd00:98::11"))
TWO = LoweredHost("node2", ())
BOTH = named("host", ONE, TWO)


def hosted(*roles: str) -> LoweredDocument:
    return document(
        requirement("a.bgp", flows=[Flow(6, ports(179), "host", "host")], line=7),
        requirement("a.etcd", flows=[Flow(6, ports(2379), "host", "etcd")], line=8),
        roles=[BOTH, named("etcd", TWO)],
        host_roles=roles or ("host",),
    )


def endpoints(asked: LoweredDocument, **chosen: str) -> list[dict[str, Any]]:
    return [item for item in objects(asked, **chosen) if item["kind"] == "HostEndpoint"]


@pytest.mark.parametrize("chosen", SETTINGS, ids=str)
@pytest.mark.parametrize("choices", CHOICES, ids=str)
@pytest.mark.parametrize("spec", SHIPPED)
def test_calico_takes_what_is_made_of_the_shipped_specifications(
    spec: str, choices: dict[str, bool], chosen: dict[str, str]
) -> None:
    found = shipped(spec)
    for roles in [(name,) for name in found.roles] + [tuple(found.roles)]:
        asked = lower(found, Deployment(choices, roles, {"host": ("10.0.0.0/24", "fd00::/64")}))

        assert [complaints(item) for item in objects(asked, **chosen)] == [
            [] for _ in objects(asked, **chosen)
        ]
        assert not [row for row in stream(asked).unsupported if row.reason != Reason.ELSEWHERE]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_whatever_a_document_says_it_stays_in_its_place(asked: LoweredDocument) -> None:
    for chosen in SETTINGS:
        text = text_of(stream(asked, **chosen))
        comment, _, rest = text.partition("---\n")

        assert all(line.startswith("#") for line in comment.splitlines())
        found = list(yaml.safe_load_all(rest))
        assert [complaints(item) for item in found if item] == [[] for item in found if item]
        assert len({(item["kind"], item["metadata"]["name"]) for item in found if item}) == len(
            [item for item in found if item]
        )
        assert text == text_of(stream(asked, **chosen))


def test_the_judge_knows_what_calico_refuses() -> None:
    (rest, allow, guard) = objects(page(hosts=role("host"), host_roles=("host",)))
    rule = allow["spec"]["ingress"][-1]
    for wrong in (
        {"protocol": "ipip"},
        {"protocol": 0},
        {"protocol": 256},
        {"protocol": 33},
        {"protocol": "4"},
        {"destination": {"ports": [0]}},
        {"destination": {"ports": list(range(1, 52))}},
        {"ipVersion": 5},
        {"icmp": {"type": 8}},
        {"surprise": True},
    ):
        broken = {**allow, "spec": {**allow["spec"], "ingress": [{**rule, **wrong}]}}
        assert complaints(broken), wrong
    assert complaints({**rest, "metadata": {"name": "Upper"}})
    assert complaints({**guard, "spec": {**guard["spec"], "types": ["Ingress", "Egress"]}})
    assert not complaints(allow)


def test_what_lets_the_rest_through_comes_before_what_drops_and_hosts_come_last() -> None:
    names = [(item["kind"], item["metadata"]["name"]) for item in objects(hosted("host", "etcd"))]

    assert names == [
        ("GlobalNetworkSet", "reqc-calico-openshift-host"),
        ("GlobalNetworkPolicy", "reqc-calico-openshift-host-rest"),
        ("GlobalNetworkPolicy", "reqc-calico-openshift-etcd-rest"),
        ("GlobalNetworkPolicy", "reqc-calico-openshift-host"),
        ("GlobalNetworkPolicy", "reqc-calico-openshift-etcd"),
        ("GlobalNetworkPolicy", "reqc-calico-openshift-host-guard"),
        ("GlobalNetworkPolicy", "reqc-calico-openshift-etcd-guard"),
        ("HostEndpoint", "reqc-node1.example.org"),
        ("HostEndpoint", "reqc-node2"),
    ]


def test_ip_in_ip_is_the_number_4_of_ipv4() -> None:
    (rule,) = (
        rule
        for item in objects(page(), mode="enforce")
        for rule in item["spec"].get("ingress", [])
        if rule.get("protocol") == 4
    )

    assert rule["ipVersion"] == 4
    assert "ports" not in rule.get("destination", {})
    assert rule["metadata"]["annotations"] == {
        "reqc.io/requirements": "network.ipip (example.req:24)"
    }


def test_a_rule_names_every_requirement_that_asks_for_it() -> None:
    rules = [
        (rule["action"], rule["metadata"]["annotations"]["reqc.io/requirements"])
        for item in objects(page())
        for rule in item["spec"].get("ingress", [])
        if rule.get("destination") == {"ports": [4789]}
    ]
    both = "network.vxlan (example.req:25), network.flannel (example.req:27)"

    assert rules == [("Allow", both), ("Deny", both)]


def test_only_what_comes_in_is_ruled() -> None:
    for mode in ("guard", "enforce"):
        for item in objects(hosted(), mode=mode):
            if item["kind"] == "GlobalNetworkPolicy":
                assert item["spec"]["types"] == ["Ingress"]
                assert "egress" not in item["spec"]
            if item["kind"] == "HostEndpoint":  # without it nothing could be sent
                assert item["spec"]["profiles"] == ["projectcalico-default-allow"]
        assert "failsafeInboundHostPorts:" not in text_of(stream(hosted(), mode=mode))


def test_endpoints_have_all_their_roles_whichever_are_asked_for() -> None:
    host, etcd = "reqc.io/calico-openshift-host", "reqc.io/calico-openshift-etcd"
    labels = {
        item["spec"]["node"]: sorted(item["metadata"]["labels"]) for item in endpoints(hosted())
    }

    assert labels == {"node1.example.org": [host], "node2": [etcd, host]}
    assert endpoints(hosted("etcd")) == [endpoints(hosted())[1]]
    assert [item["spec"].get("expectedIPs") for item in endpoints(hosted())] == [
        ["10.98.0.11", "fd00:98::11"],
        None,
    ]
    assert not [complaint for item in endpoints(hosted()) for complaint in complaints(item)]


def test_endpoints_can_be_left_to_calico() -> None:
    text = text_of(stream(hosted(), host_endpoints="none"))

    assert "HostEndpoint" not in kinds(objects(hosted(), host_endpoints="none"))
    assert '"hostEndpoint":{"autoCreate":"Enabled"}' in text
    assert "oc label node NODE reqc.io/calico-openshift-host=true" in text
    assert "autoCreate" not in text_of(stream(hosted()))


def test_openstack_has_no_nodes_that_calico_makes_endpoints_for() -> None:
    text = text_of(stream(page()))

    assert "autoCreate" not in text
    assert "Name the hosts in the inventory" in text


@pytest.mark.parametrize("name", ["Node_1", "a b", "-a", "", "é", "a" * 249, "a\n", "a..b"])
def test_a_host_that_no_node_can_be_called_is_refused(name: str) -> None:
    asked = document(roles=[named("host", LoweredHost(name, ("10.0.0.1",)))])
    output = stream(asked)

    assert [item.code for item in output.refusals] == ["REQ574"]
    assert output.artifacts == ()
    assert stream(asked, host_endpoints="none").refusals == ()
    assert not is_node(name)


def test_staged_policies_report_and_drop_nothing() -> None:
    items = objects(hosted(), staged="yes")

    assert "GlobalNetworkPolicy" not in kinds(items)
    assert "StagedGlobalNetworkPolicy" in kinds(items)
    assert [item["spec"] for item in items] == [item["spec"] for item in objects(hosted())]


@pytest.mark.parametrize(
    ("version", "codes"), [("3.16", ["REQ573"]), ("3.29", ["REQ573"]), ("3.30", []), ("next", [])]
)
def test_staged_policies_came_with_a_version(version: str, codes: list[str]) -> None:
    asked = document(roles=[HOSTS], version=version)

    assert [item.code for item in stream(asked, staged="yes").cautions] == codes
    assert stream(asked).cautions == ()


@pytest.mark.parametrize(
    ("flow", "words", "kept"),
    [
        (Flow(33, ports(5000), "host", "host"), "no ports of dccp", False),
        (Flow(136, ports(5000), "host", "host"), "no ports of udplite", False),
        (Flow(1, (), "host", "host", icmp_type=255), "ICMP types up to 254", False),
        (Flow(6, ports(0), "host", "host"), "know no port 0", False),
        (Flow(6, ports((0, 9)), "host", "host"), "know no port 0", True),
        (Flow(6, (), "host", "host"), "know no port 0, so that one is open to all", True),
    ],
)
def test_what_calico_has_no_words_for_is_reported(flow: Flow, words: str, kept: bool) -> None:  # noqa: FBT001  # a case
    output = stream(document(requirement("a.b", flows=[flow]), roles=[HOSTS]))
    (row,) = output.unsupported

    assert (row.requirement, row.reason) == ("a.b", Reason.INEXPRESSIBLE)
    assert words in row.detail
    assert ("action: Allow" in text_of(output)) == kept
    assert f"cannot say: a.b: {row.detail}"[:60] in text_of(output).replace("\n#  ", "")


@pytest.mark.parametrize("number", [33, 136, 6])
def test_a_protocol_with_all_its_ports_needs_none(number: int) -> None:
    asked = document(requirement("a.b", flows=[Flow(number, (), "host", "host")]), roles=[HOSTS])
    rules = [
        rule
        for item in objects(asked, mode="enforce")
        for rule in item["spec"].get("ingress", [])
        if "reqc.io/requirements" in rule["metadata"]["annotations"]
    ]

    assert [rule["protocol"] for rule in rules] == [{33: 33, 136: "UDPLite", 6: "TCP"}[number]]
    assert stream(asked, mode="enforce").unsupported == ()


def test_felix_and_its_failsafe_ports_are_told_of() -> None:
    told = text_of(stream(page())).replace("\n#  ", "")

    assert "Felix keeps open to any source, whatever a policy says: tcp 179, tcp 2379, tcp" in told
    assert "never set that to an empty list" in told
    assert "Felix keeps open" not in text_of(stream(document(roles=[HOSTS])))


def test_nothing_to_let_in_is_no_object_and_says_so() -> None:
    output = stream(document(requirement("a.b"), roles=[HOSTS]))

    assert "# No object: nothing is let in to hosts of these roles." in text_of(output)
    assert list(yaml.safe_load_all(text_of(output))) == []


def test_rules_more_than_a_policy_takes_are_in_the_next_policy() -> None:
    maker = Objects(page(), Names("a"), staged=False)
    rules: list[Rule] = [{"number": number} for number in range(2050)]
    found = list(maker.policies("host", "-guard", 7, rules))

    assert [item["metadata"]["name"] for item in found] == [  # type: ignore[index]
        "reqc-a-host-guard",
        "reqc-a-host-guard-2",
        "reqc-a-host-guard-3",
    ]
    assert [rule for item in found for rule in item["spec"]["ingress"]] == rules  # type: ignore[index]
    assert {len(item["spec"]["ingress"]) for item in found} == {1024, 2}  # type: ignore[index]


@pytest.mark.parametrize(
    "text", ["a_b", "A", "-", "", "é", "a" * 64, "a b", "\ud800", "a--b", "a-" * 31 + "b!"]
)
def test_names_that_have_to_change_stay_apart(text: str) -> None:
    name = dns_label(text)

    assert is_node(name)
    assert len(name) <= 63
    assert name != dns_label(f"{text}x")
    assert dns_label(name) == name


def test_the_bytes_are_the_same_in_every_process() -> None:
    arguments = ["compile", str(SPECS / "v3.24-openshift.req"), "--target", "calico-policy"]
    command = [sys.executable, "-m", "reqc", *arguments, "--role", "host", "--role", "typha"]
    texts = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(texts) == 1


def test_the_hosts_of_an_inventory_become_endpoints(tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    inventory.write_text(
        "host: {hosts: {node1: {ansible_host: 10.0.0.11, cidr: 10.1.0.0/24}, 10.0.0.12: }}\n"
        "typha: {hosts: {node1: }}\n"
    )
    done = reqc(
        *("compile", SPECS / "v3.24-openshift.req", "-t", "calico-policy"),
        *("--inventory", inventory),
    )
    items = list(yaml.safe_load_all(done.stdout))

    assert (done.returncode, done.stderr) == (0, "")
    assert items[0]["spec"]["nets"] == ["10.0.0.11/32", "10.0.0.12/32", "10.1.0.0/24"]
    (endpoint,) = (item for item in items if item["kind"] == "HostEndpoint")
    assert endpoint["spec"]["node"] == "node1"
    assert endpoint["spec"]["expectedIPs"] == ["10.0.0.11"]
    assert sorted(endpoint["metadata"]["labels"]) == [
        "reqc.io/calico-openshift-host",
        "reqc.io/calico-openshift-typha",
    ]


def test_the_target_tells_its_settings() -> None:
    assert [setting.name for setting in TARGET.settings] == [
        "mode",
        "ssh-port",
        "staged",
        "host-endpoints",
    ]
