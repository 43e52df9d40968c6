"""Write the traffic of a deployment as the table that firewall teams ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reqc.backends.base import (
    Artifact,
    Language,
    Output,
    Reason,
    Setting,
    Target,
    Unsupported,
    left_out,
)
from reqc.backends.firewall.admission import in_page_order
from reqc.backends.ports.columns import HEAD, cells
from reqc.backends.ports.csv_text import csv_text
from reqc.backends.ports.markdown_text import markdown_text
from reqc.backends.ports.table import Row, shown, table
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import plain

_SCOPES: Final[Mapping[str, str]] = {
    "applicable": "The traffic that this deployment needs, and no more.",
    "all": "All traffic that such deployments may need, each row with its condition.",
}
_ENDINGS: Final[Mapping[str, str]] = {"csv": "csv", "markdown": "md", "json": "json"}


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return one file."""
    scope, form = settings["rows"], settings["format"]
    rows = table(document, complete=scope == "all")
    unsupported = _unsupported(document, rows)
    text = _written(document, settings, rows, unsupported)
    identity = document.identity
    name = f"{identity.product}-{identity.version}-{identity.platform}-ports".replace("/", "-")
    return Output((Artifact(f"{name}.{_ENDINGS[form]}", text),), unsupported)


def _written(
    document: LoweredDocument,
    settings: Mapping[str, str],
    rows: tuple[Row, ...],
    unsupported: tuple[Unsupported, ...],
) -> str:
    scope = settings["rows"]
    if settings["format"] == "json":
        # what describes the form takes longer to load than the other forms to write
        from reqc.backends.ports.json_text import json_text  # noqa: PLC0415

        return json_text(document, "all" if scope == "all" else "applicable", rows, unsupported)
    told = [cells(document, row) for row in rows]
    if settings["format"] == "markdown":
        return markdown_text(document, _SCOPES[scope], told, unsupported)
    lines = ([tuple(plain(part) for part in cell) for cell in row] for row in told)
    return csv_text([[(title,) for title in HEAD], *lines])


def _unsupported(document: LoweredDocument, rows: tuple[Row, ...]) -> tuple[Unsupported, ...]:
    """Name what applies, or may apply, and has no row, or not all of its rows."""
    in_table = {reason.requirement.origin.id for row in rows for reason in row.reasons}
    where = "it asks for no traffic; other targets carry it"
    reports = left_out(document, lambda item: bool(item.flows), where, binds=lambda _: True)
    missing = [row for row in reports if row.requirement not in in_table]
    return in_page_order(document, (*missing, *_elsewhere(document)))


def _elsewhere(document: LoweredDocument) -> Iterator[Unsupported]:
    """Name the traffic of requirements that other hosts have among themselves."""
    for item in document.requirements:
        if item.applies:
            inside = shown(document, item)
            outside = (flow for flow in item.flows if flow not in inside)
            for detail in dict.fromkeys(_other(document, flow) for flow in outside):
                yield Unsupported(item.origin.id, Reason.ELSEWHERE, detail)


def _other(document: LoweredDocument, flow: Flow) -> str:
    roles = (name for name in (flow.destination, flow.source) if document.role(name))
    hint = next((f"; compile with --role {name}" for name in roles), "")
    return f"it is traffic from {flow.source} to {flow.destination}{hint}"


TARGET: Final = Target(
    "ports",
    "The table of ports that firewall teams ask for, as CSV, Markdown or JSON.",
    Language.FLOWS,
    render,
    (
        Setting("format", "csv", "how the table is written", values=tuple(_ENDINGS)),
        Setting(
            "rows",
            "applicable",
            "applicable is what the choices made need, all is every row with its condition",
            values=tuple(_SCOPES),
        ),
    ),
    every_role=True,
)
