"""Variables: what a user of the role may set, once for its defaults, its checks and its page."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Variable(Struct, frozen=True):
    """A variable of the role; `help` is one sentence."""

    name: str
    type: Literal["str", "bool", "path"]
    default: str | bool
    help: str
    choices: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The default as YAML writes it."""
        return self.default if isinstance(self.default, str) else str(self.default).lower()


def variables(role: str, *, packages: bool) -> tuple[Variable, ...]:
    """Return the variables of a role; one that installs `packages` has one more."""
    always = (
        Variable(
            f"{role}_state",
            "str",
            "present",
            "Bring the node to the required state (present), or back to how it was (absent).",
            ("present", "absent"),
        ),
        Variable(
            f"{role}_now",
            "bool",
            default=True,
            help="Change the running system too; otherwise all but files waits for the next boot.",
        ),
        Variable(
            f"{role}_record",
            "path",
            f"/var/lib/reqc/{role}",
            "Folder on the node that keeps how things were.",
        ),
    )
    if not packages:
        return always
    removal = Variable(
        f"{role}_remove_packages",
        "bool",
        default=False,
        help="Undoing also removes the packages that the role installed, with what needs them.",
    )
    return (*always, removal)
