"""Where a worker's kernels come from: forked from a warm parent, and shut in a box."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How kernels are to be had.

    Attributes
    ----------
    sandbox : bool
        Whether students' code is shut in.
    warm : bool
        Whether kernels are forked from a parent that has imported what assignments use.
    """

    sandbox: bool = True
    warm: bool = True


class Kernels:
    """Kernels for one worker."""

    def __init__(self, plan: Plan):
        self.plan = plan

    def close(self) -> None:
        """End what was started."""
