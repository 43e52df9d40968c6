"""Finds the node that each comment of a file belongs to, and where its text has empty lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct, field

from reqc.compiler.syntax import tree

_EMPTY_LINE: Final = re.compile(r"\n[ \t\r]*\n")
_OPENING: Final = re.compile(r"[ \t]*\{")
_PARENTHESIS: Final = re.compile(r"(?:\s++|#[^\n]*+)*+\)")
_PIECE: Final = re.compile(
    r'"""[\s\S]*?"""|"(?:[^"\\\r\n]++|\\[^\r\n])*+"|#[^\r\n]*|(?P<brace>[{}])'
)

Node: TypeAlias = (
    tree.Statement | tree.Requirement | tree.SourceField | tree.Detail | tree.Predicate
)
"""What stands on lines of its own: in a file, in the braces of a block, or in those of a group."""


class Notes(Struct):
    """What stands around a node beside its own words.

    `before` are the lines between it and what precedes it: comments, and nothing for an empty line.
    `opening` is the comment behind its opening brace, `within` the lines before its closing brace,
    and `behind` the comment at the end of its last line.
    """

    before: list[str] = field(default_factory=list)
    opening: str = ""
    within: list[str] = field(default_factory=list)
    behind: str = ""

    @property
    def inside(self) -> bool:
        """Whether there are comments between its braces that belong to no node there."""
        return bool(self.opening or self.within)


def attached(file: tree.File) -> Mapping[int, Notes]:
    """Return the notes of the nodes of a file that has no mistakes, and of the file itself.

    The keys are the identities of the nodes, because equal nodes stand in many places.
    """
    attacher = _Attacher(file)
    attacher.block(file, file.statements, 0, len(file.source.text))
    return attacher.notes


def outermost_group(node: Node) -> tree.Group | None:
    """Return the group that a node holds outside of its body and in no other group, if any."""
    match node:
        case tree.Replace(requirement):
            return outermost_group(requirement.predicate)
        case tree.Requirement(predicate=part) | tree.Where(part) | tree.Negation(part):
            return outermost_group(part)
        case tree.ErratumDetail(intended=part) if part is not None:
            return outermost_group(part)
    return node if isinstance(node, tree.Group) else None


class _Attacher:
    """Walks a file in the order of its text, so that each comment is met between two nodes."""

    def __init__(self, file: tree.File) -> None:
        self.text = file.source.text
        self.comments = file.comments
        self.starts = [comment.span.start for comment in file.comments]
        self.closing = _braces(self.text)
        self.notes: dict[int, Notes] = defaultdict(Notes)

    def block(self, owner: Node | tree.File, nodes: Sequence[Node], start: int, end: int) -> None:
        """Attach what stands between `start` and `end`, a block that consists of `nodes`."""
        previous: Node | None = None
        for node in nodes:
            comment, lines = self._gap(start, node.span.start)
            self._end_line(previous, owner, comment)
            self.notes[id(node)].before = lines
            start, previous = self._node(node), node
        comment, lines = self._gap(start, end)
        self._end_line(previous, owner, comment)
        self.notes[id(owner)].within += lines

    def _end_line(self, node: Node | None, owner: Node | tree.File, comment: str) -> None:
        if node is not None:
            self.notes[id(node)].behind = comment
        else:
            self.notes[id(owner)].opening = comment

    def _node(self, node: Node) -> int:
        """Attach what stands within a node, and return where it ends.

        Comments between the words of a node go before it, those behind a group into the group.
        """
        start, end = node.span.start, self._end(node)
        body = end
        group = outermost_group(node)
        if group is not None:
            opening = self.text.index("{", group.span.start)
            self.block(group, group.parts, opening + 1, group.span.end - 1)
            self.notes[id(group)].within += self._comments(group.span.end, end)
            end = opening
        self.notes[id(node)].before += self._comments(start, end)
        return self._body(node, body)

    def _end(self, node: Node) -> int:
        """Return where the words of a node end; its span leaves out a closing parenthesis."""
        end = node.span.end
        while found := _PARENTHESIS.match(self.text, end):
            end = found.end()
        return end

    def _body(self, node: Node, start: int) -> int:
        """Attach what stands in the block that begins at `start`, if any; return where it ends."""
        found = _OPENING.match(self.text, start)
        if found is None:
            return start
        close = self.closing[found.end() - 1]
        self.block(node, _nodes(node), found.end(), close)
        return close + 1

    def _gap(self, start: int, end: int) -> tuple[str, list[str]]:
        """Return the comment that ends the line of `start`, and the lines until `end`."""
        behind, lines, at = "", [], start
        for comment in self._between(start, end):
            if at == start > 0 and "\n" not in self.text[start : comment.span.start]:
                behind = comment.text
            else:
                lines += [""] * self._empty_line(at, comment.span.start)
                lines.append(comment.text)
            at = comment.span.end
        return behind, lines + [""] * self._empty_line(at, end)

    def _empty_line(self, start: int, end: int) -> bool:
        return _EMPTY_LINE.search(self.text, start, end) is not None

    def _comments(self, start: int, end: int) -> list[str]:
        return [comment.text for comment in self._between(start, end)]

    def _between(self, start: int, end: int) -> Sequence[tree.Comment]:
        return self.comments[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def _nodes(node: Node) -> Sequence[Node]:
    match node:
        case tree.Section(requirements=nodes) | tree.SourceStatement(fields=nodes):
            return nodes
        case tree.Replace(requirement):
            return requirement.details
    return node.details if isinstance(node, tree.Requirement) else ()


def _braces(text: str) -> dict[int, int]:
    """Return the place of the closing brace by that of the opening one."""
    open_ones: list[int] = []
    closing = {}
    for piece in _PIECE.finditer(text):
        if piece["brace"] == "{":
            open_ones.append(piece.start())
        elif piece["brace"]:
            closing[open_ones.pop()] = piece.start()
    return closing
