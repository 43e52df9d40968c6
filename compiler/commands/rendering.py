"""Makes what targets write of one document, on several processors where that is much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Artifact, Output, SettingError, Target
from reqc.compiler.commands.target_settings import recipe
from reqc.compiler.lowered import LoweredDocument

EXPLANATION: Final = "explanation.txt"
"""The name of an explanation in a folder."""

MANY: Final = 256
"""As many requirements are worth processes of their own, if there are several targets."""


class Task(Struct, frozen=True):
    """A target with all its settings, and what is to be written for it.

    With `explain` that is not what the target writes, but its explanation of that.
    """

    target: Target
    settings: Mapping[str, str]
    document: LoweredDocument
    explain: bool = False


def outputs(tasks: Sequence[Task]) -> list[Output | SettingError]:
    """Return what each task makes, or what its target has against a setting, in their order."""
    if len(tasks) > 1 and len(tasks[0].document.requirements) >= MANY:
        from reqc.compiler.forks import spread  # noqa: PLC0415  # slow to import

        return spread(_with_texts, tasks)
    return [output(task) for task in tasks]


def _with_texts(task: Task) -> Output | SettingError:
    """Return what a task makes, complete, as another process can have it."""
    made = output(task)
    if isinstance(made, SettingError):
        return made
    return replace(made, artifacts=tuple(item.whole() for item in made.artifacts))


def output(task: Task) -> Output | SettingError:
    """Return what a target makes of a document, or what it has against a setting."""
    document = replace(task.document, recipe=recipe(task.target, task.settings))
    try:
        made = task.target.render(document, task.settings)
    except SettingError as problem:
        return problem
    explain = task.target.explain if task.explain and not made.refusals else None
    if explain is None:
        return made
    told = Artifact(EXPLANATION, explain(document, task.settings))
    return Output((told,), made.unsupported, cautions=made.cautions)
