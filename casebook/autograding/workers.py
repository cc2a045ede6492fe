"""Who runs the tasks of a run."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from functools import partial

from .bench import Bench
from .converter import converter_of
from .kernels import Kernels, Plan
from .pool import Pool
from .run import Run
from .sandbox.probe import require
from .warm.process import WarmParent

LONGEST = 900.0     # seconds for one submission in all; its cells have limits of their own


@contextlib.contextmanager
def here(run: Run, count: int, sandbox: bool) -> Iterator[Pool]:
    """Processes on this machine, with one warm parent for all of them.

    Raises
    ------
    CasebookError
        If a sandbox is required and is not to be had here.
    """
    if sandbox:
        require()       # here, so that it is found out once and said once
    warm = sys.platform.startswith("linux")
    pairs = [socket.socketpair() for _ in range(count)] if warm else []
    with contextlib.ExitStack() as ended:
        pool = ended.enter_context(
            Pool(count, partial(_begin, run, Plan(sandbox=sandbox), pairs), LONGEST))
        # Only now: a process that has threads is not to be forked, and a parent's client has one.
        parent = WarmParent() if warm else None
        for ours, theirs in pairs:
            ours.close()
            parent.serve(theirs)
        if parent is not None:
            ended.callback(parent.stop)
        yield pool


def _begin(run: Run, plan: Plan, pairs: list[tuple[socket.socket, socket.socket]],
           number: int) -> Bench:
    """In a worker: its bench. One that takes the place of another has a warm parent of its own."""
    os.chdir(run.dirs.root)
    shared = None
    for index, (ours, theirs) in enumerate(pairs):
        if ours.fileno() < 0:
            continue
        theirs.close()
        # Held by another worker too, it would not show that this one has ended.
        if index == number:
            shared = ours
        else:
            ours.close()
    return Bench(converter_of(run.dirs, run.config), Kernels(plan, shared))
