"""Small tables of Linux and the Internet: capabilities, machines, protocol numbers."""

from __future__ import annotations

CAPABILITIES: dict[str, int] = {
    "CAP_CHOWN": 0,
    "CAP_DAC_OVERRIDE": 1,
    "CAP_DAC_READ_SEARCH": 2,
    "CAP_FOWNER": 3,
    "CAP_FSETID": 4,
    "CAP_KILL": 5,
    "CAP_SETGID": 6,
    "CAP_SETUID": 7,
    "CAP_SETPCAP": 8,
    "CAP_LINUX_IMMUTABLE": 9,
    "CAP_NET_BIND_SERVICE": 10,
    "CAP_NET_BROADCAST": 11,
    "CAP_NET_ADMIN": 12,
    "CAP_NET_RAW": 13,
    "CAP_IPC_LOCK": 14,
    "CAP_IPC_OWNER": 15,
    "CAP_SYS_MODULE": 16,
    "CAP_SYS_RAWIO": 17,
    "CAP_SYS_CHROOT": 18,
    "CAP_SYS_PTRACE": 19,
    "CAP_SYS_PACCT": 20,
    "CAP_SYS_ADMIN": 21,
    "CAP_SYS_BOOT": 22,
    "CAP_SYS_NICE": 23,
    "CAP_SYS_RESOURCE": 24,
    "CAP_SYS_TIME": 25,
    "CAP_SYS_TTY_CONFIG": 26,
    "CAP_MKNOD": 27,
    "CAP_LEASE": 28,
    "CAP_AUDIT_WRITE": 29,
    "CAP_AUDIT_CONTROL": 30,
    "CAP_SETFCAP": 31,
    "CAP_MAC_OVERRIDE": 32,
    "CAP_MAC_ADMIN": 33,
    "CAP_SYSLOG": 34,
    "CAP_WAKE_ALARM": 35,
    "CAP_BLOCK_SUSPEND": 36,
    "CAP_AUDIT_READ": 37,
    "CAP_PERFMON": 38,
    "CAP_BPF": 39,
    "CAP_CHECKPOINT_RESTORE": 40,
}
"""Linux capabilities by name, as include/uapi/linux/capability.h numbers them."""

ARCHITECTURES: dict[str, str] = {
    "aarch64": "aarch64",
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armhf": "armv7l",
    "armv7": "armv7l",
    "armv7l": "armv7l",
    "i386": "i686",
    "i586": "i686",
    "i686": "i686",
    "loong64": "loongarch64",
    "loongarch64": "loongarch64",
    "powerpc64le": "ppc64le",
    "ppc64el": "ppc64le",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
    "x64": "x86_64",
    "x86-64": "x86_64",
    "x86_64": "x86_64",
}
"""Every word for a processor architecture with the machine as `uname -m` names it."""

PROTOCOLS: dict[str, int] = {
    "icmp": 1,
    "igmp": 2,
    "ipencap": 4,
    "ipv4": 4,
    "tcp": 6,
    "egp": 8,
    "igp": 9,
    "udp": 17,
    "dccp": 33,
    "ipv6": 41,
    "ipv6-route": 43,
    "ipv6-frag": 44,
    "rsvp": 46,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmpv6": 58,
    "ipv6-icmp": 58,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    "eigrp": 88,
    "ospf": 89,
    "etherip": 97,
    "encap": 98,
    "pim": 103,
    "ipcomp": 108,
    "vrrp": 112,
    "l2tp": 115,
    "sctp": 132,
    "fc": 133,
    "mobility-header": 135,
    "udplite": 136,
    "mpls-in-ip": 137,
    "hip": 139,
    "shim6": 140,
    "wesp": 141,
    "rohc": 142,
    "ethernet": 143,
}
"""Protocol numbers of IANA by name. A name that is a trap is left out, and so is `ip`, which is 0
in /etc/protocols and any protocol in a firewall."""

PROTOCOL_TRAPS: dict[str, str] = {
    "ip-in-ip": "write `ip 4`: IP-in-IP is protocol 4",
    "ipip": "write `ip 4`: IP-in-IP is protocol 4, and ipip means protocol 94 in /etc/protocols",
}
"""Protocol names that mean different numbers to different readers, with what to write instead."""

_NUMBERED = {number: name for name, number in reversed(PROTOCOLS.items())}


def architecture(word: str) -> str:
    """Return the machine as `uname -m` names it; raise KeyError for a word that names none."""
    return ARCHITECTURES[word]


def protocol_number(word: str) -> int | None:
    """Return the number of a protocol, None for a word that names none or is a trap."""
    return PROTOCOLS.get(word.lower())


def protocol_name(number: int) -> str | None:
    """Return the first name of a protocol number that has one."""
    return _NUMBERED.get(number)
