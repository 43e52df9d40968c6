"""What a compilation has to say, in a form that can be kept, and how it is delivered."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence

from reqc.compiler.status import FINE, USAGE


class File:
    """One file; `name` is relative to the folder that is given, with `/` between folders.

    `content` is its text, or what makes the pieces of that.
    """

    __slots__ = ("_content", "executable", "name")

    def __init__(
        self,
        name: str,
        content: str | Callable[[], Iterable[str]],
        executable: bool = False,  # noqa: FBT001, FBT002  # a field
    ) -> None:
        self.name = name
        self._content = content
        self.executable = executable

    @property
    def pieces(self) -> Iterable[str]:
        """The text in pieces, of which none has to be kept."""
        return (self._content,) if isinstance(self._content, str) else self._content()

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    def holds(self, most: int) -> bool:
        """Tell whether the text has at most so many characters; it is not made anew then."""
        made, size = [], 0
        for piece in self.pieces:
            made.append(piece)
            size += len(piece)
            if size > most:
                return False
        self._content = "".join(made)
        return True


class Answer:
    """What is to be written, and what is to be told about it.

    `status` is the exit status, and nothing is written unless it is FINE. `stream` is the form of
    all files for standard output, None where they have none. `told` are diagnostics as text.
    """

    __slots__ = ("files", "status", "stream", "told")

    def __init__(
        self, status: int, files: tuple[File, ...], stream: File | None, told: str
    ) -> None:
        self.status = status
        self.files = files
        self.stream = stream
        self.told = told

    def fields(self) -> list[object]:
        """Return what it is made from, in order, as JSON can hold it."""
        files = [(file.name, file.text, file.executable) for file in self.files]
        return [self.status, files, self.stream.text if self.stream else None, self.told]


class Delivery:
    """Where an answer goes, by the arguments of the same names."""

    __slots__ = ("color", "list", "output", "targets", "verbose")

    def __init__(
        self,
        *,
        output: str | None,
        list: bool,  # noqa: A002  # the name of the argument
        targets: Sequence[str],
        verbose: bool,
        color: str,
    ) -> None:
        self.output = output
        self.list = list
        self.targets = targets
        self.verbose = verbose
        self.color = color

    def fields(self) -> dict[str, object]:
        """Return what it is made from, as JSON can hold it."""
        return {name: getattr(self, name) for name in self.__slots__}


def deliver(answer: Answer, delivery: Delivery) -> int:
    """Write what is asked for, tell what there is to tell, and return the exit status."""
    status = answer.status
    if status == FINE:
        status = _written(answer, delivery)
    sys.stdout.flush()
    sys.stderr.write(answer.told)
    return status


def _written(answer: Answer, delivery: Delivery) -> int:
    if delivery.list:
        sys.stdout.writelines(f"{file.name}\n" for file in answer.files)
    elif delivery.output is not None:
        _write(answer, delivery.output, verbose=delivery.verbose)
    elif answer.stream is None:
        _refuse(answer, delivery)
        return USAGE
    else:
        sys.stdout.buffer.writelines(piece.encode() for piece in answer.stream.pieces)
        sys.stdout.buffer.flush()
    return FINE


def _write(answer: Answer, output: str, *, verbose: bool) -> None:
    from reqc.compiler.commands.writing import write_file, write_folder  # noqa: PLC0415  # slow

    path = output.rstrip("/") or output[:1] or os.curdir
    several = len(answer.files) != 1 or "/" in answer.files[0].name
    if several or output.endswith("/") or os.path.isdir(path):
        written = write_folder(path, answer.files)
    else:
        write_file(path, answer.files[0])
        written = [path]
    if verbose:
        from pathlib import Path  # noqa: PLC0415  # slow as well

        sys.stderr.writelines(f"wrote {Path(path)}\n" for path in written)


def _refuse(answer: Answer, delivery: Delivery) -> None:
    from reqc.compiler.commands.terminal import show  # noqa: PLC0415  # slow to import
    from reqc.compiler.diagnostics import Code, Report  # noqa: PLC0415  # the same

    one = len(dict.fromkeys(delivery.targets)) == 1
    whose = f"the target {delivery.targets[0]} writes" if one else "these targets write"
    report = Report()
    report.error(
        Code.USAGE,
        f"{whose} {len(answer.files)} files",
        help="give a folder with -o DIR; --list names the files",
    )
    show(report.sorted(), delivery.color)
