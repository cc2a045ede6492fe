"""Who runs the tasks of a run."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .bench import Bench
from .converter import converter_of
from .kernels import Kernels, Plan, limits_of
from .pool import Pool
from .run import Run
from .sandbox.limits import Limits
from .sandbox.probe import require
from .warm.process import WarmParent

# Seconds for one submission beside its notebooks' own: kernels to start, plays to replay.
BESIDE = 300.0


@contextlib.contextmanager
def here(run: Run, count: int, sandbox: bool, parent: WarmParent | None) -> Iterator[Pool]:
    """Processes on this machine, with one warm parent for all of them.

    The parent may have been prepared; there is none where there are no warm kernels.

    Raises
    ------
    CasebookError
        If a sandbox is required and is not to be had here, or its limits are none.
    """
    limits = limits_of(run.config)
    if sandbox:
        require()       # here, so that it is found out once and said once
    pairs = [socket.socketpair() for _ in range(count)] if parent is not None else []
    begin = partial(_begin, run, Plan(sandbox, limits), parent, pairs)
    with Pool(count, begin, longest(run, limits)) as pool:
        # Only now: a process with threads is not to be forked, and a parent's client has one.
        for ours, theirs in pairs:
            ours.close()
            parent.serve(theirs)
        yield pool


def longest(run: Run, limits: Limits) -> float:
    """Seconds that one submission may take in all, before its worker is ended."""
    source = Path(run.dirs.format_path(run.dirs.source_directory, ".", run.assignment))
    notebooks = sum(1 for _ in source.glob("*.ipynb"))
    return BESIDE + limits.wall_seconds * max(1, notebooks)


def _begin(run: Run, plan: Plan, parent: WarmParent | None,
           pairs: list[tuple[socket.socket, socket.socket]], number: int) -> Bench:
    """In a worker: its bench. One that takes the place of another has a warm parent of its own."""
    os.chdir(run.dirs.root)
    if parent is not None:
        parent.leave()
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
