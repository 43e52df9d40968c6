"""Processes that share one command's work, and end when it ends."""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process
from threading import Thread


def follow_parent() -> None:
    """Leave the end of this worker to its parent, whether that is interrupted or killed."""
    # The parent is interrupted too, and tells us to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the parent was ended, which could not tell us any more."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
