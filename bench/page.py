"""Writes what was measured as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rows import Line, Row, tables


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and with what was measured; `date` is empty where nobody told it."""

    machine: Sequence[tuple[str, str]]
    peers: Sequence[tuple[str, str]]
    date: str = ""
    quick: bool = False


def page(lines: Sequence[Line], circumstances: Circumstances) -> str:
    """Return the page; the same rows give the same bytes."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # Markdown; the filter below guards the cells
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    found = tables(lines)
    rows = [row for _, table in found for row in table]
    template = environment.get_template("page.md.jinja")
    return template.render(
        circumstances=circumstances,
        tables=[(heading, [_cells(row) for row in table]) for heading, table in found],
        budgets=sum(row.budget is not None for row in rows),
        missed=[row for row in rows if row.met is False],
        absent=[row for row in rows if row.missing],
    )


def _cells(row: Row) -> tuple[str, ...]:
    ratios = tuple(_ratio(number) for number in (row.clock, row.processors))
    measured = f"not measured: {row.missing}" if row.missing else row.measured
    verdict = row.verdict
    return row.name, *ratios, measured, str(row.budget or "") if verdict else "", verdict


def _ratio(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:.3f}x" if number < 1 else f"{number:.2f}x"


def _cell(text: str) -> str:
    """Return a text that stays in its cell and is no markup; code in backquotes stays code."""
    text = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    return text.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
