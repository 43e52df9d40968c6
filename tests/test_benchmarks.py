"""What the benchmark measures is sound, and what it finds is told as it was found."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reqc.backends.registry import TARGETS, target
from reqc.compiler.diagnostics import Report
from reqc.compiler.lint.linter import lint
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.resolve import resolve

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture(autouse=True)
def bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


def lines() -> list[Any]:
    rows = module("rows")
    budget = rows.Budget(2, of_processors=True)
    return [
        rows.Heading("A part", "With a note."),
        rows.Row("quick", 1.25, 1.5, "1 ms against 2 ms", budget, 1.5, seconds=(0.001, 0.002)),
        rows.Row("slow | a_b", 3.0, 2.5, "5 ms", budget, 2.5),
        rows.Row("just told", measured="7"),
        rows.missing("peer", "no peer; make bench-peers brings it"),
        rows.Heading("Nothing below"),
    ]


@pytest.mark.parametrize("count", [10, 100, 300])
def test_generated_documents_are_sound_and_every_target_writes_them(
    count: int, tmp_path: Path
) -> None:
    generated = module("generated")
    spec = tmp_path / "example.req"
    spec.write_text(generated.specification(count), encoding="utf-8")
    report = Report()
    document = resolve(str(spec), report)
    assert document is not None
    assert not [*report.sorted(), *lint(document)]
    assert len(document.requirements) == count
    deployment = Deployment(choices=generated.choices(count), addresses=generated.ADDRESSES)
    lowered = lower(document, deployment)
    for name in TARGETS:
        found = target(name)
        output = found.render(lowered, found.defaults)
        assert not output.refusals, name
        assert output.artifacts, name


def test_a_line_that_is_sent_is_received_as_it_was() -> None:
    rows = module("rows")
    assert [rows.received(rows.sent(line)) for line in lines()] == lines()


def test_verdicts_follow_the_budget() -> None:
    rows = module("rows")
    told = [line.verdict for line in lines() if isinstance(line, rows.Row)]
    assert told == ["met", "NOT MET", "", ""]


def test_the_page_tells_every_row_and_what_missed_its_budget() -> None:
    page = module("page")
    machine = (("processor", "Some <b>Processor</b>"), ("cores", "2"))
    told = page.page(lines(), page.Circumstances(machine, (("peer", "1.2"),)))
    assert told == page.page(lines(), page.Circumstances(machine, (("peer", "1.2"),)))
    for row in (
        "| processor | Some &lt;b>Processor&lt;/b> |",
        "| peer | 1.2 |",
        "| quick | 1.25x | 1.50x | 1 ms against 2 ms | 2x of processors | met |",
        "| slow \\| a\\_b | 3.00x | 2.50x | 5 ms | 2x of processors | NOT MET |",
        "| just told |  |  | 7 |  |  |",
        "| peer |  |  | not measured: no peer; make bench-peers brings it |  |  |",
        "Of 2 budgets 1 is not met:",
        "Not measured: 1; the rows say why.",
    ):
        assert f"\n{row}\n" in told
    assert "Nothing below" not in told
    assert "date" not in told


def test_a_program_that_is_not_there_gives_a_row_that_says_so() -> None:
    commands, measure = module("commands"), module("measure")
    absent = commands.process(["/nowhere/peer"])
    row = measure.compared("ours / peer", commands.process(commands.NOTHING), absent, runs=1)
    assert row.missing == "no peer; make bench-peers brings it"


def test_a_program_that_fails_gives_a_row_that_says_why() -> None:
    commands, measure = module("commands"), module("measure")
    failing = commands.process([*commands.NOTHING[:2], "raise SystemExit('no such thing')"])
    row = measure.compared("ours / peer", commands.process(commands.NOTHING), failing, runs=1)
    assert row.missing.endswith("ended with 1 and said: no such thing")


def test_memory_is_that_of_the_program_and_not_of_the_one_that_starts_it() -> None:
    commands = module("commands")
    held = bytearray(150_000_000)
    small = commands.watched(commands.NOTHING)
    large = commands.watched([*commands.NOTHING[:2], f"bytearray({len(held)})"])
    assert small.memory < 100
    assert large.memory > 150
