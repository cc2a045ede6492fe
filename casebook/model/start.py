"""The state in which an engagement begins: the case's history, and traits drawn by luck."""

from __future__ import annotations

import numpy as np

from .luck import Luck
from .parameters import Parameters
from .state import Setting, State


def begin(setting: Setting, luck: Luck, p: Parameters) -> State:
    """The first state of ``n`` engagements (``n`` is that of ``luck``)."""
    n, c = len(luck.severe), setting.contacts

    def project(value: float) -> np.ndarray:
        return np.full(n, float(value))

    def contact(value: float) -> np.ndarray:
        return np.full((n, c), float(value))

    prior = first_impressions(setting, luck, p)
    satisfaction = contact(0.5) + (prior.mean(axis=2) - 0.5) * 0.5
    reported = setting.done + setting.hidden
    return State(
        week=setting.first_week,
        done=project(setting.done), hidden=project(setting.hidden), known=project(0),
        scope=project(1), cost=project(setting.spent), capability=project(1),
        morale=project(p.delivery.morale_rest), alignment=project(p.delivery.alignment_start),
        readiness=project(p.delivery.readiness_start), coverage=project(p.delivery.coverage_rest),
        pressure=project(0), tested=project(0), go_live=project(setting.go_live),
        announced=project(0), live=project(np.nan), difficulty=difficulty(setting, luck, p),
        familiar=project(max(setting.plan[setting.first_week - 1] - reported, 0)),
        prior=prior, pros=np.zeros((n, c, 3)), cons=np.zeros((n, c, 3)),
        citizenship=contact(p.trust.citizenship_start), expectation=contact(0.5),
        performance=contact(0.5), satisfaction=satisfaction, peak=satisfaction,
        trough=satisfaction, equity=contact(0.5), commitment=satisfaction.copy(),
        conflict=contact(p.politics.conflict_start), harm=np.zeros((n, c, 2)),
        failures=np.zeros((n, c, 2)), denied=contact(0), insight=contact(p.politics.insight_start),
        firm_trust=project(p.account.firm_start), opportunities=project(0), qualified=project(0),
    )


def first_impressions(setting: Setting, luck: Luck, p: Parameters) -> np.ndarray:
    """``(n, c, 3)`` beliefs before any evidence, in [0.1, 0.9].

    Propensity to trust and the history the case gives move all three dimensions alike: at the
    start trust is one factor (Webber 2008).
    """
    middle = 0.5 + p.trust.propensity * setting.propensity + p.trust.start * setting.start
    return np.clip(middle[None, :, None] + p.trust.trait_spread * luck.traits, 0.1, 0.9)


def difficulty(setting: Setting, luck: Luck, p: Parameters) -> np.ndarray:
    """``(n,)`` multiple of the work: a mixture, because overruns are fat-tailed (F28).

    A case's volatility scales both parts, so that a teaching case can be less of a lottery
    than projects at large.
    """
    spread = p.delivery.difficulty_spread * setting.volatility
    ordinary = np.exp(spread * luck.difficulty)
    severe = luck.severe < p.delivery.severe_chance
    swan = 1 + (p.delivery.severe_factor - 1) * setting.volatility
    return np.where(severe, ordinary * swan, ordinary)
