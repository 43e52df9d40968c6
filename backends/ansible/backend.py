"""The target `ansible`: a role for nodes of any distribution with systemd, and back again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from reqc.backends.ansible.mechanics import BOOT_MENU, mechanics
from reqc.backends.ansible.questions import Questions, questions, script
from reqc.backends.ansible.readme import readme
from reqc.backends.ansible.steps import Steps, Tasks, Values, always, steps, tags
from reqc.backends.ansible.variables import Variable, variables
from reqc.backends.ansible.yaml_text import label, task_list, yaml_text
from reqc.backends.base import Artifact, Language, Output, Target, Unsupported
from reqc.backends.node_changes import NodeChanges, boot_menu_file, node_changes, reread
from reqc.backends.node_guards import Guards, guards
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.folding.text import one_line
from reqc.compiler.lowered import LoweredDocument

OLDEST_ANSIBLE: Final = "2.16"
"""The oldest ansible-core that a role is written for."""


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return the role of a document's states, and a playbook that uses it."""
    del settings  # the target has none
    found = guards(document)
    document = found.document
    changes = node_changes(document)
    changes = replace(changes, unsupported=_in_order(document, found, changes))
    if changes.refusals:
        return Output((), changes.unsupported, refusals=changes.refusals)
    role = role_name(document)
    asked = questions(found, changes)
    texts = _texts(document, changes, asked, role)
    if asked:
        texts["scripts/ask.sh"] = script(document.identity.title, asked, found, changes)
    artifacts = [Artifact(f"roles/{role}/{name}", text) for name, text in texts.items()]
    artifacts.append(Artifact(f"{role}.yml", yaml_text(_playbook(document, role))))
    return Output(tuple(artifacts), changes.unsupported)


def _texts(
    document: LoweredDocument, changes: NodeChanges, asked: Questions, role: str
) -> dict[str, str]:
    """Return the files of the role by their names in it."""
    menu = boot_menu_file(document, changes)
    todo = steps(changes, menu, asked)
    files = (*changes.files, *([menu] if menu else []))
    known = variables(role, packages=bool(changes.packages))
    return {
        **{f"tasks/{name}.yml": text for name, text in _tasks(document, todo, asked, role)},
        **_handlers(files, changes, role),
        "vars/main.yml": mechanics("vars", role),
        "defaults/main.yml": yaml_text({item.name: item.default for item in known}),
        "meta/main.yml": yaml_text(_meta(document)),
        "meta/argument_specs.yml": yaml_text(_argument_specs(document, known)),
        "README.md": readme(document, changes, todo, role, known),
        **{f"files{file.path}": file.content for file in files},
    }


def _in_order(
    document: LoweredDocument, found: Guards, changes: NodeChanges
) -> tuple[Unsupported, ...]:
    """Return all that is left out, in the order of the page."""
    order = {item.origin.id: at for at, item in enumerate(document.requirements)}
    rows = (*found.unsupported, *changes.unsupported)
    return tuple(sorted(rows, key=lambda row: order[row.requirement]))


def role_name(document: LoweredDocument) -> str:
    """Return the name of the role: small letters, digits and underscores, a letter first."""
    product = re.sub(r"[^a-z0-9]+", "_", document.identity.product.lower()).strip("_")
    return f"{product if product[:1].isalpha() else f'product_{product}'}_requirements"


# --- tasks and handlers -----------------------------------------------------------------------


def _tasks(
    document: LoweredDocument, todo: Steps, asked: Questions, role: str
) -> Iterator[tuple[str, str]]:
    tasks = Tasks(role, {item.origin.id: item.origin for item in document.requirements}, asked)
    yield "main", mechanics("main", role)
    yield "present", task_list(_present(todo, tasks))
    yield "absent", task_list(_absent(todo, tasks))
    yield "record", mechanics("record", role)
    yield "forget", mechanics("forget", role)
    asking = {"ask_guards": asked.guards, "ask_settings": asked.bounds}
    for name in sorted(_used(todo) | {name for name, what in asking.items() if what}):
        yield name, mechanics(name, role)


def _used(todo: Steps) -> set[str]:
    """Return the mechanics that are called, and those that these call."""
    used = {call.name for step in todo.all for call in (step.apply, *step.undo)}
    used |= {"file"} if "argument" in used else set()
    used |= {"path"} if used & {"file", "gone", "mask"} else set()
    used |= {"keep_unit"} if used & {"enable", "disable"} else set()
    used |= {"look_unit"} if used & {"keep_unit", "mask", "undo_unit"} else set()
    return used


def _present(todo: Steps, tasks: Tasks) -> Iterator[Values]:
    if tasks.asked.guards:
        yield always("Ask which requirements apply here", "import_tasks", "ask_guards.yml")
    yield always("Prepare the record of how things were", "import_tasks", "record.yml")
    yield from map(tasks.made, (*todo.packages, *todo.paths))
    yield always("Have what changed read again", "meta", "flush_handlers")
    if tasks.asked.bounds:
        yield always("Ask which settings are out of bounds", "import_tasks", "ask_settings.yml")
    yield from map(tasks.made, (*todo.settings, *todo.units, *todo.arguments))
    if todo.arguments:
        yield always("Have the boot menu made again", "meta", "flush_handlers")


def _absent(todo: Steps, tasks: Tasks) -> Iterator[Values]:
    """Yield what undoes all steps, the last one first."""
    backwards = (*todo.arguments, *reversed(todo.units), *todo.settings, *reversed(todo.paths))
    for step in backwards:
        yield from (tasks.undone(step, call) for call in step.undo)
    yield always("Have what changed read again", "meta", "flush_handlers")
    for step in reversed(todo.packages):
        yield from (tasks.undone(step, call) for call in step.undo)
    yield always("Give up the record", "import_tasks", "forget.yml")


def _handlers(files: tuple[NodeFile, ...], changes: NodeChanges, role: str) -> dict[str, str]:
    paths = [file.path for file in files]
    paths += [item.value.path for item in changes.absent]
    paths += [item.value.path for item in changes.attributes]
    readers: set[str] = {reader for path in paths if (reader := reread(path))}
    readers |= {"units"} if any(item.value.state == "masked" for item in changes.units) else set()
    readers |= {BOOT_MENU} if changes.arguments else set()
    text = mechanics("handlers", role, readers)
    return {"handlers/main.yml": f"{text.rstrip()}\n"} if readers else {}


# --- what Ansible wants to know of a role -----------------------------------------------------


def _meta(document: LoweredDocument) -> Values:
    return {
        "galaxy_info": {
            "author": "reqc",
            "description": label(one_line(f"Node configuration for {document.identity.title}")),
            "license": "Apache-2.0",
            "min_ansible_version": OLDEST_ANSIBLE,
        },
        "dependencies": [],
    }


def _argument_specs(document: LoweredDocument, known: tuple[Variable, ...]) -> Values:
    description = label(one_line(f"Node configuration for {document.identity.title}"))
    options = {
        item.name: {
            "type": item.type,
            "default": item.default,
            **({"choices": list(item.choices)} if item.choices else {}),
            "description": item.help,
        }
        for item in known
    }
    return {"argument_specs": {"main": {"short_description": description, "options": options}}}


def _playbook(document: LoweredDocument, role: str) -> list[Values]:
    return [
        {
            "name": label(one_line(f"Configure nodes for {document.identity.title}")),
            "hosts": [re.sub(r"[^A-Za-z0-9_]", "_", name) for name in tags(document.host_roles)],
            "become": True,
            "gather_facts": False,
            "roles": [{"role": role}],
        }
    ]


TARGET: Final = Target(
    "ansible",
    "An Ansible role that brings nodes to the required state, and back.",
    Language.STATES,
    render,
)
