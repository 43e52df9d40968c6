"""The texts that targets put into scripts as they are."""

from __future__ import annotations

from functools import cache

from reqc.compiler.package_data import package_data


@cache
def fragment(target: str, name: str) -> str:
    """Return the text of one fragment among a target's templates."""
    return package_data(f"backends/{target}/templates/{name}.sh").decode()
