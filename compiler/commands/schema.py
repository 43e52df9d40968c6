"""`reqc schema`: print the JSON Schema of what the target json writes."""

from __future__ import annotations

import argparse
import json
import sys

from reqc.backends.json.backend import schema
from reqc.compiler.status import FINE


def run(options: argparse.Namespace) -> int:  # noqa: ARG001  # every command gets them
    """Print the schema."""
    sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
    return FINE
