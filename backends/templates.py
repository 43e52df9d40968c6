"""The templates of the targets, all read in one way: what is not defined is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

import jinja2
from jinja2 import ChoiceLoader, Environment, ModuleLoader, PackageLoader, StrictUndefined, Template

_ENOUGH: Final = 1 << 16
"""So many characters are worth being written."""


def environment(
    package: str,
    finalize: Callable[[object], object] | None = None,
    **syntax: Any,  # noqa: ANN401  # as Environment takes it
) -> Environment:
    """Return what the folder `templates` of a package is read with.

    Whatever a template of markup prints goes through `finalize`, which quotes it. Without it, as
    for scripts and rule sets, a template says at each value by a filter how it is quoted. `syntax`
    are arguments of jinja2's Environment.

    A release holds its templates as modules of Python as well, which `precompiled` names; they are
    used where jinja2 is the one that made them.
    """
    compiled = ModuleLoader([f"{path}/{precompiled()}" for path in import_module(package).__path__])
    usual = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
    return Environment(
        loader=ChoiceLoader([compiled, PackageLoader(package)]),
        undefined=StrictUndefined,
        autoescape=finalize is not None,  # noqa: S701  # the rest is not markup
        finalize=finalize,
        auto_reload=False,
        **(usual | syntax),
    )


def pieces(template: Template, **values: Any) -> Iterator[str]:  # noqa: ANN401  # what it asks for
    """Yield what a template makes of values, in pieces that are worth writing."""
    gathered: list[str] = []
    size = 0
    for text in template.generate(**values):
        gathered.append(text)
        size += len(text)
        if size >= _ENOUGH:
            yield "".join(gathered)
            gathered.clear()
            size = 0
    yield "".join(gathered)


def precompiled() -> str:
    """Return the folder of a package with what this jinja2 made of its templates."""
    return f"templates/jinja2-{jinja2.__version__}"
