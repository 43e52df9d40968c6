"""`reqc compile` where nothing has changed: the answer that was kept is given again.

That takes less time than to make a parser of the command line.
"""

from __future__ import annotations

from collections.abc import Sequence

from reqc.compiler.commands.answer import deliver
from reqc.compiler.commands.cache import cache_for


def recall(words: Sequence[str]) -> int | None:
    """Give the answer to a command line again and return the exit status, None if none is kept."""
    # argparse takes the first letters of an option for all of it
    if any(word.startswith("--n") and "--no-cache".startswith(word) for word in words):
        return None
    cache = cache_for(words)
    kept = cache.find() if cache else None
    return deliver(*kept) if kept else None
