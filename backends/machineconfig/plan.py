"""Plan: what the settings ask for, checked: which releases, which pools, which objects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reqc.backends.base import Refusal, SettingError
from reqc.backends.ignition.rules import OBJECT_NAME, POOL, shown
from reqc.compiler.knowledge.ignition import Form, Release, knowledge

_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NAME_LENGTH: Final = 253


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of nodes and the object that is for it."""

    pool: str
    object: str


@dataclass(frozen=True, slots=True)
class Plan:
    """For which releases, in which form, and for which pools the objects are written.

    `openshift` names the releases in words.
    """

    openshift: str
    releases: tuple[Release, ...]
    form: Form
    pools: tuple[Pool, ...]


def planned(settings: Mapping[str, str], product: str) -> Plan:
    """Read the settings; raise SettingError for one that cannot be read."""
    releases, words = _releases(settings["openshift"])
    pools = _list(settings["pools"])
    if not pools or len(set(pools)) != len(pools):
        message = f"pools is {settings['pools']!r} and must name at least one pool, each once"
        raise SettingError(message)
    what = settings["name"] or product
    objects = tuple(Pool(pool, f"{settings['prefix']}-{pool}-{what}") for pool in pools)
    return Plan(words, releases, knowledge().form_for(releases), objects)


def plan_refusals(plan: Plan, settings: Mapping[str, str]) -> Iterator[Refusal]:
    """Check pools and names; the cluster takes a wrong one and then does nothing, or harm."""
    known = (*knowledge().pools, *_list(settings["custom-pools"]))
    for item in plan.pools:
        if item.pool not in known:
            message = f"{shown(item.pool)} is no known pool, so no node would get the object"
            advice = f"use {', '.join(known)}, or declare it with the setting custom-pools"
            yield Refusal(None, POOL, message, advice)
        elif not _NAME.fullmatch(item.object) or len(item.object) > _NAME_LENGTH:
            message = f"{shown(item.object)} is no name for a Kubernetes object"
            advice = "use small letters, digits, dashes and dots, at most 253; see prefix and name"
            yield Refusal(None, OBJECT_NAME, message, advice)
        elif _is_taken(item.object, known):
            message = f"{shown(item.object)} is a name that the Machine Config Operator uses itself"
            yield Refusal(None, OBJECT_NAME, message, "change the setting prefix or name")


def _is_taken(name: str, pools: tuple[str, ...]) -> bool:
    pool = "|".join(map(re.escape, pools))
    taken = rf"rendered-.*|0[01]-.*|9[789]-({pool})-generated-.*|99-({pool})-ssh"
    return re.fullmatch(taken, name) is not None


def _releases(text: str) -> tuple[tuple[Release, ...], str]:
    oldest, dash, newest = (part.strip() for part in text.partition("-"))
    if dash and not newest:
        message = f"openshift is {text!r}; give the oldest release, or a range such as 4.12-4.18"
        raise SettingError(message)
    try:
        found = knowledge().between(oldest, newest or None)
    except ValueError as error:
        message = f"openshift is {text!r}: {error}"
        raise SettingError(message) from error
    return found, f"{oldest} to {newest}" if newest else f"{oldest} and later"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
