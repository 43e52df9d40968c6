"""The checks of a specification as definitions of OVAL, which OpenSCAP evaluates."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Mapping, Sequence
from xml.etree import ElementTree as ET

from naive import Line

from reqc.compiler.checks import (
    All,
    Any,
    Architecture,
    Capability,
    Check,
    IniList,
    InterfaceNamesFree,
    KernelCapability,
    KernelVersion,
    Not,
    OperatingSystem,
    Unit,
)

_OVAL = "http://oval.mitre.org/XMLSchema/oval-definitions-5"
_COMMON = "http://oval.mitre.org/XMLSchema/oval-common-5"
_TEXT = f"{_OVAL}#independent"
_UNIX = f"{_OVAL}#unix"
_PREFIX = "oval:reqc.bench"


class Definitions:
    """A document of definitions, one for each line."""

    def __init__(self, asked: Sequence[Line], release: str) -> None:
        self._release = release
        self._tests: list[ET.Element] = []
        self._objects: list[ET.Element] = []
        self._definitions = [self._definition(number, item) for number, item in enumerate(asked, 1)]

    def text(self) -> bytes:
        """Return the document."""
        root = ET.Element(f"{{{_OVAL}}}oval_definitions")
        generator = ET.SubElement(root, f"{{{_OVAL}}}generator")
        ET.SubElement(generator, f"{{{_COMMON}}}schema_version").text = "5.11"
        ET.SubElement(generator, f"{{{_COMMON}}}timestamp").text = "2020-01-01T00:00:00"
        for name, items in (
            ("definitions", self._definitions),
            ("tests", self._tests),
            ("objects", self._objects),
        ):
            ET.SubElement(root, f"{{{_OVAL}}}{name}").extend(items)
        document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return document

    def _definition(self, number: int, item: Line) -> ET.Element:
        identity = {"id": f"{_PREFIX}:def:{number}", "version": "1", "class": "compliance"}
        definition = ET.Element(f"{{{_OVAL}}}definition", identity)
        metadata = ET.SubElement(definition, f"{{{_OVAL}}}metadata")
        ET.SubElement(metadata, f"{{{_OVAL}}}title").text = item.id
        ET.SubElement(metadata, f"{{{_OVAL}}}description").text = item.shell
        criteria = ET.SubElement(definition, f"{{{_OVAL}}}criteria", {"operator": "OR"})
        self._add(criteria, item.check)
        return definition

    def _add(self, criteria: ET.Element, check: Check, *, negate: bool = False) -> None:
        match check:
            case All(parts) | Any(parts):
                operator = {"operator": "AND" if isinstance(check, All) else "OR"}
                inner = ET.SubElement(criteria, f"{{{_OVAL}}}criteria", operator)
                for part in parts:
                    self._add(inner, part)
            case Not(part):
                self._add(criteria, part, negate=True)
            case _:
                one = {"operator": "OR", "negate": str(negate).lower()}
                inner = ET.SubElement(criteria, f"{{{_OVAL}}}criteria", one)
                for file, pattern in self._evidence(check):
                    where = {"test_ref": self._test(file, pattern)}
                    ET.SubElement(inner, f"{{{_OVAL}}}criterion", where)

    def _evidence(self, check: Check) -> list[tuple[str, str]]:
        """Return files and patterns of which one match suffices; no pattern asks for the file."""
        if isinstance(check, KernelCapability):
            tree, config = f"/lib/modules/{self._release}", f"/boot/config-{self._release}"
            name = "|".join(check.modules)
            symbols = "|".join(option.symbol for option in check.options)
            found = [("/proc/modules", f"^({name}) "), (f"{tree}/modules.dep", f"/({name}).ko")]
            return (found if name else []) + (
                [(config, f"^CONFIG_({symbols})=[ym]")] if symbols else []
            )
        return [_EVIDENCE[type(check)](check)]

    def _test(self, file: str, pattern: str) -> str:
        number = len(self._tests) + 1
        test, thing = f"{_PREFIX}:tst:{number}", f"{_PREFIX}:obj:{number}"
        space, kind = (_TEXT, "textfilecontent54") if pattern else (_UNIX, "file")
        identity = {"id": test, "version": "1", "check": "all", "comment": file}
        made = ET.Element(f"{{{space}}}{kind}_test", identity)
        ET.SubElement(made, f"{{{space}}}object", {"object_ref": thing})
        self._tests.append(made)
        made = ET.Element(f"{{{space}}}{kind}_object", {"id": thing, "version": "1"})
        ET.SubElement(made, f"{{{space}}}filepath").text = file
        if pattern:
            matching = {"operation": "pattern match"}
            ET.SubElement(made, f"{{{space}}}pattern", matching).text = pattern
            ET.SubElement(made, f"{{{space}}}instance", {"datatype": "int"}).text = "1"
        self._objects.append(made)
        return test


def _release(check: OperatingSystem) -> tuple[str, str]:
    return "/etc/os-release", f'"{check.version}' if check.version else f"^ID=.*{check.id}"


_EVIDENCE: Mapping[type, Callable[[typing.Any], tuple[str, str]]] = {
    Architecture: lambda check: ("/proc/sys/kernel/arch", f"^({'|'.join(check.machines)})$"),
    Capability: lambda _: ("/proc/self/status", "^CapBnd:.*f"),
    IniList: lambda check: (f"{check.directories[0]}/calico.conf", re.escape(check.items[0])),
    InterfaceNamesFree: lambda _: ("/sys/class/net/lo/mtu", "^[0-9]"),
    KernelVersion: lambda _: ("/proc/sys/kernel/osrelease", r"^([4-9]|[1-9][0-9]|3\.[1-9][0-9])"),
    OperatingSystem: _release,
    Unit: lambda check: (f"/usr/lib/systemd/system/{check.unit}", ""),
}
"""Where OVAL looks, for the probes that the benchmarked specification has."""
