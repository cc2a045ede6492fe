"""Step 2, evidence: what contacts see, set against what they were led to expect.

Negative evidence weighs more than positive, integrity most (Slovic 1993); evidence against a
firm belief is discounted (Poortinga and Pidgeon 2004).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .attention import given
from .delivery import effort, measured, planned, reported
from .parameters import Parameters
from .state import (
    ABILITY,
    COACH,
    ENTREPRENEUR,
    FRIEND,
    MARKETER,
    POLITICIAN,
    SCHEDULE,
    Setting,
    State,
)
from .trust import beliefs, trust


def add(state: State, pros: np.ndarray, cons: np.ndarray, p: Parameters) -> State:
    """The state after evidence, ``(n, c, 3)`` units each, has been weighed."""
    e = p.evidence
    lean = 2 * beliefs(state, p) - 1
    known = state.pros + state.cons
    sure = known / (known + e.prior_weight)
    for_discount = 1 - e.confirmation * sure * np.maximum(-lean, 0)
    against_discount = 1 - e.confirmation * sure * np.maximum(lean, 0)
    return replace(
        state,
        pros=state.pros + pros * for_discount,
        cons=state.cons + cons * e.negativity * against_discount,
    )


def signed(units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Units split into those for and those against."""
    return np.maximum(units, 0), np.maximum(-units, 0)


def along(dimension: int, units: np.ndarray) -> np.ndarray:
    """``(n, c)`` units of one dimension as ``(n, c, 3)``."""
    out = np.zeros((*units.shape, 3))
    out[..., dimension] = units
    return out


def expected_progress(state: State, setting: Setting, week: int) -> np.ndarray:
    """``(n,)`` progress that people expect at the end of ``week``.

    The agreed plan, later by the slip announced to them, and lower by the gap that reports have
    made familiar.
    """
    delayed = np.maximum(week - state.announced, setting.first_week - 1)
    return planned(state, setting, delayed) - state.familiar


def forget(state: State, p: Parameters) -> State:
    """A week passes: old evidence counts a little less."""
    keep = p.evidence.forgetting
    return replace(state, pros=state.pros * keep, cons=state.cons * keep)


def see_delivery(state: State, noise: np.ndarray, setting: Setting, p: Parameters) -> State:
    """Reported progress against expectation, through noise ``(n, c)``: evidence on ability."""
    e = p.evidence
    gap = reported(state) / state.scope - expected_progress(state, setting, state.week)
    seen = np.clip((gap[:, None] + e.noise * noise + e.tolerance) / e.delivery_scale, -1, 1)
    attend = (0.5 + 2.5 * setting.cares[:, SCHEDULE])[None, :]
    pros, cons = signed(e.delivery * seen * attend)
    return add(state, along(ABILITY, pros), along(ABILITY, cons), p)


def get_used(state: State, setting: Setting, p: Parameters) -> State:
    """People get used to what reports show: the gap to the plan surprises them less and less."""
    delayed = np.maximum(state.week - state.announced, setting.first_week - 1)
    behind = np.maximum(
        planned(state, setting, delayed) - reported(state) / state.scope, 0)
    familiar = state.familiar + p.evidence.familiar * (behind - state.familiar)
    return replace(state, familiar=familiar)


@dataclass(frozen=True)
class Shown:
    """What a milestone shows, ``(n,)`` fractions of progress, 0 or more; zeros without one.

    ``missing`` against the contract, ``surprise`` against what people had come to expect, and
    ``overstated`` by how much reports were above what is there.
    """

    missing: np.ndarray
    surprise: np.ndarray
    overstated: np.ndarray


def milestone(state: State, setting: Setting) -> Shown:
    """What this week's milestone shows."""
    due = setting.milestones[min(state.week, setting.last_week)]
    if np.isnan(due):
        nothing = np.zeros_like(state.done)
        return Shown(nothing, nothing, nothing)
    there = measured(state) / state.scope
    moved = setting.plan[state.week] - planned(state, setting, state.week)
    need = np.maximum(due - moved, 0)
    expected = need - planned(state, setting, state.week) + expected_progress(
        state, setting, state.week)
    return Shown(
        missing=np.maximum(need - there, 0),
        surprise=np.maximum(np.minimum(expected, need) - there, 0),
        overstated=np.maximum(reported(state) - measured(state), 0),
    )


def lever(state: State, attention: np.ndarray, setting: Setting, p: Parameters) -> np.ndarray:
    """``(n,)`` what facilitating roles yield, in [floor, 1]: they work through delivery.

    Implementing and a delivery that people see as sound open the way for the other roles; that
    is how the casebook reads the abstract of Webber and Torti (2004).
    """
    e = p.evidence
    expected = np.maximum(expected_progress(state, setting, state.week), 1e-6)
    ratio = reported(state) / state.scope / expected
    sound = 1 / (1 + np.exp(-(ratio - e.health_middle) / e.health_width))
    return e.facilitation_floor + (1 - e.facilitation_floor) * sound * np.minimum(
        effort(attention, p), 1)


def see_role(role: int, state: State, attention: np.ndarray, yields: np.ndarray,
             setting: Setting, p: Parameters) -> State:
    """Evidence from one facilitating role: diminishing returns, and a price if overdone."""
    e = p.evidence
    units = {COACH: e.coach, ENTREPRENEUR: e.entrepreneur, POLITICIAN: e.politician,
             FRIEND: e.friend, MARKETER: e.marketer}[role]
    amount = (given(attention, role, p) * yields)[:, None] * _near(role, setting)
    if role == MARKETER:
        amount = amount * _welcome(state, setting, p)
    beyond = np.maximum(attention[:, role] - e.overdone_above[role], 0)
    cons = beyond[:, None, None] * e.overdone[role] * np.ones((1, setting.contacts, 1))
    return add(state, amount[:, :, None] * units, cons, p)


def see_selling(state: State, attention: np.ndarray, setting: Setting, p: Parameters) -> State:
    """Marketing to somebody who is not ready reads as self-interest."""
    early = (1 - _welcome(state, setting, p)) * attention[:, MARKETER][:, None]
    cons = early[:, :, None] * p.account.pitch_refused
    return add(state, np.zeros_like(cons), cons, p)


def _near(role: int, setting: Setting) -> np.ndarray:
    """``(1, c)`` how near a role brings the manager to each contact."""
    if role == FRIEND:
        return (2 * setting.orientation)[None, :]
    if role == POLITICIAN:
        return (0.5 + 0.5 * setting.influence / setting.influence.max())[None, :]
    return np.ones((1, setting.contacts))


def _welcome(state: State, setting: Setting, p: Parameters) -> np.ndarray:
    """``(n, c)`` 1 where trust and satisfaction clear the threshold for a pitch, else 0."""
    ready = (trust(state, setting, p) >= p.account.pitch_trust) & (
        state.satisfaction >= p.account.pitch_satisfaction)
    return ready.astype(float)
