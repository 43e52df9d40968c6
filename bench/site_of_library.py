"""Measures how long `reqc docs` takes for a library of many specifications."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory

from measure import Budget, Cost, heading

REQC = str(Path(sys.executable).with_name("reqc"))
SPECS = Path(__file__).parents[1] / "specs"
SHIPPED = ("v3.16-openstack", "v3.24-openshift")
VERSIONS = 10
MANY = 100
MOST_SECONDS = 10.0
"""For so many documents, on two processors."""


def measure(*, quick: bool) -> None:
    """Print a row for a library of few documents and one for many."""
    heading(f"A site of a library: reqc docs, {os.cpu_count()} processors")
    for count in (VERSIONS, MANY):
        with TemporaryDirectory(prefix="reqc-bench-") as name:
            folder = Path(name)
            files = list(_library(folder, count))
            runs = [_built(folder, files) for _ in range(1 if quick else 3)]
        clock, processors = (median(run[part] for run in runs) for part in (0, 1))
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        told = Budget(MOST_SECONDS, " s").verdict(clock) if count == MANY else ""
        numbers = f"{clock:9.2f} s {processors:9.2f} s {memory:8.0f} MiB"
        print(f"{f'{count} documents':<46} {numbers}{told}", flush=True)


def _built(folder: Path, files: list[str]) -> Cost:
    """Make a site where none is; return what it took."""
    with TemporaryDirectory(prefix="site-", dir=folder) as site:
        start = Cost.now()
        subprocess.run([REQC, "docs", *files, "-o", site], check=True)
        return Cost.now().since(start)


def _library(folder: Path, count: int) -> Iterator[str]:
    """Write specifications as large as the shipped ones: products with ten versions each.

    Every other version asks for something more, and for a newer kernel.
    """
    copytree(SPECS / "lib", folder / "lib")
    texts = [(SPECS / f"{name}.req").read_text(encoding="utf-8") for name in SHIPPED]
    for number in range(count):
        product, version = divmod(number, VERSIONS)
        text = texts[product % len(texts)]
        text, found = re.subn(r"(?m)^spec calico \S+", f"spec p{product} 3.{version}", text)
        assert found == 1
        text, found = re.subn(r"\bkernel >= \S+", f"kernel >= 3.{10 + version // 2}", text)
        assert found >= 1
        more = [f"  must more{item}: module more_{item}\n" for item in range(version // 2 + 1)]
        path = folder / f"p{product}-{version}.req"
        path.write_text(f'{text}section more "More" {{\n{"".join(more)}}}\n', encoding="utf-8")
        yield str(path)
