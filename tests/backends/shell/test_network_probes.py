"""Ports in use, who holds them, and how long connections are waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from reqc.compiler.checks import PortFree, Reachable
from tests.backends.shell.nodes import SHELLS, Node, agreed, output, report
from tests.backends.shell.samples import checking, script
from tests.tools import needs_root

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
HOLDING = "   0: 0100007F:{port:04X} 00000000:0000 {state} 0:0 00:0 0 0 0 {inode} 1 0\n"


def sockets(node: Node, table: str, *rows: tuple[int, str, int]) -> None:
    """Make a table of sockets from ports, states and inodes."""
    lines = (HOLDING.format(port=port, state=state, inode=inode) for port, state, inode in rows)
    node.write(f"proc/net/{table}", HEAD + "".join(lines))


def test_a_taken_port_names_its_process(node: Node) -> None:
    sockets(node, "tcp", (179, "0A", 4711), (1790, "0A", 1))
    node.link("proc/812/fd/3", "socket:[471]")
    node.link("proc/813/fd/3", "/dev/null")
    node.link("proc/813/fd/4", "socket:[4711]")
    node.write("proc/813/comm", "bird\n")

    (item,) = agreed(node, PortFree("tcp", 179))

    assert item["state"] == "fail"
    assert item["found"] == "something listens on tcp port 179 (process 813, bird)"


def test_protocols_and_states_are_kept_apart(node: Node) -> None:
    sockets(node, "tcp", (179, "01", 1), (4789, "0A", 2))
    sockets(node, "tcp6", (5473, "0A", 3))
    sockets(node, "udp", (4789, "01", 4))
    sockets(node, "udp6", (51820, "07", 5))
    asked = [("tcp", 179), ("tcp", 5473), ("udp", 4789), ("udp", 51820), ("udp", 5473)]

    found = agreed(node, *(PortFree(protocol, port) for protocol, port in asked))  # type: ignore[arg-type]  # words

    assert [item["state"] for item in found] == ["pass", "fail", "pass", "fail", "pass"]


def test_one_protocol_that_cannot_be_seen_is_unknown(node: Node) -> None:
    sockets(node, "tcp6")

    found = agreed(node, PortFree("tcp", 179), PortFree("udp", 179))

    assert [item["state"] for item in found] == ["pass", "unknown"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_port_of_this_machine_is_held_by_this_process(shell: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = report(shell, script(checking(PortFree("tcp", port))), tmp_path)["node.n1"]

    assert f"(process {os.getpid()}, " in found["found"]


def test_another_user_is_told_to_run_as_root(open_folder: Path) -> None:
    needs_root()
    with socket.create_server(("127.0.0.1", 0)) as server:
        text = script(checking(PortFree("tcp", server.getsockname()[1])))
        found = report("dash", text, open_folder, user=65534)["node.n1"]

    assert found["found"].endswith("; run as root to learn who") or "container" in found["found"]


def test_connections_are_waited_for_as_long_as_asked(node: Node) -> None:
    # An address for documentation: nothing answers there.
    made = checking(Reachable("etcd", ("192.0.2.1",), 2379))

    _, printed = output("dash", node, made, "--network", "--timeout", "1")

    assert "no connection to 192.0.2.1 port 2379" in printed or "cannot be probed" in printed
