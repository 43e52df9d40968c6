"""The texts that targets put into scripts as they are."""

from __future__ import annotations

from functools import cache
from pkgutil import get_data


@cache
def fragment(target: str, name: str) -> str:
    """Return the text of one fragment among a target's templates."""
    content = get_data(f"reqc.backends.{target}", f"templates/{name}.sh")
    if content is None:
        raise FileNotFoundError(name)
    return content.decode()
