"""`reqc schema`: print the JSON Schema of a form that reqc writes or reads."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from reqc.compiler.status import FINE


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    sys.stdout.write(json.dumps(_schema(options.form), indent=2) + "\n")
    return FINE


def _schema(form: str) -> dict[str, Any]:
    # What each form needs is loaded with it.
    if form == "facts":
        from reqc.compiler.evaluation import facts  # noqa: PLC0415

        return facts.schema()
    if form == "evaluation":
        from reqc.compiler.evaluation import json_report  # noqa: PLC0415

        return json_report.schema()
    if form in {"diff", "changelog"}:
        from reqc.compiler.comparison import json_report as comparison_report  # noqa: PLC0415

        return comparison_report.schema(chain=form == "changelog")
    if form == "ports":
        from reqc.backends.ports import json_text  # noqa: PLC0415

        return json_text.schema()
    from reqc.backends.json import backend  # noqa: PLC0415

    return backend.schema()
