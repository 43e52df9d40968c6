"""`reqc verify`: tell whether artefacts are what their specification compiles to today."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from reqc.backends.base import Artifact
from reqc.compiler.commands import verify_json
from reqc.compiler.commands.artefact_findings import File, Finding, State
from reqc.compiler.commands.artefact_header import Header, read_header
from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.remaking import Remade, given_document, remade, shipped_documents
from reqc.compiler.commands.rendering import EXPLANATION
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.inventory import InventoryError, read_inventory
from reqc.compiler.model import Document
from reqc.compiler.render import visible
from reqc.compiler.status import FINE, PROBLEMS, UNVERIFIED, USAGE

LONGEST_DIFFERENCE: Final = 40
"""How many lines of a difference are shown of a file."""


_COLOURS: Final[Mapping[State, str]] = {
    State.INTACT: "32",
    State.OUTDATED: "33",
    State.EDITED: "31",
    State.UNKNOWN: "35",
}


def run(options: argparse.Namespace) -> int:
    """Make each artefact again, compare, and write nothing."""
    usage = Report()
    found = _files(options.files, usage)
    documents = _documents(options, usage)
    if options.inventory is not None:
        try:
            read_inventory(options.inventory)
        except InventoryError as problem:
            usage.add([problem.diagnostic])
    if usage.failed:
        show(usage.sorted(), options.color)
        return USAGE
    findings = _findings(found, documents, options)
    if options.format == "json":
        sys.stdout.buffer.write(verify_json.document(findings).encode())
        sys.stdout.buffer.flush()
    else:
        _tell(findings, options)
    states = {finding.state for finding in findings}
    if states & {State.OUTDATED, State.EDITED}:
        return PROBLEMS
    return UNVERIFIED if State.UNKNOWN in states else FINE


def _files(given: Iterable[str], usage: Report) -> list[File]:
    """Return the files that are named, and those below the folders that are named."""
    found: dict[Path, None] = {}
    for name in given:
        path = Path(name)
        below = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else []
        found |= dict.fromkeys(below or [path])
    files = []
    for path in found:
        try:
            files.append(File(path, path.read_bytes()))
        except OSError as problem:
            usage.error(Code.USAGE, f"cannot read {path}: {problem.strerror}")
    return files


def _documents(options: argparse.Namespace, usage: Report) -> list[Document]:
    if options.spec is None:
        return list(shipped_documents())
    return list(given_document(options.spec, usage, options.include))


def _findings(
    found: list[File], documents: list[Document], options: argparse.Namespace
) -> list[Finding]:
    headers = {file: read_header(file.text) for file in found}
    results: dict[Header, Remade] = {}
    for header in filter(None, headers.values()):
        if header not in results:
            # a specification that is named is meant, also where its version has moved
            fitting = (
                item for item in documents if options.spec or header.is_of(str(item.identity))
            )
            results[header] = remade(header, next(fitting, None), options.inventory)
    claims = _claims(headers, results)
    findings = []
    for file, own in headers.items():
        artifact, made_with = claims.get(file.path.absolute(), (None, None))
        known = own or made_with
        findings.append(
            _judged(file, known, results[known], artifact)
            if known
            else Finding(file, State.UNKNOWN, "nothing in it says how it was made")
        )
    return findings + list(_absent(options.files, headers, claims))


def _claims(
    headers: Mapping[File, Header | None], results: Mapping[Header, Remade]
) -> dict[Path, tuple[Artifact, Header]]:
    """Return which artefact belongs where, by the files that tell with what they were made.

    This is how a file without a header is known: by those that were written with it.
    """
    claims: dict[Path, tuple[Artifact, Header]] = {}
    for file, header in headers.items():
        artifacts = results[header].artifacts if header else ()
        named = _named(file.path.absolute(), artifacts)
        if header is None or named is None:
            continue
        root = file.path.absolute().parents[len(PurePosixPath(named.name).parts) - 1]
        for artifact in artifacts:
            claims.setdefault(root / artifact.name, (artifact, header))
    return claims


def _named(path: Path, artifacts: Iterable[Artifact]) -> Artifact | None:
    """Return the artefact that has the name of a file, with the folders it needs around it."""
    fitting = (
        item
        for item in artifacts
        if path.parts[-len(parts := PurePosixPath(item.name).parts) :] == parts
    )
    return max(fitting, key=lambda item: item.name.count("/"), default=None)


def _judged(file: File, header: Header, made: Remade, artifact: Artifact | None) -> Finding:
    if made.missing:
        return Finding(file, State.UNKNOWN, made.missing, header)
    texts = _texts(made, artifact)
    expected = texts[0] if texts else None
    if made.moved:
        return Finding(file, State.OUTDATED, "; ".join(made.moved), header, expected)
    if made.refused:
        reason = f"its header says what reqc does not take: {made.refused}"
        return Finding(file, State.EDITED, reason, header)
    if file.raw in {text.encode() for text in texts}:
        return Finding(file, State.INTACT, "", header)
    return Finding(file, State.EDITED, "it is not what its header says", header, expected)


def _texts(made: Remade, artifact: Artifact | None) -> list[str]:
    """Return all that a file may hold: one text where its name is known, else any of them."""
    if artifact is not None:
        return [artifact.text]
    stream = [] if made.stream is None else [made.stream]
    return stream + [item.text for item in made.artifacts]


def _absent(
    given: Iterable[str],
    headers: Mapping[File, Header | None],
    claims: Mapping[Path, tuple[Artifact, Header]],
) -> Iterator[Finding]:
    """Yield the artefacts that are not in the folders that were named, though others are."""
    folders = [Path(name).absolute() for name in given if Path(name).is_dir()]
    there = {file.path.absolute() for file in headers}
    for path, (artifact, header) in claims.items():
        if artifact.name == EXPLANATION:
            continue  # it is only written where that is asked for
        if path not in there and any(path.is_relative_to(folder) for folder in folders):
            reason = "it was made with the others and is not there"
            yield Finding(File(path, None), State.EDITED, reason, header, artifact.text)


def _tell(findings: Iterable[Finding], options: argparse.Namespace) -> None:
    colour = colours(options.color, sys.stdout)
    counts: Counter[State] = Counter()
    for finding in findings:
        counts[finding.state] += 1
        state = f"{finding.state:<8}"
        shown = f"\x1b[{_COLOURS[finding.state]}m{state}\x1b[0m" if colour else state
        because = f": {visible(finding.reason)}" if finding.reason else ""
        sys.stdout.write(f"{shown}  {visible(str(finding.file.path))}{because}\n")
        if options.verbose:
            sys.stdout.writelines(f"    {visible(line)}\n" for line in _details(finding))
    told = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    sys.stdout.write(f"{counts.total()} file{'s' * (counts.total() != 1)}: {told}\n")


def _details(finding: Finding) -> Iterator[str]:
    """Yield how an artefact was made, and in what it is not what it would be today."""
    header = finding.header
    if header is not None:
        yield f"{header.of}: target {header.target}, hosts {', '.join(header.hosts)}"
        if header.settings or header.choices:
            yield f"with {', '.join((*header.settings, *header.choices))}"
    if finding.state is not State.INTACT and finding.expected is not None:
        lines = unified_diff(
            finding.expected.splitlines(),
            finding.file.text.splitlines(),
            "as compiled now",
            "as it is",
            lineterm="",
            n=1,
        )
        yield from islice(lines, LONGEST_DIFFERENCE)
        if next(lines, None) is not None:
            yield "..."
