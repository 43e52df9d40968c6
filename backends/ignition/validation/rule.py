"""What a rule about one shape of a configuration is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import Finding
from reqc.compiler.knowledge.ignition_shapes import Shapes

Rule: TypeAlias = Callable[[Item, Shapes], Iterator[Finding]]
"""Yields what is wrong with one decoded object in a version of Ignition."""
