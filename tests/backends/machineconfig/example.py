"""Calico v3.24 on OpenShift as a lowered document, with what its page asks of a node."""

from __future__ import annotations

from msgspec.structs import replace

from reqc.backends.base import Output
from reqc.backends.machineconfig.backend import TARGET
from reqc.compiler.flows import TCP, Flow, Ports
from reqc.compiler.lowered import LoweredDocument, LoweredOption, LoweredRequirement
from reqc.compiler.states import IniListItems, ModuleAtBoot, State, UnitState
from tests.documents import document, requirement

MODULES = (
    *("ip_tables", "ip6_tables", "xt_set", "ipt_rpfilter", "ip6t_rpfilter", "xt_addrtype"),
    *("xt_comment", "xt_conntrack", "xt_tcpudp", "xt_mark", "xt_multiport", "xt_sctp"),
    *("ipt_REJECT", "ip6t_REJECT", "xt_LOG", "ip_set", "nf_conntrack", "ipip", "vxlan"),
)
UNMANAGED = (
    *("cali*", "tunl*", "vxlan.calico", "vxlan-v6.calico", "wireguard.cali", "wg-v6.cali"),
)
NETWORK_MANAGER = "/etc/NetworkManager/conf.d/calico.conf"


def unmanaged(*names: str) -> IniListItems:
    """Return the state in which NetworkManager leaves interfaces alone."""
    items = tuple(f"interface-name:{name}" for name in names)
    return IniListItems(NETWORK_MANAGER, "keyfile", "unmanaged-devices", items)


def calico() -> LoweredDocument:
    """Return the whole document, with requirements of every sort."""
    modules = [
        requirement(f"kernel.{name}", states=[ModuleAtBoot(name)], title=f"Module {name}", line=at)
        for at, name in enumerate(MODULES, 40)
    ]
    page = document(
        *modules,
        requirement("node.unmanaged", states=[unmanaged(*UNMANAGED[:3])], line=16),
        requirement("node.more", states=[unmanaged(*UNMANAGED[2:])], line=17),
        requirement("node.firewalld", states=[UnitState("firewalld.service", "disabled")], line=18),
        requirement("node.cpu", line=4),
        requirement("network.bgp", flows=[Flow(TCP, (Ports(179, 179),), "host", "host")], line=23),
    )
    option = LoweredOption("ipv6", "bool", (), default=False, value=True, chosen=True, help="IPv6")
    identity = replace(page.identity, title="Calico v3.24 on OpenShift")
    return replace(page, identity=identity, options=(option,))


def spec(*states: State) -> LoweredDocument:
    """Return a document of one requirement for each state, called a.0, a.1 and so on."""
    return document(*(requirement(f"a.{at}", states=[item]) for at, item in enumerate(states)))


def render(page: LoweredDocument, **settings: str) -> Output:
    """Render with the defaults, but for what is given; `custom_pools` is `custom-pools`."""
    given = {name.replace("_", "-"): value for name, value in settings.items()}
    return TARGET.render(page, {item.name: item.default for item in TARGET.settings} | given)


def hostile(title: str) -> LoweredRequirement:
    """Return a requirement with a module and a title that somebody else chose."""
    return requirement("a.hostile", states=[ModuleAtBoot("m")], title=title)
