"""Step 3, trust: what a contact believes, and the trust that rests on it.

Belief is the Beta reputation of Josang and Ismail (2002); cognition-based and affect-based
trust are McAllister's (1995), on the trustworthiness of Mayer, Davis and Schoorman (1995).

Equations
---------
belief = (r + w * prior) / (r + s + w), with r evidence for, s against, w = evidence.prior_weight
cognition = trust.cognition . belief
affect = (1 - trust.affect_citizenship) * trust.affect . belief
        + trust.affect_citizenship * citizenship
together = 0.5 * exp(-(sum of r + s) / trust.one_factor)
cognitive_trust = (1 - together) * cognition + together * affect
affective_trust = (1 - together) * affect + together * cognition
trust = ((1 - relational) * cognitive_trust + relational * affective_trust)
        * (1 - trust.conflict * conflict)
citizenship' = citizenship + gain * (1 - citizenship), then back to trust.citizenship_start
        at trust.citizenship_fade;
        gain = lever * (trust.citizenship_friend * given(friend) * 2 * relational
        + trust.citizenship_coach * given(coach))
"""

from __future__ import annotations

import numpy as np

from .attention import Spent
from .parameters import Parameters
from .state import COACH, FRIEND, State, weighed


def beliefs(state: State, p: Parameters) -> np.ndarray:
    """``(n, c, 3)`` belief in ability, benevolence and integrity, in [0, 1]."""
    belief, known = state.prior * p.evidence.prior_weight, state.pros + state.cons
    belief += state.pros
    known += p.evidence.prior_weight
    belief /= known
    return belief


def cognitive_and_affective(state: State, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Cognition-based and affect-based trust, each ``(n, c)`` in [0, 1].

    With little experience the two are one factor; they separate as evidence comes in
    (Webber 2008).
    """
    return two_kinds(state, beliefs(state, p), p)


def two_kinds(state: State, belief: np.ndarray, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Cognition-based and affect-based trust from beliefs that are known already."""
    cognition = weighed(belief, p.trust.cognition)
    share = p.trust.affect_citizenship
    affect = (1 - share) * weighed(belief, p.trust.affect) + share * state.citizenship
    known = state.pros + state.cons
    experience = known[:, :, 0] + known[:, :, 1] + known[:, :, 2]
    together = 0.5 * np.exp(experience / -p.trust.one_factor)
    shared = together * (affect - cognition)
    return cognition + shared, affect - shared


def trust(state: State, p: Parameters) -> np.ndarray:
    """``(n, c)`` trust in the manager: the two kinds, weighted by orientation, less conflict."""
    return mixed(state, *cognitive_and_affective(state, p), p)


def mixed(state: State, cognitive: np.ndarray, affective: np.ndarray,
          p: Parameters) -> np.ndarray:
    """Trust from its two kinds, where they are known already."""
    both = cognitive + state.relational * (affective - cognitive)
    return both * (1 - p.trust.conflict * state.conflict)


def grow_citizenship(state: State, spent: Spent, lever: np.ndarray,
                     p: Parameters) -> np.ndarray:
    """Citizenship ``(n, c)`` after a week: time given to people adds, neglect wears it away."""
    friend = 2 * p.trust.citizenship_friend * spent.given[:, FRIEND] * lever
    coach = p.trust.citizenship_coach * spent.given[:, COACH] * lever
    gain = friend[:, None] * state.relational + coach[:, None]
    rest = p.trust.citizenship_start
    after = state.citizenship + gain * (1 - state.citizenship)
    return after + p.trust.citizenship_fade * (rest - after)
