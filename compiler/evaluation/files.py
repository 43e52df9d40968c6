"""Judges files, their attributes, and mounts."""

from __future__ import annotations

import posixpath

from reqc.compiler.checks import FileContains, FileExists, FileMode, FileOwner, Mounted
from reqc.compiler.evaluation.comparing import order_integers
from reqc.compiler.evaluation.facts import File
from reqc.compiler.evaluation.node import Node, not_collected
from reqc.compiler.evaluation.outcome import Outcome, decided, failed, passed, unknown


def file_exists(probe: FileExists, node: Node) -> Outcome:
    """Judge that there is something other than a directory."""
    file = _seen(probe.path, node)
    if isinstance(file, Outcome):
        return file
    there = file.kind != "directory"
    return decided("present" if there else "a directory", probe.path, holds=there)


def file_contains(probe: FileContains, node: Node) -> Outcome:
    """Look for whole lines in a file."""
    file = _seen(probe.path, node)
    if isinstance(file, Outcome):
        return file
    if file.kind == "directory":
        return failed("a directory", probe.path)
    if file.lines is None:
        found = "its lines are not in the facts: it could not be read, or nobody asked for them"
        return unknown(found, probe.path)
    missing = [f"'{line}'" for line in probe.lines if line not in file.lines]
    if missing:
        return failed(f"no line {', '.join(missing)}", probe.path)
    return passed("every line is there", probe.path)


def file_mode(probe: FileMode, node: Node) -> Outcome:
    """Compare the permission bits."""
    file = _seen(probe.path, node)
    if isinstance(file, Outcome):
        return file
    if file.mode is None:
        return unknown("ls does not show its mode", probe.path)
    return decided(f"mode {file.mode}", probe.path, holds=file.mode == f"{probe.mode:04o}")


def file_owner(probe: FileOwner, node: Node) -> Outcome:
    """Compare the owner; a user that only a directory service knows stays unknown."""
    file = _seen(probe.path, node)
    if isinstance(file, Outcome):
        return file
    if file.owner is None:
        return unknown("ls does not show its owner", probe.path)
    if probe.user.isascii() and probe.user.isdigit():
        same = order_integers(str(file.owner), probe.user) == 0
        return decided(f"user {file.owner}", probe.path, holds=same)
    users, looked = node.facts.users or {}, f"{probe.path}, /etc/passwd"
    names = [name for name, number in users.items() if number == file.owner]
    if probe.user in names:
        return passed(f"user {probe.user}", looked)
    if names or probe.user in users:
        return failed(f"user {names[-1] if names else file.owner}", looked)
    return unknown(f"user {file.owner}, and {probe.user} is not in the list of users", looked)


def mounted(probe: Mounted, node: Node) -> Outcome:
    """Judge the file system on top at a path."""
    looked = "/proc/mounts"
    if node.facts.mounts is None:
        return unknown("the table of mounts cannot be read", looked)
    path = posixpath.normpath(probe.path)
    filesystem = node.mounts.get(path)
    if filesystem is None:
        return failed(f"nothing is mounted at {path}", looked)
    if filesystem != probe.filesystem:
        return failed(f"{filesystem} is mounted at {path}", looked)
    return passed(filesystem, looked)


def _seen(path: str, node: Node) -> File | Outcome:
    """Return a file that exists, or the answer where it does not."""
    file = node.facts.files.get(path)
    if file is None:
        return not_collected(path, path)
    if file.kind == "absent":
        return failed("no such file", path)
    if file.kind == "unknown":
        return unknown("a folder on the way cannot be searched; root could tell", path)
    return file
