"""A response to an incident: its signals, and what it does to the project."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import account, politics, repair
from .evidence import add, signed
from .ledger import Ledger, NoLedger
from .parameters import Parameters
from .satisfaction import remember
from .state import COMPETENCE, HONESTY, INTEGRITY, Move, Setting, State

TESTING, PRESSURE, MORALE, CAPABILITY, ALIGNMENT, READINESS = range(6)
SCOPE, COST, REWORK, GO_LIVE, ANNOUNCE, OPPORTUNITIES = range(6)


def respond(state: State, move: Move, setting: Setting, p: Parameters,
            ledger: Ledger | NoLedger | None = None) -> State:
    """The state after the manager's response; contacts react at once, the project from now on."""
    note = (ledger or NoLedger()).note
    state = note("repair", repair.mend(state, move.repair, p))
    for dimension, cause in enumerate(("signal_ability", "signal_benevolence",
                                       "signal_integrity")):
        state = note(cause, signal(state, move, dimension, p))
    state = note("acts", act_as_citizen(state, move, p))
    state = note("fairness", treat_fairly(state, move, p))
    state = note("sides", politics.take_sides(state, move.side_for, move.side_against, p))
    state = note("episode", feel(state, move, p))
    state = note("pitch", account.pitch(state, move.pitch, setting, p))
    state = change_project(state, move, p)
    return note("promise", promise(state, move, p))


def signal(state: State, move: Move, dimension: int, p: Parameters) -> State:
    """Signals of one dimension become evidence; agreement softens bad ones.

    A bad signal about ability or integrity is a violation that can be repaired later.
    """
    weight = move.weight[:, None] / 2 * p.evidence.signal
    good, bad = signed(move.signals[:, :, dimension] * weight)
    bad = bad * (1 - p.politics.severity * state.alignment)[:, None]
    one = np.zeros((*good.shape, 3))
    one[:, :, dimension] = good
    after = add(state, one, np.zeros_like(one), p)
    if dimension == 1:
        other = np.zeros_like(one)
        other[:, :, dimension] = bad
        return add(after, np.zeros_like(one), other, p)
    return repair.violate(after, HONESTY if dimension == INTEGRITY else COMPETENCE, bad, p)


def act_as_citizen(state: State, move: Move, p: Parameters) -> State:
    """Acts of citizenship: information, ideas, standing (F03)."""
    keep = (1 - p.trust.citizenship_act) ** move.citizenship
    return replace(state, citizenship=1 - (1 - state.citizenship) * keep)


def treat_fairly(state: State, move: Move, p: Parameters) -> State:
    """Fairness of outcome, procedure and treatment moves equity (F08, F22)."""
    step = (move.fairness * p.satisfaction.fairness).sum(axis=2)
    return replace(state, equity=np.clip(state.equity + step, 0, 1))


def feel(state: State, move: Move, p: Parameters) -> State:
    """The episode itself pleases or hurts, and hurts more (F19); bad signals breed conflict."""
    q = p.satisfaction
    good, bad = signed(move.signals.sum(axis=2))
    weight = move.weight[:, None] / 2
    moved = q.episode * weight * (good * q.above - bad * q.below)
    content = np.clip(state.satisfaction + moved, 0, 1)
    worst = np.maximum(-move.signals, 0).sum(axis=2)
    after = remember(replace(state, satisfaction=content))
    return politics.quarrel(after, p.politics.conflict_negative * weight * worst)


def change_project(state: State, move: Move, p: Parameters) -> State:
    """Scope, money, dates, and steps of testing, pressure, morale and the rest."""
    d, steps, project = p.delivery, move.steps, move.project

    def stepped(values: np.ndarray, index: int, low: float = 0, high: float = 1) -> np.ndarray:
        return np.clip(values + d.step * steps[:, index], low, high)

    scope = np.maximum(state.scope + project[:, SCOPE], state.done + state.hidden)
    found = np.minimum(project[:, REWORK], state.hidden)
    return replace(
        state,
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
    return replace(state, expectation=np.clip(raised, 0, 1))
