"""Repair: violations are remembered by kind, and answers to them differ in what they mend.

Equations
---------
violation of units u: worse = u * (1 + repair.repeat * min(failures, 3)), weighed as evidence
       against; harm' = harm + worse; failures' = failures + (u >= repair.failure)
answer: mended = repair.effect[kind, answer] * harm, times min(amount, 1) for a compensation;
       cons' = max(cons - negativity * mended, 0); harm' = harm - mended;
       satisfaction' = satisfaction + repair.satisfied * mended, unless it is a denial
denial: denied' = denied + harm as it was; disproved = denied * clip(repair.exposed * shown, 0, 1)
       is a violation of integrity of repair.denial_found * disproved
each week first: harm' = harm * (1 - repair.harm_fade)
"""

from __future__ import annotations

import numpy as np

from .evidence import add
from .parameters import Parameters
from .state import (
    ABILITY,
    COMPENSATE,
    COMPETENCE,
    DENY,
    HONESTY,
    INTEGRITY,
    NO_REPAIR,
    State,
    plus_part,
)

# The dimension of trustworthiness that a violation of each kind hurts.
HURTS = {COMPETENCE: ABILITY, HONESTY: INTEGRITY}


def violate(state: State, kind: int, units: np.ndarray, p: Parameters) -> State:
    """A failure of one kind, ``units`` (n, c) of harm: a repeated one costs more."""
    before = state.failures[:, :, kind]
    worse = units * (1 + p.repair.repeat * np.minimum(before, 3))
    after = add(state, p, cons={HURTS[kind]: worse})
    return after.but(
        harm=plus_part(state.harm, kind, worse),
        failures=plus_part(state.failures, kind, units >= p.repair.failure),
    )


def mend(state: State, by: np.ndarray, amount: np.ndarray, p: Parameters) -> State:
    """Repairs ``by`` (n, c, 2): each takes back a part of the evidence left by open harm.

    Compensation mends competence only, and no more than was lost, so that overpaying adds
    nothing (Haesevoets 2015): ``amount`` (n, c) is the share of the loss that it offers. A denial
    works at once and waits to be disproved.
    """
    if (by == NO_REPAIR).all():
        return state
    cons, harm = state.cons.copy(order="K"), state.harm.copy(order="K")
    denied, good = state.denied, np.zeros_like(state.denied)
    for kind, dimension in HURTS.items():
        way = by[:, :, kind].astype(int)
        share = np.where(way == NO_REPAIR, 0, p.repair.effect[kind][np.maximum(way, 0)])
        share = share * np.where(way == COMPENSATE, np.clip(amount, 0, 1), 1)
        mended = share * harm[:, :, kind]
        heavy = mended * p.evidence.negativity[dimension]
        cons[:, :, dimension] = np.maximum(cons[:, :, dimension] - heavy, 0)
        denied = denied + np.where(way == DENY, harm[:, :, kind], 0)
        good = good + np.where(way == DENY, 0, mended)
        harm[:, :, kind] = harm[:, :, kind] - mended
    satisfaction = np.clip(state.satisfaction + p.repair.satisfied * good, 0, 1)
    return state.but(cons=cons, harm=harm, denied=denied, satisfaction=satisfaction)


def surface(state: State, shown: np.ndarray, p: Parameters) -> State:
    """Evidence comes out, ``shown`` (n,) from 0 to 1: what was denied is a new violation."""
    if not state.denied.any():
        return state
    disproved = state.denied * shown[:, None]
    after = violate(state, HONESTY, p.repair.denial_found * disproved, p)
    return after.but(denied=state.denied - disproved)


def fade(state: State, p: Parameters) -> State:
    """A week passes: harm that nobody answered can no longer be repaired."""
    return state.but(harm=state.harm * (1 - p.repair.harm_fade))
