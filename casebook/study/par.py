"""What named managers reach on average luck, and what a score on one luck is worth there.

Scores on different lucks cannot be compared as they are. The named managers have played the same
luck, so their scores on it say how hard it was: a score is moved to average luck by its place
between theirs (quantile mapping).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from casebook.case import Account, Case
from casebook.model import BLOCK

from .game import Game
from .policies import BENCHMARKS

_KEY = ("par",)


def typical(case: Case | Account) -> dict[str, float]:
    """Mean overall points of each named manager over one block of lucks, always the same lucks."""
    game = Game(case, _KEY)
    luck = game.luck(0)
    return {name: float(game.play(luck, game.managers(manager, BLOCK, 0)).outcome.overall.mean())
            for name, manager in BENCHMARKS.items()}


def on_average_luck(score, here: Sequence, usual: Sequence[float]) -> np.ndarray:
    """Move scores from the luck they were made on to average luck.

    Parameters
    ----------
    score : float or ndarray, (n,)
        Overall points, each made on a luck of its own.
    here : array_like, (k,) or (k, n)
        Points of k managers on the luck of each score.
    usual : array_like, (k,)
        Points of the same managers on average luck.

    Returns
    -------
    ndarray, (n,)
        Points on average luck. The weakest of the managers here counts as much as the weakest
        usually, and so on up; beyond both ends a point is a point.
    """
    scores = np.atleast_1d(np.asarray(score, dtype=float))
    field = np.sort(np.broadcast_to(np.asarray(here, dtype=float).reshape(len(usual), -1),
                                    (len(usual), len(scores))), axis=0)
    level = np.sort(np.asarray(usual, dtype=float))
    return np.array([_moved(one, field[:, j], level) for j, one in enumerate(scores)])


def _moved(score: float, field: np.ndarray, level: np.ndarray) -> float:
    # Managers who reach the same here count together, in the middle of where they usually are.
    here, group = np.unique(field, return_inverse=True)
    usual = np.bincount(group, weights=level) / np.bincount(group)
    if score <= here[0]:
        return float(usual[0] + score - here[0])
    if score >= here[-1]:
        return float(usual[-1] + score - here[-1])
    return float(np.interp(score, here, usual))
