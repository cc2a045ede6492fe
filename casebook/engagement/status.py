"""Where an engagement stands: earned value, forecasts, and the facts that conditions ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from casebook.case.types import Case
from casebook.model import Parameters, Setting, State, delivery, measures

CONTACT_FACTS = ("trust", "cognitive_trust", "affective_trust", "satisfaction", "commitment",
                 "conflict")


@dataclass(frozen=True)
class EarnedValue:
    """Earned value at the end of a week, in thousands; ``progress`` and ``planned`` fractions."""

    progress: float
    planned: float
    bac: float
    pv: float
    ev: float
    ac: float

    @property
    def spi(self) -> float:
        """Schedule performance index, EV / PV."""
        return self.ev / self.pv

    @property
    def cpi(self) -> float:
        """Cost performance index, EV / AC."""
        return self.ev / self.ac

    @property
    def eac(self) -> float:
        """Estimate at completion, BAC / CPI, in thousands."""
        return self.bac / self.cpi


def earned_value(state: State, setting: Setting, passed: bool) -> EarnedValue:
    """Earned value of one engagement at the end of the week before ``state.week``.

    ``passed`` counts only work that passed its tests; otherwise tasks closed count.
    """
    work = state.done if passed else state.done + state.hidden
    progress = float((work / state.scope)[0])
    planned = float(delivery.planned(state, setting, state.week - 1)[0])
    bac = setting.budget * float(state.scope[0])
    return EarnedValue(progress, planned, bac, planned * bac, progress * bac,
                       float(state.cost[0]))


def slip(state: State, setting: Setting, p: Parameters) -> float:
    """Weeks by which go-live is to be expected after the agreed week."""
    expected = delivery.forecast(state, setting, state.week - 1, p)
    return float((expected - state.go_live)[0])


def cost_overrun(state: State, setting: Setting, p: Parameters) -> float:
    """Forecast of cost over budget, as a fraction of budget."""
    expected = float(delivery.forecast(state, setting, state.week - 1, p)[0])
    still = max(expected - (state.week - 1), 0)
    return (float(state.cost[0]) + still * setting.weekly_cost) / setting.budget - 1


def facts(case: Case, state: State, setting: Setting, p: Parameters,
          history: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a condition may ask for (``docs/case-format.md``). ``history`` adds flags,
    responses chosen, incidents seen, promises kept and broken."""
    told = earned_value(state, setting, passed=bool(state.tested[0]))
    values = measures(state, p)
    ids = [contact.id for contact in case.contacts]
    contacts = {
        name: {id: float(values[name][0, i]) for i, id in enumerate(ids)}
        for name in CONTACT_FACTS
    }
    return {
        "week": state.week,
        "progress": float((state.done / state.scope)[0]),
        "reported_progress": told.progress,
        "planned_progress": told.planned,
        "undiscovered_rework": float(state.hidden[0]),
        "spi": told.spi,
        "cpi": told.cpi,
        "cost_overrun": cost_overrun(state, setting, p),
        "slip": slip(state, setting, p),
        "morale": float(state.morale[0]),
        "capability": float(state.capability[0]),
        "alignment": float(state.alignment[0]),
        "readiness": float(state.readiness[0]),
        "opportunities": float(state.opportunities[0]),
        "live": not np.isnan(state.live[0]),
        **contacts,
        **history,
    }
