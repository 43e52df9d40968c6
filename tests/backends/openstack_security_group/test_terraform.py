"""Security groups for Terraform: the flows and nothing else, in a module that can be applied."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from reqc.backends.base import Output, Reason, SettingError
from reqc.backends.openstack_security_group.backend import TARGET
from reqc.backends.openstack_security_group.terraform import literal
from reqc.compiler.flows import Flow
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import HOSTS, page, ports, rendered
from tests.backends.firewall.test_properties import documents
from tests.backends.openstack_security_group.cloud import Cloud
from tests.backends.openstack_security_group.provider import complaints
from tests.deployments import SHIPPED, shipped
from tests.documents import document, requirement, role
from tests.real.oracle import Oracle
from tests.real.probes import WITH_PORTS, Probe, Way
from tests.real.probing import probes_for

GROUP = "openstack_networking_secgroup_v2"
RULE = "openstack_networking_secgroup_rule_v2"
SPECS = Path(__file__).parents[3] / "specs"
ADDRESSES = {
    "host": ("10.98.0.0/24", "10.98.7.7/32", "fd00:98::/120"),
    "typha": ("10.98.1.1/32", "fd00:98:1::1/128"),
    "etcd": ("10.98.2.0/30", "fd00:98:2::/64"),
    "apiserver": ("10.98.3.3/32", "fd00:98:3::3/128"),
}


def module(asked: LoweredDocument, **chosen: str) -> dict[str, Any]:
    (artifact,) = rendered(TARGET, asked, **chosen).artifacts
    found: dict[str, Any] = json.loads(artifact.text)
    return found


def rules(asked: LoweredDocument, **chosen: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = module(asked, **chosen)["resource"].get(RULE, {})
    return found


def one(*flows: Flow, **chosen: str) -> Output:
    rows = [requirement(f"a.r{number}", flows=[flow]) for number, flow in enumerate(flows)]
    return rendered(TARGET, document(*rows, roles=[HOSTS], platform="openstack"), **chosen)


def surprises(asked: LoweredDocument, **chosen: str) -> list[Probe]:
    """Return the packets that do not fare as the oracle says, at an instance with all groups."""
    found = module(asked, **chosen)
    members = {f"${{{GROUP}.{item.name}.id}}": item.addresses for item in asked.roles}
    cloud = Cloud(list(found["resource"].get(RULE, {}).values()), members)
    groups = {f"${{{GROUP}.{name}.id}}" for name in asked.host_roles}
    oracle = Oracle(asked)
    return [
        probe
        for probe in probes_for(asked)
        if probe.way is Way.NEW
        and (probe.port or probe.protocol not in WITH_PORTS)
        and cloud.lets_in(groups, probe) != oracle.permitted(probe)
    ]


def every_deployment() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (spec, roles)
        for spec in SHIPPED
        for size in (1, len(shipped(spec).roles))
        for roles in combinations(shipped(spec).roles, size)
    ]


@pytest.mark.parametrize(("spec", "roles"), every_deployment())
def test_shipped_specifications_do_what_the_oracle_says(spec: str, roles: tuple[str, ...]) -> None:
    found = shipped(spec)
    more = {"typha": True, "flannel": True} if "flannel" in found.options else {}
    asked = lower(found, Deployment({"vxlan": True, "ipv6": True, **more}, roles, ADDRESSES))

    assert complaints(module(asked)) == []
    assert surprises(asked) == []
    outside = ",".join(sorted(set(found.roles) - set(roles)))
    assert complaints(module(asked, outside=outside)) == []
    assert surprises(asked, outside=outside) == []
    reports = rendered(TARGET, asked).unsupported
    assert {row.reason for row in reports} == {Reason.ELSEWHERE}


def test_a_document_of_every_form_does_what_the_oracle_says() -> None:
    asked = document(
        requirement("a.tcp", flows=[Flow(6, ports(1, (70, 90), 443, 65535), "host", "host")]),
        requirement("a.same", flows=[Flow(6, ports((70, 90)), "host", "host")]),
        requirement("a.any", flows=[Flow(17, ports(85), "any", "host")]),
        requirement("a.all", flows=[Flow(132, (), "etcd", "host")]),
        requirement("a.dccp", flows=[Flow(33, ports(5001), "etcd", "host")]),
        requirement("a.udplite", flows=[Flow(136, ports(5001), "etcd", "host")]),
        requirement("a.echo", flows=[Flow(1, (), "host", "host", 8)]),
        requirement("a.icmp", flows=[Flow(58, (), "etcd", "host")]),
        requirement("a.ipip", flows=[Flow(4, (), "host", "host"), Flow(94, (), "etcd", "host")]),
        requirement("a.esp", flows=[Flow(50, (), "any", "host"), Flow(51, (), "any", "host")]),
        roles=[HOSTS, role("etcd", "10.0.9.0/24", "fd00:9::/64")],
        platform="openstack",
    )

    assert complaints(module(asked)) == []
    assert surprises(asked) == []
    assert surprises(asked, outside="etcd") == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_whatever_a_document_says_it_stays_in_its_place(asked: LoweredDocument) -> None:
    for outside in ("", "etcd,a-b"):
        output = rendered(TARGET, asked, outside=outside)
        assert complaints(module(asked, outside=outside)) == []
        assert output == rendered(TARGET, asked, outside=outside)
        written = [json.dumps(item) for item in rules(asked, outside=outside).values()]
        assert len(set(written)) == len(written)


def test_the_judge_knows_what_is_refused() -> None:
    found = module(page())
    name, rule = next(iter(found["resource"][RULE].items()))
    for wrong in (
        {"protocol": "ipip"},
        {"protocol": 4},
        {"protocol": "4"},  # with ports
        {"port_range_min": 0},
        {"description": "x" * 256},
        {"description": '${file("/etc/passwd")}'},
        {"description": "%{ if true }"},
        {"remote_ip_prefix": "10.0.0.0/8"},
        {"remote_group_id": "${openstack_networking_secgroup_v2.none.id}"},
        {"surprise": 1},
    ):
        resources = {**found["resource"], RULE: {name: {**rule, **wrong}}}
        assert complaints({**found, "resource": resources}), wrong
    assert complaints(found) == []


def test_a_rule_is_one_for_each_version_from_the_group_itself() -> None:
    own = "${openstack_networking_secgroup_v2.host.id}"
    found = rules(page(host_roles=("host",)))

    assert found["host_tcp_179_from_host_ipv6"] == {
        "security_group_id": own,
        "direction": "ingress",
        "ethertype": "IPv6",
        "protocol": "tcp",
        "port_range_min": 179,
        "port_range_max": 179,
        "remote_group_id": own,
        "description": "reqc: network.bgp",
    }
    assert found["host_protocol_4_from_host_ipv4"]["protocol"] == "4"
    assert "host_protocol_4_from_host_ipv6" not in found
    assert found["host_udp_4789_from_host_ipv4"]["description"] == (
        "reqc: network.vxlan, network.flannel"
    )
    assert found["host_tcp_9099_from_0-0-0-0-0_ipv4"]["remote_ip_prefix"] == "0.0.0.0/0"


def test_a_group_that_is_only_a_source_has_no_rules() -> None:
    found = module(page(host_roles=("etcd",)))

    assert {item["name"] for item in found["resource"][GROUP].values()} == {
        "calico-openstack-etcd",
        "calico-openstack-host",
    }
    assert {item["security_group_id"] for item in found["resource"][RULE].values()} == {
        "${openstack_networking_secgroup_v2.etcd.id}"
    }


def test_roles_outside_the_cloud_are_told_by_address() -> None:
    found = rules(page(host_roles=("etcd",)), outside="host")

    assert [item.get("remote_ip_prefix") for item in found.values()] == [
        "10.98.0.0/24",
        "10.98.7.7/32",
        "fd00:98::/120",
    ]
    assert list(module(page(host_roles=("etcd",)), outside="host")["resource"][GROUP]) == ["etcd"]


def test_a_role_outside_whose_addresses_nobody_said_is_anyone() -> None:
    asked = page(hosts=role("host"), host_roles=("etcd",))
    found = module(asked, outside="host")

    assert {item["remote_ip_prefix"] for item in found["resource"][RULE].values()} == {
        "0.0.0.0/0",
        "::/0",
    }
    assert "Source host: nobody said its addresses, so its rules are for any source" in found["//"]


@pytest.mark.parametrize(
    ("outside", "words"), [("nobody", "which is no role"), ("etcd,host", "whose hosts")]
)
def test_outside_names_roles_that_the_groups_are_not_for(outside: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        rendered(TARGET, page(host_roles=("host",)), outside=outside)


def test_neutron_takes_no_rule_twice() -> None:
    asked = document(
        requirement("a.b", flows=[Flow(6, ports(80, 443), "host", "host")]),
        requirement("a.c", flows=[Flow(6, ports(443, 8443), "host", "host")]),
        roles=[HOSTS],
        platform="openstack",
    )
    found = {
        item["port_range_min"]: item["description"]
        for item in rules(asked).values()
        if item["ethertype"] == "IPv4"
    }

    assert found == {80: "reqc: a.b", 443: "reqc: a.b, a.c", 8443: "reqc: a.c"}
    assert len(rules(asked)) == 6


def test_type_zero_is_every_type_to_the_provider_of_terraform() -> None:
    flow = Flow(1, (), "host", "host", icmp_type=0)
    (row,) = one(flow).unsupported

    assert (row.reason, "use form=ansible" in row.detail) == (Reason.INEXPRESSIBLE, True)
    assert not module(document(requirement("a.b", flows=[flow])))["resource"].get(RULE)
    assert one(flow, form="ansible").unsupported == ()


def test_port_zero_is_none() -> None:
    (row,) = one(Flow(6, ports((0, 9)), "host", "host")).unsupported

    assert (row.reason, row.detail) == (Reason.INEXPRESSIBLE, "security groups know no port 0")
    assert one(Flow(6, (), "host", "host")).unsupported == ()


def test_a_description_is_no_longer_than_neutron_takes() -> None:
    rows = [
        requirement(f"section.{'r' * 40}{number}", flows=[Flow(6, ports(1), "host", "host")])
        for number in range(20)
    ]
    found = rules(document(*rows, roles=[HOSTS], platform="openstack"))

    assert {len(item["description"]) for item in found.values()} == {255}
    assert all(item["description"].endswith("...") for item in found.values())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("${a}", "$${a}"),
        ("%{if}", "%%{if}"),
        ("$${a}", "$$${a}"),
        ("$ {a} $a %a", "$ {a} $a %a"),
    ],
)
def test_a_text_is_no_template(text: str, written: str) -> None:
    assert literal(text) == written


def test_a_project_may_not_have_that_many_rules_by_default() -> None:
    asked = document(
        requirement("a.b", flows=[Flow(6, ports(1), "etcd", "host")]),
        roles=[HOSTS, role("etcd", *(f"10.0.{number}.1" for number in range(101)))],
        platform="openstack",
    )

    assert any(
        "rules: 101, more than the 100" in line for line in module(asked, outside="etcd")["//"]
    )
    assert "Groups: 2; rules: 2" in module(asked)["//"]


def test_other_platforms_are_warned_of() -> None:
    asked = document(requirement("a.b", flows=[Flow(6, ports(1), "host", "host")]), roles=[HOSTS])
    (caution,) = rendered(TARGET, asked).cautions

    assert caution.code == "REQ575"
    assert rendered(TARGET, page()).cautions == ()


def test_the_bytes_are_the_same_in_every_process() -> None:
    arguments = ["compile", str(SPECS / "v3.16-openstack.req"), "-t", "openstack-security-group"]
    texts = {
        subprocess.run(
            [sys.executable, "-m", "reqc", *arguments, "--role", "etcd", "-O", f"form={form}"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
        for form in ("terraform", "ansible")
    }

    assert len(texts) == 2
