"""Who runs the tasks of a run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import partial

from .bench import Bench
from .converter import converter_of
from .kernels import Kernels, Plan
from .pool import Pool
from .run import Run
from .sandbox.probe import require

LONGEST = 900.0     # seconds for one submission in all; its cells have limits of their own


@contextlib.contextmanager
def here(run: Run, count: int, sandbox: bool) -> Iterator[Pool]:
    """Processes on this machine.

    Raises
    ------
    CasebookError
        If a sandbox is required and is not to be had here.
    """
    if sandbox:
        require()       # here, so that it is found out once and said once
    plan = Plan(sandbox=sandbox)
    with Pool(count, partial(_begin, run, plan), LONGEST) as pool:
        yield pool


def _begin(run: Run, plan: Plan) -> Bench:
    os.chdir(run.dirs.root)
    return Bench(converter_of(run.dirs, run.config), Kernels(plan))
