"""nbgrader's Execute on a kernel that is shut in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from casebook.grading.plugins import ENDED

from .guarding.execute import GuardedExecute
from .kernels import Kernel, Kernels
from .reasons import LOST, Reason
from .sandbox.box import REASONS
from .warm.manager import run


class ParentLost(Exception):
    """The process that kernels are forked from ended, and this notebook's kernel with it."""


class BoxedExecute(GuardedExecute):
    """Runs a notebook as nbgrader's Execute does, watched, on a kernel that `kernels` gives."""

    kernels: Kernels
    _kernel: Kernel | None = None

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None):
        """Run the notebook on a kernel of its own."""
        if self._kernel is not None or km is not None:
            return super().preprocess(nb, resources, km)
        folder, parts = Path(resources["metadata"]["path"]), resources["casebook"]["parts"]
        began = time.perf_counter()
        with self.kernels.kernel(folder, parts) as kernel:
            self._kernel = kernel
            try:
                if kernel.manager is None:
                    return super().preprocess(nb, resources)
                return run(self, nb, resources, kernel.manager)
            finally:
                self._kernel = None
                parts["kernel and cells"] = (parts.get("kernel and cells", 0.0)
                                             + time.perf_counter() - began)

    def too_much(self) -> None:
        """End the box at once: its kernel need not talk on."""
        if self._kernel and self._kernel.box:
            self._kernel.box.end("output")

    def why(self, resources: Any, told: str) -> str:
        """The reason of the box, if it was over a limit; kept for the summary as well."""
        if self._kernel and self._kernel.manager is not None and self._kernel.manager.lost:
            raise ParentLost        # no doing of the student's
        box = self._kernel.box if self._kernel else None
        over = box.check() if box else None
        kind = "ended" if told == ENDED else "endless"
        if over in ("memory", "time", "output"):
            kind, told = over, REASONS[over]
        resources["casebook"]["reasons"].append(Reason(kind, LOST, told).record())
        return told
