"""`reqc trace`: tell which lines of its sources a specification covers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from reqc.compiler.commands import trace_json
from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.deployment import pairs
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report, help_for
from reqc.compiler.loader import read
from reqc.compiler.lowered import LoweredSource
from reqc.compiler.model import Document
from reqc.compiler.render import visible
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS, USAGE
from reqc.compiler.trace import MISSING, Line, State, Trace, page, trace, traceable

_WIDEST = 100
_PAINT = {State.CITED: "32", State.IGNORED: "2", State.UNCOVERED: "1;31", State.SILENT: "2"}


def run(options: argparse.Namespace) -> int:
    """Print the trace of every source; the exit status tells whether all of it is covered."""
    report = Report()
    document = resolve(options.spec, report, options.include)
    if document is None:
        show(report.sorted(), options.color)
        return PROBLEMS
    given = _given(options.sources, document, report)
    if report.failed:
        show(report.sorted(), options.color)
        return USAGE
    folders = [Path(options.spec).parent, *map(Path, options.include)]
    traces = tuple(_traces(document, given, folders, report))
    if options.format == "json":
        # Programs read UTF-8 whatever the locale.
        sys.stdout.buffer.write(trace_json.document(document, traces).encode())
        sys.stdout.buffer.flush()
    else:
        colour = colours(options.color, sys.stdout)
        sys.stdout.writelines(f"{line}\n" for line in _text(traces, colour=colour))
    show(report.sorted(), options.color)
    return PROBLEMS if report.failed else FINE


def _given(written: Iterable[str], document: Document, report: Report) -> Mapping[str, str]:
    """Return the files by source that the command line names."""
    known = [source.name for source in document.sources]
    found = pairs(written, "NAME", report)
    for name in found:
        if name not in known:
            help_text = help_for(name, known, "sources:")
            message = f"the specification has no source `{name}`"
            report.error(Code.UNKNOWN_SOURCE, message, help=help_text)
    return found


def _traces(
    document: Document, given: Mapping[str, str], folders: list[Path], report: Report
) -> Iterator[Trace]:
    wanted = {*traceable(document), *given}
    for source in document.sources:
        if source.name not in wanted:
            continue
        file = given.get(source.name) or _beside(source, folders)
        if file is None:
            _missing(source, document, report)
            continue
        text = read(file, report)
        if text is not None:
            found = trace(document, source.name, page(*text))
            report.add(found.diagnostics)
            yield found


def _beside(source: LoweredSource, folders: list[Path]) -> str | None:
    """Return the file that a source declares, if it lies in or below one of the folders.

    A specification from elsewhere shall not make us print files that it should not see.
    """
    written = PurePosixPath(source.file)
    if not source.file or "\0" in source.file or written.is_absolute():
        return None
    for folder in folders:
        path = folder / written
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return str(path)
    return None


def _missing(source: LoweredSource, document: Document, report: Report) -> None:
    named = f", `{source.file}`, is not beside the specification" if source.file else " is not here"
    report.error(
        MISSING,
        f"the text of the source `{source.name}`{named}",
        document.source_spans[source.name],
        help=f"name it with --source {source.name}=FILE",
    )


# --- for people ---------------------------------------------------------------------------------


def _text(traces: Iterable[Trace], *, colour: bool) -> Iterator[str]:
    for number, item in enumerate(traces):
        if number:
            yield ""
        yield f"{item.name}: {visible(item.page.source.path)}"
        for line in item.lines:
            if line.text.strip():
                yield from _line(line, colour=colour)
        yield _summary(item)


def _line(line: Line, *, colour: bool) -> Iterator[str]:
    mark = "-" if line.state is State.SILENT else line.state.value
    shown = f"\x1b[{_PAINT[line.state]}m{mark:<9}\x1b[0m" if colour else f"{mark:<9}"
    text = visible(line.text.strip().replace("\t", " "))
    yield f"{line.number:>5}  {shown}  {text[:_WIDEST]}{'...' if len(text) > _WIDEST else ''}"
    said = {
        State.CITED: ", ".join(line.cited),
        State.IGNORED: "; ".join(map(visible, line.reasons)),
        State.UNCOVERED: f"looks normative: {', '.join(line.signs)}",
        State.SILENT: "",
    }[line.state]
    if said:
        yield f"{'':>18}{said}"


def _summary(item: Trace) -> str:
    covered = item.normative - item.count(State.UNCOVERED)
    return (
        f"{covered} of {item.normative} normative lines covered ({item.percent} %): "
        f"{item.count(State.CITED)} cited, {item.count(State.IGNORED)} ignored"
    )
