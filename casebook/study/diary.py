"""What happened to every contact on the way, week by week: the history columns of a population."""

from __future__ import annotations

import numpy as np

from casebook.model import Luck, Move, Parameters, Setting, State
from casebook.model.delivery import measured, planned
from casebook.model.evidence import ready_for_more, seen_delivery
from casebook.model.satisfaction import equity
from casebook.model.trust import trust

from .broad import managers

QUARTER = 13         # weeks
LAST = 0.25          # the part of an engagement that a survey near its end asks about


class Diary:
    """Keeps sums for ``n`` engagements; :meth:`columns` gives them as ``(n, c)`` arrays."""

    def __init__(self, setting: Setting, luck: Luck, p: Parameters):
        self.setting, self.luck, self.p = setting, luck, p
        self.shape = luck.renewal.shape
        self.survey_from = setting.last_week + 1 - max(round(LAST * setting.weeks), 1)
        sums = ("seen", "communication", "opportunism", "pitches", "recent", "earlier",
                "expectation", "performance", "disconfirmation", "rise", "rises", "fall", "falls")
        self.sums = {name: np.zeros(self.shape, order="F") for name in sums}
        self.peak = np.full(self.shape, -np.inf, order="F")
        self.trough = np.full(self.shape, np.inf, order="F")
        self.cost_live = np.full(self.shape[0], np.nan)

    def responded(self, before: State, after: State, move: Move, rows=slice(None)) -> None:
        """Note what a response was to each contact; ``rows`` are the engagements that gave it."""
        early = move.pitch * (1 - ready_for_more(before, self.p))
        selfish = (move.signals[:, :, 1] < 0) & (move.signals[:, :, 2] < 0)
        for name, count in (("communication", move.citizenship), ("pitches", move.pitch),
                            ("opportunism", early + move.side_against + selfish)):
            self.sums[name][rows] += count
        self._rise_and_fall(before, after, move, rows)

    def _rise_and_fall(self, before: State, after: State, move: Move, rows) -> None:
        """Steps of trust at purely good and purely bad signals, from a middling trust (F20)."""
        low, high = managers()["middling"]
        now = trust(before, self.p)
        steps = move.signals.sum(axis=2)
        other = move.pitch + move.side_for + move.side_against + move.citizenship + move.promised
        alone = (other == 0) & (move.repair < 0).all(axis=2) & (
            move.fairness == 0).all(axis=2) & (now >= low) & (now <= high)
        pure = np.abs(steps) == np.abs(move.signals).sum(axis=2)
        size = steps * (move.weight / 2)[:, None]
        per_step = (trust(after, self.p) - now) / np.where(size == 0, 1, size)
        for name, counts, which in (("rise", "rises", steps > 0), ("fall", "falls", steps < 0)):
            hit = alone & pure & which
            self.sums[name][rows] += np.where(hit, per_step, 0)
            self.sums[counts][rows] += hit

    def worked(self, before: State, after: State) -> None:
        """Note a week: what was seen, and how content each contact was after it."""
        index = before.week - self.setting.first_week
        seen = seen_delivery(after.but(week=before.week), self.luck.perception[:, index],
                             self.setting, self.p)
        self.sums["seen"] += seen
        self.peak = np.maximum(self.peak, after.satisfaction)
        self.trough = np.minimum(self.trough, after.satisfaction)
        late = before.week >= self.survey_from
        self.sums["recent" if late else "earlier"] += after.satisfaction
        if late:
            self.sums["expectation"] += before.expectation
            self.sums["performance"] += after.performance
            self.sums["disconfirmation"] += after.performance - before.expectation
        live = np.isnan(self.cost_live) & ~np.isnan(after.live)
        self.cost_live = np.where(live, after.cost, self.cost_live)

    def columns(self, state: State) -> dict[str, np.ndarray]:
        """The history of every contact, ``(n, c)`` each."""
        weeks, late = self.setting.weeks, self.setting.last_week + 1 - self.survey_from
        sums = self.sums
        with np.errstate(invalid="ignore"):
            rise, fall = sums["rise"] / sums["rises"], sums["fall"] / sums["falls"]
        return {
            "expectation": sums["expectation"] / late, "performance": sums["performance"] / late,
            "disconfirmation": sums["disconfirmation"] / late, "equity": equity(state, self.p),
            "fairness_distributive": state.fairness[:, :, 0],
            "fairness_procedural": state.fairness[:, :, 1],
            "fairness_interactional": state.fairness[:, :, 2],
            "reliable_performance": sums["seen"] / weeks, "citizenship": state.citizenship,
            "communication": sums["communication"],
            "opportunism": sums["opportunism"] * QUARTER / weeks,
            "failures": state.failures[:, :, 0] + state.failures[:, :, 1],
            "pitches": sums["pitches"], "peak": self.peak, "trough": self.trough,
            "end": state.satisfaction, "recent": sums["recent"] / late,
            "earlier": sums["earlier"] / max(weeks - late, 1), "rise": rise, "fall": fall,
        }

    def delivery(self, state: State) -> dict[str, np.ndarray]:
        """How delivery ended, ``(n,)`` each: overruns as fractions of plan, and earned value.

        Where the system is not live yet, its date and cost at the pace so far. Cost counts from
        the first week played to go-live, against the budget for that stretch.
        """
        s = self.setting
        gained = np.maximum(measured(state) - s.done, 1e-3)
        left = np.maximum(self.p.delivery.live_share * state.scope - measured(state), 0)
        more = np.where(np.isnan(state.live), left / gained * s.weeks, 0)
        live = np.where(np.isnan(state.live), s.last_week + more, state.live)
        spent = np.where(np.isnan(state.live), state.cost + more * s.weekly_cost * state.staff,
                         self.cost_live)
        planned_at = planned(state, s, min(s.go_live, s.last_week))
        return {
            "cost_overrun": (spent - s.spent) / (s.budget - s.spent) - 1,
            "schedule_overrun": (live - s.go_live) / (s.go_live - s.first_week + 1),
            "cpi": s.budget * measured(state) / state.scope / state.cost,
            "spi": measured(state) / state.scope / planned_at,
        }
