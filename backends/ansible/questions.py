"""Questions: what a role asks a node, in the words of the check script, before it changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from jinja2 import Environment
from msgspec import Struct

from reqc.backends.fragments import fragment
from reqc.backends.node_changes import NodeChanges
from reqc.backends.node_guards import Guards
from reqc.backends.shell.excerpt import excerpt
from reqc.backends.shell.functions import call
from reqc.backends.shell.patterns import argument_pattern
from reqc.backends.shell.quoting import comment, printable, quote
from reqc.backends.templates import environment


class Questions(Struct, frozen=True):
    """The names of the questions: by requirement for guards, by key for settings with bounds.

    Kernel `arguments` have none: the script answers with those that the kernel lacks. For the
    others it answers `guard_1 holds` where a guard does, `bound_1 lasting` where the file of a
    setting is needed, and `bound_1 running` where its running value is wrong.
    """

    guards: Mapping[str, str]
    bounds: Mapping[str, str]
    arguments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is something to ask."""
        return bool(self.guards or self.bounds or self.arguments)

    def applying(self, requirements: tuple[str, ...], role: str) -> list[str]:
        """Return the conditions, none or one, under which one of some requirements applies."""
        names = dict.fromkeys(self.guards.get(id_, "") for id_ in requirements)
        if "" in names or not names:
            return []
        answers = (answered("guards", f"{name} holds", role) for name in names)
        return [" or ".join(answers)]


def answered(about: str, answer: str, role: str) -> str:
    """Return the condition under which a node has given an answer."""
    return f"'{answer}' in _{role}_{about}.stdout_lines"


def questions(guards: Guards, changes: NodeChanges) -> Questions:
    """Return what there is to ask before some changes are made."""
    bounded = (item.asked.key for item in changes.settings if item.asked.bounds)
    return Questions(
        guards.names,
        {key: f"bound_{number}" for number, key in enumerate(bounded, 1)},
        tuple(item.value.argument for item in changes.arguments),
    )


def script(title: str, asked: Questions, guards: Guards, changes: NodeChanges) -> str:
    """Return the script that asks a node; it reads only what it needs to answer."""
    settings = list(_settings(asked, changes))
    asking = list(_guards(asked))
    arguments = [call(("ask_argument", *map(quote, _spellings(one)))) for one in asked.arguments]
    texts = ("ask", *guards.functions, *asking, *settings, *arguments)
    template = templates().get_template("ask.sh.j2")
    return template.render(
        title=title,
        variables=guards.variables,
        library=excerpt((), texts, (fragment("ansible", "ask"),)),
        functions=guards.functions,
        guards=asking,
        settings=settings,
        arguments=arguments,
    )


def _spellings(argument: str) -> tuple[str, str]:
    return argument, argument_pattern(argument)


def _guards(asked: Questions) -> Iterator[str]:
    askers: dict[str, list[str]] = {}
    for id_, name in asked.guards.items():
        askers.setdefault(name, []).append(printable(id_))
    for name, ids in askers.items():
        yield call(("ask_guard", name, quote(", ".join(ids))))


def _settings(asked: Questions, changes: NodeChanges) -> Iterator[str]:
    for item in changes.settings:
        name = asked.bounds.get(item.asked.key)
        if name:
            ids = ", ".join(map(printable, item.requirements))
            yield call(("ask_bounds", name, *map(quote, (item.below, item.asked.wish, ids))))


@cache
def templates() -> Environment:
    """Return what the template of the script is read with."""
    made = environment("reqc.backends.ansible")
    made.filters.update(quote=quote, comment=comment)
    return made
