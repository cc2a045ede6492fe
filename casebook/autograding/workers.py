"""Who runs the tasks of a run."""

from __future__ import annotations

import contextlib
import os
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

# Seconds for one submission beside its notebooks' own: kernels to start, plays to replay.
BESIDE = 300.0


@contextlib.contextmanager
def here(run: Run, count: int, sandbox: bool) -> Iterator[Pool]:
    """Processes on this machine.

    Raises
    ------
    CasebookError
        If a sandbox is required and is not to be had here, or its limits are none.
    """
    limits = limits_of(run.config)
    if sandbox:
        require()       # here, so that it is found out once and said once
    plan = Plan(sandbox, limits)
    with Pool(count, partial(_begin, run, plan), longest(run, limits)) as pool:
        yield pool


def longest(run: Run, limits: Limits) -> float:
    """Seconds that one submission may take in all, before its worker is ended."""
    source = Path(run.dirs.format_path(run.dirs.source_directory, ".", run.assignment))
    notebooks = sum(1 for _ in source.glob("*.ipynb"))
    return BESIDE + limits.wall_seconds * max(1, notebooks)


def _begin(run: Run, plan: Plan) -> Bench:
    os.chdir(run.dirs.root)
    return Bench(converter_of(run.dirs, run.config), Kernels(plan))
