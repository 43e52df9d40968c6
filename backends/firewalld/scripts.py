"""The scripts that bring the files to firewalld, and that take them away again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from jinja2 import Environment

from reqc.backends.base import Artifact
from reqc.backends.firewall.admission import Permit
from reqc.backends.firewalld.configuration import has_ports, mark, policy_name, rich_rule, slug
from reqc.backends.templates import environment
from reqc.compiler.lowered import Identity


def scripts(
    identity: Identity,
    header: tuple[str, ...],
    files: tuple[Artifact, ...],
    permits: tuple[Permit, ...] | None = None,
) -> tuple[Artifact, ...]:
    """Return apply.sh and uninstall.sh.

    `files` are in the order in which they can be put in place, what is referred to first. `permits`
    become rich rules of the default zone; they are None where one of the files is a policy.
    """
    from_file = templates().get_template
    context = {
        "header": header,
        "files": [item.name for item in files],
        "mark": f"<short>{mark(identity)}",
        "policy": policy_name(identity),
        "record": f"reqc-{slug(identity)}.rules",
        "rules": None if permits is None else rich_rules(identity, permits),
        "portless": ", ".join(_portless(permits or ())),
    }
    return tuple(
        Artifact(name, from_file(f"{name}.j2").render(context), executable=True)
        for name in ("apply.sh", "uninstall.sh")
    )


def rich_rules(identity: Identity, permits: Iterable[Permit]) -> list[str]:
    """Return the rules of the default zone, in the language that firewall-cmd takes."""
    return [rich_rule(identity, one, version) for one in permits for version in one.versions]


def _portless(permits: Iterable[Permit]) -> Iterator[str]:
    """Return the services of peers whose rules have a protocol only."""
    for one in permits:
        if one.peers and one.service.icmp_type is None and not has_ports(one.service):
            yield str(one.service)


def templates() -> Environment:
    """Return what the templates of this target are read with."""
    made = environment("reqc.backends.firewalld")
    made.filters.update(shell=shlex.quote)
    return made
