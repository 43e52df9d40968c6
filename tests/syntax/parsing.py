"""Parses texts, and walks over what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from reqc.compiler.diagnostics import Diagnostic, Report
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.packed import Requirements
from reqc.compiler.syntax.parser import parse

ROOT = Path(__file__).parent.parent.parent
SPECS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "specs").rglob("*.req"))]

SAMPLE = '''\
req 1  # the version of the language

# Everything that the grammar knows.
spec calico 3.16 on openstack "Calico v3.16"
revision 2020-08-27
source page "page.txt" {
  title "System requirements"
  url "https://example.invalid/"
}
use "lib/calico.req"
amends "base.req"
remove node.older, node.oldest
default typha = true
retitle node "Hosts"
retitle node.cpu "Processors"
replace must not node.cpu: cpu < 2 on host @page:3 { note "More" }
allow unused-option "Kept for later"
ignore @page:1-2, @page:9 "Navigation"
option encapsulation: ipip | vxlan | none = ipip "Overlay between hosts"
option typha: bool = false
role host "Every host"
role typha "Typha" when typha and not (encapsulation == none or encapsulation in [ipip, vxlan])

section node "Nodes" {
  must     cpu:  arch x86_64 @page:4
  must not old:  kernel < 3.10 on host, typha when typha @page:5-7 @page
  may      look: any { cpu >= 2; all { memory >= 2GiB; not disk "/" < 10GB } }
  should   full: unmanaged "cali*",
      "tunl*"
      when typha
      @page:12 {
    title   "Full"
    where   service NetworkManager present
    because """
      Long texts
        keep their shape.
      """
    note    "A quote \\" and a backslash \\\\"
    erratum "Printed by mistake" intended kernel >= 3.10 when typha
    was     node.older, node.oldest
    allow   no-citation "From experience"
    deprecated
    at "page.req:12"
  }
}
'''
"""Every rule of the grammar, once or more often."""


def parsed(text: str) -> tuple[tree.File, list[Diagnostic]]:
    """Return the tree of a text and what was reported."""
    report = Report()
    return parse(Source("sample.req", "sample.req", text), report), report.sorted()


def sound(text: str) -> tree.File:
    """Return the tree of a text that has no mistake."""
    file, reported = parsed(text)
    assert reported == []
    return file


def nodes(value: object) -> Iterator[object]:
    """Yield every node of a tree that has a span."""
    if isinstance(value, (tuple, Requirements)):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, Struct) and not isinstance(value, Span):
        if hasattr(value, "span"):
            yield value
        for name in value.__struct_fields__:
            yield from nodes(getattr(value, name))


def spans(reported: list[Diagnostic]) -> Iterator[Span]:
    """Yield every place that diagnostics show."""
    for item in reported:
        if item.span is not None:
            yield item.span
        yield from (label.span for label in item.labels)
