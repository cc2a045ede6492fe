"""A response to an incident: its signals, and what it does to the project.

Equations
---------
weight = incident's weight / 2 * exp(variety * people.taking_spread * z)
units of a signal = weight * evidence.signal * steps; bad ones times
       1 - politics.severity * alignment; bad ones of ability and integrity are violations
citizenship' = 1 - (1 - citizenship) * (1 - trust.citizenship_act) ^ acts
fairness' = fairness + satisfaction.fairness * steps; units of evidence from it
       = evidence.fairness_units * evidence.fairness_shows . steps
satisfaction' = satisfaction + satisfaction.episode * weight
       * felt(balance), balance = sum of the steps of all three signals
conflict' = conflict + politics.conflict_negative * weight * sum of bad steps * (1 - conflict)
expectation' = expectation + satisfaction.promise_raise * promises
hidden' = hidden - min(rework found, hidden); scope' = scope + change, at least done + hidden
coverage' = coverage + delivery.coverage_step * steps of testing
morale, capability, alignment and readiness move by delivery.step * their steps;
       pressure, cost, the agreed date and openings by what the response says
order: repairs, signals, acts, fairness, sides, the episode, the pitch, the project, promises
"""

from __future__ import annotations

import numpy as np

from . import account, politics, repair
from .evidence import add, signed
from .ledger import Ledger, NoLedger
from .parameters import Parameters
from .state import (
    BENEVOLENCE,
    COMPETENCE,
    HONESTY,
    INTEGRITY,
    Array,
    Move,
    Setting,
    State,
    weighed,
)

TESTING, PRESSURE, MORALE, CAPABILITY, ALIGNMENT, READINESS = range(6)
SCOPE, COST, REWORK, GO_LIVE, ANNOUNCE, OPPORTUNITIES = range(6)


def respond(state: State, move: Move, taking: Array, setting: Setting, p: Parameters,
            ledger: Ledger | NoLedger | None = None) -> State:
    """The state after the manager's response; contacts react at once, the project from now on.

    ``taking`` (n, c) is this week's luck of how much each contact makes of it, standard normal
    (``luck.taking[:, week]``).
    """
    note = (ledger or NoLedger()).note
    weight = (move.weight / 2)[:, None] * np.exp(
        setting.variety * p.people.taking_spread * taking)
    state = note("repair", repair.mend(state, move.repair, move.amount, p))
    for dimension, cause in enumerate(("signal_ability", "signal_benevolence",
                                       "signal_integrity")):
        state = note(cause, signal(state, move.signals[:, :, dimension], dimension, weight, p))
    state = note("acts", act_as_citizen(state, move, p))
    state = note("fairness", treat_fairly(state, move, p))
    state = note("sides", politics.take_sides(state, move.side_for, move.side_against, p))
    state = note("episode", feel(state, move, weight, p))
    state = note("pitch", account.pitch(state, move.pitch, p))
    state = change_project(state, move, p)
    return note("promise", promise(state, move, p))


def signal(state: State, steps: Array, dimension: int, weight: Array, p: Parameters) -> State:
    """Signals of one dimension become evidence; agreement softens bad ones.

    A bad signal about ability or integrity is a violation that can be repaired later.
    """
    if not steps.any():
        return state
    good, bad = signed(steps * weight * p.evidence.signal)
    bad = bad * (1 - p.politics.severity * state.alignment)[:, None]
    after = add(state, p, {dimension: good})
    if dimension == BENEVOLENCE:
        return add(after, p, cons={dimension: bad})
    return repair.violate(after, HONESTY if dimension == INTEGRITY else COMPETENCE, bad, p)


def act_as_citizen(state: State, move: Move, p: Parameters) -> State:
    """Acts of citizenship: information, ideas, standing (F03)."""
    keep = (1 - p.trust.citizenship_act) ** move.citizenship
    return state.but(citizenship=1 - (1 - state.citizenship) * keep)


def treat_fairly(state: State, move: Move, p: Parameters) -> State:
    """Fairness of outcome, procedure and treatment (F08, F22).

    It moves equity, and it is read as evidence of who one is dealing with: what is fair in the
    deal says less about a person than how one was treated (Lind 2001).
    """
    if not move.fairness.any():
        return state
    fairness = np.clip(state.fairness + p.satisfaction.fairness * move.fairness, 0, 1)
    pros, cons = {}, {}
    for dimension in range(3):
        shown = p.evidence.fairness_units * p.evidence.fairness_shows[:, dimension]
        units = weighed(move.fairness, shown)
        pros[dimension], cons[dimension] = signed(units)
    return add(state.but(fairness=fairness), p, pros, cons)


def feel(state: State, move: Move, weight: Array, p: Parameters) -> State:
    """The episode itself pleases or hurts, and hurts more (F19); bad signals breed conflict."""
    q = p.satisfaction
    good, bad = signed(move.signals[:, :, 0] + move.signals[:, :, 1] + move.signals[:, :, 2])
    moved = q.episode * weight * (good - q.loss_aversion * bad)
    worst = sum(np.maximum(-move.signals[:, :, k], 0) for k in range(3))
    after = state.but(satisfaction=np.clip(state.satisfaction + moved, 0, 1))
    return politics.quarrel(after, np.clip(p.politics.conflict_negative * weight * worst, 0, 1))


def change_project(state: State, move: Move, p: Parameters) -> State:
    """Scope, money, dates, and steps of testing, pressure, morale and the rest."""
    d, steps, project = p.delivery, move.steps, move.project

    def stepped(values: Array, index: int, low: float = 0, high: float = 1) -> Array:
        return np.clip(values + d.step * steps[:, index], low, high)

    scope = np.maximum(state.scope + project[:, SCOPE], state.done + state.hidden)
    found = np.minimum(project[:, REWORK], state.hidden)
    return state.but(
        scope=scope, hidden=state.hidden - found, cost=state.cost + project[:, COST],
        go_live=state.go_live + project[:, GO_LIVE],
        announced=state.announced + project[:, ANNOUNCE],
        tested=np.where(move.reporting < 0, state.tested, move.reporting),
        coverage=np.clip(state.coverage + d.coverage_step * steps[:, TESTING], 0, 1),
        pressure=np.maximum(state.pressure + steps[:, PRESSURE], 0),
        morale=stepped(state.morale, MORALE),
        capability=stepped(state.capability, CAPABILITY, *d.capability_range),
        alignment=stepped(state.alignment, ALIGNMENT),
        readiness=stepped(state.readiness, READINESS),
        opportunities=state.opportunities + project[:, OPPORTUNITIES],
    )


def promise(state: State, move: Move, p: Parameters) -> State:
    """A promise raises what its receiver expects."""
    raised = state.expectation + p.satisfaction.promise_raise * move.promised
    return state.but(expectation=np.clip(raised, 0, 1))
