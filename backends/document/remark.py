"""A remark: something that a row of a table has no room for."""

from __future__ import annotations

from msgspec import Struct

from reqc.compiler.prose import Sentence, plain


class Remark(Struct, frozen=True):
    """Something that a row has no room for; a string may have several lines.

    `commands` are shell commands that go with it, each on a line of its own and quoted already.
    """

    label: str
    text: str | Sentence
    commands: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The text without any structure and without the commands."""
        return self.text if isinstance(self.text, str) else plain(self.text)
