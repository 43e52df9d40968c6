"""Render flows as permits for a firewalld that already rules the host.

They are the rules of one policy, which touches no zone. A firewalld before 0.9 knows no policies:
for that the same rules go into its default zone, which a script does rule by rule, as the file of
a zone is the user's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reqc.backends.base import (
    Drift,
    Language,
    Output,
    Reason,
    Setting,
    SettingError,
    Target,
    Unsupported,
)
from reqc.backends.firewall.admission import Admission, admission, in_page_order
from reqc.backends.firewall.conflicts import cautions
from reqc.backends.firewall.explanation import Handling, RuleSet, explanation
from reqc.backends.firewall.services import Service
from reqc.backends.firewall.text import header, sources
from reqc.backends.firewalld.configuration import (
    EVERY_PORT,
    ICMP_TYPES,
    INVALID,
    UDPLITE,
    definitions,
    mark,
    policy,
    policy_name,
)
from reqc.backends.firewalld.scripts import rich_rules, scripts
from reqc.compiler.lowered import LoweredDocument

NOTES: Final = (
    "Permits only: the zones go on deciding what no rule here lets in.",
    (
        "A reload of firewalld 1.3 deletes every rule that iptables-nft made, also those of Calico "
        "and kube-proxy: use this only where firewalld rules the host on purpose."
    ),
)
ZONE_NOTES: Final = (
    (
        "For firewalld before 0.9: the rules are in the default zone, so they let nothing in from "
        "an interface or a source that is bound to another zone."
    ),
)
SETTINGS: Final = (
    Setting(
        "form",
        "policy",
        "policy needs firewalld 0.9; rich-rules is for older ones, in the default zone",
        values=("policy", "rich-rules"),
    ),
)


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Return services, ipsets and a policy or its rules, with scripts to apply and remove them."""
    form = settings["form"]
    if form not in SETTINGS[0].values:
        message = f"form must be policy or rich-rules, not {form!r}"
        raise SettingError(message)
    admitted = _expressible(document, admission(document))
    found = cautions(document, "firewalld")
    files = tuple(definitions(document, admitted))
    if form == "policy":
        lines = tuple(header(document, admitted, NOTES, found))
        files += (policy(document, admitted, lines),)
        made = scripts(document.identity, lines, files)
    else:
        lines = tuple(header(document, admitted, NOTES + ZONE_NOTES, found))
        made = scripts(document.identity, lines, files, admitted.permits)
    return Output((*files, *made), admitted.unsupported, cautions=found)


def explain(document: LoweredDocument, settings: Mapping[str, str]) -> str:
    """Return which requirement each rule is for, and how to use the files."""
    admitted = _expressible(document, admission(document))
    in_policy = settings["form"] == "policy"
    notes = (*sources(document, admitted), *NOTES, *(() if in_policy else ZONE_NOTES))
    found = cautions(document, "firewalld")
    shown = f"--info-policy={policy_name(document.identity)}" if in_policy else "--list-rich-rules"
    handling = Handling(
        marks="In the files the descriptions of services name the requirements.",
        apply=("sh apply.sh", "It can be run again at any time."),
        verify=(f"firewall-cmd --state; firewall-cmd {shown}",),
        revert=("sh uninstall.sh",),
    )
    rules = RuleSet("firewalld", admitted, admitted.permits, (), notes, found)
    return explanation(document, rules, handling)


def drift(document: LoweredDocument, settings: Mapping[str, str]) -> Drift:
    """Return in what the configuration of this machine is not the one of the files."""
    # what runs tools is of no use to a compilation
    from reqc.backends.firewalld.drift import configuration_drift  # noqa: PLC0415

    output = render(document, settings)
    files = {item.name: item.text for item in output.artifacts if not item.executable}
    admitted = _expressible(document, admission(document))
    rules = (
        None if settings["form"] == "policy" else rich_rules(document.identity, admitted.permits)
    )
    return configuration_drift(document, mark(document.identity), files, rules)


def _expressible(document: LoweredDocument, admitted: Admission) -> Admission:
    """Report the permits that firewalld has no words for, or that would change nothing."""
    refused = {item: _refusal(item.service) for item in admitted.permits}
    reports = {
        origin.id: Unsupported(origin.id, *why)
        for item, why in refused.items()
        for origin in item.origins
        if why
    }
    return Admission(
        tuple(item for item in admitted.permits if not refused[item]),
        in_page_order(document, (*admitted.unsupported, *reports.values())),
    )


def _refusal(service: Service) -> tuple[Reason, str] | None:
    if service.protocol == UDPLITE and service.ports != EVERY_PORT:
        return Reason.INEXPRESSIBLE, "firewalld knows no ports of udplite"
    if service.icmp_type is None:
        return None
    if service.icmp_type not in ICMP_TYPES[service.protocol]:
        return Reason.INEXPRESSIBLE, f"firewalld has no name for {service}"
    if (service.protocol, service.icmp_type) in INVALID:
        return Reason.IGNORED, f"firewalld drops {service} as invalid before it looks at a rule"
    return None


TARGET = Target(
    "firewalld",
    "services, ipsets and a policy that permit the required traffic where firewalld rules",
    Language.FLOWS,
    render,
    SETTINGS,
    explain,
    drift,
)
