"""Running settings: what is asked of the kernel that runs, for targets that change a node."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from reqc.backends.base import Reason, Refusal
from reqc.backends.ignition import rules
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.settings import Setting, setting_file, setting_path

_SYSCTL_FOLDER: Final = "/proc/sys"


class RunningSetting(Struct, frozen=True):
    """A setting of the running kernel; `path` is its file below /proc/sys.

    Where it has bounds, a running value within them stays as it is, and `file`, among the files to
    write, is of use only where the next boot would set a value that is not within them.
    """

    asked: Setting
    path: str
    requirements: tuple[str, ...]
    file: str | None = None

    @property
    def below(self) -> str:
        """The path below /proc/sys."""
        return self.path.removeprefix(f"{_SYSCTL_FOLDER}/")


def running_setting(item: Wanted[Setting], product: str) -> RunningSetting:
    """Return a setting with where it is, as the kernel runs and as it boots."""
    own = setting_file(product, item.value) if item.value.bounds else None
    path = f"{_SYSCTL_FOLDER}/{setting_path(item.value.key)}"
    return RunningSetting(item.value, path, item.requirements, own)


def setting_objection(setting: RunningSetting) -> Refusal | tuple[Reason, str] | None:
    """Object to a key that names no file, or several, and to bounds that nothing compares with."""
    name = rules.shown(setting.asked.key)
    if not rules.clean(setting.path):
        message = f"{name} is no key of a kernel setting"
        return Refusal(setting.requirements[0], rules.UNWRITABLE, message)
    if "*" in setting.asked.key:
        detail = f"the pattern {name} is applied by the next boot only"
        if setting.asked.bounds:
            detail = f"which values the pattern {name} would lower or raise is not known"
        return Reason.INEXPRESSIBLE, detail
    if not setting.asked.is_comparable:
        detail = f"no value compares with the bound {rules.shown(setting.asked.wish)}"
        return Reason.INEXPRESSIBLE, detail
    return None
