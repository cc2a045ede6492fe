"""Step 4, expectation and satisfaction (Oliver 1980), commitment, and what is remembered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .delivery import forecast, measured, planned
from .evidence import milestone
from .parameters import Parameters
from .state import BUDGET, MARKETER, QUALITY, SCHEDULE, STANDING, USERS, Setting, State
from .trust import trust


def experience(state: State, setting: Setting, p: Parameters) -> np.ndarray:
    """``(n, c)`` performance as each contact experiences it, weighted by what they care about.

    Each concern is in [0, 1] with 0.5 for ordinary: the forecast against the agreed date, the
    fairness of cost to the client, work that comes back, readiness of users, and how the
    project makes people look.
    """
    n = len(state.done)
    concerns = np.empty((n, 1, 5))
    expected_live = forecast(state, setting, state.week, p)
    # A date that was moved by agreement still disappoints, half as much as a slip does.
    slip = expected_live - state.go_live + (state.go_live - setting.go_live) / 2
    concerns[:, 0, SCHEDULE] = 0.62 - 0.5 * slip / p.satisfaction.slip_scale
    expected = np.maximum(planned(state, setting, state.week), 1e-6)
    concerns[:, 0, BUDGET] = 0.5
    concerns[:, 0, QUALITY] = 0.45 + 0.35 * state.coverage - 6 * state.known
    concerns[:, 0, USERS] = 0.25 + 0.55 * state.readiness + 0.1 * np.minimum(
        measured(state) / expected, 1)
    concerns[:, 0, STANDING] = 0.25 + 0.5 * state.alignment
    seen = np.clip(concerns, 0, 1) * setting.cares[None]
    budget = (state.equity - 0.5) * setting.cares[:, BUDGET]
    return np.clip(seen.sum(axis=2) + budget, 0, 1)


def satisfy(state: State, attention: np.ndarray, setting: Setting, p: Parameters) -> State:
    """Satisfaction after a week: disconfirmation, steeper below zero, equity and performance."""
    q = p.satisfaction
    performance = experience(state, setting, p)
    gap = performance - state.expectation
    aim = (0.5 + q.above * np.maximum(gap, 0) - q.below * np.maximum(-gap, 0)
           + q.equity * (state.equity - 0.5) + q.performance * (performance - 0.5)
           + q.expectation * (state.expectation - 0.5))
    raised = q.marketing_raise * attention[:, MARKETER][:, None]
    expectation = state.expectation + q.adaptation * gap + raised
    return remember(replace(
        state,
        performance=performance,
        expectation=np.clip(expectation, 0, 1),
        satisfaction=np.clip(state.satisfaction + q.rate * (aim - state.satisfaction), 0, 1),
        equity=state.equity + q.equity_return * (0.5 - state.equity),
    ))


def surprise(state: State, setting: Setting, p: Parameters) -> State:
    """A milestone that falls short of what was expected costs satisfaction at once."""
    care = (0.5 + 2.5 * setting.cares[:, SCHEDULE])[None, :] / 2
    loss = p.satisfaction.surprise * milestone(state, setting).surprise[:, None] * care
    return remember(replace(state, satisfaction=np.clip(state.satisfaction - loss, 0, 1)))


def remember(state: State) -> State:
    """Keep the best and the worst moment."""
    return replace(
        state,
        peak=np.maximum(state.peak, state.satisfaction),
        trough=np.minimum(state.trough, state.satisfaction),
    )


def remembered(state: State, p: Parameters) -> np.ndarray:
    """``(n, c)`` satisfaction as remembered: the end, the peak and the trough (F26)."""
    end, best, worst = p.satisfaction.peak_end
    return end * state.satisfaction + best * state.peak + worst * state.trough


def commit(state: State, setting: Setting, p: Parameters) -> State:
    """Commitment follows trust and satisfaction, slowly (Morgan and Hunt 1994)."""
    q = p.satisfaction
    of_trust, of_satisfaction, of_firm = q.commitment_mix
    aim = (of_trust * trust(state, setting, p) + of_satisfaction * state.satisfaction
           + of_firm * state.firm_trust[:, None])
    rate = np.where(aim > state.commitment, q.commitment_up, q.commitment_down)
    return replace(state, commitment=state.commitment + rate * (aim - state.commitment))
