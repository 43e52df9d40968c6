"""Measures documents of a thousand requirements against StrictDoc."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from commands import REQC, Spent, compiling, watched
from generated import specification, strictdoc
from measure import FEW, failure
from peers import program
from rows import Heading, Line, Row, missing

COUNT = 1_000
PAIRS = (
    ("compile to json", "StrictDoc, json"),
    ("compile to html", "StrictDoc, html"),
    ("compile to markdown", "StrictDoc, html"),
    ("docs", "StrictDoc, html"),
)


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield our documents against StrictDoc's."""
    note = "Whole processes; nothing is cached. Memory is that of the largest process."
    yield Heading(f"Documents of {COUNT:,} requirements", note)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spent: dict[str, list[Spent]] = {}
        problems: dict[str, str] = {}
        commands = _commands(folder)
        for _ in range(1 if quick else FEW):
            _round(folder, commands, spent, problems)
    for mine, theirs in PAIRS:
        row = f"{mine} / {theirs}"
        problem = problems.get(mine) or problems.get(theirs)
        yield missing(row, problem) if problem else _compared(row, spent[mine], spent[theirs])


def _commands(folder: Path) -> Mapping[str, Sequence[str]]:
    """Write the documents, and return what makes something of them; all output is below `out`."""
    spec, source, out = folder / "example.req", folder / "sdoc", folder / "out"
    spec.write_text(specification(COUNT), encoding="utf-8")
    source.mkdir()
    (source / "example.sdoc").write_text(strictdoc(COUNT), encoding="utf-8")
    found = {
        f"compile to {name}": compiling(str(spec), "--target", name, "--output", str(out / name))
        for name in ("json", "html", "markdown")
    }
    found["docs"] = [REQC, "docs", str(spec), "--output", str(out / "docs")]
    for form in ("json", "html"):
        # what StrictDoc keeps for its next run is below its output, too
        options = ["--formats", form, "--output-dir", str(out / "strictdoc")]
        found[f"StrictDoc, {form}"] = [str(program("strictdoc")), "export", *options, str(source)]
    return found


def _round(
    folder: Path,
    commands: Mapping[str, Sequence[str]],
    spent: dict[str, list[Spent]],
    problems: dict[str, str],
) -> None:
    for name, command in commands.items():
        if name in problems:
            continue
        shutil.rmtree(folder / "out", ignore_errors=True)
        (folder / "out").mkdir()
        try:
            spent.setdefault(name, []).append(watched(command))
        except (subprocess.SubprocessError, OSError) as problem:
            problems[name] = failure(problem)


def _compared(name: str, mine: Sequence[Spent], theirs: Sequence[Spent]) -> Row:
    pairs = list(zip(mine, theirs, strict=True))
    sides = [
        f"{median(one.clock for one in side):.2f} s, {max(one.memory for one in side):.0f} MB"
        for side in (mine, theirs)
    ]
    return Row(
        name,
        median(one.clock / two.clock for one, two in pairs),
        median(one.processors / two.processors for one, two in pairs),
        " against ".join(sides),
    )
