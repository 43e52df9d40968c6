"""The small tables against the files of the system they copy."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.tools import missing

from reqc.compiler.flows import PROTOCOL_NAMES
from reqc.compiler.knowledge.linux import (
    ARCHITECTURES,
    CAPABILITIES,
    PROTOCOL_TRAPS,
    PROTOCOLS,
    architecture,
    protocol_name,
    protocol_number,
)

SAME_NUMBER_OTHER_WORD = {"ipv4": 4, "icmpv6": 58}  # IANA's keyword, a word of firewalls


def test_capabilities_are_those_of_the_kernel_headers() -> None:
    header = Path("/usr/include/linux/capability.h")
    if not header.exists():
        missing("kernel headers")
    found = re.findall(r"^#define (CAP_[A-Z_]+)\s+(\d+)\s*$", header.read_text(), re.MULTILINE)

    assert {name: int(number) for name, number in found}.items() <= CAPABILITIES.items()


def test_capabilities_are_numbered_without_a_gap() -> None:
    assert sorted(CAPABILITIES.values()) == list(range(41))


@pytest.mark.parametrize(
    ("word", "machine"),
    [
        ("amd64", "x86_64"),
        ("x86-64", "x86_64"),
        ("arm64", "aarch64"),
        ("ppc64le", "ppc64le"),
        ("s390x", "s390x"),
    ],
)
def test_a_machine_is_named_as_uname_does(word: str, machine: str) -> None:
    assert architecture(word) == machine


def test_names_of_machines_are_stable() -> None:
    assert all(architecture(machine) == machine for machine in ARCHITECTURES.values())
    assert os.uname().machine in ARCHITECTURES.values()
    with pytest.raises(KeyError):
        architecture("z80")


def test_protocols_are_those_of_the_system() -> None:
    file = Path("/etc/protocols")
    if not file.exists():
        missing("/etc/protocols")
    rows = [line.split() for line in file.read_text().splitlines() if line and line[0] != "#"]
    system = {row[0].lower(): int(row[1]) for row in rows}
    ours = {name: number for name, number in PROTOCOLS.items() if name in system}

    assert ours == {name: system[name] for name in ours}
    assert PROTOCOLS.items() - ours.items() <= SAME_NUMBER_OTHER_WORD.items()


def test_ip_in_ip_has_no_word_of_its_own() -> None:
    assert protocol_number("ipip") is None
    assert "ip 4" in PROTOCOL_TRAPS["ipip"]
    assert protocol_number("ipencap") == protocol_number("IPv4") == 4
    assert not PROTOCOLS.keys() & PROTOCOL_TRAPS.keys()


def test_every_number_with_a_word_leads_back_to_it() -> None:
    for number in PROTOCOLS.values():
        assert protocol_number(protocol_name(number) or "") == number
    assert {number: protocol_name(number) for number in PROTOCOL_NAMES} == PROTOCOL_NAMES
    assert protocol_name(255) is None
