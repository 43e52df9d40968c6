"""What tests of web pages share: a real browser, and the packages that judge pages."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the packages are named and installed."""
