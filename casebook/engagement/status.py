"""Where engagements stand: earned value, forecasts, and the facts that conditions ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from casebook.model import Parameters, Setting, State, delivery, measures

if TYPE_CHECKING:
    from .rules import Course

CONTACT_FACTS = ("trust", "cognitive_trust", "affective_trust", "satisfaction", "commitment",
                 "conflict")


@dataclass(frozen=True)
class EarnedValue:
    """Earned value at the end of a week, ``(n,)`` each: thousands, but for two fractions,
    ``progress`` and ``planned``."""

    progress: np.ndarray
    planned: np.ndarray
    bac: np.ndarray
    pv: np.ndarray
    ev: np.ndarray
    ac: np.ndarray

    @property
    def spi(self) -> np.ndarray:
        """Schedule performance index, EV / PV."""
        return self.ev / self.pv

    @property
    def cpi(self) -> np.ndarray:
        """Cost performance index, EV / AC."""
        return self.ev / self.ac

    @property
    def eac(self) -> np.ndarray:
        """Estimate at completion, BAC / CPI, in thousands."""
        return self.bac / self.cpi

    def at(self, row: int) -> EarnedValue:
        """The earned value of one engagement, as plain numbers."""
        return EarnedValue(*(float(getattr(self, field.name)[row]) for field in fields(self)))


def earned_value(state: State, setting: Setting, passed: bool | np.ndarray) -> EarnedValue:
    """Earned value at the end of the week before ``state.week``.

    ``passed``, one truth or ``(n,)`` of them, counts only work that passed its tests; otherwise
    tasks closed count.
    """
    progress = np.where(passed, state.done, state.done + state.hidden) / state.scope
    planned = delivery.planned(state, setting, state.week - 1)
    bac = setting.budget * state.scope
    return EarnedValue(progress, planned, bac, planned * bac, progress * bac, state.cost)


def slip(state: State, setting: Setting, p: Parameters) -> np.ndarray:
    """``(n,)`` weeks by which go-live is to be expected after the agreed week."""
    return delivery.forecast(state, setting, state.week - 1, p) - state.go_live


def cost_overrun(state: State, setting: Setting, p: Parameters) -> np.ndarray:
    """``(n,)`` forecast of cost over budget, as a fraction of budget."""
    expected = delivery.forecast(state, setting, state.week - 1, p)
    still = np.maximum(expected - (state.week - 1), 0)
    return (state.cost + still * setting.weekly_cost) / setting.budget - 1


class Facts(Mapping):
    """Everything a condition may ask for (``docs/case-format.md``), of ``n`` engagements.

    Numbers and truths are ``(n,)``; the measures of contacts and the names of flags, responses,
    incidents and promises are mappings to such arrays. Conditions ask for few of them, so each is
    worked out when it is first asked for.

    Parameters
    ----------
    course : Course
        The engagements as they stand.
    outcomes : ndarray, (n,)
        ``renewed`` and the rest, where they are known.
    """

    def __init__(self, course: Course, **outcomes: np.ndarray):
        self._course = course
        self._known: dict[str, Any] = {**course.history.facts(), **outcomes}

    def __getitem__(self, key: str) -> Any:
        if key not in self._known:
            if key in CONTACT_FACTS:
                self._known |= self._contacts()
            else:
                self._known[key] = PROJECT_FACTS[key](self._course)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*PROJECT_FACTS, *CONTACT_FACTS, *self._known)))

    def __len__(self) -> int:
        return len(set(self))

    def _contacts(self) -> dict[str, dict[str, np.ndarray]]:
        course = self._course
        values = measures(course.state, course.parameters)
        return {name: {contact.id: values[name][:, i]
                       for i, contact in enumerate(course.case.contacts)}
                for name in CONTACT_FACTS}


def _told(course: Course) -> EarnedValue:
    """Earned value as reports show it."""
    return earned_value(course.state, course.setting, course.state.tested > 0)


PROJECT_FACTS: Mapping[str, Callable[[Any], Any]] = {
    "week": lambda c: c.state.week,
    "progress": lambda c: c.state.done / c.state.scope,
    "reported_progress": lambda c: _told(c).progress,
    "planned_progress": lambda c: _told(c).planned,
    "undiscovered_rework": lambda c: c.state.hidden,
    "spi": lambda c: _told(c).spi,
    "cpi": lambda c: _told(c).cpi,
    "cost_overrun": lambda c: cost_overrun(c.state, c.setting, c.parameters),
    "slip": lambda c: slip(c.state, c.setting, c.parameters),
    "morale": lambda c: c.state.morale,
    "capability": lambda c: c.state.capability,
    "alignment": lambda c: c.state.alignment,
    "readiness": lambda c: c.state.readiness,
    "opportunities": lambda c: c.state.opportunities,
    "live": lambda c: ~np.isnan(c.state.live),
    "open_promises": lambda c: c.history.open_promises(),
}
