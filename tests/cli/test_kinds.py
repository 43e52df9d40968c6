"""What `reqc kinds` tells about the names of the kernel."""

from __future__ import annotations

import pytest

from tests.cli.command import reqc


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("feature", "wireguard"),
        ("match", "set"),
        ("target", "REJECT"),
        ("module", "xt_icmp"),
    ],
)
def test_a_kind_lists_the_names_it_knows(kind: str, line: str) -> None:
    lines = reqc("kinds", kind).stdout.splitlines()
    names = [
        text.split()[0] for text in lines[lines.index("names:") + 1 : lines.index("packages:")]
    ]

    assert line in names
    assert names == sorted(names)


def test_names_come_with_modules_lifetime_and_packages() -> None:
    features = reqc("kinds", "feature").stdout

    assert "WireGuard tunnels (wireguard), since kernel 5.6 [" in features
    assert features.count("] Kernels before 5.6 have WireGuard only where") == 1
    assert "No kernel has xt_icmp; " in reqc("kinds", "module").stdout
    assert "Match set of iptables (xt_set) [1]" in reqc("kinds", "match").stdout


def test_a_kind_without_a_vocabulary_lists_no_names() -> None:
    assert "names:" not in reqc("kinds", "kernel").stdout
