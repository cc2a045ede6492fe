"""Step 4, expectation and satisfaction (Oliver 1980), fairness, commitment, and memory.

Equations
---------
schedule = satisfaction.seen_schedule . (1, -(forecast slip + half of a slip that was agreed))
quality = satisfaction.seen_quality . (1, coverage, -rework found in the week)
users = satisfaction.seen_users . (1, readiness, min(done / plan, 1))
standing = satisfaction.seen_standing . (1, alignment)
equity = satisfaction.equity_mix . fairness
performance = cares . (schedule, equity, quality, users, standing), each within [0, 1]
gap = performance - expectation
felt(x) = x where x >= 0, else satisfaction.loss_aversion * x
aim = satisfaction.rest + satisfaction.gap * felt(gap)
       + satisfaction.performance * felt(performance - 0.5)
       + satisfaction.equity * felt(equity - 0.5)
       + satisfaction.expectation * (expectation - 0.5) + outside
satisfaction' = satisfaction + satisfaction.rate * (aim - satisfaction)
expectation' = expectation + satisfaction.adaptation * gap + satisfaction.marketing_raise * marketer
distributive fairness rises by satisfaction.fair_value * (performance - 0.5)
procedural fairness rises by satisfaction.fair_open where reports rest on tests
interactional fairness rises by satisfaction.fair_time * given(time with people) * lever
       - satisfaction.fair_conflict * conflict
all three return, at satisfaction.equity_return, to 0.5 + satisfaction.halo[kind] * (trust - 0.5)
at a milestone: satisfaction' = satisfaction - satisfaction.surprise * surprise * attends(date) / 2
note = 1 + satisfaction.salience . (max(satisfaction - memory, 0), max(memory - satisfaction, 0))
memory_weight' = satisfaction.memory_keep * memory_weight + note
memory' = memory + note / memory_weight' * (satisfaction - memory)
commitment' = commitment + rate * (satisfaction.commitment_mix . (trust, satisfaction, firm trust)
       + ties - commitment), rate = satisfaction.commitment_up or satisfaction.commitment_down
"""

from __future__ import annotations

import numpy as np

from .attention import Spent
from .delivery import forecast, measured, planned
from .evidence import Shown, attends
from .parameters import Parameters
from .state import (
    BUDGET,
    COACH,
    DISTRIBUTIVE,
    FRIEND,
    INTERACTIONAL,
    MARKETER,
    POLITICIAN,
    PROCEDURAL,
    QUALITY,
    SCHEDULE,
    STANDING,
    USERS,
    Array,
    Setting,
    State,
    weighed,
)


def equity(state: State, p: Parameters) -> Array:
    """``(n, c)`` fairness as a whole: outcome, procedure and treatment, weighted."""
    return weighed(state.fairness, p.satisfaction.equity_mix)


def concerns(state: State, setting: Setting, p: Parameters) -> dict[int, Array]:
    """How the project stands in each concern, ``(n,)`` in [0, 1] with 0.5 for ordinary.

    The forecast against the agreed date, work that comes back, readiness of users, and how
    the project makes people look. What it costs the client is judged in :func:`experience`.
    """
    expected_live = forecast(state, setting, state.week, p)
    # A date that was moved by agreement still disappoints, half as much as a slip does.
    slip = expected_live - state.go_live + (state.go_live - setting.go_live) / 2
    expected = np.maximum(planned(state, setting, state.week), 1e-6)
    q = p.satisfaction
    date, work, users, standing = (q.seen_schedule, q.seen_quality, q.seen_users,
                                   q.seen_standing)
    on_plan = np.minimum(measured(state) / expected, 1)
    raw = {
        SCHEDULE: date[0] - date[1] * slip,
        QUALITY: work[0] + work[1] * state.coverage - work[2] * state.known,
        USERS: users[0] + users[1] * state.readiness + users[2] * on_plan,
        STANDING: standing[0] + standing[1] * state.alignment,
    }
    return {concern: values.clip(0.0, 1.0) for concern, values in raw.items()}


def experience(state: State, fair: Array, setting: Setting, p: Parameters) -> Array:
    """``(n, c)`` performance as each contact experiences it, weighted by what they care about.

    ``fair`` (n, c) is the equity they see.
    """
    total = state.cares[:, :, BUDGET] * fair
    for concern, values in concerns(state, setting, p).items():
        total += values[:, None] * state.cares[:, :, concern]
    return total.clip(0.0, 1.0)


def felt(difference: Array, p: Parameters) -> Array:
    """What a gain or a loss feels like: losses loom larger (Tversky and Kahneman 1992)."""
    loss = p.satisfaction.loss_aversion * np.minimum(difference, 0.0)
    return np.maximum(difference, 0.0) + loss


def satisfy(state: State, spent: Spent, setting: Setting, p: Parameters) -> State:
    """Satisfaction after a week: disconfirmation, steeper below zero, equity and performance."""
    q = p.satisfaction
    fair = equity(state, p)
    performance = experience(state, fair, setting, p)
    gap = performance - state.expectation
    aim = (q.rest + q.gap * felt(gap, p) + q.performance * felt(performance - 0.5, p)
           + q.equity * felt(fair - 0.5, p)
           + q.expectation * (state.expectation - 0.5) + state.outside)
    raised = q.marketing_raise * spent.shares[:, MARKETER, None]
    expectation = state.expectation + q.adaptation * gap + raised
    satisfaction = state.satisfaction + q.rate * (aim - state.satisfaction)
    return remember(state.but(
        performance=performance, expectation=expectation.clip(0.0, 1.0),
        satisfaction=satisfaction.clip(0.0, 1.0)), p)


def treat(state: State, spent: Spent, yields: Array, trusting: Array,
          p: Parameters) -> State:
    """How fair people find the deal, the way to it and the manner of it, after a week.

    The three are earned in different ways, and all are seen in the light of the trust that one
    has anyway.
    """
    q = p.satisfaction
    time = spent.shares[:, COACH] + spent.shares[:, FRIEND] + spent.shares[:, POLITICIAN]
    time = q.fair_time * time ** p.evidence.facilitating_return * yields
    rise = {
        DISTRIBUTIVE: q.fair_value * (state.performance - 0.5),
        PROCEDURAL: (q.fair_open * state.tested)[:, None],
        INTERACTIONAL: time[:, None] - q.fair_conflict * state.conflict,
    }
    out = np.empty_like(state.fairness)
    for kind, step in rise.items():
        now, rest = state.fairness[:, :, kind], 0.5 + q.halo[kind] * (trusting - 0.5)
        out[:, :, kind] = now + step + q.equity_return * (rest - now)
    return state.but(fairness=out.clip(0.0, 1.0, out=out))


def surprise(state: State, shown: Shown, p: Parameters) -> State:
    """A milestone that falls short of what was expected costs satisfaction at once."""
    loss = p.satisfaction.surprise * shown.surprise[:, None] * attends(SCHEDULE, state, p) / 2
    return state.but(satisfaction=(state.satisfaction - loss).clip(0.0, 1.0))


def remember(state: State, p: Parameters) -> State:
    """A week is remembered: striking ones more, and later ones more, than others.

    A week strikes by how far it is from what one remembers so far, and what was unpleasant fades
    sooner (Walker, Skowronski and Thompson 2003 found the direction; the size was moved by hand
    for F27). A running mean with weights, of which good weeks have by far the largest.
    """
    q = p.satisfaction
    apart = state.satisfaction - state.memory
    note = 1 + q.salience[0] * np.maximum(apart, 0.0) - q.salience[1] * np.minimum(apart, 0.0)
    weight = q.memory_keep * state.memory_weight + note
    return state.but(memory=state.memory + note / weight * apart, memory_weight=weight)


def commit(state: State, trusting: Array, p: Parameters) -> State:
    """Commitment follows trust and satisfaction, slowly (Morgan and Hunt 1994)."""
    q = p.satisfaction
    of_trust, of_satisfaction, of_firm = q.commitment_mix
    aim = (of_trust * trusting + of_satisfaction * state.satisfaction
           + of_firm * state.firm_trust[:, None] + state.ties)
    rate = np.where(aim > state.commitment, q.commitment_up, q.commitment_down)
    commitment = state.commitment + rate * (aim - state.commitment)
    return state.but(commitment=commitment.clip(0.0, 1.0))
