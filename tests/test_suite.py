"""What every test owes: it asserts something, reads no clock, and is skipped for a reason only."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final, TypeAlias, TypeGuard

import pytest

from tests.vm.kernels import GUESTS

ROOT: Final = Path(__file__).parents[1]
TOOLS: Final = "tests.tools"
"""The module that may read the clock and skip tests, on behalf of all others."""

CHECKS: Final = frozenset({"raises", "warns", "fail"})
SKIPS: Final = frozenset({"skip", "skipif", "xfail", "importorskip"})
CLOCKS: Final = frozenset({"time", "timeit"})

Name: TypeAlias = tuple[str, str]
"""A function by its module and its name there, with its class if it is a method."""


@dataclass(frozen=True)
class Module:
    """A module of the tests."""

    name: str
    tree: ast.Module

    def functions(self) -> Iterator[tuple[Name, ast.FunctionDef]]:
        """Yield what stands at the top and in the classes there."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                yield (self.name, node.name), node
            elif isinstance(node, ast.ClassDef):
                for item in node.body:
                    if isinstance(item, ast.FunctionDef):
                        yield (self.name, f"{node.name}.{item.name}"), item

    def names(self) -> dict[str, Name]:
        """Return what the names at the top stand for: functions and classes, here or elsewhere."""
        own = (node for node in self.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
        return {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        } | {node.name: (self.name, node.name) for node in own}


@cache
def suite() -> tuple[Module, ...]:
    """Return all modules of the tests."""
    return tuple(
        Module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts),
            ast.parse(path.read_text(encoding="utf-8")),
        )
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if "node_modules" not in path.parts
    )


# --- every test asserts something ---------------------------------------------------------------


def idle(modules: Iterable[Module]) -> list[Name]:
    """Return the tests that assert nothing, neither themselves nor by what they call."""
    known = {name: item for module in modules for name, item in module.functions()}
    fixtures = {name[1]: name for name, item in known.items() if is_fixture(item)}
    called: dict[Name, set[Name]] = {}
    for module in modules:
        names = fixtures | module.names()
        called |= {name: set(calls(item, names)) for name, item in module.functions()}
    sure = {name for name, item in known.items() if asserts(item)}
    while more := {name for name in known.keys() - sure if called[name] & sure}:
        sure |= more
    return sorted(name for name in known.keys() - sure if name[1].startswith("test_"))


def is_fixture(function: ast.FunctionDef) -> bool:
    return any("pytest.fixture" in ast.unparse(item) for item in function.decorator_list)


def is_of_pytest(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Tell whether something is called `pytest.` and more."""
    return isinstance(node, ast.Attribute) and "pytest" in {
        item.id for item in ast.walk(node.value) if isinstance(item, ast.Name)
    }


def asserts(function: ast.FunctionDef) -> bool:
    """Tell whether a function holds an assertion of its own."""
    return any(
        isinstance(node, ast.Assert) or (is_of_pytest(node) and node.attr in CHECKS)
        for node in ast.walk(function)
    )


def calls(function: ast.FunctionDef, names: dict[str, Name]) -> Iterator[Name]:
    """Yield what a function may call: a method is one of any class whose name is known."""
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    yield from (
        names[node.id] for node in called if isinstance(node, ast.Name) and node.id in names
    )
    methods = {node.attr for node in called if isinstance(node, ast.Attribute)}
    for (module, name), method in product(set(names.values()), methods):
        yield f"{module}.{name}", method
        yield module, f"{name}.{method}"


def test_every_test_asserts_something() -> None:
    assert idle(suite()) == []


BUSY: Final = (
    "def test_it(): assert 1",
    "def test_it():\n with pytest.raises(E): f()",
    "def helper(): assert 1\ndef test_it(): helper()",
    "def helper(): other()\ndef other(): assert 1\ndef test_it(): helper()",
    "class Seen:\n def well(self): assert 1\ndef test_it(seen: Seen): seen.well()",
    "@pytest.fixture\ndef seen():\n def all(): assert 1\n return all\ndef test_it(seen): seen()",
)
IDLE: Final = (
    "def test_it(): f()",
    "def helper(): f()\ndef test_it(): helper()",
    "def helper(): assert 1\ndef test_it(): f()",
    "class Seen:\n def well(self): assert 1\ndef test_it(): well()",
    "def helper(): assert 1\ndef test_it(): pytest.approx(helper)",
)


@pytest.mark.parametrize("text", [*BUSY, *IDLE])
def test_what_counts_as_an_assertion(text: str) -> None:
    assert bool(idle([Module("tests.sample", ast.parse(text))])) is (text in IDLE)


# --- clocks and skips ---------------------------------------------------------------------------


def clocks(module: Module) -> list[int]:
    """Return the lines that bring a clock or a pause."""
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.ImportFrom) and node.module in CLOCKS)
        or (isinstance(node, ast.Import) and CLOCKS & {alias.name for alias in node.names})
        or (isinstance(node, ast.Attribute) and node.attr == "sleep")
    ]


def skips(module: Module) -> list[int]:
    """Return the lines that pass over a test or let it fail."""
    return [
        node.lineno for node in ast.walk(module.tree) if is_of_pytest(node) and node.attr in SKIPS
    ]


@pytest.mark.parametrize("found", [clocks, skips])
def test_one_module_reads_the_clock_and_skips_for_all(found: Callable[[Module], list[int]]) -> None:
    assert [module.name for module in suite() if found(module)] == [TOOLS]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (clocks, "import time"),
        (clocks, "from timeit import timeit"),
        (clocks, "asyncio.sleep(1)"),
        (skips, "pytest.skip('later')"),
        (skips, "@pytest.mark.xfail\ndef test_it(): pass"),
    ],
)
def test_what_counts_as_a_clock_or_a_skip(found: Callable[[Module], list[int]], text: str) -> None:
    assert found(Module("tests.sample", ast.parse(text))) == [1]


def test_guests_are_looked_for_where_they_are_brought() -> None:
    script = (ROOT / "scripts/guests").read_text(encoding="utf-8")

    assert "cache=${XDG_CACHE_HOME:-$HOME/.cache}/reqc-guests" in script
    assert GUESTS.name == "reqc-guests"
    assert not GUESTS.is_relative_to(os.devnull)
