"""The table as CSV (RFC 4180) that a spreadsheet shows and never computes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from reqc.compiler.folding.text import one_line

_FORMULA: Final = re.compile(r"""(^|;)(?=['" ]*[=+\-@＝＋－＠])""")  # noqa: RUF001  # Japanese forms
"""Where a formula could begin: a semicolon parts cells wherever the comma parts decimals."""


def line(text: str) -> str:
    """Return the text as one line of a cell, with an apostrophe before what could be a formula.

    The apostrophe is how spreadsheets mark text. It is also put before other apostrophes and
    blanks that lead to a formula, so that taking one away from each such place gives the text back.
    """
    return _FORMULA.sub(r"\1'", one_line(" ".join(text.split())))


def csv_text(rows: Iterable[Sequence[Sequence[str]]]) -> str:
    """Return rows of cells, each given by its lines."""
    text = StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(["\n".join(line(part) for part in cell) for cell in row])
    return text.getvalue()
