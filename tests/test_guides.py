"""The code that the guides show works as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import Any

from reqc.backends import base
from reqc.backends.base import Target
from reqc.compiler.checks import FileContains
from reqc.compiler.kinds import host
from reqc.compiler.kinds.base import Direction, Kind
from reqc.compiler.prose import plain
from tests.deployments import lowered, shipped

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^ *```python\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL)


def shown(page: str, surroundings: dict[str, Any]) -> dict[str, Any]:
    """Return the names that the one block of a page defines, run where it is to be put."""
    (block,) = BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    names = dict(surroundings)
    exec(dedent(block), names)  # noqa: S102  # our own documentation
    return names


def test_the_kind_of_the_guide_is_a_kind() -> None:
    found: type[Kind] = shown("adding-a-kind.md", vars(host))["Selinux"]
    enforcing, disabled = found(mode="enforcing"), found(mode="disabled")  # type: ignore[call-arg]

    assert enforcing.check() == FileContains("/etc/selinux/config", ("SELINUX=enforcing",))
    assert plain(enforcing.words()) == "SELinux is enforcing"
    assert enforcing.compare(disabled) is Direction.DIFFERENT
    assert found.forms[0].usage == "enforcing|permissive|disabled"


def test_the_target_of_the_guide_is_a_target() -> None:
    found: Target = shown("adding-a-target.md", vars(base))["TARGET"]
    output = found.render(lowered(shipped("v3.16-openstack"), {}), {})

    assert output.artifacts[0].text == "tcp 179 network.bgp\n"
    assert "kernel.ip_set" in {row.requirement for row in output.unsupported}
