"""The table of all rules."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from reqc.compiler.lint.rule import Rule

MODULES = (
    "uncited",
    "duplicate",
    "unused_option",
    "unused_role",
    "never_applies",
    "always_applies",
    "interface_lists",
    "missing_port",
    "contradiction",
    "phantom_module",
    "feature_floor",
    "distribution_floor",
    "wrong_family",
    "idle_allowance",
    "unknown_allowance",
    "unreasoned",
    "ignored_and_cited",
)
"""The modules of this package that hold one rule each, in the order of the codes."""


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, sorted by code."""
    return tuple(import_module(f"reqc.compiler.lint.{name}").RULE for name in MODULES)


@cache
def allowable_codes() -> frozenset[str]:
    """Return the codes that an allowance can name."""
    return frozenset(rule.code for rule in rules() if rule.allowable)
