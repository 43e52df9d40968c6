"""Scripts on the machine that runs the tests, without a fake root."""

from __future__ import annotations

import gzip
import os
import platform
from pathlib import Path

import pytest

from reqc.compiler.checks import (
    Architecture,
    CommandVersion,
    KernelCapability,
    KernelOption,
    KernelVersion,
    Memory,
    Processors,
    Relation,
    Sysctl,
)
from tests.backends.shell.nodes import SHELLS, report
from tests.backends.shell.samples import checking, script
from tests.tools import not_promised

CONFIG = Path("/proc/config.gz")
NAMES = {
    "NETFILTER_XT_SET": "xt_set",
    "IP_SET": "ip_set",
    "NF_CONNTRACK": "nf_conntrack",
    "NET_IPIP": "ipip",
    "VXLAN": "vxlan",
    "IP_VS": "ip_vs",
    "WIREGUARD": "wireguard",
    "NETFILTER_XT_MATCH_MULTIPORT": "xt_multiport",
    "NETFILTER_XT_MATCH_U32": "xt_u32",
    "NF_TABLES": "nf_tables",
    "IP_SCTP": "sctp",
    "REQC_NOWHERE": "reqc_nowhere",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_built_in_capabilities_pass_and_none_is_a_false_fail(shell: str, tmp_path: Path) -> None:
    if not CONFIG.exists() or Path("/proc/modules").exists():
        not_promised("kernel without modules and with /proc/config.gz")
    config = gzip.decompress(CONFIG.read_bytes()).decode().splitlines()
    capabilities = [
        KernelCapability(name, modules=(name,), options=(KernelOption(symbol),))
        for symbol, name in NAMES.items()
    ]

    found = report(shell, script(checking(*capabilities)), tmp_path)

    expected = ["pass" if f"CONFIG_{symbol}=y" in config else "fail" for symbol in NAMES]
    assert [item["state"] for item in found.values()] == expected
    assert "pass" in expected


@pytest.mark.parametrize("shell", SHELLS)
def test_facts_of_this_machine(shell: str, tmp_path: Path) -> None:
    release = platform.release()
    kibibytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024
    count = os.sysconf("SC_NPROCESSORS_ONLN")
    text = script(
        checking(
            Architecture((platform.machine(),)),
            Architecture(("pdp11",)),
            KernelVersion(Relation.EQUAL, release.partition("-")[0]),
            KernelVersion(Relation.AT_LEAST, "999"),
            Processors(Relation.EQUAL, count),
            Processors(Relation.GREATER, count),
            Memory(Relation.EQUAL, kibibytes),
            Memory(Relation.LESS, kibibytes),
            CommandVersion("sh"),
            CommandVersion("reqc-nowhere"),
        )
    )

    found = report(shell, text, tmp_path)

    states = [item["state"] for item in found.values()]
    assert states[:8] == ["pass", "fail"] * 4
    assert states[8:] in (["pass", "fail"], ["unknown", "unknown"])


@pytest.mark.parametrize("shell", SHELLS)
def test_numbers_of_the_running_kernel_are_read_whole(shell: str, tmp_path: Path) -> None:
    # The kernel gives the numbers of a setting to the first read only, and most shells read a
    # file byte by byte.
    keys = ("kernel.pid_max", "vm.max_map_count", "kernel.printk")
    values = [Path("/proc/sys", *key.split(".")).read_text("ascii") for key in keys]
    asked = [
        Sysctl(key, Relation.EQUAL, " ".join(value.split()))
        for key, value in zip(keys, values, strict=True)
    ]

    found = report(shell, script(checking(*asked)), tmp_path)

    assert [item["state"] for item in found.values()] == ["pass"] * len(keys)


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_of_this_machine_are_run_for_their_version(shell: str, tmp_path: Path) -> None:
    def asking(printed: str, wanted: str) -> CommandVersion:
        program = ("-c", 'printf "%s\\n" "$1"; : <"$0"', "/dev/null", printed)
        return CommandVersion("/bin/sh", program, Relation.AT_LEAST, wanted)

    text = script(
        checking(
            asking("tool 7, v1.10.3 (of 2.0)", "1.9"),
            asking("tool v1.8", "1.9"),
            asking("no version 7", "1.9"),
            asking("$(touch canary)\n`x` 'q' 1.9", "1.9"),
        )
    )

    found = report(shell, text, tmp_path)

    texts = [item["found"] for item in found.values()]
    assert ["1.10.3" in texts[0], "1.8" in texts[1], "1.9" in texts[3]] == [True] * 3
    assert "it prints no version" in texts[2]
    assert not list(tmp_path.rglob("canary"))
    if "container" not in texts[0]:
        assert [item["state"] for item in found.values()] == ["pass", "fail", "unknown", "pass"]
