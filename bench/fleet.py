"""Measures how long `reqc evaluate` takes for the facts of many nodes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from commands import REQC, compiling, watched
from rows import Budget, Heading, Line, Row, missing
from tests.backends.shell.common_node import common
from tests.backends.shell.nodes import Node

SPEC = str(Path(__file__).parents[1] / "specs" / "v3.16-openstack.req")
DISTINCT = 200
SYSTEMS = (("ubuntu", "18.04"), ("ubuntu", "22.04"), ("rhel", "9.4"), ("debian", "12"))
MANY = 10_000
WITHIN = Budget(60, " s")
"""For so many files, on two processors."""
GROWTH = Budget(12)
"""For ten times as many files."""


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield the rows: few nodes, ten times as many, and the growth between them."""
    few, many = (100, 1000) if quick else (1000, MANY)
    yield Heading(
        "Facts of many nodes: reqc evaluate",
        f"On {os.cpu_count()} processors; memory is that of the largest process.",
    )
    with TemporaryDirectory(prefix="reqc-bench-") as name:
        folder = Path(name)
        try:
            texts = list(_texts(_collected(folder)))
        except (subprocess.CalledProcessError, json.JSONDecodeError) as problem:
            yield missing("reqc evaluate", f"the script collects no facts: {problem}")
            return
        rows, seconds = {}, {}
        for count in (few, many):
            rows[count], seconds[count] = _evaluated(folder, texts, count)
            yield rows[count]
    growth = seconds[many] / seconds[few]
    yield Row(f"{many:,} files / {few:,} files", growth, None, "", GROWTH, growth)


def _collected(folder: Path) -> dict[str, Any]:
    """Return the facts of the common node as the script tells them."""
    root = folder / "node"
    root.mkdir()
    common(Node(root))
    script = folder / "check.sh"
    subprocess.run(compiling(SPEC, "--target", "shell", "-o", str(script)), check=True)
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


def _evaluated(folder: Path, texts: list[str], count: int) -> tuple[Row, float]:
    """Return the row of judging so many files, and the seconds that it takes."""
    facts = folder / f"facts-{count}"
    facts.mkdir()
    for number in range(count):
        file = facts / f"node-{number:05}.json"
        if number < DISTINCT:
            file.write_text(texts[number])
        else:
            file.hardlink_to(facts / f"node-{number % DISTINCT:05}.json")
    answer = folder / f"answer-{count}.json"
    command = [REQC, "evaluate", SPEC, "--facts", str(facts), "--format", "json"]
    spent = watched(command, output=answer, fine=(0, 1, 2, 3))
    judged = len(json.loads(answer.read_text())["nodes"])
    assert judged == count, f"{judged} of {count} nodes were judged"
    size = sum(map(len, texts)) / len(texts) / 1024
    measured = f"{spent}, {count / spent.clock:.0f} files/s"
    budget = WITHIN if count == MANY else None
    name = f"{count:,} files of {size:.0f} KiB"
    return Row(name, None, None, measured, budget, spent.clock if budget else None), spent.clock
