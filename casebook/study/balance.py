"""Is a case well balanced? Measured by playing it, many times and in many ways.

``casebook check --balance`` prints it. What is wanted, and how far, stands in ``balance.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml

from casebook.case.types import Case
from casebook.engagement import translate
from casebook.engagement.crowd import Crowd, CrowdManager, join, play_crowd
from casebook.engagement.history import NONE, Options
from casebook.model import BLOCK, Luck, draw_block, pick
from casebook.roles import ROLE_IDS

from .habits import Fixed, Habit, deny, improve
from .policies import POLICIES, Several, policy
from .simulate import as_case
from .tries import Tried, try_responses
from .verdicts import Verdict, judge

FACILITATING = tuple(role for role in ROLE_IDS if role != "implementer")
Progress = Callable[[str], None]


@cache
def wanted() -> Mapping[str, Any]:
    """What a balanced case must keep to (``balance.yaml``)."""
    text = resources.files("casebook.study").joinpath("balance.yaml").read_text("utf-8")
    return yaml.safe_load(text)


@dataclass(frozen=True)
class Worth:
    """The best manager found, with fixed habits, and the same search with one role denied.

    ``score`` and ``without`` are mean points over lucks that the search did not see; ``error`` is
    the standard error of a difference. ``roles`` are those that the best manager uses.
    """

    habit: Habit
    score: float
    roles: tuple[str, ...]
    without: Mapping[str, float]
    error: float

    def loss(self, role: str) -> float:
        """Points that the manager loses who is denied this role."""
        return self.score - self.without[role]


@dataclass(frozen=True)
class Balance:
    """What was measured, and the verdicts.

    Attributes
    ----------
    runs : int
        Plays by each policy.
    means : mapping of policy to (mean overall, its standard error)
    met : float
        Incidents that a random play meets, on average.
    endings : mapping of ending to (share of random plays, share of all plays)
    unused : responses that no play gave, ``"incident/response"``
    tried : tuple of Tried
        One for each incident.
    worth : Worth
    verdicts : tuple of Verdict
    """

    case: str
    version: str
    runs: int
    seed: int
    means: Mapping[str, tuple[float, float]]
    met: float
    responses: int
    endings: Mapping[str, tuple[float, float]]
    unused: tuple[str, ...]
    tried: tuple[Tried, ...]
    worth: Worth
    verdicts: tuple[Verdict, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether every verdict is good."""
        return all(verdict.holds for verdict in self.verdicts)


def balance(case: Case | str, runs: int = 2048, seed: int = 1,
            progress: Progress | None = None) -> Balance:
    """Measure the balance of a case.

    Parameters
    ----------
    case : Case or str
    runs : int
        Plays by each named manager, made up to whole blocks of 512.
    seed : int
    progress : callable, optional
        Told what is being measured.

    Returns
    -------
    Balance
    """
    case = replace(as_case(case), reading="", exhibits=())
    say = progress or (lambda what: None)
    bench = Bench(case, seed)
    blocks = -(-runs // BLOCK)
    say("named managers")
    crowds = {name: bench.crowds(name, blocks) for name in POLICIES}
    say("every response from many states")
    tried = try_responses(case, bench.everybody(blocks), bench.play)
    say("the best habits, and each role taken away")
    worth = bench.worth(blocks)
    found = Balance(case.id, case.version, blocks * BLOCK, seed, _means(crowds),
                    _met(crowds["random"]), sum(len(i.responses) for i in case.incidents),
                    _endings(case, crowds), _unused(case, crowds, tried), tried, worth)
    return replace(found, verdicts=judge(found, case, wanted()))


class Bench:
    """Plays of one case on the lucks of one seed."""

    def __init__(self, case: Case, seed: int):
        self.case = case
        self.key = ("balance", seed, case.id, case.version)
        self.setting = translate.setting(case)
        self.options = Options.of(case)

    def luck(self, block: int) -> Luck:
        """The luck of a block of engagements."""
        return draw_block(self.key, block, self.setting.weeks, self.setting.contacts)

    def play(self, luck: Luck, manager: CrowdManager) -> Crowd:
        """A crowd, played."""
        return play_crowd(self.case, luck, manager, options=self.options)

    def crowds(self, name: str, blocks: int) -> list[Crowd]:
        """Plays of a named manager, on the same lucks as everybody else's."""
        return [self.play(self.luck(block), policy(name).for_crowd(
            self.case, BLOCK, self.key, block)) for block in range(blocks)]

    def everybody(self, blocks: int) -> tuple[Luck, CrowdManager]:
        """Luck and manager of a crowd in which managers of every kind play side by side."""
        names = [*POLICIES, *wanted()["tries"]["more"]]
        each = -(-blocks * BLOCK // len(names))
        luck = join(self.luck(1000 + block) for block in range(blocks))
        whose = np.arange(blocks * BLOCK) // each
        managers = [policy(name).for_crowd(self.case, len(whose), self.key, 1000 + k)
                    for k, name in enumerate(names)]
        return luck, Several(managers, whose)

    def worth(self, blocks: int) -> Worth:
        """The best habits found, and what each role is worth to them."""
        some = wanted()["search"]["lucks"]
        training = pick(join(self.luck(2000 + b) for b in range(-(-some // BLOCK))), slice(some))

        def means(habits: list[Habit]) -> np.ndarray:
            return self._scores(habits, training).mean(axis=1)

        begin = [Habit(POLICIES[name].shares, self._favourites(name))
                 for name in ("balanced", "trust-first")]
        climbed = [improve(self.case, habit, means) for habit in begin]
        best = climbed[int(np.argmax(means(climbed)))]
        without = {role: improve(self.case, deny(best, role), means) for role in ROLE_IDS}
        # A search that was denied something may have climbed higher: nothing is lost by it then.
        free = [replace(habit, denied="") for habit in without.values()]
        better = free[int(np.argmax(means(free)))]
        if means([better])[0] > means([best])[0]:
            best = improve(self.case, better, means)
        fresh = join(self.luck(3000 + block) for block in range(blocks))
        scores = self._scores([best, *without.values()], fresh)
        means_ = scores.mean(axis=1)
        error = float((scores[1:] - scores[0]).std(axis=1).max() / np.sqrt(scores.shape[1]))
        return Worth(best, float(means_[0]), best.roles(self.case),
                     dict(zip(ROLE_IDS, means_[1:].tolist(), strict=True)), error)

    def _scores(self, habits: list[Habit], luck: Luck) -> np.ndarray:
        """``(habits, lucks)`` overall of each habit on each luck."""
        each = len(luck.severe)
        rows = np.tile(np.arange(each), len(habits))
        crowd = self.play(pick(luck, rows), Fixed.of(self.case, habits, each))
        return crowd.outcome.overall.reshape(len(habits), each)

    def _favourites(self, name: str) -> tuple[int, ...]:
        """What a named manager likes best in each incident."""
        likes = POLICIES[name].liking
        return tuple(max(range(len(i.responses)), key=lambda j, i=i: likes(
            self.case, i.responses[j])) for i in self.case.incidents)


def _means(crowds: Mapping[str, list[Crowd]]) -> dict[str, tuple[float, float]]:
    out = {}
    for name, played in crowds.items():
        overall = np.concatenate([crowd.outcome.overall for crowd in played])
        out[name] = (float(overall.mean()), float(overall.std() / np.sqrt(len(overall))))
    return out


def _met(played: list[Crowd]) -> float:
    return float(np.mean([(crowd.history.answers != NONE).sum(axis=1).mean() for crowd in played]))


def _endings(case: Case, crowds: Mapping[str, list[Crowd]]) -> dict[str, tuple[float, float]]:
    def shares(played: list[Crowd]) -> np.ndarray:
        ends = np.concatenate([crowd.outcome.ending for crowd in played])
        return np.bincount(ends, minlength=len(case.endings)) / len(ends)

    by_random = shares(crowds["random"])
    by_all = shares([crowd for played in crowds.values() for crowd in played])
    return {ending.id: (float(by_random[k]), float(by_all[k]))
            for k, ending in enumerate(case.endings)}


def _unused(case: Case, crowds: Mapping[str, list[Crowd]],
            tried: tuple[Tried, ...]) -> tuple[str, ...]:
    given = {name for one in tried for name, states in one.states.items() if states}
    for played in crowds.values():
        for crowd in played:
            answers = crowd.history.answers
            given |= {f"{incident.id}/{response.id}" for i, incident in enumerate(case.incidents)
                      for j, response in enumerate(incident.responses)
                      if (answers[:, i] == j).any()}
    return tuple(f"{i.id}/{r.id}" for i in case.incidents for r in i.responses
                 if f"{i.id}/{r.id}" not in given)
