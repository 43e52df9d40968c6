"""`reqc compile`: write what a specification means for a target, or for several.

What an answer that was kept does not need is imported only when it is made.
"""

from __future__ import annotations

import argparse
import sys

from reqc.compiler.commands.answer import Answer, deliver
from reqc.compiler.commands.cache import Cache, cache_for
from reqc.compiler.commands.colours import colours


def run(options: argparse.Namespace) -> int:
    """Compile, and write only when nothing is wrong."""
    colour = colours(options.color, sys.stderr)
    cache = cache_for(options, colour=colour) if options.cache else None
    answer = cache.find() if cache else None
    return deliver(answer or _made(options, cache, colour=colour), options)


def _made(options: argparse.Namespace, cache: Cache | None, *, colour: bool) -> Answer:
    from reqc.compiler.commands.compiling import compiled  # noqa: PLC0415  # slow to import

    answer, inputs = compiled(options, colour=colour)
    if cache and inputs:
        try:
            cache.keep(answer, inputs)
        except OSError as problem:
            if options.verbose:
                sys.stderr.write(f"reqc: note: the answer is not kept: {problem}\n")
    return answer
