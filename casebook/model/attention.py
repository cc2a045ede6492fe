"""What attention yields: more of it to one role brings less and less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .parameters import Parameters
from .state import IMPLEMENTER


@dataclass(frozen=True)
class Spent:
    """A week of the manager's time, and what it yields; worked out once for all who ask.

    Attributes
    ----------
    shares : ndarray, (n, 6)
        Share of the week for each role.
    given : ndarray, (n, 6)
        Yield of each facilitating role: 1 for the whole week; diminishing returns make a small
        share worth more than its size.
    effort : ndarray, (n,)
        What implementing yields: 1 at the reference, with diminishing returns.
    steady : ndarray, (n,)
        The same, where more than the reference adds nothing.
    """

    shares: np.ndarray
    given: np.ndarray
    effort: np.ndarray
    steady: np.ndarray


def spend(attention: np.ndarray, p: Parameters) -> Spent:
    """What a week divided as in ``attention`` (n, 6) yields."""
    share = attention[:, IMPLEMENTER] / p.delivery.implementer_reference
    effort = np.maximum(share, 0.02) ** p.delivery.implementer_return
    given = attention ** p.evidence.facilitating_return
    return Spent(attention, given, effort, np.minimum(effort, 1.0))
