"""`reqc compile`: write what a specification means for a target, or for several."""

from __future__ import annotations

import argparse
import sys

from reqc.compiler.commands.answer import Delivery, deliver
from reqc.compiler.commands.cache import cache_for
from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.compiling import compiled
from reqc.compiler.commands.keeping import keep


def run(options: argparse.Namespace) -> int:
    """Compile, and write only when nothing is wrong."""
    # before anything is read, so that code which changes meanwhile has no answer of this one
    cache = cache_for(options.words) if options.cache else None
    answer, inputs = compiled(options, colour=colours(options.color, sys.stderr))
    delivery = Delivery(**{name: getattr(options, name) for name in Delivery.__slots__})
    if cache and inputs:
        try:
            keep(cache, answer, delivery, inputs)
        except OSError as problem:
            if options.verbose:
                sys.stderr.write(f"reqc: note: the answer is not kept: {problem}\n")
    return deliver(answer, delivery)
