"""Every fact of the two pages is in its specification, and nothing else is."""

from __future__ import annotations

import pytest

from reqc.compiler.conditions import options_of, written
from reqc.compiler.model import Requirement
from tests.specs.facts import (
    ANNOUNCED,
    LOST_FACTS,
    OPENSHIFT_FACTS,
    OPENSHIFT_NOTES,
    OPENSTACK_FACTS,
    OPENSTACK_NOTES,
    Fact,
    Noted,
)
from tests.specs.shipped import NAMES, OPENSHIFT, OPENSTACK, shipped

FACTS = {
    OPENSTACK: (*OPENSTACK_FACTS, ANNOUNCED),
    OPENSHIFT: (*OPENSHIFT_FACTS, *LOST_FACTS, ANNOUNCED),
}
NOTES = {OPENSTACK: OPENSTACK_NOTES, OPENSHIFT: OPENSHIFT_NOTES}
ROWS = [
    pytest.param(name, fact, id=f"{name}-{fact.id}-{fact.requirement}")
    for name in NAMES
    for fact in FACTS[name]
]
NOTED = [
    pytest.param(name, noted, id=f"{name}-{noted.id}") for name in NAMES for noted in NOTES[name]
]


def _requirement(name: str, full_id: str) -> Requirement:
    return next(item for item in shipped(name).requirements if item.id == full_id)


@pytest.mark.parametrize(("name", "fact"), ROWS)
def test_a_fact_is_a_requirement_with_its_lines_level_and_condition(name: str, fact: Fact) -> None:
    found = _requirement(name, fact.requirement)

    assert " ".join(map(str, found.citations)) == fact.citations
    assert found.level == fact.level
    assert (written(found.condition) if found.condition else "") == fact.condition
    assert found.predicate == fact.predicate
    assert found.guard == fact.guard
    assert ", ".join(found.roles) == fact.roles


@pytest.mark.parametrize(("name", "noted"), NOTED)
def test_a_fact_that_requires_nothing_is_a_note(name: str, noted: Noted) -> None:
    found = _requirement(name, noted.requirement)

    assert noted.citation in map(str, found.citations)
    assert found.notes


def test_the_tables_have_every_fact_of_the_pages() -> None:
    ids = {
        item.id
        for rows in (OPENSTACK_FACTS, OPENSTACK_NOTES, OPENSHIFT_FACTS, OPENSHIFT_NOTES)
        for item in rows
    }

    # The OpenStack page has 25 facts before its 22 modules, which are numbered from 31.
    openstack = {f"o{number}" for number in (*range(1, 26), *range(31, 53))}
    assert ids == openstack | {f"s{number}" for number in range(1, 21)}


@pytest.mark.parametrize("name", NAMES)
def test_no_requirement_is_without_a_fact(name: str) -> None:
    ids = [item.id for item in shipped(name).requirements]

    assert sorted(ids) == sorted({fact.requirement for fact in FACTS[name]})


@pytest.mark.parametrize("name", NAMES)
def test_every_option_and_role_is_used(name: str) -> None:
    document = shipped(name)
    used = set().union(
        *(item.predicate.references() for item in document.requirements),
        *(options_of(item.condition) for item in document.requirements),
        *(options_of(role.condition) for role in document.roles.values()),
    )

    assert set(document.options) == used
    assert set(document.roles) == {role for item in document.requirements for role in item.roles}


def test_names_of_the_old_kernel_section_lead_to_the_new_one() -> None:
    old = {item.id for item in shipped(OPENSTACK).requirements}
    new = {item.id for item in shipped(OPENSHIFT).requirements}
    successors = {before for item in shipped(OPENSHIFT).requirements for before in item.was}

    gone = {full_id for full_id in old - new - successors if full_id.startswith("kernel.")}
    assert gone == {"kernel.sctp", "kernel.xt_u32"}
    assert successors <= old
    assert successors.isdisjoint(new)


def test_two_names_of_one_thing_lead_to_one_requirement() -> None:
    was = {item.id: item.was for item in shipped(OPENSHIFT).requirements}

    assert was["kernel.match_set"] == ("kernel.xt_set", "kernel.ipt_set")
    assert was["kernel.match_rpfilter"] == ("kernel.ipt_rpfilter", "kernel.xt_rpfilter")
    assert was["kernel.match_ipvs"] == ("kernel.xt_ipvs",)


def test_errata_are_the_rows_that_the_pages_print_wrongly() -> None:
    errata = {
        item.id: item.erratum.intended
        for name in NAMES
        for item in shipped(name).requirements
        if item.erratum is not None
    }

    assert errata == {
        "network.vxlan": None,
        "network.typha": None,
        "network.flannel": None,
        "network.apiserver": None,
        "network.etcd": _requirement(OPENSTACK, "network.etcd").predicate,
        "kernel.match_ipvs": _requirement(OPENSHIFT, "kernel.match_ipvs").predicate,
    }
