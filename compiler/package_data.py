"""Reads files of the package, wherever it is installed; importlib.resources is slow to import."""

from __future__ import annotations

from pkgutil import get_data


def package_data(path: str) -> bytes:
    """Return what a file holds; `path` is below the package `reqc`. Raise OSError for no file."""
    content = get_data("reqc", path)
    if content is None:  # where Python itself was told to read packages in another way
        raise FileNotFoundError(path)
    return content
