"""What people at one engagement tell those at another about the manager they share.

Only an account of several engagements has this step (``casebook.engagement.account``). What is
passed on is what the speaker has newly come to believe, from what they saw themselves; what they
were told is not told again, so that no rumour feeds itself.

Equations
---------
units = politics.hearsay * share * (speaker's belief - the same when they last spoke),
       for where it rose, against where it fell; ability, benevolence and integrity apart
"""

from __future__ import annotations

import numpy as np

from .evidence import add, signed
from .parameters import Parameters
from .state import State


def hear(state: State, listener: int, change: np.ndarray, share: float, p: Parameters) -> State:
    """One contact hears by how much another's beliefs have changed.

    Parameters
    ----------
    listener : place of the contact who hears
    change : ndarray, (n, 3)
        Change of the speaker's beliefs, in [-1, 1].
    share : float
        How much of it gets across, 0 to 1.
    """
    pros, cons = {}, {}
    one = np.zeros((1, state.conflict.shape[1]))
    one[0, listener] = 1
    for k in range(3):
        pros[k], cons[k] = signed(p.politics.hearsay * share * change[:, k, None] * one)
    return add(state, p, pros, cons)
