"""Judges the machine: its architecture, its size, and what processes on it can be given."""

from __future__ import annotations

import re

from reqc.compiler.checks import Architecture, Capability, DiskSpace, Memory, Processors
from reqc.compiler.evaluation.comparing import counts
from reqc.compiler.evaluation.node import Node, not_collected
from reqc.compiler.evaluation.outcome import Outcome, decided, unknown


def architecture(probe: Architecture, node: Node) -> Outcome:
    """Judge the name of the machine."""
    machine, looked = node.facts.machine, "/proc/sys/kernel/arch"
    if machine is None:
        return unknown("no file tells the machine", looked)
    return decided(machine, looked, holds=machine in probe.machines)


def capability(probe: Capability, node: Node) -> Outcome:
    """Look for the bit of a capability in the bounding set."""
    bounding, looked = node.facts.bounding_set or "", "/proc/self/status"
    if not re.fullmatch(r"[0-9a-f]+", bounding):
        return unknown("the bounding set of this process cannot be read", looked)
    if int(bounding, 16) >> probe.number & 1:
        return decided(f"{probe.name} can be given", looked, holds=True)
    found = f"{probe.name} is not in the bounding set {bounding}"
    return decided(found, looked, holds=False)


def processors(probe: Processors, node: Node) -> Outcome:
    """Count the processors online."""
    count, looked = node.facts.processors, "/sys/devices/system/cpu/online"
    if count is None:
        return unknown("the processors cannot be counted", looked)
    return counts(count, probe.relation, probe.count, looked, "online")


def memory(probe: Memory, node: Node) -> Outcome:
    """Compare the memory."""
    total, looked = node.facts.memory, "/proc/meminfo"
    if total is None:
        return unknown("MemTotal cannot be read", looked)
    return counts(total, probe.relation, probe.kibibytes, looked, "KiB")


def disk_space(probe: DiskSpace, node: Node) -> Outcome:
    """Compare the size of a file system."""
    looked = f"df {probe.path}"
    if probe.path not in node.facts.disk_space:
        return not_collected(f"the size of the file system of {probe.path}", looked)
    size = node.facts.disk_space[probe.path]
    if size is None:
        return unknown("df does not tell its size", looked)
    return counts(size, probe.relation, probe.kibibytes, looked, "KiB")
