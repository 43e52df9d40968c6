"""Parses a document with textX as often as it is asked; runs where textX is installed.

usage: textx_process.py GRAMMAR DOCUMENT. Reads lines, and answers each with one of JSON: seconds on
the clock, seconds of the processor, how many requirements there are. Imports and the making of the
parser are done before.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from textx import metamodel_from_file  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    """Answer every line."""
    language = metamodel_from_file(sys.argv[1])
    text = Path(sys.argv[2]).read_text(encoding="utf-8")
    for _ in sys.stdin:
        clock, processor = perf_counter(), process_time()
        model = language.model_from_str(text)
        spent = perf_counter() - clock, process_time() - processor
        count = sum(len(section.requirements) for section in model.sections)
        print(json.dumps([*spent, count]), flush=True)


if __name__ == "__main__":
    main()
