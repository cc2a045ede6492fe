"""The broad manager: moves of every kind, drawn at random, for a population of engagements.

A student's moves are those that a case offers. What is published about trust was seen in people
whose managers did all sorts of things, so a population needs managers who do too. How they differ
is data (``managers.yaml``), which calibration never changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from casebook.model import BLOCK, Move, Setting
from casebook.model.luck import stream
from casebook.model.state import NO_REPAIR
from casebook.roles import FACILITATING, ROLE_IDS
from casebook.yaml_text import from_yaml

ANSWERS = ("apologise", "explain", "deny", "compensate", "penance")
KINDS = ("competence", "integrity")
SIGNALLED = (0, 2)            # the dimension that a failure of each kind signals
ANNOUNCE = 4
WITH_PEOPLE = [ROLE_IDS.index(role) for role in FACILITATING if role != "entrepreneur"]


@lru_cache(maxsize=1)
def managers() -> dict[str, np.ndarray | float]:
    """The numbers of ``managers.yaml``, by name."""
    data = from_yaml(Path(__file__).with_name("managers.yaml").read_text(encoding="utf-8"))
    return {name: np.array(entry["value"], dtype=float) if isinstance(entry["value"], list)
            else float(entry["value"]) for name, entry in data.items()}


@dataclass(frozen=True)
class Trial:
    """One failure that happens to some contacts, and how it is answered; all ``(n, c)``.

    ``week`` counts from 0 and is -1 where nothing happens; ``kind`` and ``answer`` index
    :data:`KINDS` and :data:`ANSWERS`, -1 for no answer; ``amount`` is a share of the loss.
    """

    week: np.ndarray
    kind: np.ndarray
    answer: np.ndarray
    amount: np.ndarray


@dataclass(frozen=True)
class Managers:
    """``n`` broad managers, each with habits of their own.

    ``shares`` (n, 6) sum to 1; ``conduct`` (n, 3) and ``fair`` (n, 3) are mean steps; the rest is
    ``(n,)`` rates per week and probabilities.
    """

    shares: np.ndarray
    conduct: np.ndarray
    fair: np.ndarray
    informing: np.ndarray
    self_serving: np.ndarray
    pitching: np.ndarray
    keeping: np.ndarray
    tested: np.ndarray
    trial: Trial


class Broad:
    """A block of broad managers at work; ``moves`` is called once a week, in order."""

    def __init__(self, key: tuple[str | int, ...], block: int, setting: Setting):
        self.draw = np.random.Generator(stream(*key, "moves", block))
        self.setting = setting
        self.managers = hire(self.draw, BLOCK, setting)
        self.shape = (BLOCK, setting.contacts)
        self.due: dict[int, np.ndarray] = {}
        self.told = np.zeros(BLOCK)

    def moves(self, week: int, slip: np.ndarray) -> Move:
        """The moves of a week, which counts from 0; ``slip`` (n,) is the slip to be expected."""
        m, who = managers(), self.managers
        signals = self._episode()
        serving = self._happens(who.self_serving)
        signals = signals + serving[:, :, None] * m["self_serving"]
        failing = who.trial.week == week
        for kind, dimension in enumerate(SIGNALLED):
            hit = failing & (who.trial.kind == kind)
            signals[hit] = 0
            signals[:, :, dimension][hit] = m["failure_steps"]
        weight = np.where(failing.any(axis=1), m["failure_weight"], 2.0)
        promised = self._happens(m["promise_rate"])
        self.due[week + int(m["promise_weeks"])] = promised
        zeros = np.zeros(self.shape, order="F")
        project = np.zeros((BLOCK, 6), order="F")
        project[:, ANNOUNCE] = self._announce(slip)
        return Move(
            weight=weight, signals=signals, fairness=self._fairness(),
            citizenship=self._happens(who.informing), steps=np.zeros((BLOCK, 6), order="F"),
            project=project, reporting=who.tested, pitch=self._happens(who.pitching),
            side_for=zeros, side_against=zeros, repair=self._answers(week),
            amount=who.trial.amount, promised=promised)

    def promises(self, week: int) -> tuple[np.ndarray, np.ndarray]:
        """Promises that fall due at the end of a week: masks of those kept and those broken."""
        due = self.due.pop(week, np.zeros(self.shape, order="F"))
        kept = self.draw.random(self.shape) < self.managers.keeping[:, None]
        return due * kept, due * ~kept

    def _happens(self, rate) -> np.ndarray:
        rate = rate[:, None] if isinstance(rate, np.ndarray) else rate
        return np.asfortranarray((self._uniform() < rate).astype(float))

    def _uniform(self) -> np.ndarray:
        return self.draw.random(self.shape[::-1]).T

    def _steps(self, mean: np.ndarray, spread: float, most: int) -> np.ndarray:
        drawn = np.moveaxis(self.draw.standard_normal((3, *self.shape[::-1])), (0, 1, 2), (2, 1, 0))
        return np.clip(np.rint(mean[:, None, :] + spread * drawn), -most, most)

    def _episode(self) -> np.ndarray:
        m = managers()
        happens = (self.draw.random(BLOCK) < m["episode_chance"])[:, None]
        touched = happens & (self._uniform() < m["episode_reach"])
        return self._steps(self.managers.conduct, m["episode_spread"], 3) * touched[:, :, None]

    def _fairness(self) -> np.ndarray:
        m = managers()
        touched = self._happens(m["fairness_chance"])
        return self._steps(self.managers.fair, m["fairness_spread"], 2) * touched[:, :, None]

    def _announce(self, slip: np.ndarray) -> np.ndarray:
        """Open managers announce a slip as soon as it can be seen, whole weeks at a time."""
        more = np.floor(np.maximum(slip - self.told, 0)) * (self.managers.tested > 0)
        self.told = self.told + more
        return more

    def _answers(self, week: int) -> np.ndarray:
        trial = self.managers.trial
        repair = np.full((*self.shape, 2), NO_REPAIR, order="F")
        for kind in range(2):
            now = (trial.week == week - 1) & (trial.week >= 0) & (trial.kind == kind)
            repair[:, :, kind] = np.where(now, trial.answer, NO_REPAIR)
        return repair


def hire(draw: np.random.Generator, n: int, setting: Setting) -> Managers:
    """``n`` managers, drawn."""
    m = managers()
    parts = draw.standard_gamma(m["concentration"] * m["shares"], (n, 6))
    common, greed = draw.standard_normal((n, 1)), draw.random(n)
    return Managers(
        shares=np.asfortranarray(parts / parts.sum(axis=1, keepdims=True)),
        conduct=np.asfortranarray(m["conduct_mean"] + m["conduct"] * common
                                  + m["conduct_own"] * draw.standard_normal((n, 3))),
        fair=np.asfortranarray(m["fairness_conduct"] * draw.standard_normal((n, 3))),
        informing=_between(m["information_rate"], draw.random(n)),
        self_serving=_between(m["self_serving_rate"], greed),
        pitching=_between(m["pitch_rate"], greed),
        keeping=_between(m["promise_kept"], draw.random(n)),
        tested=(draw.random(n) < m["open_reports"]).astype(float),
        trial=_trial(draw, (n, setting.contacts), setting.weeks))


def _trial(draw: np.random.Generator, shape: tuple[int, int], weeks: int) -> Trial:
    m = managers()
    when = np.floor(weeks * _between(m["failure_when"], draw.random(shape)))
    happens = draw.random(shape) < m["failure_share"]
    return Trial(
        week=np.asfortranarray(np.where(happens, when, -1)),
        kind=np.asfortranarray(draw.integers(0, 2, shape)),
        answer=np.asfortranarray(draw.integers(-1, len(ANSWERS), shape)),
        amount=np.asfortranarray(_between(m["compensation"], draw.random(shape))))


def _between(ends: np.ndarray, share: np.ndarray) -> np.ndarray:
    return ends[0] + (ends[1] - ends[0]) * share


def at_large(setting: Setting, length: float) -> Setting:
    """A case's project as projects at large are: from its first week, with chance undamped.

    ``length`` stretches or shortens the plan and what it costs. People are as relational as people
    at large before they are drawn: cases are cast for their stories, one of them all of friends.
    """
    def at(week: int) -> int:
        return max(int(round(week * length)), 1)

    last = at(setting.last_week)
    plan = np.interp(np.arange(last + 1) / length, np.arange(len(setting.plan)), setting.plan)
    milestones = np.full(last + 1, np.nan)
    for week in np.flatnonzero(~np.isnan(setting.milestones)):
        milestones[min(at(week), last)] = setting.milestones[week]
    return replace(
        setting, first_week=1, last_week=last, go_live=min(at(setting.go_live), last), plan=plan,
        milestones=milestones, done=0.0, hidden=0.0, spent=0.0, budget=setting.budget * length,
        volatility=1.0, variety=1.0, skill_variety=1.0, condition=np.zeros(5),
        orientation=np.full(setting.contacts, 0.5))
