"""Whatever a document says, the real tools load what was made of it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqc.backends.base import Output, Target
from reqc.backends.firewalld.backend import TARGET as FIREWALLD
from reqc.backends.iptables.backend import TARGET as IPTABLES
from reqc.backends.nftables.backend import TARGET as NFTABLES
from reqc.compiler.flows import Flow, Ports
from reqc.compiler.lowered import Erratum, LoweredDocument
from tests.backends.firewall.daemon import daemon
from tests.backends.firewall.samples import canonical, isolated, rendered, written
from tests.documents import document, requirement, role
from tests.tools import require

ROLES = ["host", "etcd", "a-b", "role_with_a_name_much_longer_than_any_limit_allows"]
HOSTILE = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.sampled_from(
        [
            '" accept comment "',
            "x\nadd rule inet filter input drop",
            "\\\n",
            "trailing \\",
            "'; reboot; '",
            "$(reboot) `reboot` ${x}",
            "</description><rule/>",
            "*filter\n:INPUT DROP\nCOMMIT",
            "-->",
            "\u202e\u2028\u0000",
        ]
    ),
)
PORT = st.integers(0, 65535)
PORTS = st.lists(
    st.one_of(
        PORT.map(lambda port: Ports(port, port)),
        st.tuples(PORT, PORT).map(lambda row: Ports(min(row), max(row))),
    ),
    min_size=1,
    max_size=40,
).map(tuple)
SOURCE = st.sampled_from([*ROLES, "any", "external", "undeclared"])
DESTINATION = st.sampled_from(["host", "etcd", "any"])
FLOW = st.one_of(
    st.builds(Flow, st.sampled_from([6, 17, 33, 132, 136]), PORTS, SOURCE, DESTINATION),
    st.builds(Flow, st.integers(0, 255), st.just(()), SOURCE, DESTINATION),
    st.builds(
        Flow, st.sampled_from([1, 58]), st.just(()), SOURCE, DESTINATION, st.integers(0, 255)
    ),
)
ADDRESSES = st.lists(
    st.one_of(
        st.ip_addresses(v=4).map(str),
        st.ip_addresses(v=6).map(str),
        st.tuples(st.ip_addresses(v=4), st.integers(0, 32)).map(lambda row: f"{row[0]}/{row[1]}"),
        st.tuples(st.ip_addresses(v=6), st.integers(0, 128)).map(lambda row: f"{row[0]}/{row[1]}"),
        st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "fd00::/8", "fd00::/64"]),
    ),
    max_size=12,
)
SETTINGS = st.sampled_from(
    [{"mode": "guard"}, {"mode": "enforce"}, {"mode": "enforce", "trial": "0", "ssh_port": "65535"}]
)


@st.composite
def documents(draw: st.DrawFn) -> LoweredDocument:
    items = [
        requirement(
            f"section.r{number}",
            title=draw(HOSTILE),
            flows=draw(st.lists(FLOW, max_size=3)),
            erratum=Erratum(draw(HOSTILE)) if draw(st.booleans()) else None,
            line=number + 1,
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    roles = [role(name, *draw(ADDRESSES)) for name in ROLES]
    return document(*items, roles=roles, host_roles=("host",), platform="p")


def loaded(output: Output, script: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as name:
        return isolated(script, written(output, Path(name)))


many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(documents(), SETTINGS)
def test_nft_loads_any_document_twice_with_one_result(
    asked: LoweredDocument, chosen: dict[str, str]
) -> None:
    require("nft")
    load = "nft -f *.nft; nft -s -n -j list ruleset; "

    result = loaded(rendered(NFTABLES, asked, **chosen), load + load)

    assert (result.returncode, result.stderr) == (0, "")
    first, second = (canonical(line) for line in result.stdout.splitlines())
    assert first == second
    assert {item["table"]["name"] for item in first if "table" in item} == {"reqc_calico_p"}
    verdicts = [item["rule"]["chain"] for item in first if '"drop"' in str(item).replace("'", '"')]
    assert set(verdicts) <= {"guarded", "input"}


@few
@given(
    documents(),
    SETTINGS | st.just({"mode": "open"}),
    st.sampled_from(["iptables-nft", "iptables-legacy"]),
)
def test_iptables_applies_and_removes_any_document(
    asked: LoweredDocument, chosen: dict[str, str], variant: str
) -> None:
    require(variant)
    look = f"{variant} -S; {variant.replace('ip', 'ip6', 1)} -S; ipset list -name;"
    script = f"sh apply.sh {variant}; {look} echo =; sh apply.sh {variant}; {look} echo =;"

    result = loaded(
        rendered(IPTABLES, asked, **chosen), f"{script} sh uninstall.sh {variant}; {look}"
    )

    assert (result.returncode, result.stderr) == (0, "")
    once, twice, gone = result.stdout.split("=\n")
    assert once == twice
    assert set(re.findall(r"-[NA] (\S+)", once)) == {"INPUT", "REQC-calico-p"}
    assert set(gone.splitlines()) == {"-P INPUT ACCEPT", "-P FORWARD ACCEPT", "-P OUTPUT ACCEPT"}


@few
@given(documents())
def test_firewalld_runs_with_any_document(asked: LoweredDocument) -> None:
    with tempfile.TemporaryDirectory() as name:
        found = daemon(rendered(FIREWALLD, asked), Path(name))

    assert (found.state, found.complaints) == ("running", [])


@many
@given(documents(), SETTINGS)
def test_outputs_are_deterministic_and_every_requirement_is_accounted_for(
    asked: LoweredDocument, chosen: dict[str, str]
) -> None:
    for target in (NFTABLES, IPTABLES, FIREWALLD):
        output = rendered(target, asked, **(chosen if target.settings else {}))
        assert output == rendered(target, asked, **(chosen if target.settings else {}))
        text = "".join(item.text for item in output.artifacts)
        for item in asked.requirements:
            assert item.origin.id in text


@pytest.mark.parametrize("target", [NFTABLES, IPTABLES, FIREWALLD])
def test_targets_have_a_line_for_the_command_line(target: Target) -> None:
    assert target.summary
    assert all(setting.help for setting in target.settings)
