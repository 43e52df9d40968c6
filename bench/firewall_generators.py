"""The same permits as a policy of aerleon and of capirca, which generate firewalls from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from peers import program

Peers = Sequence[Sequence[str]]
"""The addresses of each role; each role may be reached on a port of its own."""


def aerleon(folder: Path, peers: Peers, first_port: int) -> list[str]:
    """Write the permits for aerleon, and return what writes them for nftables."""
    definitions, policies, command = _folders(folder, "aerleon")
    networks = {
        f"R{one}": {"values": [{"address": f"{address}/32"} for address in addresses]}
        for one, addresses in enumerate(peers)
    }
    services = {
        f"S{one}": [{"protocol": "udp", "port": first_port + one}] for one in range(len(peers))
    }
    text = yaml.safe_dump({"networks": networks, "services": services})
    (definitions / "names.yaml").write_text(text, encoding="utf-8")
    terms = [{"name": f"n{one}", **_term(one)} for one in range(len(peers))]
    header = {"targets": {"nftables": "inet input"}}
    policy = yaml.safe_dump({"filters": [{"header": header, "terms": terms}]})
    (policies / "pol" / "example.yaml").write_text(policy, encoding="utf-8")
    return command


def capirca(folder: Path, peers: Peers, first_port: int) -> list[str]:
    """Write the permits for capirca, and return what writes them for nftables."""
    definitions, policies, command = _folders(folder, "capirca")
    networks = [
        f"R{one} = " + "\n    ".join(f"{address}/32" for address in addresses)
        for one, addresses in enumerate(peers)
    ]
    services = [f"S{one} = {first_port + one}/udp" for one in range(len(peers))]
    (definitions / "NETWORK.net").write_text("\n".join([*networks, ""]), encoding="utf-8")
    (definitions / "SERVICES.svc").write_text("\n".join([*services, ""]), encoding="utf-8")
    lines = ["header {", "  target:: nftables inet input", "}"]
    for one in range(len(peers)):
        words = [f"  {key}:: {value}" for key, value in _term(one).items()]
        lines += [f"term n{one} {{", *words, "}"]
    (policies / "pol" / "example.pol").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return command


GENERATORS = {"aerleon": aerleon, "capirca": capirca}


def written(folder: Path, tool: str) -> str:
    """Return the rule set that a tool has written."""
    (file,) = (folder / f"{tool}-out").glob("*.nft")
    return file.read_text(encoding="utf-8")


def _term(number: int) -> Mapping[str, str]:
    return {
        "protocol": "udp",
        "source-address": f"R{number}",
        "destination-port": f"S{number}",
        "action": "accept",
    }


def _folders(folder: Path, tool: str) -> tuple[Path, Path, list[str]]:
    """Make the folders of a tool; return those of definitions and policies, and its command."""
    definitions, policies, out = (folder / f"{tool}-{name}" for name in ("def", "pol", "out"))
    for made in (definitions, policies / "pol", out):
        made.mkdir(parents=True)
    command = [
        str(program("aclgen", tool)),
        f"--base_directory={policies}",
        f"--definitions_directory={definitions}",
        f"--output_directory={out}",
    ]
    return definitions, policies, command
