"""Step 3, trust: what a contact believes, and the trust that rests on it.

Belief is the Beta reputation of Josang and Ismail (2002); cognition-based and affect-based
trust are McAllister's (1995), on the trustworthiness of Mayer, Davis and Schoorman (1995).
"""

from __future__ import annotations

import numpy as np

from .attention import given
from .parameters import Parameters
from .state import COACH, FRIEND, Setting, State


def beliefs(state: State, p: Parameters) -> np.ndarray:
    """``(n, c, 3)`` belief in ability, benevolence and integrity, in [0, 1]."""
    w = p.evidence.prior_weight
    return (state.pros + w * state.prior) / (state.pros + state.cons + w)


def cognitive_and_affective(state: State, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Cognition-based and affect-based trust, each ``(n, c)`` in [0, 1].

    With little experience the two are one factor; they separate as evidence comes in
    (Webber 2008).
    """
    belief = beliefs(state, p)
    cognition = belief @ p.trust.cognition
    share = p.trust.affect_citizenship
    affect = (1 - share) * (belief @ p.trust.affect) + share * state.citizenship
    experience = (state.pros + state.cons).sum(axis=2)
    together = 0.5 * np.exp(-experience / p.trust.one_factor)
    return (
        (1 - together) * cognition + together * affect,
        (1 - together) * affect + together * cognition,
    )


def trust(state: State, setting: Setting, p: Parameters) -> np.ndarray:
    """``(n, c)`` trust in the manager: the two kinds, weighted by orientation, less conflict."""
    cognitive, affective = cognitive_and_affective(state, p)
    relational = setting.orientation
    mixed = (1 - relational) * cognitive + relational * affective
    return mixed * (1 - p.trust.conflict * state.conflict)


def grow_citizenship(state: State, attention: np.ndarray, lever: np.ndarray,
                     setting: Setting, p: Parameters) -> np.ndarray:
    """Citizenship ``(n, c)`` after a week: time given to people adds, neglect wears it away."""
    friend = p.trust.citizenship_friend * given(attention, FRIEND, p) * lever
    coach = p.trust.citizenship_coach * given(attention, COACH, p) * lever
    gain = friend[:, None] * 2 * setting.orientation + coach[:, None]
    rest = p.trust.citizenship_start
    after = state.citizenship + gain * (1 - state.citizenship)
    return after + p.trust.citizenship_fade * (rest - after)
