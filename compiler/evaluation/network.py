"""Judges interfaces, sockets and connections."""

from __future__ import annotations

from typing import Final

from reqc.compiler.checks import InterfaceNamesFree, PortFree, Reachable
from reqc.compiler.evaluation.globs import matches
from reqc.compiler.evaluation.node import Node
from reqc.compiler.evaluation.outcome import Outcome, decided, failed, passed, unknown

_CLASS: Final = "/sys/class/net"


def interface_names_free(probe: InterfaceNamesFree, node: Node) -> Outcome:
    """Judge the names of the interfaces of hardware."""
    interfaces = node.facts.interfaces
    if interfaces is None:
        return unknown("the interfaces cannot be listed", _CLASS)
    taken = [
        interface.name
        for interface in interfaces
        if interface.hardware and any(matches(glob, interface.name) for glob in probe.globs)
    ]
    if taken:
        return failed(f"{', '.join(taken)} belongs to hardware", _CLASS)
    return passed("no hardware has such a name", _CLASS)


def port_free(probe: PortFree, node: Node) -> Outcome:
    """Judge the ports on which sockets of the node listen."""
    listeners, looked = node.facts.listeners, f"/proc/net/{probe.protocol}"
    ports = listeners.tcp if probe.protocol == "tcp" else listeners.udp
    if ports is None:
        return unknown("the table of sockets cannot be read", looked)
    taken = probe.port in ports
    who = "something" if taken else "nobody"
    found = f"{who} listens on {probe.protocol} port {probe.port}"
    return decided(found, looked, holds=not taken)


def reachable(probe: Reachable, node: Node) -> Outcome:
    """Judge the connections that the collector tried; one that succeeded is enough."""
    if not probe.hosts:
        return unknown(f"nobody said where {probe.label} is; evaluate with an inventory", "")
    looked = " ".join(probe.hosts)
    tried = {
        connection.host: connection.connected
        for connection in node.facts.connections
        if connection.port == probe.port
    }
    for host in probe.hosts:
        if tried.get(host):
            return passed(f"{host} port {probe.port} accepts connections", looked)
    if tried.keys().isdisjoint(probe.hosts):
        return unknown(
            f"{probe.label} is probed only where facts are collected with --network", looked
        )
    unprobed = [host for host in probe.hosts if tried.get(host) is None]
    if unprobed:
        return unknown(f"nothing could try to connect to {', '.join(unprobed)}", looked)
    return failed(f"no connection to {', '.join(probe.hosts)} port {probe.port}", looked)
