"""Makes what targets write of one document, on several processors where that is much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import (
    Artifact,
    Caution,
    Output,
    Refusal,
    SettingError,
    Target,
    Unsupported,
)
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


class _Sent(Struct, frozen=True):
    """What a task made, with whole texts, so that one process can send it to another.

    `files` are artefacts by their fields; `refused` is what a target has against a setting.
    """

    files: tuple[tuple[str, str, bool], ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    stream: str | None = None
    refusals: tuple[Refusal, ...] = ()
    cautions: tuple[Caution, ...] = ()
    refused: str | None = None


def outputs(tasks: Sequence[Task]) -> list[Output | SettingError]:
    """Return what each task makes, or what its target has against a setting, in their order."""
    if len(tasks) > 1 and len(tasks[0].document.requirements) >= MANY:
        from reqc.compiler.forks import spread  # noqa: PLC0415  # slow to import

        return [_received(made) for made in spread(_sent, tasks, _Sent)]
    return [output(task) for task in tasks]


def _sent(task: Task) -> _Sent:
    made = output(task)
    if isinstance(made, SettingError):
        return _Sent(refused=str(made))
    files = tuple((item.name, item.text, item.executable) for item in made.artifacts)
    return _Sent(files, made.unsupported, made.stream, made.refusals, made.cautions)


def _received(sent: _Sent) -> Output | SettingError:
    if sent.refused is not None:
        return SettingError(sent.refused)
    files = tuple(Artifact(*fields) for fields in sent.files)
    return Output(files, sent.unsupported, sent.stream, sent.refusals, sent.cautions)


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
