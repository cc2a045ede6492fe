"""Step 6, politics: agreement, conflict, sides, and knowing what people think."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .attention import given
from .evidence import add
from .parameters import Parameters
from .state import FRIEND, POLITICIAN, Setting, State


def align(state: State, attention: np.ndarray, yields: np.ndarray, p: Parameters) -> State:
    """Agreement among the client's people after a week."""
    q = p.politics
    gain = q.alignment_politician * given(attention, POLITICIAN, p) * yields
    alignment = state.alignment + gain * 2 * (1 - state.alignment) - q.alignment_fade * (
        state.alignment - 0.3)
    return replace(state, alignment=np.clip(alignment, 0, 1))


def settle(state: State, attention: np.ndarray, p: Parameters) -> State:
    """Conflict settles by itself and by political work; disagreement feeds it."""
    q = p.politics
    fading = q.conflict_fade + q.conflict_politician * attention[:, POLITICIAN]
    fed = q.conflict_misaligned * (1 - state.alignment)
    conflict = state.conflict * (1 - fading)[:, None] + fed[:, None]
    return replace(state, conflict=np.clip(conflict, 0, 1))


def learn(state: State, attention: np.ndarray, setting: Setting, p: Parameters) -> State:
    """The manager's knowledge of what contacts think: gained by two roles, and going stale."""
    q = p.politics
    friend = q.insight_friend * given(attention, FRIEND, p)[:, None] * 2 * setting.orientation
    politician = q.insight_politician * given(attention, POLITICIAN, p)[:, None]
    insight = state.insight + (friend + politician) * (1 - state.insight)
    return replace(state, insight=np.clip(insight - q.insight_fade * state.insight, 0, 1))


def quarrel(state: State, rise: np.ndarray) -> State:
    """Conflict after it rises by ``rise`` (n, c)."""
    return replace(state, conflict=np.clip(state.conflict + rise * (1 - state.conflict), 0, 1))


def take_sides(state: State, gains: np.ndarray, loses: np.ndarray, p: Parameters) -> State:
    """Siding with one contact shows the other side low integrity. Masks are (n, c)."""
    q = p.politics
    after = add(state, gains[:, :, None] * q.side_for, loses[:, :, None] * q.side_against, p)
    return quarrel(after, loses * q.conflict_broken)
