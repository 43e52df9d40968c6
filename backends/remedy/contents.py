"""Contents of files as commands of the shell that write exactly these bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from reqc.backends.shell.quoting import printable, quote

_PIECE: Final = 1000
_MARGIN: Final = "  "


def writing(content: str) -> str:
    """Return commands that write a content to standard output, and fail where that fails.

    Lines that a person can read stand in a here-document as they are. All else is written as
    escapes, so that nobody's terminal obeys it, and in pieces, because in some shells the command
    that writes them is a process of its own. Raise UnicodeEncodeError for half of a surrogate pair.
    """
    # A here-document begins behind the line that names it, so `&&` goes on that line.
    commands = list(_commands(content)) or [(":", "")]
    *first, last = commands
    return "\n".join(
        (*(f"{_MARGIN}{command} &&{body}" for command, body in first), f"{_MARGIN}{''.join(last)}")
    )


def _commands(content: str) -> Iterator[tuple[str, str]]:
    """Yield each command with the here-document that it reads, from the line feed before it on."""
    *lines, last = content.split("\n")
    for readable, group in groupby(lines, _is_readable):
        part = list(group)
        if readable:
            end = _end(part)
            yield f"cat <<'{end}'", "\n" + "\n".join((*part, end))
        else:
            yield from _pieces("".join(f"{line}\n" for line in part))
    if last:
        yield from _pieces(last)


def _is_readable(line: str) -> bool:
    bare = line.replace("\t", "")
    return printable(bare) == bare


def _end(lines: list[str]) -> str:
    """Return a line that ends a here-document and is none of its lines."""
    taken = frozenset(lines)
    end = "END_OF_FILE"
    while end in taken:
        end += "_"
    return end


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for at in range(0, len(text), _PIECE):
        piece = text[at : at + _PIECE]
        if _is_readable(piece):
            yield f"printf %s {quote(piece)}", ""
        else:
            yield f"printf %b {quote(_escaped(piece))}", ""


def _escaped(text: str) -> str:
    r"""Return the text with octal escapes, each of three digits behind `\0`, for `printf %b`."""
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte != ord("\\") else f"\\0{byte:03o}"  # noqa: PLR2004
        for byte in text.encode()
    )
