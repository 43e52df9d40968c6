"""Measures how long `reqc docs` takes for a library of many specifications."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from commands import REQC, Spent, watched
from rows import Budget, Heading, Line, Row

SPECS = Path(__file__).parents[1] / "specs"
SHIPPED = ("v3.16-openstack", "v3.24-openshift")
VERSIONS = 10
MANY = 100
WITHIN = Budget(10, " s")
"""For so many documents, on two processors."""


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield a row for a library of few documents and one for many."""
    yield Heading(
        "A site of a library: reqc docs",
        f"On {os.cpu_count()} processors; memory is that of the largest process.",
    )
    for count in (VERSIONS, MANY):
        with TemporaryDirectory(prefix="reqc-bench-") as name:
            folder = Path(name)
            files = list(_library(folder, count))
            runs = [_built(folder, files) for _ in range(1 if quick else 3)]
        spent = sorted(runs, key=lambda run: run.clock)[len(runs) // 2]
        budget = WITHIN if count == MANY else None
        judged = spent.clock if budget else None
        yield Row(f"{count} documents", None, None, str(spent), budget, judged)


def _built(folder: Path, files: list[str]) -> Spent:
    """Make a site where none is; return what it took."""
    with TemporaryDirectory(prefix="site-", dir=folder) as site:
        return watched([REQC, "docs", *files, "-o", site])


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
