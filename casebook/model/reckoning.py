"""What comes to light: milestones, rework that comes back, errors in use, promises that fall due.

These are the moments at which what was said meets what is there, so each can be a violation, of
competence or of integrity, that waits for an answer (:mod:`casebook.model.repair`).
"""

from __future__ import annotations

import numpy as np

from .evidence import add, along, milestone
from .parameters import Parameters
from .politics import quarrel
from .repair import surface, violate
from .state import ABILITY, COMPETENCE, HONESTY, QUALITY, SCHEDULE, Setting, State


def _attends(concern: int, setting: Setting) -> np.ndarray:
    """``(1, c)`` how closely each contact watches a concern: 1 for one who cares evenly."""
    return (0.5 + 2.5 * setting.cares[:, concern])[None, :]


def see_rework(state: State, setting: Setting, p: Parameters) -> State:
    """Work that was reported as done comes back: a surprise, unless reports rest on tests."""
    units = np.where(state.tested > 0, 0.0, p.evidence.rework_seen * state.known)
    harm = units[:, None] * _attends(QUALITY, setting)
    return violate(state, COMPETENCE, harm, p)


def see_live_errors(state: State, setting: Setting, p: Parameters) -> State:
    """Once the system is live, errors reach the client's own users."""
    units = np.where(np.isnan(state.live), 0.0, p.evidence.live_defects * state.known)
    return violate(state, COMPETENCE, units[:, None] * _attends(QUALITY, setting), p)


def miss_milestone(state: State, setting: Setting, p: Parameters) -> State:
    """A milestone shows less than was agreed: a violation of competence.

    The part that people had been led to expect, because a slip was announced or reports had
    shown it, counts for less than the part that surprises them. A milestone that is met counts
    for ability.
    """
    if np.isnan(setting.milestones[state.week]):
        return state
    e = p.evidence
    shown = milestone(state, setting)
    expected = shown.missing - shown.surprise
    felt = shown.surprise + (1 - e.known_discount) * expected
    missed = np.clip((felt - e.tolerance) / e.milestone_scale, 0, 1)
    attends = _attends(SCHEDULE, setting)
    met = (shown.missing <= e.tolerance)[:, None] * attends * e.milestone_met
    after = violate(state, COMPETENCE, (e.milestone * missed)[:, None] * attends, p)
    return add(after, along(ABILITY, met), np.zeros((*met.shape, 3)), p)


def find_out(state: State, setting: Setting, p: Parameters) -> State:
    """A milestone shows less than was *reported*: a violation of integrity."""
    if np.isnan(setting.milestones[state.week]):
        return state
    e = p.evidence
    units = e.found_out * np.maximum(milestone(state, setting).overstated - e.tolerance, 0)
    return violate(state, HONESTY, np.repeat(units[:, None], setting.contacts, axis=1), p)


def disprove(state: State, setting: Setting, p: Parameters) -> State:
    """What was denied comes out, as work is found wrong or a milestone shows the truth."""
    shown = p.repair.exposed * (state.known + milestone(state, setting).overstated)
    return surface(state, np.clip(shown, 0, 1), p)


def settle_promise(state: State, contact: int, kept: np.ndarray, p: Parameters) -> State:
    """A promise to one contact fell due; ``kept`` (n,) says how it ended."""
    e = p.evidence
    one = np.zeros(state.conflict.shape)
    one[:, contact] = 1
    yes = kept.astype(float)[:, None]
    none = np.zeros((*one.shape, 3))
    ability, benevolence, integrity = e.promise_broken
    after = add(state, (one * yes)[:, :, None] * e.promise_kept, none, p)
    lost = one * (1 - yes)
    after = add(after, none, lost[:, :, None] * np.array([ability, benevolence, 0.0]), p)
    after = violate(after, HONESTY, lost * integrity, p)
    return quarrel(after, lost * p.politics.conflict_broken)
