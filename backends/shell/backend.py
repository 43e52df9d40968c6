"""Renders the checks of a document as one self-contained POSIX shell script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final

from jinja2 import Environment
from msgspec.structs import asdict, replace

from reqc import __version__
from reqc.backends.base import Artifact, Language, Output, Reason, Setting, Target, Unsupported
from reqc.backends.fragments import fragment
from reqc.backends.heading import omissions, provenance
from reqc.backends.shell.choices import Choice, choices
from reqc.backends.shell.collection import collection
from reqc.backends.shell.compact import compact
from reqc.backends.shell.functions import probes, shared_texts
from reqc.backends.shell.items import items, usual_fields
from reqc.backends.shell.probes import FRAGMENTS, wanted
from reqc.backends.shell.quoting import comment, label, printable, quote, sayable, xml
from reqc.backends.templates import environment
from reqc.compiler.checks import Probe
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement

_LIBRARY: Final = (
    "answers",
    "lists",
    "files",
    "versions",
    "release",
    "machine",
    "sysctl",
    "network",
    "mounts",
    "ini",
    "units",
    "commands",
    "packages",
    "command_line",
    "connections",
    "kernel",
    "capability",
    "modules",
    "blocks",
    "config",
    "deep",
    "facts",
    "facts_kernel",
    "facts_system",
    "facts_json",
    "choices",
    "waivers",
    "judge",
    "report",
    "report_text",
    "report_json",
    "report_junit",
    "report_sarif",
    "report_monitoring",
    "explain",
    "arguments",
    "main",
)
"""The fragments of the script's library, in the order in which they stand in it."""

_ALWAYS: Final = frozenset(_LIBRARY) - {"deep", "packages", "command_line"}
"""The collector of facts looks at a node as nearly all probes do, whatever the document asks."""


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return one script that checks every requirement, whatever the choices, of any host."""
    checked = tuple(item for item in document.requirements if item.complete and _sayable(item))
    missing = tuple(_unsupported(document))
    script = partial(_script, document, checked, missing)
    content = partial(_compact, script) if settings.get("form") == "compact" else script
    return Output((Artifact(_file_name(document), content, executable=True),), missing)


def _script(
    document: LoweredDocument,
    checked: Sequence[LoweredRequirement],
    missing: Sequence[Unsupported],
) -> Iterator[str]:
    """Return the pieces of the script."""
    options = choices(document)
    asked = tuple(
        probe for item in checked for check in (item.guard, item.check) for probe in probes(check)
    )
    texts = shared_texts(asked)
    variables = {option.name: option.variable for option in options}
    usual = usual_fields(document, checked)
    return (
        templates()
        .get_template("check.sh.j2")
        .generate(
            title=document.identity.title,
            settings=_settings_of(document, missing, total=len(checked)),
            collected=wanted(asked),
            collection=collection(asked),
            texts=[(name, word) for word, name in texts.items()],
            options=options,
            option_help="\n".join(f"  {option.shown}" for option in options),
            heading=list(provenance(_as_chosen(document))),
            lists=_lists(document, missing, options),
            usual=usual,
            items=items(checked, texts, variables, usual),
            library=_library(asked),
        )
    )


def _compact(script: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Yield the header of a script, and its commands without comments and margins."""
    header, _, commands = "".join(script()).partition("\n\n")
    yield f"{header}\n"
    yield compact(commands)


def _as_chosen(document: LoweredDocument) -> LoweredDocument:
    """Return the document with the options that were chosen; the script lists all as choices."""
    return replace(document, options=tuple(option for option in document.options if option.chosen))


def _sayable(item: LoweredRequirement) -> bool:
    """Tell whether the words of the checks can be words of a shell, which hold no NUL."""
    parts = (item.check, item.guard, item.condition)
    return all(map(sayable, parts))


def _unsupported(document: LoweredDocument) -> Iterator[Unsupported]:
    valueless = {option.name for option in document.options if option.value is None}
    for item in document.requirements:
        if not item.complete:
            # What errata drop is left out because that was asked for.
            if item.applies is None or not valueless.isdisjoint(item.bound_to):
                detail = (
                    "an option that decides what it asks for has no value; choose one with --set"
                )
                yield Unsupported(item.origin.id, Reason.INEXPRESSIBLE, detail)
        elif not _sayable(item):
            detail = "its check holds a NUL character, which no file name and no line of text has"
            yield Unsupported(item.origin.id, Reason.INEXPRESSIBLE, detail)


def _settings_of(
    document: LoweredDocument, missing: Sequence[Unsupported], total: int
) -> list[tuple[str, str]]:
    """Return the variables that say which document this is, unquoted."""
    identity = document.identity
    labels = {name: getattr(identity, name) for name in ("product", "version", "platform")}
    roles = dict.fromkeys(
        [*(role.name for role in document.roles), *document.host_roles],
    )
    return [
        ("compiler_version", __version__),
        ("identity", printable(f"{identity.title} ({identity})")),
        ("identity_json", json.dumps(_identity(document, missing))[1:-1]),
        ("document_name", printable(str(identity))),
        ("name_xml", xml(str(identity))),
        ("slug_xml", xml(identity.slug)),
        ("prometheus_labels", ",".join(f'{name}="{label(of)}"' for name, of in labels.items())),
        ("role_names", "\n".join(map(printable, roles))),
        ("host_roles", "\n".join(map(printable, document.host_roles))),
        ("total", str(total)),
    ]


def _identity(document: LoweredDocument, missing: Sequence[Unsupported]) -> dict[str, object]:
    return {
        "schema": "reqc.check/1",
        "specification": asdict(document.identity),
        "digest": document.digest,
        "errata": document.reading,
        "left_out": [
            {"id": row.requirement, "reason": row.reason.value, "detail": row.detail}
            for row in missing
        ],
    }


def _library(asked: Sequence[Probe]) -> str:
    needed = _ALWAYS.union(*(FRAGMENTS[type(probe)] for probe in asked))
    return "\n".join(fragment("shell", name) for name in _LIBRARY if name in needed)


def _lists(
    document: LoweredDocument, missing: Sequence[Unsupported], options: Sequence[Choice]
) -> list[tuple[str, list[str]]]:
    sources = [
        " ".join(filter(None, (source.name, source.title, source.url, source.revision)))
        + (f" (sha256 {source.sha256})" if source.sha256 else "")
        for source in document.sources
    ]
    return [
        ("Sources", sources),
        ("Choices, which --set changes", [option.brief for option in options]),
        ("Left out", list(omissions(missing))),
    ]


def _file_name(document: LoweredDocument) -> str:
    identity = document.identity
    name = f"check-{identity.product}-{identity.version}-{identity.platform}"
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).replace("..", "-") + ".sh"


@cache
def templates() -> Environment:
    """Return what the template of the script is read with."""
    made = environment("reqc.backends.shell")
    made.filters.update(quote=quote, comment=comment)
    return made


TARGET: Final = Target(
    name="shell",
    summary="A POSIX script that checks a node and changes nothing.",
    reads=Language.CHECKS,
    render=render,
    settings=(
        Setting(
            "form",
            "readable",
            "compact leaves out the comments behind the header and all margins, so that the script "
            "of a long page can be one argument of a command",
            ("readable", "compact"),
        ),
    ),
)
