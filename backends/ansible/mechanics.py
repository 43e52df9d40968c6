"""Mechanics: how a role does one thing, the same in every role but for the names of its variables.

The templates hold YAML that was written by hand, with its comments. Nothing of a specification goes
into them but the name of the role, whose characters the caller has seen to.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from typing import Final

from jinja2 import Environment

from reqc.backends.node_changes import Reread
from reqc.backends.templates import environment

BOOT_MENU: Final = "boot menu"
"""What reads the kernel arguments; a reader beside those of `Reread`."""

_HANDLERS: Final = {
    Reread.UNITS: "Read the units again",
    Reread.MODULES: "Load the modules",
    Reread.NETWORK_MANAGER: "Reload NetworkManager",
    BOOT_MENU: "Make the boot menu again",
}


def handler(reader: str, role: str) -> str:
    """Return the name by which a role's tasks call the handler for a reader of files."""
    return f"{_HANDLERS[reader]} ({role})"


def mechanics(name: str, role: str, readers: Container[str] = ()) -> str:
    """Return the text of one file for a role; `readers` are those that it has a handler for."""
    return templates().get_template(f"{name}.yml").render(role=role, readers=readers)


@cache
def templates() -> Environment:
    """Return what the files are read with."""
    made = environment(
        "reqc.backends.ansible",
        variable_start_string="<<",  # Ansible's own braces stay
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        lstrip_blocks=False,
    )
    made.globals.update(
        units=Reread.UNITS,
        modules=Reread.MODULES,
        network_manager=Reread.NETWORK_MANAGER,
        boot_menu=BOOT_MENU,
    )
    return made
