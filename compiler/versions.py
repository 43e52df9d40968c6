"""Versions as kernels and vendors write them, compared by number and never as text."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from typing import TypeAlias

_SHAPE = re.compile(r"v?(?P<base>[0-9]+(?:\.[0-9]+)*)(?:-(?P<build>[0-9]+(?:\.[0-9]+)*))?")
_MOST_DIGITS = 18  # what shells and other readers can still count with

_Number: TypeAlias = tuple[int, str]
"""A number as its digits and how many they are, which orders numbers of any size."""

_ZERO: _Number = (0, "")


def is_version(text: str) -> bool:
    """Tell whether the text is a version that a specification may ask for: `4.18.0-193`."""
    shape = _SHAPE.fullmatch(text)
    return shape is not None and all(
        len(number) <= _MOST_DIGITS for number in re.findall("[0-9]+", text)
    )


def compare_versions(found: str, wanted: str) -> int:
    """Return -1, 0 or 1 as `found` is before, equal to or after `wanted`.

    The leading dotted numbers count, a missing number being 0. Where they are equal and `wanted`
    has a vendor build behind a dash, the numbers of the builds decide. A found version without a
    build is before every build. Raise ValueError when a text does not begin with a number.
    """
    base_found, build_found = _numbers(found)
    base_wanted, build_wanted = _numbers(wanted)
    order = _order(base_found, base_wanted)
    return order if order or not build_wanted else _order(build_found, build_wanted)


def order_versions(left: str, right: str, *, bare_last: bool = False) -> int:
    """Return -1, 0 or 1 as `left` comes before, with or after `right`, in a total order.

    Here every build counts: a version without one comes before all its builds, or after them where
    `bare_last` is set. Raise ValueError when a text does not begin with a number.
    """
    (base_left, build_left), (base_right, build_right) = _numbers(left), _numbers(right)
    order = _order(base_left, base_right)
    if order or bool(build_left) == bool(build_right):
        return order or _order(build_left, build_right)
    return -1 if bool(build_right) != bare_last else 1


def matches_prefix(found: str, wanted: str) -> bool:
    """Tell whether `found` is `wanted` or a finer version of it: 7.9 is a 7, 20.04.6 a 20.04."""
    numbers, asked = _numbers(found)[0], _numbers(wanted)[0]
    return numbers[: len(asked)] == asked


@lru_cache(maxsize=1024)  # a document names few versions, and compares them often
def _numbers(text: str) -> tuple[tuple[_Number, ...], tuple[_Number, ...]]:
    shape = _SHAPE.match(text)
    if shape is None:
        message = f"{text!r} does not begin with a version number"
        raise ValueError(message)
    build = shape["build"]
    return _split(shape["base"]), _split(build) if build else ()


def _split(dotted: str) -> tuple[_Number, ...]:
    digits = (part.lstrip("0") for part in dotted.split("."))
    return tuple((len(part), part) for part in digits)


def _order(left: tuple[_Number, ...], right: tuple[_Number, ...]) -> int:
    for mine, theirs in zip_longest(left, right, fillvalue=_ZERO):
        if mine != theirs:
            return 1 if mine > theirs else -1
    return 0
