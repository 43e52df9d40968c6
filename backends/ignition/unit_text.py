"""The text of a systemd unit as Ignition parses it before it writes the file.

The targets ask before they write one, and the validator of what others wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NoReturn

from msgspec import Struct

LONGEST_LINE: Final = 2048
"""In bytes; Ignition takes longer lines for a mistake, as systemd cut them until version 239."""

_INSTALL: Final = "Install"
_COMMENT: Final = "#;"
_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go calls space; Python adds four control characters to it."""

_BLANKS: Final = re.compile(f"[{_SPACE}]*")
_NAME: Final = re.compile("[^=\r\n]*")


class BadUnitError(ValueError):
    """A text is no unit; the message says why, and `line` where, counted from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Directive(Struct, frozen=True):
    """One assignment of a unit, by its section and its name."""

    section: str
    name: str


def parse_unit(text: str) -> tuple[Directive, ...]:
    """Return the assignments of a unit; raise `BadUnitError` for what Ignition refuses."""
    for number, line in enumerate(re.split("[\r\n]", text), 1):
        if len(line.encode("utf-8", "surrogatepass")) > LONGEST_LINE:
            message = f"a line is longer than {LONGEST_LINE} bytes"
            raise BadUnitError(message, number)
    return tuple(_Scanner(text).directives())


def unit_fault(text: str) -> str | None:
    """Return what is wrong with the text of a unit, or None.

    A text in which no section assigns anything is wrong, too: systemd ignores all of it.
    """
    try:
        found = parse_unit(text)
    except BadUnitError as error:
        return f"is no unit: {error} (line {error.line})"
    return None if found else "is no unit: it assigns nothing in a section"


def can_be_enabled(text: str) -> bool:
    """Tell whether a unit says by what it is started when enabled; raise `BadUnitError`."""
    return any(directive.section == _INSTALL for directive in parse_unit(text))


class _Scanner:
    """Goes through a text once; `at` is where it has come to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def directives(self) -> Iterator[Directive]:
        """Yield the assignments in order."""
        section = self.first_section()
        while section is not None:
            self.blanks()
            character = self.text[self.at : self.at + 1]
            if not character:
                return
            if character == "[":
                self.at += 1
                section = self.section()
            elif character in _COMMENT:
                self.comment()
            else:
                yield Directive(section, self.name())
                self.value()

    def first_section(self) -> str | None:
        """Skip to the first section; all before it that is no comment is passed over."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in _COMMENT:
                self.comment()
                continue
            self.at += 1
            if character == "[":
                return self.section()
        return None

    def section(self) -> str:
        """Read the name of a section, which nothing may follow on its line."""
        end = self.text.find("]", self.at)
        if end < 0:
            self.refuse("the name of a section is not closed")
        name, self.at = self.text[self.at : end], end + 1
        if self.line().strip(_SPACE):
            self.refuse(f"something follows the section [{name}] on its line")
        return name

    def comment(self) -> None:
        """Skip a comment; a backslash at its end continues it."""
        while self.line().removesuffix(" ").endswith("\\"):
            pass

    def name(self) -> str:
        """Read the name of a directive up to its equals sign."""
        found = _NAME.match(self.text, self.at)
        end = found.end() if found else self.at
        if self.text[end : end + 1] != "=":
            self.refuse("a line is no assignment, section or comment")
        name, self.at = self.text[self.at : end], end + 1
        return name.strip(_SPACE)

    def value(self) -> None:
        """Skip a value with the lines that continue it; an empty line ends it."""
        while True:
            line = self.line()
            if not line.strip(_SPACE) or not line.endswith("\\"):
                return

    def blanks(self) -> None:
        """Skip space and empty lines."""
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def line(self) -> str:
        """Read to the end of the line; at the end of the text it is empty."""
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        line, self.at = self.text[self.at : end], end + 1
        return line

    def refuse(self, message: str) -> NoReturn:
        """Raise the error for where the scanner has come to."""
        raise BadUnitError(message, self.text.count("\n", 0, self.at) + 1)
