"""Step 6, politics: agreement, conflict, sides, cooperation, and knowing what people think.

Equations
---------
alignment' = alignment + 2 * politics.alignment_politician * given(politician) * lever
       * (1 - alignment) - politics.alignment_fade * (alignment - politics.alignment_rest)
conflict' = conflict * (1 - politics.conflict_fade - politics.conflict_politician * politician)
       + politics.conflict_misaligned * (1 - alignment)
cooperation' = cooperation + politics.cooperation_rate * (politics.cooperation_start
       + politics.cooperation_trust * (trust - 0.5) + busy - cooperation)
insight' = insight + (2 * politics.insight_friend * given(friend) * relational
       + politics.insight_politician * given(politician)) * (1 - insight)
       - politics.insight_fade * insight
siding shows evidence of politics.side_for to one, and of politics.side_against to the other;
       conflict' of the other = conflict + politics.conflict_broken * (1 - conflict)
"""

from __future__ import annotations

import numpy as np

from .attention import Spent
from .evidence import add_mix
from .parameters import Parameters
from .state import FRIEND, POLITICIAN, State


def align(state: State, spent: Spent, yields: np.ndarray, p: Parameters) -> State:
    """Agreement among the client's people after a week."""
    q = p.politics
    gain = q.alignment_politician * spent.given[:, POLITICIAN] * yields
    fading = q.alignment_fade * (state.alignment - q.alignment_rest)
    alignment = state.alignment + gain * 2 * (1 - state.alignment) - fading
    return state.but(alignment=alignment.clip(0.0, 1.0))


def settle(state: State, spent: Spent, p: Parameters) -> State:
    """Conflict settles by itself and by political work; disagreement feeds it."""
    q = p.politics
    fading = q.conflict_fade + q.conflict_politician * spent.shares[:, POLITICIAN]
    fed = q.conflict_misaligned * (1 - state.alignment)
    conflict = state.conflict * (1 - fading)[:, None] + fed[:, None]
    return state.but(conflict=conflict.clip(0.0, 1.0))


def cooperate(state: State, trusting: np.ndarray, p: Parameters) -> State:
    """How far each contact's side does its own part on time: decisions, people, rooms, data.

    Trust helps, and other work gets in the way: behaviour follows attitude loosely.
    """
    q = p.politics
    aim = q.cooperation_start + q.cooperation_trust * (trusting - 0.5) + state.busy
    cooperation = state.cooperation + q.cooperation_rate * (aim - state.cooperation)
    return state.but(cooperation=cooperation.clip(0.0, 1.0))


def learn(state: State, spent: Spent, p: Parameters) -> State:
    """The manager's knowledge of what contacts think: gained by two roles, and going stale."""
    q = p.politics
    friend = (2 * q.insight_friend * spent.given[:, FRIEND])[:, None] * state.relational
    politician = (q.insight_politician * spent.given[:, POLITICIAN])[:, None]
    insight = state.insight + (friend + politician) * (1 - state.insight)
    return state.but(insight=(insight - q.insight_fade * state.insight).clip(0.0, 1.0))


def quarrel(state: State, rise: np.ndarray) -> State:
    """Conflict after it rises by ``rise`` (n, c)."""
    conflict = state.conflict + rise * (1 - state.conflict)
    return state.but(conflict=conflict.clip(0.0, 1.0))


def take_sides(state: State, gains: np.ndarray, loses: np.ndarray, p: Parameters) -> State:
    """Siding with one contact shows the other side low integrity. Masks are (n, c)."""
    q = p.politics
    if not loses.any() and not gains.any():
        return state
    after = add_mix(state, p, (gains, q.side_for), (loses, q.side_against))
    return quarrel(after, loses * q.conflict_broken)
