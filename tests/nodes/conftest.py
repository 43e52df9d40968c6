"""The nodes of the fleet as fixtures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.shell.nodes import Node
from tests.nodes.running import NAMES, Observed, build, observe
from tests.tools import needs_root


@pytest.fixture(scope="session", params=NAMES)
def observed(request: pytest.FixtureRequest) -> Iterator[Observed]:
    """Return a node of the fleet with what every shell says about it, once for all its tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # every user may enter, which the folders of pytest do not allow
        made = build(request.param, folder)
        if made.machine.user is not None:
            needs_root()
        yield observe(made)


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Return a node of which nothing is known yet."""
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    return Node(root)
