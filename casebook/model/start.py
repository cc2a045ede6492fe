"""The state in which an engagement begins: the case's history, and people drawn by luck.

Equations
---------
prior = clip(0.5 + trust.propensity * (propensity + variety * people.propensity_spread * z)
        + trust.start * history + variety * trust.trait_spread * z, 0.1, 0.9)
familiar = max(plan - reported, 0)
difficulty = exp(volatility * delivery.difficulty_spread * z), times
        1 + (delivery.severe_factor - 1) * volatility with chance delivery.severe_chance
staff = (that multiple) ^ delivery.staffing
skill = exp(skill_variety * people.skill_spread * z)
cares = case's weights * exp(variety * people.cares_spread * z), scaled to add up to 1
relational = clip(case's orientation + variety * people.relational_spread * z, 0.05, 0.95)
outside = variety * people.outside_spread * z; ties = variety * people.ties_spread * z
busy = variety * people.busy_spread * z; similarity = variety * z
satisfaction = memory = commitment = 0.5 + 0.5 * (mean of prior - 0.5) at the start
at the start too, each plus what the case says of it and within its range:
        alignment = delivery.alignment_start; readiness = delivery.readiness_start;
        coverage = delivery.coverage_rest; morale = delivery.morale_rest; capability = 1
and: citizenship = trust.citizenship_start; conflict = politics.conflict_start;
        cooperation = politics.cooperation_start; insight = politics.insight_start;
        firm_trust = account.firm_start; expectation, performance and fairness = 0.5
"""

from __future__ import annotations

import numpy as np

from .luck import PEOPLE, Luck
from .parameters import Parameters
from .state import Setting, State, filled, weighed

TRAITS = PEOPLE.index("schedule")        # the traits before what a contact cares about


def begin(setting: Setting, luck: Luck, p: Parameters) -> State:
    """The first state of ``n`` engagements (``n`` is that of ``luck``)."""
    n, c = len(luck.severe), setting.contacts

    def project(value: float) -> np.ndarray:
        return np.full(n, float(value))

    def contact(value: float, *axes: int) -> np.ndarray:
        return filled(value, n, c, *axes)

    prior = first_impressions(setting, luck, p)
    satisfaction = 0.5 + (weighed(prior, np.full(3, 1 / 3)) - 0.5) * 0.5
    reported = setting.done + setting.hidden
    hard, staff = difficulty(setting, luck, p)
    capability, morale, alignment, readiness, coverage = condition(setting, p)
    return State(
        week=setting.first_week,
        done=project(setting.done), hidden=project(setting.hidden), known=project(0),
        scope=project(1), cost=project(setting.spent), capability=project(capability),
        morale=project(morale), alignment=project(alignment), readiness=project(readiness),
        coverage=project(coverage),
        pressure=project(0), tested=project(0), go_live=project(setting.go_live),
        announced=project(0), live=project(np.nan), difficulty=hard, staff=staff,
        skill=np.exp(setting.skill_variety * p.people.skill_spread * luck.skill),
        familiar=project(max(setting.plan[setting.first_week - 1] - reported, 0)),
        **traits(setting, luck, p),
        prior=prior, pros=contact(0, 3), cons=contact(0, 3),
        citizenship=contact(p.trust.citizenship_start), expectation=contact(0.5),
        performance=contact(0.5), satisfaction=satisfaction, memory=satisfaction,
        memory_weight=contact(1), fairness=contact(0.5, 3), commitment=satisfaction,
        conflict=contact(p.politics.conflict_start),
        cooperation=contact(p.politics.cooperation_start), harm=contact(0, 2),
        failures=contact(0, 2), denied=contact(0), insight=contact(p.politics.insight_start),
        firm_trust=project(p.account.firm_start), opportunities=project(0), qualified=project(0),
    )


def condition(setting: Setting, p: Parameters) -> tuple[float, ...]:
    """Capability, morale, alignment, readiness and coverage when the play begins."""
    d = p.delivery
    ordinary = (1.0, d.morale_rest, d.alignment_start, d.readiness_start, d.coverage_rest)
    ranges = (d.capability_range, *(((0.0, 1.0),) * 4))
    return tuple(min(max(usual + shift, low), high) for usual, shift, (low, high) in zip(
        ordinary, setting.condition.tolist(), ranges, strict=True))


def traits(setting: Setting, luck: Luck, p: Parameters) -> dict[str, np.ndarray]:
    """Who the contacts are: the case's people, differing as far as ``variety`` says."""
    q, z = p.people, setting.variety * luck.people
    weights = setting.cares[None] * np.exp(q.cares_spread * z[:, :, TRAITS:])
    total = sum(weights[:, :, k] for k in range(weights.shape[2]))
    relational = setting.orientation[None] + q.relational_spread * z[:, :, 1]
    return {
        "cares": np.asfortranarray(weights / total[:, :, None]),
        "relational": np.asfortranarray(np.clip(relational, 0.05, 0.95)),
        "similarity": np.asfortranarray(z[:, :, 2]),
        "outside": np.asfortranarray(q.outside_spread * z[:, :, 3]),
        "ties": np.asfortranarray(q.ties_spread * z[:, :, 4]),
        "busy": np.asfortranarray(q.busy_spread * z[:, :, 5]),
    }


def propensity(setting: Setting, luck: Luck, p: Parameters) -> np.ndarray:
    """``(n, c)`` propensity to trust, in steps, as drawn."""
    return setting.propensity + p.people.propensity_spread * setting.variety * luck.people[:, :, 0]


def first_impressions(setting: Setting, luck: Luck, p: Parameters) -> np.ndarray:
    """``(n, c, 3)`` beliefs before any evidence, in [0.1, 0.9].

    Propensity to trust and the history the case gives move all three dimensions alike: at the
    start trust is one factor (Webber 2008).
    """
    middle = (0.5 + p.trust.propensity * propensity(setting, luck, p)
              + p.trust.start * setting.start)
    spread = p.trust.trait_spread * setting.variety
    return np.asfortranarray(np.clip(middle[:, :, None] + spread * luck.traits, 0.1, 0.9))


def difficulty(setting: Setting, luck: Luck, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Multiple of the work, and of the team that is put on it, ``(n,)`` each.

    A mixture, because overruns are fat-tailed (F28). Firms answer a project that turns out much
    harder with more people, so that cost overruns by more than time does. A case's volatility
    scales both parts, so that a teaching case can be less of a lottery than projects at large.
    """
    d = p.delivery
    ordinary = np.exp(d.difficulty_spread * setting.volatility * luck.difficulty)
    severe = luck.severe < d.severe_chance
    swan = np.where(severe, 1 + (d.severe_factor - 1) * setting.volatility, 1.0)
    return ordinary * swan, swan ** d.staffing
