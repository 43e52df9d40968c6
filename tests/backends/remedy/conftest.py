"""A fake node for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backends.remedy.trees import machine
from tests.backends.shell.nodes import Node


@pytest.fixture
def node(fast: Path) -> Node:
    """Return a node with the usual folders and a list of users, at a path with odd characters."""
    return machine(fast)
