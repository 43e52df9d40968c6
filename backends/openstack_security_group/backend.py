"""Render flows as security groups: one for each role, with the groups of its peers as sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from reqc.backends.base import Artifact, Caution, Language, Output, Setting, SettingError, Target
from reqc.backends.firewall.admission import Admission, Permit, admission, incoming
from reqc.backends.firewall.explanation import Handling, RuleSet, explanation
from reqc.backends.firewall.membership import told_by_group
from reqc.backends.firewall.narrowing import narrowed
from reqc.backends.firewall.text import cut, header, object_name, one_line
from reqc.backends.openstack_security_group.ansible import ansible_text
from reqc.backends.openstack_security_group.groups import (
    TEXT_LENGTH,
    Group,
    Groups,
    group_name,
    narrow,
    security_rules,
)
from reqc.backends.openstack_security_group.terraform import terraform_text
from reqc.compiler.flows import ANYONE
from reqc.compiler.lowered import LoweredDocument

ELSEWHERE: Final = "REQ575"
"""The document says nothing of an OpenStack cloud, and only instances of one have groups."""

RULES_OF_A_PROJECT: Final = 100
"""The quota of security group rules that Neutron gives a project unless configured otherwise."""

FORM: Final = Setting(
    "form",
    "terraform",
    "a Terraform module in JSON, or an Ansible playbook",
    values=("terraform", "ansible"),
)
OUTSIDE: Final = Setting(
    "outside",
    "",
    "roles whose hosts are no instances of the cloud: told by address instead of by group",
    many=True,
)


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return one file; raise SettingError where `outside` names no role, or one asked for."""
    outside = _outside(document, settings["outside"])
    terraform = settings["form"] == "terraform"
    asked = told_by_group(document, {role.name for role in document.roles} - outside)
    admitted = _admitted(asked, terraform=terraform)
    groups = _groups(asked, admitted, outside, terraform=terraform)
    found = tuple(_cautions(document))
    told = (*_sources(document, admitted, outside), *_counts(groups))
    lines = tuple(header(document, admitted, _notes(terraform=terraform), found, told))
    slug = object_name(document.identity.slug, 60)
    if terraform:
        artifact = Artifact(f"{slug}.tf.json", terraform_text(groups, lines))
    else:
        title = one_line(str(document.identity))
        artifact = Artifact(f"{slug}.yml", ansible_text(groups, lines, title))
    return Output((artifact,), admitted.unsupported, cautions=found)


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return which requirement each rule is for, and how to use the file."""
    outside = _outside(document, settings["outside"])
    terraform = settings["form"] == "terraform"
    groups = frozenset(role.name for role in document.roles) - outside
    admitted = _admitted(told_by_group(document, groups), terraform=terraform)
    handling = Handling(
        marks="In the file the descriptions of rules name the requirements.",
        apply=("terraform init && terraform apply" if terraform else "ansible-playbook FILE",),
        verify=(
            "terraform plan" if terraform else "ansible-playbook --check FILE",
            "openstack security group rule list --long GROUP",
        ),
        revert=(
            "terraform destroy" if terraform else "openstack security group delete GROUP",
            "Take the groups away from the ports first.",
        ),
    )
    notes = (*_sources(document, admitted, outside), *_notes(terraform=terraform))
    found = tuple(_cautions(document))
    rules = RuleSet(
        "openstack-security-group", admitted, admitted.permits, (), notes, found, groups
    )
    return explanation(document, rules, handling)


def _outside(document: LoweredDocument, written: str) -> frozenset[str]:
    names = frozenset(filter(None, written.split(",")))
    for name in sorted(names):
        if document.role(name) is None:
            message = f"outside names {name!r}, which is no role of the specification"
            raise SettingError(message)
        if name in document.host_roles:
            message = f"outside names {name}, whose hosts the groups are for"
            raise SettingError(message)
    return names


def _admitted(document: LoweredDocument, *, terraform: bool) -> Admission:
    def sayable(permit: Permit) -> tuple[Permit | None, str]:
        return narrow(permit, type_zero=not terraform)

    return narrowed(document, admission(document), sayable)


def _groups(
    document: LoweredDocument, admitted: Admission, outside: frozenset[str], *, terraform: bool
) -> Groups:
    peers = [item.role for item in admitted.peers if item.role not in outside]
    text = cut(one_line(f"{document.identity}, by reqc"), TEXT_LENGTH)
    return Groups(
        tuple(
            Group(role, group_name(document, role), text)
            for role in dict.fromkeys((*document.host_roles, *peers))
        ),
        tuple(
            rule
            for role in document.host_roles
            for rule in security_rules(
                role,
                _admitted(replace(document, host_roles=(role,)), terraform=terraform),
                outside,
            )
        ),
    )


def _cautions(document: LoweredDocument) -> Iterator[Caution]:
    if document.identity.platform != "openstack":
        yield Caution(
            None,
            ELSEWHERE,
            "security groups rule instances of OpenStack, and the specification is for"
            f" {document.identity.platform}",
            "use this where the hosts are such instances, and another target elsewhere",
        )


def _notes(*, terraform: bool) -> Iterator[str]:
    yield (
        "Security groups rule the ports of instances. The hosts that OpenStack itself runs on have"
        " none, unless they are instances of another cloud."
    )
    yield (
        "Groups only permit. An instance drops what no group of its port permits, so keep a group"
        " with ssh and all else that the instance is for."
    )
    yield (
        "A source by group is the fixed addresses and allowed address pairs of the ports that have"
        " it: give each group to all ports of its role first."
    )
    if terraform:
        yield "Use: in a folder of its own this is a module; terraform init, plan and apply."
        yield "Its output security_group_ids has the groups by role, for the ports to name."
    else:
        yield (
            "Use: ansible-galaxy collection install openstack.cloud; then ansible-playbook with"
            " this file, and OS_CLOUD or the other variables of OpenStack in the environment."
        )
        yield (
            "The play only adds. Delete a rule that is no longer here, and one whose requirements"
            " have changed, since Neutron takes no second rule for the same traffic."
        )


def _sources(
    document: LoweredDocument, admitted: Admission, outside: frozenset[str]
) -> Iterator[str]:
    for peers in admitted.peers:
        if peers.role in outside:
            yield f"Source {peers.role}: {len(peers.v4)} IPv4 and {len(peers.v6)} IPv6 networks"
        else:
            yield f"Source {peers.role}: ports with the group {group_name(document, peers.role)}"
    known = {peers.role for peers in admitted.peers}
    asked = (
        flow.source
        for item in document.requirements
        if item.applies
        for flow in incoming(document, item)
    )
    for name in dict.fromkeys(asked):
        if name != ANYONE and name not in known:
            yield f"Source {name}: nobody said its addresses, so its rules are for any source"


def _counts(groups: Groups) -> Iterator[str]:
    rules = len(groups.rules)
    more = f", more than the {RULES_OF_A_PROJECT} that a project may have by default"
    yield (
        f"Groups: {len(groups.groups)}; rules: {rules}{more if rules > RULES_OF_A_PROJECT else ''}"
    )


TARGET: Final = Target(
    "openstack-security-group",
    "security groups of Neutron for hosts that are instances of an OpenStack cloud",
    Language.FLOWS,
    render,
    (FORM, OUTSIDE),
    explain,
)
