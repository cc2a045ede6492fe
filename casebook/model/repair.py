"""Repair: violations are remembered by kind, and answers to them differ in what they mend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .evidence import add, along
from .parameters import Parameters
from .state import ABILITY, COMPETENCE, DENY, HONESTY, INTEGRITY, NO_REPAIR, State

# The dimension of trustworthiness that a violation of each kind hurts.
HURTS = {COMPETENCE: ABILITY, HONESTY: INTEGRITY}


def violate(state: State, kind: int, units: np.ndarray, p: Parameters) -> State:
    """A failure of one kind, ``units`` (n, c) of harm: a repeated one costs more."""
    happened = units >= p.repair.failure
    worse = units * (1 + p.repair.repeat * np.minimum(state.failures[:, :, kind], 3))
    after = add(state, np.zeros((*units.shape, 3)), along(HURTS[kind], worse), p)
    return replace(
        after,
        harm=_with(after.harm, kind, after.harm[:, :, kind] + worse),
        failures=_with(after.failures, kind, after.failures[:, :, kind] + happened),
    )


def mend(state: State, by: np.ndarray, p: Parameters) -> State:
    """Repairs ``by`` (n, c, 2): each takes back a part of the evidence left by open harm.

    Compensation mends competence only, and no more than was harmed, so that overpaying adds
    nothing (Haesevoets 2015). A denial works at once and waits to be disproved.
    """
    cons, harm, good = state.cons.copy(), state.harm.copy(), np.zeros_like(state.denied)
    denied = state.denied.copy()
    for kind, dimension in HURTS.items():
        way = by[:, :, kind].astype(int)
        share = np.where(way == NO_REPAIR, 0, p.repair.effect[kind][np.maximum(way, 0)])
        mended = share * harm[:, :, kind]
        heavy = mended * p.evidence.negativity[dimension]
        cons[:, :, dimension] = np.maximum(cons[:, :, dimension] - heavy, 0)
        denied += np.where(way == DENY, harm[:, :, kind], 0)
        good += np.where(way == DENY, 0, mended)
        harm[:, :, kind] = harm[:, :, kind] - mended
    satisfaction = np.clip(state.satisfaction + p.repair.satisfied * good, 0, 1)
    return replace(state, cons=cons, harm=harm, denied=denied, satisfaction=satisfaction)


def surface(state: State, shown: np.ndarray, p: Parameters) -> State:
    """Evidence comes out, ``shown`` (n,) from 0 to 1: what was denied is a new violation."""
    disproved = state.denied * shown[:, None]
    after = violate(state, HONESTY, p.repair.denial_found * disproved, p)
    return replace(after, denied=state.denied - disproved)


def fade(state: State, p: Parameters) -> State:
    """A week passes: harm that nobody answered can no longer be repaired."""
    return replace(state, harm=state.harm * (1 - p.repair.harm_fade))


def _with(array: np.ndarray, kind: int, values: np.ndarray) -> np.ndarray:
    out = array.copy()
    out[:, :, kind] = values
    return out
