"""Reads the choices of a deployment from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reqc.compiler.conditions import Value
from reqc.compiler.diagnostics import Code, Report, help_for, suggestion
from reqc.compiler.lower import Deployment
from reqc.compiler.model import Document

if TYPE_CHECKING:
    from reqc.compiler.inventory import Inventory


def read_deployment(options: argparse.Namespace, document: Document, report: Report) -> Deployment:
    """Return the deployment; what does not fit the document is reported."""
    inventory = _inventory(options.inventory, document, report)
    return Deployment(
        choices=_choices(options.choices, document, report),
        host_roles=_roles(options.roles, document, report),
        addresses=inventory.addresses if inventory else {},
        hosts=inventory.hosts if inventory else {},
        reading=options.errata,
        inputs=(inventory.input,) if inventory else (),
    )


def pairs(written: Iterable[str], what: str, report: Report) -> dict[str, str]:
    """Return `NAME=VALUE` arguments by name; the last one counts, as in every shell."""
    found = {}
    for item in written:
        name, equals, value = item.partition("=")
        if not equals or not name:
            message = f"`{item}` is no {what}=VALUE"
            report.error(Code.USAGE, message)
        else:
            found[name] = value
    return found


def _choices(written: Iterable[str], document: Document, report: Report) -> Mapping[str, Value]:
    chosen = {}
    for name, value in pairs(written, "OPTION", report).items():
        option = document.options.get(name)
        if option is None:
            message = f"the specification has no option `{name}`"
            help_text = help_for(name, document.options, "options:")
            report.error(Code.UNKNOWN_OPTION, message, help=help_text)
            continue
        try:
            chosen[name] = option.type.read(value)
        except ValueError as mistake:
            message = f"`{value}` is no value of the option `{name}`: {mistake}"
            help_text = suggestion(value, option.type.words)
            report.error(Code.OPTION_VALUE, message, help=help_text)
    return chosen


def _roles(written: Iterable[str], document: Document, report: Report) -> tuple[str, ...]:
    for name in written:
        if name not in document.roles:
            message = f"the specification has no role `{name}`"
            help_text = help_for(name, document.roles, "roles:")
            report.error(Code.UNKNOWN_ROLE, message, help=help_text)
    return tuple(dict.fromkeys(written))


def _inventory(path: str | None, document: Document, report: Report) -> Inventory | None:
    if path is None:
        return None
    from reqc.compiler.inventory import InventoryError, read_inventory  # noqa: PLC0415  # pydantic

    try:
        inventory = read_inventory(path)
        return replace(inventory, addresses=inventory.of_roles(document.roles))
    except InventoryError as problem:
        report.add([problem.diagnostic])
        return None
