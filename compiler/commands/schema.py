"""`reqc schema`: print the JSON Schema of a form that reqc writes or reads."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from reqc.compiler.status import FINE

_SCHEMAS: Final[Mapping[str, str]] = {
    "json": "reqc.backends.json.backend:schema",
    "ports": "reqc.backends.ports.json_text:schema",
    "diagnostics": "reqc.compiler.reports.json:schema",
    "trace": "reqc.compiler.commands.trace_json:schema",
    "facts": "reqc.compiler.evaluation.facts:schema",
    "evaluation": "reqc.compiler.evaluation.json_report:schema",
    "fit": "reqc.compiler.evaluation.fit_json:schema",
    "drift": "reqc.compiler.commands.drift_json:schema",
    "verify": "reqc.compiler.commands.verify_json:schema",
    "diff": "reqc.compiler.comparison.json_report:schema",
    "changelog": "reqc.compiler.comparison.json_report:changelog_schema",
}
"""What knows each form, loaded when it is asked for, and its function that returns the schema."""


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    module, _, name = _SCHEMAS[options.form].partition(":")
    schema: Callable[[], dict[str, Any]] = getattr(import_module(module), name)
    sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
    return FINE
