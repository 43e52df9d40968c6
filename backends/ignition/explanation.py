"""Explanations: where each part of a configuration comes from, what it costs, how to use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final

from reqc.backends.heading import omissions, provenance
from reqc.backends.ignition.composition import Composition
from reqc.compiler.folding.text import one_line
from reqc.compiler.lowered import LoweredDocument

WIDTH: Final = 96
"""Columns of the lines that are wrapped."""


def plain(lines: Iterator[str]) -> str:
    """Return lines with texts of a specification as text for a terminal."""
    return "".join(f"{one_line(line).rstrip()}\n" for line in lines)


def carriers(names: Iterable[str]) -> str:
    """Say which objects or files carry what follows."""
    named = tuple(names)
    return f"{named[0]} carries" if len(named) == 1 else f"Each of {', '.join(named)} carries"


def carried(
    document: LoweredDocument, parts: Iterator[tuple[str, tuple[str, ...]]]
) -> Iterator[str]:
    """Yield each part of an artefact with the requirements that it is for."""
    origins = {item.origin.id: item.origin for item in document.requirements}
    for subject, requirements in parts:
        yield f"  {subject}"
        for id_ in requirements:
            yield f"    {id_} ({origins[id_].place}): {origins[id_].title}"


def left_out_lines(composition: Composition, where: str) -> Iterator[str]:
    """Yield what `where`, such as `in these objects`, does not carry, and why."""
    if composition.unsupported:
        yield ""
        yield f"Not {where}:"
    for line in omissions(composition.unsupported):
        yield from wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ")


def side_table(
    document: LoweredDocument, composition: Composition, version: str, name: str
) -> Iterator[str]:
    """Explain a configuration in JSON, in which no comment can stand.

    Parts are named as Ignition's validator names them.
    """
    yield f"{document.identity.title}: node configuration for a first boot"
    yield ""
    yield from provenance(document)
    yield f"Ignition {version}."
    yield ""
    if composition.is_empty:
        yield "It carries nothing: no requirement asks for what Ignition can say."
    else:
        yield "It carries"
        yield from carried(document, _paths(composition))
    yield from left_out_lines(composition, "in this configuration")
    yield ""
    yield "Cost: Ignition runs once, at the first boot. A node that is there already does not read"
    yield "it again: it is set up anew, or brought to the same state by other means."
    yield f"Check:   ignition-validate {name}"
    yield "Apply:   give it to a new machine as its user data, or as the platform wants it"
    yield "Verify:  the check script of the same specification, on the node: reqc compile -t shell"
    yield "Revert:  set the machine up without it"


def _paths(composition: Composition) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, file in enumerate(composition.files):
        yield f"$.storage.files.{number}  {file.path}", file.requirements
    for number, unit in enumerate(composition.units):
        yield f"$.systemd.units.{number}  {unit.name}: {unit.state}", unit.requirements
    for number, argument in enumerate(composition.arguments):
        text = argument.value.argument
        yield f"$.kernelArguments.shouldExist.{number}  {text}", argument.requirements
