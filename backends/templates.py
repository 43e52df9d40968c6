"""The templates of the targets, all read in one way: what is not defined is an error."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(package: str, finalize: Callable[[object], object] | None = None) -> Environment:
    """Return what the folder `templates` of a package is read with.

    Whatever a template of markup prints goes through `finalize`, which quotes it. Without it, as
    for scripts and rule sets, a template says at each value by a filter how it is quoted.
    """
    return Environment(
        loader=PackageLoader(package),
        undefined=StrictUndefined,
        autoescape=finalize is not None,  # noqa: S701  # the rest is not markup
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
