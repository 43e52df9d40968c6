"""The page of a role: what it changes and for whom, how to use it, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment
from msgspec import Struct

from reqc.backends.ansible.steps import Steps
from reqc.backends.ansible.variables import Variable
from reqc.backends.heading import omissions, provenance
from reqc.backends.markdown.quoting import Markdown, quoted
from reqc.backends.node_changes import NodeChanges, Reread, reread
from reqc.backends.templates import environment
from reqc.compiler.lowered import LoweredDocument, Origin
from reqc.compiler.prose import Code


class Row(Struct, frozen=True):
    """One change and one of the requirements that ask for it."""

    what: str
    origin: Origin

    @property
    def place(self) -> str:
        """Where the requirement comes from: lines of its page, and of the specification."""
        cited = ", ".join(map(str, self.origin.citations))
        return f"{cited} ({self.origin.place})" if cited else str(self.origin.place)


def readme(
    document: LoweredDocument,
    changes: NodeChanges,
    todo: Steps,
    role: str,
    known: tuple[Variable, ...],
) -> str:
    """Return the page; every text goes through `quoted`, whatever is in it."""
    origins = {item.origin.id: item.origin for item in document.requirements}
    rows = [
        Row(f"{step.verb} {step.what}", origins[id_])
        for step in todo.all
        if step.apply.name != "directory"
        for id_ in step.requirements
    ]
    return (
        templates()
        .get_template("README.md.j2")
        .render(
            document=document,
            provenance=[*provenance(document)],
            omissions=[*omissions(changes.unsupported)],
            rows=rows,
            guarded=", ".join(
                item.origin.id for item in document.here if item.guard and item.states
            ),
            bounded=", ".join(item.asked.key for item in changes.settings if item.asked.bounds),
            variables=[((Code(item.name),), (Code(item.shown),), item.help) for item in known],
            costs=[*_costs(changes, role)],
            role=Markdown(role),
            playbook=Markdown(f"{role}.yml"),
        )
    )


def _costs(changes: NodeChanges, role: str) -> Iterator[str]:
    """Yield what applying the role does to a node that runs, sentence by sentence."""
    readers = {reread(file.path) for file in changes.files}
    readers |= {reread(item.value.path) for item in changes.attributes}
    if changes.arguments:
        yield "Kernel arguments need a reboot, which the role leaves to you."
    else:
        yield "No reboot is needed."
    if Reread.NETWORK_MANAGER in readers:
        yield "NetworkManager reloads its configuration where it runs; connections stay up."
    if Reread.MODULES in readers:
        yield "Modules are loaded at once; undoing leaves them loaded until the next boot."
    for item in changes.units:
        state = "starts" if item.value.state == "enabled" else "stops"
        yield f"{item.value.unit} {state} at once."
    if changes.settings:
        yield "Settings of the running kernel change at once."
    if changes.packages:
        yield f"Undoing leaves packages installed, unless {role}_remove_packages is true."
    yield f"With {role}_now=false, and in a chroot, what runs stays as it is until the next boot."


@cache
def templates() -> Environment:
    """Return what the template of the page is read with."""
    return environment("reqc.backends.ansible", _as_markdown)


def _as_markdown(value: object) -> object:
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, str | tuple):
        return quoted(value)
    message = f"the template prints {value!r}, which is no text"
    raise TypeError(message)
