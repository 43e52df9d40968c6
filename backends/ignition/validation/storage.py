"""Storage: what Ignition refuses of files, directories, links and file systems."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from reqc.backends.ignition.rules import MODE, PATH, shown
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import DEFAULT, REFUSED_VALUE, Finding
from reqc.backends.ignition.validation.rule import Rule
from reqc.compiler.knowledge.ignition_shapes import Shapes

LARGEST_MODE: Final = 0o7777
PERMISSIONS: Final = 0o777

_ADVICE: Final = "write it from / without //, . or .."


def path_findings(item: Item, shapes: Shapes) -> Iterator[Finding]:
    """Check a path that must be there."""
    path = str(item.value or "")
    if not path.startswith("/"):
        what = f"the path {shown(path)} is not absolute" if path else f"{item.path} is no path"
        yield item.refused(PATH, what, _ADVICE)
    elif posix_clean(path) != path:
        message = f"the path {shown(path)} is not in its shortest form"
        if shapes.since("3.0.0"):
            yield item.refused(PATH, message, _ADVICE)
        else:
            yield item.breaks(PATH, f"{message}, so that it can mean the same as another", _ADVICE)


def posix_clean(path: str) -> str:
    """Return the shortest form of a path, as Go has it."""
    clean = posixpath.normpath(path)
    return clean[1:] if clean.startswith("//") else clean


def mode_advice(mode: int) -> str:
    """Return what a mode was probably meant to be."""
    digits = str(mode)
    if is_octal_in_disguise(mode):
        return f"{mode} is decimal and means 0{mode:o}; 0{digits} is {int(digits, 8)} in decimal"
    return "use 0 to 511, which is 0000 to 0777"


def is_octal_in_disguise(mode: int) -> bool:
    """Tell whether a mode was most likely written in octal digits, as 644 was."""
    special = 0 <= mode <= LARGEST_MODE and mode > PERMISSIONS
    digits = str(mode)
    return special and len(digits) == len("644") and not set("89") & set(digits)


def _mode(item: Item, shapes: Shapes) -> Iterator[Finding]:
    """Check the mode of a file or a directory."""
    mode, spot = item.number("mode"), item.at("mode")
    name = shown(item.text("path"))
    if mode is None:
        if not shapes.since("3.0.0"):
            message = f"{name} has no mode, which is 0000 to Ignition and 0644 to others"
            yield spot.remarked(DEFAULT, message, "write the mode, such as 420 for 0644")
    elif not 0 <= mode <= LARGEST_MODE:
        yield spot.refused(MODE, f"the mode {mode} of {name} is none", mode_advice(mode))
    elif is_octal_in_disguise(mode):
        message = f"the mode {mode} of {name} is 0{mode:o} in octal"
        yield spot.breaks(MODE, message, mode_advice(mode))
        yield from _special(item, mode, shapes)
    else:
        yield from _special(item, mode, shapes)


def _special(item: Item, mode: int, shapes: Shapes) -> Iterator[Finding]:
    if mode > PERMISSIONS and shapes.since("3.0.0") and not shapes.since("3.4.0"):
        message = f"the mode 0{mode:o} of {shown(item.text('path'))} has bits that are passed over"
        yield item.at("mode").remarked(MODE, message, mode_advice(mode))


def _node(item: Item, shapes: Shapes) -> Iterator[Finding]:
    """Check what files, directories and links have in common."""
    yield from path_findings(item.at("path"), shapes)
    if not shapes.since("3.0.0") and not item.text("filesystem"):
        message = f"{shown(item.text('path'))} is on no file system"
        yield item.at("filesystem").refused(REFUSED_VALUE, message, "write `filesystem: root`")


def _file(item: Item, shapes: Shapes) -> Iterator[Finding]:
    yield from _node(item, shapes)
    yield from _mode(item, shapes)
    name = shown(item.text("path"))
    if not item.true("overwrite"):
        return
    if shapes.since("3.0.0") and not item.at("contents").has("source"):
        message = f"{name} is to be overwritten and has no source"
        yield item.at("overwrite").refused(REFUSED_VALUE, message, "give its contents a source")
    if item.true("append"):
        message = f"{name} is to be overwritten and appended to"
        yield item.refused(REFUSED_VALUE, message, "let one of the two go")


def _directory(item: Item, shapes: Shapes) -> Iterator[Finding]:
    yield from _node(item, shapes)
    yield from _mode(item, shapes)


def _owner(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    if item.has("id") and item.text("name"):
        message = f"{item.path} has both an id and a name"
        yield item.refused(REFUSED_VALUE, message, "leave one of them out")


def _storage(item: Item, shapes: Shapes) -> Iterator[Finding]:
    """Check links, and what would be reached through them."""
    if not shapes.since("3.0.0"):
        yield from _named_filesystems(item)
        return
    links = item.list("links")
    targets = {link.text("path") for link in links}
    for entry in (*item.list("directories"), *item.list("files"), *links):
        through = sorted(targets & set(_above(entry.text("path"))))
        if through:
            message = f"{shown(entry.text('path'))} leads through the link {shown(through[0])}"
            yield entry.refused(REFUSED_VALUE, message, "write the path behind the link")
    directories = {entry.text("path") for entry in item.list("directories")}
    for link in links:
        yield from _link(link, directories, shapes)


def _named_filesystems(item: Item) -> Iterator[Finding]:
    """Check in version 2.2.0 that a file system is there, once, where an entry names it."""
    names = {"root"}
    for entry in item.list("filesystems"):
        name = entry.text("name")
        if name in names:
            message = f"the file system {shown(name)} takes the name of another one"
            yield entry.remarked(REFUSED_VALUE, message, "call it otherwise")
        names.add(name)
    for entry in (*item.list("directories"), *item.list("files"), *item.list("links")):
        name = entry.text("filesystem")
        if name and name not in names:
            message = f"{shown(entry.text('path'))} is on {shown(name)}, which is no file system"
            yield entry.at("filesystem").remarked(REFUSED_VALUE, message, "write `root`")


def _above(path: str) -> Iterator[str]:
    """Yield all that a path leads through, without itself."""
    parts = path.split("/")
    return ("/".join(parts[:count]) for count in range(len(parts) - 1, -1, -1))


def _link(link: Item, directories: set[str], shapes: Shapes) -> Iterator[Finding]:
    target, path = link.text("target"), link.text("path")
    if not target and shapes.since("3.3.0"):
        yield link.at("target").refused(REFUSED_VALUE, f"the link {shown(path)} has no target")
    elif link.true("hard"):
        joined = target if target.startswith("/") else f"{path}/{target}"
        if posix_clean(joined) in directories:
            message = f"the hard link {shown(path)} leads to a directory"
            yield link.refused(REFUSED_VALUE, message, "link to a file, or leave `hard` out")


def _filesystem(item: Item, shapes: Shapes) -> Iterator[Finding]:
    if not shapes.since("3.0.0"):
        yield from _old_filesystem(item)
        return
    if item.text("path"):
        yield from path_findings(item.at("path"), shapes)
    yield from path_findings(item.at("device"), shapes)
    given = ("path", "label", "uuid")
    others = any(map(item.text, given)) or item.true("wipeFilesystem")
    if item.text("format"):
        yield from _format(item, shapes)
    elif others or item.list("options") or item.list("mountOptions"):
        message = f"the file system on {shown(item.text('device'))} has no format"
        yield item.at("format").refused(REFUSED_VALUE, message, "name the format")


def _old_filesystem(item: Item) -> Iterator[Finding]:
    """Check a file system of version 2.2.0, which is mounted by Ignition or by a path."""
    if item.has("mount") == item.has("path"):
        message = f"the file system {shown(item.text('name'))} needs a mount or a path, not both"
        yield item.refused(REFUSED_VALUE, message)
    elif item.has("path") and not item.text("path").startswith("/"):
        message = f"the path {shown(item.text('path'))} is not absolute"
        yield item.at("path").refused(PATH, message, _ADVICE)


def _mount(item: Item, shapes: Shapes) -> Iterator[Finding]:
    yield from path_findings(item.at("device"), shapes)
    yield from _format(item, shapes)
    if not item.has("create"):
        return
    spot, advice = item.at("create"), "write wipeFilesystem and options beside the format"
    if item.true("wipeFilesystem") or item.list("options"):
        message = "`create` does not go with wipeFilesystem or options"
        yield spot.refused(REFUSED_VALUE, message, advice)
    else:
        yield spot.remarked(REFUSED_VALUE, "`create` is obsolete", advice)


def _format(item: Item, shapes: Shapes) -> Iterator[Finding]:
    """Check the format of a file system and what label it can have."""
    name, label = item.text("format"), item.text("label")
    if name not in shapes.filesystems:
        message = f"the format {shown(name)} is not known to Ignition {shapes.version}"
        yield item.at("format").refused(REFUSED_VALUE, message, ", ".join(shapes.filesystems))
    most = shapes.labels.get(name)
    if most is not None and len(label.encode("utf-8", "surrogatepass")) > most:
        message = f"the label {shown(label)} is longer than the {most} bytes of {name}"
        yield item.at("label").refused(REFUSED_VALUE, message, "shorten it")


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "File": _file,
        "Directory": _directory,
        "Link": _node,
        "Owner": _owner,
        "Storage": _storage,
        "Filesystem": _filesystem,
        "Mount": _mount,
    }
)
"""What Ignition refuses, by the shape it is about."""
