"""Firewalls: what rule sets cost to write, to load, and for each packet."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from commands import compiling, process
from firewall_generators import GENERATORS
from firewall_generators import written as rule_set
from measure import FEW, RUNS, Cost, Timed, compared, failure, timed
from peers import on_path
from rows import Budget, Heading, Line, Row, missing

if TYPE_CHECKING:
    from tests.real.packet_lab import Lab

ROLES = 10
TARGETS = ("nftables", "iptables", "firewalld", "calico-policy", "openstack-security-group")
FIRST = int(IPv4Address("10.98.0.0"))
PORT = 2000
PACKETS = 20_000
FLOWS = 2_000
JUDGED = 1_000
BUDGET = Budget(1, of_processors=True)
"""For all targets with so many peers, of what aerleon takes for one."""
LOADED_WITHIN = Budget(150, " ms")
PACKET = Budget(2)
"""The whole cost of a packet: an empty firewall's, and as much again."""


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield the rows of what is written, and of what the kernel does with it."""
    runs = FEW if quick else RUNS
    yield Heading(f"Rule sets of {ROLES} roles", "Whole processes; nothing is cached.")
    with tempfile.TemporaryDirectory() as folder:
        for count in (JUDGED,) if quick else (JUDGED, 10_000):
            yield from written(Path(folder), count, runs)
    yield Heading("Rule sets in the kernel")
    if os.geteuid() != 0 or not on_path("nft"):
        yield missing("nftables", "it takes root and nft")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield from in_kernel(Path(folder), runs)


def written(folder: Path, count: int, runs: int) -> Iterator[Line]:
    """Compare all our targets, and nftables alone, with what others write for nftables."""
    everything = compile_command(folder, count, TARGETS)
    ours = {
        f"{len(TARGETS)} targets": everything,
        "nftables": compile_command(folder, count, ["nftables"]),
    }
    for tool, policy in GENERATORS.items():
        place = folder / f"{count}"
        theirs = policy(place, peers(count), PORT)
        rows = [f"{name}, {count:,} peers / {tool}, nftables" for name in ours]
        problem = _unusable(place, tool, theirs, count)
        if problem:
            yield from (missing(row, problem) for row in rows)
            continue
        for row, command in zip(rows, ours.values(), strict=True):
            judged = tool == "aerleon" and command is everything and count == JUDGED
            budget = BUDGET if judged else None
            yield compared(row, process(command), process(theirs), budget=budget, runs=runs)


def _unusable(place: Path, tool: str, command: Sequence[str], count: int) -> str:
    """Return why a tool cannot be compared; empty where it writes every address."""
    if not Path(command[0]).exists():
        return "make bench-peers brings it"
    try:
        subprocess.run(command, check=True, capture_output=True)
    except subprocess.CalledProcessError as problem:
        return failure(problem)
    rules = set(re.findall(r"[\d.]+", rule_set(place, tool)))
    told = sum(address in rules for addresses in peers(count) for address in addresses)
    return "" if told == count else f"it wrote {told:,} of {count:,} peers"


def compile_command(folder: Path, count: int, targets: Sequence[str]) -> list[str]:
    """Write a specification and an inventory, and return what compiles them."""
    spec, inventory = folder / f"{count}.req", folder / f"{count}.yaml"
    lines = ["req 1", "spec example 1.0 on openstack", *(f"role r{one}" for one in range(ROLES))]
    lines += ["section network {"]
    lines += [f"  must n{one}: allow udp {PORT + one} r{one} -> r0 on r0" for one in range(ROLES)]
    spec.write_text("\n".join([*lines, "}"]) + "\n", encoding="utf-8")
    groups = {
        f"r{one}": {"hosts": {f"h{one}-{at}": {"ansible_host": ip} for at, ip in enumerate(ips)}}
        for one, ips in enumerate(peers(count))
    }
    inventory.write_text(yaml.safe_dump(groups), encoding="utf-8")
    named = [word for name in targets for word in ("-t", name)]
    out = str(folder / f"out-{count}")
    return compiling(str(spec), *named, "--inventory", str(inventory), "-o", out)


def peers(count: int) -> list[list[str]]:
    """Return the addresses of each role; no two are neighbours, so that none can be merged."""
    each = count // ROLES
    return [
        [str(IPv4Address(FIRST + 2 * (role * each + at))) for at in range(each)]
        for role in range(ROLES)
    ]


def in_kernel(folder: Path, runs: int) -> Iterator[Line]:
    """Load rule sets of few and of many peers, and send packets through them."""
    few, many = (rules(folder, count) for count in (10, 10_000))
    empty = folder / "empty.nft"
    empty.write_text("table inet empty { }\n", encoding="utf-8")
    with laboratory() as lab:

        def loading(file: Path) -> Timed:
            return timed(lambda: lab.host.run(f"nft -f {file}"))

        row = "load 10,000 peers / 10 peers, nftables"
        yield compared(row, loading(many), loading(few), runs=runs)
        took = min(loading(many)().clock for _ in range(runs)) * 1000
        yield Row("load 10,000 peers, nftables", None, None, f"{took:.1f} ms", LOADED_WITHIN, took)
        frames = {"one connection": 1, f"{FLOWS:,} connections": FLOWS}
        for name, flows in frames.items():
            with packets(lab, flows) as sending:
                guarded = after(lab, many, sending, runs)
                open_ = after(lab, empty, sending, runs)
            row = f"a packet, 10,000 peers / none, {name}"
            yield compared(row, guarded.__next__, open_.__next__, budget=PACKET, runs=runs - 1)


def after(lab: Lab, file: Path, sending: Timed, runs: int) -> Iterator[Cost]:
    """Return what sending took in each run, through a rule set that is alone."""
    lab.host.run(f"nft flush ruleset; nft -f {file}")
    return iter([sending() for _ in range(runs)])


def rules(folder: Path, count: int) -> Path:
    """Return a rule set for nft of so many peers."""
    command = compile_command(folder, count, ["nftables"])[:-1]
    file = folder / f"{count}.nft"
    subprocess.run([*command, str(file)], check=True, capture_output=True)
    return file


@contextmanager
def packets(lab: Lab, flows: int) -> Iterator[Timed]:
    """Yield a timing of packets to a service from its last peers, from so many ports of theirs."""
    from tests.real.frames import incoming  # noqa: PLC0415  # root only
    from tests.real.packet_lab import ETHERNET  # noqa: PLC0415
    from tests.real.probes import Probe  # noqa: PLC0415

    source = peers(10_000)[ROLES - 1][-1]
    frames = [
        ETHERNET[4]
        + incoming(Probe(17, source, PORT + ROLES - 1, source_port=10_000 + number), b"01234567")
        for number in range(flows)
    ]
    with lab.host.entered():
        # what arrives waits in its queue, and is thrown away when that is full
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        receiver.bind(("", PORT + ROLES - 1))
    with lab.sender.entered():
        sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sender.bind(("v0", 0))

    def send() -> None:
        for _ in range(PACKETS // flows):
            for frame in frames:
                sender.send(frame)

    with receiver, sender:
        yield timed(send)


@contextmanager
def laboratory() -> Iterator[Lab]:
    """Yield two hosts on a wire, as the tests have them."""
    from tests.real.packet_lab import Lab  # noqa: PLC0415  # root only

    with Lab() as lab:
        yield lab
