"""Diagnostics as a SARIF 2.1.0 log, for code scanning and editors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from reqc import __version__
from reqc.compiler.diagnostics import Diagnostic, Label
from reqc.compiler.explanations.pages import page
from reqc.compiler.render import visible
from reqc.compiler.reports.places import absolute, region, relative, utf16_units
from reqc.compiler.reports.wording import encoded, sentence
from reqc.compiler.source import Span

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT: Final = "%SRCROOT%"
_LINK: Final = re.compile(r"(\\*)\]\(")
_PLACEHOLDER: Final = re.compile(r"\{(\d+)\}")


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the log; it describes the rules of the codes that are in it, sorted by code."""
    found = list(diagnostics)
    codes = sorted({str(item.code) for item in found})
    driver = {"name": "reqc", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "defaultEncoding": "utf-8",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that reqc was started in."}}
        },
        "results": [_result(item, codes) for item in found],
    }
    return encoded({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, object]:
    about = page(code)
    if about is None:  # the code of a target from elsewhere
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": f"{about.title}."},
        "fullDescription": {"text": about.summary},
        "help": {
            "text": f"{about.summary}\nreqc explain {code} tells more.",
            "markdown": about.text,
        },
    }


def _result(item: Diagnostic, codes: Sequence[str]) -> dict[str, object]:
    help_lines = [f"help: {item.help}"] if item.help else []
    result: dict[str, object] = {
        "ruleId": str(item.code),
        "ruleIndex": codes.index(str(item.code)),
        "level": item.severity.value,
        "message": _message(sentence(item), *help_lines),
    }
    if item.span:
        result["locations"] = [_location(Label(item.span, item.here))]
    if item.labels:
        result["relatedLocations"] = [
            {"id": number, **_location(label)} for number, label in enumerate(item.labels)
        ]
    return result


def _location(label: Label) -> dict[str, object]:
    found = region(label.span, utf16_units)
    place = {
        "artifactLocation": _artifact(label.span),
        "region": {
            "startLine": found.line,
            "startColumn": found.column,
            "endLine": found.end_line,
            "endColumn": found.end_column,
        },
    }
    message = {"message": _message(label.text)} if label.text else {}
    return {"physicalLocation": place, **message}


def _artifact(span: Span) -> dict[str, object]:
    """Name the file from the root of the source tree, or absolutely where it is outside."""
    inside = relative(span.source.path)
    if inside is None:
        return {"uri": f"file://{_quoted(str(absolute(span.source.path)))}"}
    return {"uri": _quoted(inside), "uriBaseId": _ROOT}


def _quoted(path: str) -> str:
    """Return a path as part of a URI; bytes that are no text stay what they are."""
    return quote(path, safe="/", errors="surrogateescape")


def _message(*lines: str) -> dict[str, object]:
    """Return a message without a link or a placeholder, which readers of SARIF would replace."""
    plain = _LINK.sub(lambda found: rf"{found[1] * 2}\](", "\n".join(map(visible, lines)))
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", plain)}
