"""Libraries of small specifications, and sites that are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

from reqc.compiler.commands.site.build import site
from reqc.compiler.diagnostics import Report
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve

_HEAD = """\
req 1
spec {product} {version} on {platform} "Demo {version}"
source page "page.txt" {{ title "The page"; url "https://example.org/page" }}
option wide: bool = false "Wider than usual"
option port: port = 80 "Where it listens"
role host "Every host"
"""

CHAIN: Mapping[str, str] = {
    "1.9": """section node "Nodes" {
  must   kernel: kernel >= 4.0 @page:1
  must   sets:   module ip_set
  must   vxlan:  module vxlan
  should cpu:    cpu >= 2
  must   old:    file "/etc/old" exists
  must   back:   file "/etc/back" exists
  must   quiet:  memory >= 2GiB
}
""",
    "1.10": """section node "Nodes" {
  must kernel:   kernel >= 5.0 @page:1
  must ip_sets:  module ip_set { was node.sets }
  must vxlan:    module vxlan when wide
  must cpu:      cpu >= 2
  must firewall: service firewalld disabled
  must quiet:    memory >= 2GiB
}
""",
    "1.11": """section node "All nodes" {
  must kernel:   kernel >= 4.18 @page:1
  must ipset:    module ip_set { was node.ip_sets }
  must vxlan:    module vxlan when wide
  must cpu:      cpu >= 2
  must firewall: service firewalld disabled
  must back:     file "/etc/back" exists
  must quiet:    memory >= 2GiB
}
section network "Network" {
  must web: allow tcp port host <-> host
}
""",
}
"""The sections of three versions; as texts they are in another order than as versions."""


def specification(
    version: str, sections: str, product: str = "demo", platform: str = "linux"
) -> str:
    """Return a specification of the sections."""
    return _HEAD.format(product=product, version=version, platform=platform) + sections


def write_library(folder: Path) -> list[Path]:
    """Write the chain, a platform with one version, and a product with one of each platform."""
    texts = {f"demo-{version}": specification(version, text) for version, text in CHAIN.items()}
    only = CHAIN["1.9"]
    texts["demo-bsd"] = specification("1.9", only, platform="bsd")
    texts["other-bsd"] = specification("7", only, product="other", platform="bsd")
    texts["other-linux"] = specification("7", CHAIN["1.10"], product="other")
    texts["other-sun"] = specification("master", CHAIN["1.11"], product="other", platform="sun")
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.req")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def read(path: Path) -> Document:
    """Return the document of a specification, which must have no error."""
    report = Report()
    document = resolve(str(path), report)
    assert document is not None, report.diagnostics
    return document


def made(paths: Iterable[Path]) -> dict[str, str]:
    """Return the pages of a site of specifications, by name."""
    return made_of([read(path) for path in paths])


def made_of(documents: Sequence[Document]) -> dict[str, str]:
    """Return the pages of a site of documents, by name."""
    return {page.name: page.text for page in site(documents, "published", lambda _: None)}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src", "action"}:
                self.links.append(value or "")
            if name in {"aria-labelledby", "aria-describedby", "for"}:
                self.links += [f"#{one}" for one in (value or "").split()]


def broken(pages: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each link that leads to no page or to no element of it, and each id that is twice."""
    read_pages = {}
    for name, text in pages.items():
        read_pages[name] = _Links()
        read_pages[name].feed(text)
    found = []
    for name, page in read_pages.items():
        found += [(name, one) for one in set(page.ids) if page.ids.count(one) > 1]
        for link in page.links:
            address, fragment = urldefrag(link)
            if address.startswith("https://"):
                continue
            place = _resolved(name, unquote(address))
            wanted = unquote(fragment)
            if place not in read_pages or (wanted and wanted not in read_pages[place].ids):
                found.append((name, link))
    return found


def _resolved(name: str, address: str) -> str:
    if not address:
        return name
    parts = name.split("/")[:-1]
    for part in address.split("/"):
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
