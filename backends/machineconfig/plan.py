"""Plan: what the settings ask for, checked: which releases, which pools, which objects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from msgspec import Struct

from reqc.backends.base import Refusal, Setting, SettingError
from reqc.backends.ignition.rules import OBJECT_NAME, OTHER_POOL, POOL, VERSION, shown
from reqc.backends.machineconfig import releases
from reqc.backends.machineconfig.releases import Releases, named_releases
from reqc.compiler.knowledge.ignition import Form, knowledge

POOLS: Final = Setting("pools", "worker,master", "pools to write an object for", many=True)
"""The setting that says for which pools objects are written."""

NAMING: Final = (
    POOLS,
    Setting("custom-pools", "", "pools of the cluster besides the built-in ones", many=True),
    Setting("prefix", "99", "first part of the objects' names; later names override earlier"),
    Setting("name", "", "last part of the objects' names; the product where none is given"),
)
"""The settings that say what objects there are and what they are called."""

_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NAME_LENGTH: Final = 253
_HOSTED: Final = "hosted"
_WORKER: Final = "worker"


class Pool(Struct, frozen=True):
    """A pool of nodes and the object that is for it."""

    pool: str
    object: str


class Plan(Struct, frozen=True):
    """For which releases, in which form, and for which pools the objects are written.

    `hosted` objects are in ConfigMaps for the node pools of a hosted control plane. `large` ones
    do not fit into an annotation of their own.
    """

    releases: Releases
    form: Form
    pools: tuple[Pool, ...]
    hosted: bool = False
    large: bool = False


def settings_of_objects() -> tuple[Setting, ...]:
    """Return the settings of the target `machineconfig`."""
    versions = (form.version for form in knowledge().forms)
    version_help = (
        f"version of Ignition, one of {', '.join(versions)}; without it, one that all these"
        " releases read"
    )
    form_help = (
        "objects for pools, or ConfigMaps for the node pools of a hosted control plane (HyperShift)"
    )
    return (
        Setting(releases.SETTING, "4.3", releases.HELP),
        Setting("ignition-version", "", version_help),
        Setting("form", "pools", form_help, ("pools", _HOSTED)),
        *NAMING,
    )


def planned(settings: Mapping[str, str], product: str) -> Plan:
    """Read the settings; raise SettingError for one that cannot be read."""
    found = named_releases(settings[releases.SETTING])
    hosted = settings["form"] == _HOSTED
    if hosted and settings["pools"] != POOLS.default:
        message = (
            "pools has no meaning with form=hosted: a NodePool names the objects that it takes"
        )
        raise SettingError(message)
    pools = (_WORKER,) if hosted else read_pools(settings)
    version = settings["ignition-version"]
    form = knowledge().form(version) if version else knowledge().form_for(found.known)
    if form is None:
        known = ", ".join(form.version for form in knowledge().forms)
        message = f"ignition-version is {version!r} and can be {known}"
        raise SettingError(message)
    return Plan(found, form, objects(settings, pools, product), hosted)


def read_pools(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the pools to write for; raise SettingError where there are none, or one twice."""
    pools = _list(settings["pools"])
    if not pools or len(set(pools)) != len(pools):
        message = f"pools is {settings['pools']!r} and must name at least one pool, each once"
        raise SettingError(message)
    return pools


def objects(settings: Mapping[str, str], pools: tuple[str, ...], product: str) -> tuple[Pool, ...]:
    """Return each pool with the name of its object."""
    what = settings["name"] or product
    return tuple(Pool(pool, f"{settings['prefix']}-{pool}-{what}") for pool in pools)


def plan_refusals(plan: Plan, settings: Mapping[str, str]) -> Iterator[Refusal]:
    """Check version, pools and names; a cluster takes a wrong one and does nothing, or harm."""
    version = plan.form.version
    deaf = tuple(item for item in plan.releases.known if version not in item.reads)
    if deaf:
        message = f"OpenShift {Releases(deaf, open=False)} does not read Ignition {version}"
        best = knowledge().form_for(plan.releases.known).version
        yield Refusal(None, VERSION, message, f"use {best}, which all of {plan.releases} read")
    yield from name_refusals(plan.pools, settings)


def name_refusals(pools: tuple[Pool, ...], settings: Mapping[str, str]) -> Iterator[Refusal]:
    """Check pools and the names of objects for them."""
    known = tuple(dict.fromkeys((*knowledge().pools, *_list(settings["custom-pools"]))))
    for item in pools:
        other = _spoken_of(item, known)
        if item.pool not in known:
            message = f"{shown(item.pool)} is no known pool, so no node would get the object"
            yield Refusal(None, POOL, message, _pool_advice(item.pool, known))
        elif not _NAME.fullmatch(item.object) or len(item.object) > _NAME_LENGTH:
            message = f"{shown(item.object)} is no name for a Kubernetes object"
            advice = "use small letters, digits, dashes and dots, at most 253; see prefix and name"
            yield Refusal(None, OBJECT_NAME, message, advice)
        elif _is_taken(item.object, known):
            message = f"{shown(item.object)} is a name that the Machine Config Operator uses itself"
            yield Refusal(None, OBJECT_NAME, message, "change the setting prefix or name")
        elif other:
            message = f"{shown(item.object)} speaks of the pool {other} and is for {item.pool}"
            yield Refusal(None, OTHER_POOL, message, "change the setting prefix or name")


def _pool_advice(pool: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(pool.lower(), known, n=1)
    if close:
        return f"did you mean {close[0]}? Others are declared with the setting custom-pools"
    return f"use {', '.join(known)}, or declare it with the setting custom-pools"


def _spoken_of(item: Pool, pools: tuple[str, ...]) -> str | None:
    """Return another pool that stands in a name where a reader looks for the pool."""
    after_number = re.sub(r"^[0-9]+-", "", item.object)
    spoken = [pool for pool in pools if after_number.startswith(f"{pool}-")]
    longest = max(spoken, key=len, default=item.pool)
    return longest if longest != item.pool else None


def _is_taken(name: str, pools: tuple[str, ...]) -> bool:
    pool = "|".join(map(re.escape, pools))
    taken = rf"rendered-.*|0[01]-.*|9[789]-({pool})-generated-.*|99-({pool})-ssh"
    return re.fullmatch(taken, name) is not None


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
