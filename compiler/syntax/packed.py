"""Requirements in a tenth of their size: a large file has so many that their trees fill the memory.

One is packed as soon as it was parsed, and unpacked whenever somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from reqc.compiler.source import Source
from reqc.compiler.syntax import tree


class Packer:
    """Packs the requirements of one file; places in it are packed without its text."""

    def __init__(self, source: Source) -> None:
        self._sources = [source]
        self._encode = Encoder(enc_hook=self._number).encode
        self._decode = Decoder(tree.Requirement, dec_hook=self._source).decode

    def pack(self, requirement: tree.Requirement) -> Packed:
        """Return the requirement with its id in sight."""
        return Packed(self, requirement.id.text, self._encode(requirement))

    def unpack(self, data: bytes) -> tree.Requirement:
        """Return what was packed."""
        return self._decode(data)

    def _number(self, source: Source) -> int:
        # A requirement may have got a title in another file.
        if source not in self._sources:
            self._sources.append(source)
        return self._sources.index(source)

    def _source(self, _type: type, number: int) -> Source:
        return self._sources[number]


class Packed(Struct, frozen=True, gc=False):
    """A requirement that nobody looks at now."""

    packer: Packer
    id: str
    data: bytes

    def unpacked(self) -> tree.Requirement:
        """Return the requirement."""
        return self.packer.unpack(self.data)

    def changed(self, change: Callable[[tree.Requirement], tree.Requirement]) -> Packed:
        """Return what `change` makes of the requirement."""
        return self.packer.pack(change(self.unpacked()))


class Requirements(Sequence[tree.Requirement]):
    """Packed requirements, equal to all that are the same when they are unpacked."""

    def __init__(self, packed: Iterable[Packed]) -> None:
        self.packed = tuple(packed)

    def __len__(self) -> int:
        return len(self.packed)

    def __iter__(self) -> Iterator[tree.Requirement]:
        return (item.unpacked() for item in self.packed)

    @overload
    def __getitem__(self, index: int) -> tree.Requirement: ...
    @overload
    def __getitem__(self, index: slice) -> Requirements: ...
    def __getitem__(self, index: int | slice) -> tree.Requirement | Requirements:
        found = self.packed[index]
        return Requirements(found) if isinstance(found, tuple) else found.unpacked()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Requirements, tuple)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def unpacked(statements: Iterable[tree.Statement]) -> tuple[tree.Statement, ...]:
    """Return the statements with the same requirements whenever somebody looks at them."""
    return tuple(
        replace(item, requirements=tuple(item.requirements))
        if isinstance(item, tree.Section)
        else item
        for item in statements
    )
