"""Whatever a document and an inventory say, packets fare as the oracle says, in every firewall.

`REQC_EXAMPLES` is how many are tried; `make fuzz-firewalls` tries thousands.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqc.compiler.flows import Flow, Ports
from reqc.compiler.lowered import LoweredDocument
from tests.documents import document, requirement, role
from tests.real.firewalls import FIREWALLS, laboratory, load, surprises
from tests.real.oracle import Mode
from tests.real.probes import WITH_PORTS

EXAMPLES: Final = int(os.environ.get("REQC_EXAMPLES", "12"))
ROLES: Final = ("host", "etcd", "peer", "a role with a name that is longer than a name of a set")
PORT: Final = st.one_of(
    st.sampled_from([0, 1, 22, 67, 68, 546, 547, 2222, 65534, 65535]), st.integers(0, 65535)
)
PORTS: Final = st.lists(
    st.one_of(
        PORT.map(lambda port: Ports(port, port)),
        st.tuples(PORT, PORT).map(lambda row: Ports(min(row), max(row))),
        # many ranges that touch, overlap, or fill a match of several ports
        st.integers(1, 60).map(lambda port: Ports(port, port + port % 3)),
    ),
    max_size=20,
).map(tuple)
SOURCE: Final = st.sampled_from([*ROLES, "any", "external"])
DESTINATION: Final = st.sampled_from(["host", "host", "etcd", "any"])
KIND: Final = st.one_of(
    st.none(), st.sampled_from([0, 4, 5, 8, 128, 133, 139]), st.integers(0, 255)
)
FLOW: Final = st.one_of(
    st.builds(Flow, st.sampled_from(sorted(WITH_PORTS)), PORTS, SOURCE, DESTINATION),
    st.builds(Flow, st.sampled_from([1, 58]), st.just(()), SOURCE, DESTINATION, KIND),
    st.builds(Flow, st.sampled_from([2, 4, 47, 94]), st.just(()), SOURCE, DESTINATION),
    st.builds(Flow, st.integers(0, 255), st.just(()), SOURCE, DESTINATION),
)
NETWORK: Final = st.one_of(
    st.sampled_from(["10.98.0.0/24", "10.98.0.128/25", "10.98.1.0/24", "10.98.0.7", "0.0.0.0/0"]),
    st.sampled_from(["fd00:98::/64", "fd00:98::/120", "fd00:98::7", "::/0", "fe80::/64"]),
    st.tuples(st.ip_addresses(v=4), st.integers(0, 32)).map(lambda row: f"{row[0]}/{row[1]}"),
    st.tuples(st.ip_addresses(v=6, network=ip_network("2000::/3")), st.integers(0, 128)).map(
        lambda row: f"{row[0]}/{row[1]}"
    ),
)
SSH: Final = st.sampled_from([22, 22, 1, 2222, 65535])


@st.composite
def documents(draw: st.DrawFn) -> LoweredDocument:
    items = [
        requirement(
            f"section.r{number}",
            flows=flows,
            applies=draw(st.sampled_from([True, True, True, False, None])),
            line=number + 1,
        )
        for number, flows in enumerate(draw(st.lists(st.lists(FLOW, max_size=3), max_size=5)))
    ]
    return document(
        *items,
        roles=[role(name, *draw(st.lists(NETWORK, max_size=3))) for name in ROLES],
        host_roles=draw(st.sampled_from([("host",), ("etcd",), ("host", "etcd")])),
        platform="p",
    )


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.sampled_from(Mode), SSH)
def test_all_firewalls_do_what_the_oracle_says(
    asked: LoweredDocument, mode: Mode, ssh: int
) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for firewall in FIREWALLS:
            lab = stack.enter_context(laboratory())
            load(lab, firewall, asked, folder, mode=mode, trial="0", ssh_port=str(ssh))
            assert surprises(lab, asked, mode, ssh) == [], firewall.name
