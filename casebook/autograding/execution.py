"""nbgrader's Execute on a kernel that is shut in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from casebook.errors import CasebookError
from casebook.grading.plugins import ENDED

from .guarding.execute import GuardedExecute
from .kernels import Kernel, Kernels
from .reasons import LOST, Reason, in_words
from .sandbox.box import REASONS
from .sandbox.failed import SandboxError
from .sandbox.handed import DO_NOT_FIT
from .spent import add, spent
from .warm.manager import run
from .warm.process import WarmError

SPARE = "See that this machine has memory, processes and files to spare."


class ParentLost(Exception):
    """The process that kernels are forked from ended, and this notebook's kernel with it."""


class NoKernel(CasebookError):
    """No kernel came up that could run the first cell: no doing of the student's."""


class BoxedExecute(GuardedExecute):
    """Runs a notebook as nbgrader's Execute does, watched, on a kernel that `kernels` gives."""

    kernels: Kernels
    _kernel: Kernel | None = None
    _began = 0.0            # when the kernel was asked for; 0 once a cell is looked at
    _ran = False            # whether a cell of this notebook was run

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None):
        """Run the notebook on a kernel of its own."""
        if self._kernel is not None or km is not None:
            return super().preprocess(nb, resources, km)
        folder, parts = Path(resources["metadata"]["path"]), resources["casebook"]["parts"]
        self._began, self._ran = time.perf_counter(), False
        try:
            with self.kernels.kernel(folder) as kernel:
                self._kernel = kernel
                try:
                    if kernel.manager is None:
                        return super().preprocess(nb, resources)
                    return run(self, nb, resources, kernel.manager)
                finally:
                    self._kernel = None
                    self._started(parts)
        except (OSError, RuntimeError, WarmError, SandboxError) as error:
            if self._ran or DO_NOT_FIT in str(error):
                raise
            raise NoKernel(f"No kernel could be had ({in_words(error)}).", SPARE) from error

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int):
        """Run one cell; what is not its own time went to questions."""
        parts = resources["casebook"]["parts"]
        self._started(parts)
        cells, began = parts.get("cells", 0.0), time.perf_counter()
        try:
            return super().preprocess_cell(cell, resources, index)
        finally:
            own = parts.get("cells", 0.0) - cells
            add(parts, "questions", time.perf_counter() - began - own)

    def execute_cell(self, *args: Any, **named: Any) -> NotebookNode:
        """Run a cell's code. What is asked on its own request counts as its own time."""
        self._ran = True
        with spent(self.resources["casebook"]["parts"], "cells"):
            return super().execute_cell(*args, **named)

    def _started(self, parts: dict[str, float]) -> None:
        if self._began:
            add(parts, "kernel start", time.perf_counter() - self._began)
            self._began = 0.0

    def too_much(self) -> None:
        """End the box at once: its kernel need not talk on."""
        if self._kernel and self._kernel.box:
            self._kernel.box.end("output")

    def why(self, resources: Any, told: str) -> str:
        """The reason of the box, if it was over a limit; kept for the summary as well."""
        if self._kernel and self._kernel.manager is not None and self._kernel.manager.lost:
            raise ParentLost        # no doing of the student's
        if not self._ran:
            raise NoKernel(f"The kernel was gone before its first cell ({told}).", SPARE)
        box = self._kernel.box if self._kernel else None
        over = box.check() if box else None
        kind = "ended" if told == ENDED else "endless"
        if over in ("memory", "time", "output"):
            kind, told = over, REASONS[over]
        resources["casebook"]["reasons"].append(Reason(kind, LOST, told).record())
        return told
