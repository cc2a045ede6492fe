"""What comes to light: milestones, rework that comes back, errors in use, promises that fall due.

These are the moments at which what was said meets what is there, so each can be a violation, of
competence or of integrity, that waits for an answer (:mod:`casebook.model.repair`).

Equations
---------
units of harm to competence = evidence.rework_seen * rework found, where reports do not rest on
       tests; evidence.live_defects * rework found, once live; both times attends(quality)
a milestone: felt = surprise + (1 - evidence.known_discount) * (missing - surprise);
       harm to competence = evidence.milestone * attends(date)
       * clip((felt - evidence.tolerance) / evidence.milestone_scale, 0, 1);
       met (missing <= evidence.tolerance): evidence.milestone_met * attends(date) for ability
procedural fairness' = procedural fairness - satisfaction.fair_surprise * surprise
missing = due - done, at least 0; surprise = what people had come to expect - done, at least 0
harm to integrity = evidence.found_out * max(overstated - evidence.tolerance, 0);
       overstated = reported - done
a promise kept: evidence.promise_kept; broken: evidence.promise_broken, its part of integrity as a
       violation, and conflict rises by politics.conflict_broken * (1 - conflict)
"""

from __future__ import annotations

import numpy as np

from .evidence import Shown, add, add_mix, attends
from .parameters import Parameters
from .politics import quarrel
from .repair import surface, violate
from .state import (
    ABILITY,
    BENEVOLENCE,
    COMPETENCE,
    HONESTY,
    PROCEDURAL,
    QUALITY,
    SCHEDULE,
    State,
    with_part,
)


def see_rework(state: State, p: Parameters) -> State:
    """Work that was reported as done comes back: a surprise, unless reports rest on tests."""
    units = np.where(state.tested > 0, 0.0, p.evidence.rework_seen * state.known)
    return violate(state, COMPETENCE, units[:, None] * attends(QUALITY, state, p), p)


def see_live_errors(state: State, p: Parameters) -> State:
    """Once the system is live, errors reach the client's own users."""
    if np.isnan(state.live).all():
        return state
    units = np.where(np.isnan(state.live), 0.0, p.evidence.live_defects * state.known)
    return violate(state, COMPETENCE, units[:, None] * attends(QUALITY, state, p), p)


def miss_milestone(state: State, shown: Shown, p: Parameters) -> State:
    """A milestone shows less than was agreed: a violation of competence.

    The part that people had been led to expect, because a slip was announced or reports had
    shown it, counts for less than the part that surprises them. A milestone that is met counts
    for ability.
    """
    e = p.evidence
    expected = shown.missing - shown.surprise
    felt = shown.surprise + (1 - e.known_discount) * expected
    missed = ((felt - e.tolerance) / e.milestone_scale).clip(0.0, 1.0)
    watched = attends(SCHEDULE, state, p)
    met = (shown.missing <= e.tolerance)[:, None] * watched * e.milestone_met
    after = violate(state, COMPETENCE, (e.milestone * missed)[:, None] * watched, p)
    # To be surprised is also not to have been told: it costs the fairness of procedure.
    told = after.fairness[:, :, PROCEDURAL] - (
        p.satisfaction.fair_surprise * shown.surprise)[:, None]
    after = after.but(fairness=with_part(after.fairness, PROCEDURAL, told.clip(0.0, 1.0)))
    return add(after, p, {ABILITY: met})


def find_out(state: State, shown: Shown, p: Parameters) -> State:
    """A milestone shows less than was *reported*: a violation of integrity."""
    e = p.evidence
    units = e.found_out * np.maximum(shown.overstated - e.tolerance, 0.0)
    return violate(state, HONESTY, units[:, None], p)


def disprove(state: State, shown: Shown | None, p: Parameters) -> State:
    """What was denied comes out, as work is found wrong or a milestone shows the truth."""
    truth = state.known if shown is None else state.known + shown.overstated
    return surface(state, (p.repair.exposed * truth).clip(0.0, 1.0), p)


def settle_promise(state: State, contact: int, kept: np.ndarray, p: Parameters) -> State:
    """A promise to one contact fell due; ``kept`` (n,) says how it ended."""
    one = np.zeros((1, state.conflict.shape[1]))
    one[0, contact] = 1
    yes = kept.astype(float)[:, None]
    return settle_promises(state, yes * one, (1 - yes) * one, p)


def settle_promises(state: State, yes: np.ndarray, lost: np.ndarray, p: Parameters) -> State:
    """Promises fell due; masks ``yes`` and ``lost`` (n, c) say to whom, and how each ended."""
    e = p.evidence
    ability, benevolence, integrity = e.promise_broken
    after = add_mix(state, p, (yes, e.promise_kept))
    after = add(after, p, cons={ABILITY: lost * ability, BENEVOLENCE: lost * benevolence})
    after = violate(after, HONESTY, lost * integrity, p)
    return quarrel(after, lost * p.politics.conflict_broken)
