"""Measures how long `reqc evaluate` takes for the facts of many nodes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from measure import Budget, Cost, heading, missing
from tests.backends.shell.common_node import common
from tests.backends.shell.nodes import Node

REQC = str(Path(sys.executable).with_name("reqc"))
SPEC = str(Path(__file__).parents[1] / "specs" / "v3.16-openstack.req")
DISTINCT = 200
SYSTEMS = (("ubuntu", "18.04"), ("ubuntu", "22.04"), ("rhel", "9.4"), ("debian", "12"))
MANY = 10_000
MOST_SECONDS = 60.0
"""For so many files, on two processors."""
MOST_GROWTH = 12.0
"""For ten times as many files."""


def measure(*, quick: bool) -> None:
    """Print the rows: few nodes, ten times as many, and the growth between them."""
    few, many = (100, 1000) if quick else (1000, MANY)
    heading(f"Facts of many nodes: reqc evaluate, {os.cpu_count()} processors")
    with TemporaryDirectory(prefix="reqc-bench-") as name:
        folder = Path(name)
        try:
            texts = list(_texts(_collected(folder)))
        except (subprocess.CalledProcessError, json.JSONDecodeError) as problem:
            missing("reqc evaluate", f"the script collects no facts: {problem}")
            return
        seconds = {count: _evaluated(folder, texts, count) for count in (few, many)}
    growth = seconds[many] / seconds[few]
    told = Budget(MOST_GROWTH).verdict(growth)
    name = f"{many:,} files / {few:,} files"
    print(f"{name:<46} {growth:9.2f}x{told}", flush=True)


def _collected(folder: Path) -> dict[str, Any]:
    """Return the facts of the common node as the script tells them."""
    root = folder / "node"
    root.mkdir()
    common(Node(root))
    script = folder / "check.sh"
    subprocess.run([REQC, "compile", SPEC, "--target", "shell", "-o", str(script)], check=True)
    command = ["dash", str(script), "--root", str(root), "--facts"]
    facts: dict[str, Any] = json.loads(
        subprocess.run(command, capture_output=True, check=True).stdout
    )
    return facts


def _texts(facts: dict[str, Any]) -> Iterator[str]:
    """Yield the facts of nodes that differ in what nodes of one cluster differ in."""
    random = Random(1)  # noqa: S311  # the same nodes in every run
    for _ in range(DISTINCT):
        node = deepcopy(facts)
        name, version = random.choice(SYSTEMS)
        node["os_release"] |= {"ID": name, "VERSION_ID": version}
        kernel = node["kernel"]
        kernel["release"] = f"5.{random.randrange(4, 19)}.0-{random.randrange(1, 200)}-generic"
        for part in ("disk", "builtin"):
            names = kernel["modules"][part]
            lost = set(random.sample(names, random.randrange(len(names) // 20 + 1)))
            kernel["modules"][part] = [item for item in names if item not in lost]
        kernel["modules"]["loaded"] += random.sample(kernel["modules"]["disk"], 20)
        yield json.dumps(node)


def _evaluated(folder: Path, texts: list[str], count: int) -> float:
    """Print and return how many seconds it takes to judge so many files."""
    facts = folder / f"facts-{count}"
    facts.mkdir()
    for number in range(count):
        file = facts / f"node-{number:05}.json"
        if number < DISTINCT:
            file.write_text(texts[number])
        else:
            file.hardlink_to(facts / f"node-{number % DISTINCT:05}.json")
    command = [REQC, "evaluate", SPEC, "--facts", str(facts), "--format", "json"]
    start = Cost.now()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    seconds, worked = Cost.now().since(start)
    judged = len(json.loads(done.stdout)["nodes"])
    assert judged == count, f"{judged} of {count} nodes were judged"
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    size = sum(map(len, texts)) / len(texts) / 1024
    told = Budget(MOST_SECONDS, " s").verdict(seconds) if count == MANY else ""
    name = f"{count:,} files of {size:.0f} KiB"
    more = f"{count / seconds:.0f} files/s, largest process {memory:.0f} MiB"
    print(f"{name:<46} {seconds:9.2f} s {worked:9.2f} s  {more}{told}", flush=True)
    return seconds
