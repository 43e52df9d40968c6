"""Policies do what the flows say, by an oracle that shares no code with the target."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqc.backends.firewall.admission import admission
from reqc.compiler.flows import Flow, Ports
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from tests.backends.calico_policy.cluster import NUMBERS, Cluster
from tests.backends.calico_policy.streams import labels, objects, stream
from tests.backends.firewall.samples import HOSTS, page
from tests.deployments import SHIPPED, shipped
from tests.documents import document, requirement, role
from tests.real.oracle import Mode, Oracle
from tests.real.probes import WITH_PORTS, Probe, Way
from tests.real.probing import probes_for

ADDRESSES = {
    "host": ("10.98.0.0/24", "10.98.7.7/32", "fd00:98::/120"),
    "typha": ("10.98.1.1/32",),
    "etcd": ("10.98.2.0/30", "fd00:98:2::/64"),
    "apiserver": ("10.98.3.3/32", "fd00:98:3::3/128"),
}
CHOICES = {"vxlan": True, "ipv6": True}
ROLES = ("host", "etcd", "peer", "a role with a name that is longer than a label may be, by far")


def surprises(asked: LoweredDocument, mode: Mode, ssh_port: int = 22) -> list[Probe]:
    """Return the packets that do not fare as the oracle says."""
    cluster = Cluster(objects(asked, mode=mode.value, ssh_port=str(ssh_port)))
    oracle = Oracle(asked)
    # no rule of Calico has a port 0
    probes = [
        probe
        for probe in probes_for(asked, ssh_port)
        if probe.port or probe.protocol not in WITH_PORTS
    ]
    verdicts = zip(probes, cluster.verdicts(labels(asked), probes), strict=True)
    return [probe for probe, found in verdicts if found != oracle.passes(probe, mode, ssh_port)]


def every_deployment() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (spec, roles)
        for spec in SHIPPED
        for size in (1, 2, len(shipped(spec).roles))
        for roles in combinations(shipped(spec).roles, size)
    ]


def deployed(spec: str, roles: tuple[str, ...]) -> LoweredDocument:
    known = shipped(spec).options
    choices = {**CHOICES, **({"typha": True, "flannel": True} if "flannel" in known else {})}
    return lower(shipped(spec), Deployment(choices, roles, ADDRESSES))


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("spec", "roles"), every_deployment())
def test_shipped_specifications_do_what_the_oracle_says(
    spec: str, roles: tuple[str, ...], mode: Mode
) -> None:
    assert surprises(deployed(spec, roles), mode) == []


@pytest.mark.parametrize("mode", Mode)
def test_a_page_does_what_the_oracle_says(mode: Mode) -> None:
    asked = page()

    assert surprises(asked, mode) == []
    assert len({Oracle(asked).passes(probe, mode) for probe in probes_for(asked)}) == 2


@pytest.mark.parametrize(("spec", "roles"), every_deployment())
def test_what_is_let_in_are_the_permits_of_the_admission(spec: str, roles: tuple[str, ...]) -> None:
    asked = deployed(spec, roles)
    nets = {
        f"{next(iter(item['metadata']['labels']))} == 'true'": item["spec"]["nets"]
        for item in objects(asked)
        if item["kind"] == "GlobalNetworkSet"
    }
    found = set()
    for item in objects(asked):
        for rule in item["spec"].get("ingress", []):
            if "reqc.io/requirements" in rule["metadata"]["annotations"] and (
                rule["action"] == "Allow"
            ):
                selector = rule.get("source", {}).get("selector", "").partition(" && ")[0]
                numbers = NUMBERS.get(rule["protocol"], rule["protocol"])
                to = str(rule.get("destination", {}).get("ports", []))
                found.add((numbers, to, str(nets.get(selector))))

    def cidr(text: str) -> str:
        return text if "/" in text else f"{text}/{128 if ':' in text else 32}"

    assert found == {
        (
            item.service.protocol,
            str([part.first for part in item.service.ports]),
            str([cidr(net) for net in (*item.peers.v4, *item.peers.v6)] if item.peers else None),
        )
        for item in admission(asked).permits
    }


PORT = st.one_of(st.sampled_from([1, 22, 67, 68, 546, 65535]), st.integers(1, 65535))
PORTS = st.lists(
    st.one_of(
        PORT.map(lambda port: Ports(port, port)),
        st.tuples(PORT, PORT).map(lambda row: Ports(min(row), max(row))),
        st.integers(1, 200).map(lambda port: Ports(2 * port, 2 * port)),
    ),
    min_size=1,
    max_size=9,
).map(tuple)
SOURCE = st.sampled_from([*ROLES, "any", "external", "undeclared"])
DESTINATION = st.sampled_from(["host", "etcd", "any"])
FLOW = st.one_of(
    st.builds(Flow, st.sampled_from([6, 17, 132]), PORTS, SOURCE, DESTINATION),
    st.builds(Flow, st.integers(0, 255), st.just(()), SOURCE, DESTINATION),
    st.builds(
        Flow, st.sampled_from([1, 58]), st.just(()), SOURCE, DESTINATION, st.integers(0, 254)
    ),
)
NETWORKS = st.lists(
    st.one_of(
        st.sampled_from(["10.98.0.0/24", "10.98.0.7", "0.0.0.0/0", "fd00:98::/64", "::/0"]),
        st.ip_addresses(v=4).map(str),
        st.ip_addresses(v=6).map(str),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def documents(draw: st.DrawFn) -> LoweredDocument:
    flows = draw(st.lists(FLOW, max_size=6))
    rows = [requirement(f"a.r{number}", flows=[flow]) for number, flow in enumerate(flows)]
    hosts = draw(st.sampled_from([("host",), ("host", "etcd"), ("etcd", "peer")]))
    return document(*rows, roles=[role(name, *draw(NETWORKS)) for name in ROLES], host_roles=hosts)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.sampled_from(Mode), st.sampled_from([22, 2222]))
def test_any_document_does_what_the_oracle_says(
    asked: LoweredDocument, mode: Mode, ssh_port: int
) -> None:
    assert surprises(asked, mode, ssh_port) == []


def test_roles_apart_and_together_are_the_same_cluster() -> None:
    together = objects(page(host_roles=("host", "etcd")))
    apart = [*objects(page(host_roles=("host",))), *objects(page(host_roles=("etcd",)))]

    assert {str(item) for item in apart} == {str(item) for item in together}


def test_a_host_with_one_role_gets_what_that_role_needs_and_no_more() -> None:
    asked = page(host_roles=("host", "etcd"))
    cluster = Cluster(objects(asked, mode="enforce"))
    host = labels(page(host_roles=("host",)))
    etcd = labels(page(host_roles=("etcd",)))

    assert cluster.lets_in(host, Probe(6, "10.98.0.9", 179))
    assert not cluster.lets_in(host, Probe(6, "10.98.0.9", 2379))
    assert not cluster.lets_in(etcd, Probe(6, "10.98.0.9", 179))
    assert cluster.lets_in(etcd, Probe(6, "10.98.0.9", 2379))


def test_other_hosts_are_left_alone() -> None:
    cluster = Cluster(objects(page(), mode="enforce"))

    assert cluster.lets_in({"role": "stranger"}, Probe(6, "203.0.113.9", 179))


def test_a_pod_that_calls_itself_a_host_is_none() -> None:
    asked = page()
    pods = {"10.244.0.5": labels(asked)}
    cluster = Cluster(objects(asked), pods)

    assert not cluster.lets_in(labels(asked), Probe(6, "10.244.0.5", 179))
    assert cluster.lets_in(
        pods["10.244.0.5"] | {"projectcalico.org/namespace": "a"}, Probe(6, "1.2.3.4", 179)
    )


def test_peers_without_addresses_are_the_endpoints_with_their_label() -> None:
    asked = page(hosts=role("host"))
    endpoint = {
        "kind": "HostEndpoint",
        "metadata": {"labels": labels(asked)},
        "spec": {"expectedIPs": ["10.0.0.11"]},
    }
    cluster = Cluster([*objects(asked), endpoint])

    assert cluster.lets_in(labels(asked), Probe(6, "10.0.0.11", 179))
    assert not cluster.lets_in(labels(asked), Probe(6, "10.0.0.12", 179))
    assert not any(item["kind"] == "GlobalNetworkSet" for item in objects(asked))


@pytest.mark.parametrize("mode", Mode)
def test_a_host_can_talk_to_itself(mode: Mode) -> None:
    cluster = Cluster(objects(page(), mode=mode.value))

    for source in ("127.0.0.1", "::1"):
        assert cluster.lets_in(labels(page()), Probe(6, source, 179, way=Way.LOOPBACK))


def test_a_port_more_than_a_rule_takes_is_in_the_next_rule() -> None:
    many = tuple(Ports(port, port) for port in range(1, 240, 2))
    asked = document(requirement("a.b", flows=[Flow(6, many, "host", "host")]), roles=[HOSTS])
    cluster = Cluster(objects(asked))

    assert stream(asked).unsupported == ()
    for port in range(1, 242):
        service = Probe(6, "10.98.0.9", port), Probe(6, "10.98.1.9", port)
        odd = port % 2 == 1 and port < 240
        assert cluster.verdicts(labels(asked), service) == [True, not odd]
