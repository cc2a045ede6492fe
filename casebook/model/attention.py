"""What attention to a facilitating role yields: more of it brings less and less."""

from __future__ import annotations

import numpy as np

from .parameters import Parameters


def given(attention: np.ndarray, role: int, p: Parameters) -> np.ndarray:
    """``(n,)`` yield of one facilitating role, from its share of the week.

    1 for the whole week; diminishing returns make a small share worth more than its size.
    """
    return attention[:, role] ** p.evidence.facilitating_return
