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

from casebook.case import Account, Case
from casebook.engagement.history import NONE
from casebook.model import BLOCK
from casebook.roles import ROLE_IDS
from casebook.yaml_text import from_yaml

from .game import AnyCrowd, AnyLuck, AnyManager, Game, mixed, rows, size
from .habits import Habit, deny, improve, side_by_side
from .policies import POLICIES, policy
from .simulate import as_case, without_texts
from .tries import Tried, try_responses
from .verdicts import Verdict, judge

Progress = Callable[[str], None]


@cache
def wanted() -> Mapping[str, Any]:
    """What a balanced case must keep to (``balance.yaml``)."""
    text = resources.files("casebook.study").joinpath("balance.yaml").read_text("utf-8")
    return from_yaml(text)


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
    endings : mapping of ending to (share of random plays, share of all named managers' plays)
        Of an account also each engagement's own, ``"engagement/ending"``.
    unused : responses that no play gave, chosen or tried, ``"incident/response"``
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


def balance(case: Case | Account | str, runs: int = 2048, seed: int = 1,
            progress: Progress | None = None) -> Balance:
    """Measure the balance of a case.

    Parameters
    ----------
    case : Case, Account or str
    runs : int
        Plays by each named manager, made up to whole blocks of 512.
    seed : int
    progress : callable, optional
        Told what is being measured.

    Returns
    -------
    Balance
    """
    case = without_texts(as_case(case))
    say = progress or (lambda what: None)
    bench = Bench(case, seed)
    blocks = -(-runs // BLOCK)
    say("named managers")
    crowds = {name: bench.crowds(name, blocks) for name in POLICIES}
    say("every response from many states")
    tried = try_responses(case, bench.everybody(blocks), bench.game.play)
    say("the best habits, and each role taken away")
    worth = bench.worth(blocks)
    found = Balance(case.id, case.version, blocks * BLOCK, seed, _means(crowds),
                    _met(crowds["random"]), sum(len(i.responses) for i in case.incidents),
                    _endings(case, crowds), _unused(case, crowds, tried), tried, worth)
    return replace(found, verdicts=judge(found, case, wanted()))


class Bench:
    """Plays of one case or account on the lucks of one seed."""

    def __init__(self, case: Case | Account, seed: int):
        self.case = case
        self.game = Game(case, ("balance", seed))

    def crowds(self, name: str, blocks: int) -> list[AnyCrowd]:
        """Plays of a named manager, on the same lucks as everybody else's."""
        return [self.game.play(self.game.luck(block),
                               self.game.managers(policy(name), BLOCK, block))
                for block in range(blocks)]

    def everybody(self, blocks: int) -> tuple[AnyLuck, AnyManager]:
        """Luck and manager of a crowd in which managers of every kind play side by side."""
        names = [*POLICIES, *wanted()["tries"]["more"]]
        each = -(-blocks * BLOCK // len(names))
        whose = np.arange(blocks * BLOCK) // each
        managers = [self.game.managers(policy(name), len(whose), 1000 + k)
                    for k, name in enumerate(names)]
        return self.game.lucks(1000 + block for block in range(blocks)), mixed(managers, whose)

    def worth(self, blocks: int) -> Worth:
        """The best habits found, and what each role is worth to them."""
        some = wanted()["search"]["lucks"]
        training = rows(self.game.lucks(2000 + b for b in range(-(-some // BLOCK))), slice(some))

        def means(habits: list[Habit]) -> np.ndarray:
            return self._scores(habits, training).mean(axis=1)

        begin = [Habit.of(self.case, POLICIES[name].shares, self._favourites(name))
                 for name in ("balanced", "trust-first")]
        climbed = [improve(self.case, habit, means) for habit in begin]
        best = climbed[int(np.argmax(means(climbed)))]
        without = {role: improve(self.case, deny(best, role), means) for role in ROLE_IDS}
        # A search that was denied something may have climbed higher: nothing is lost by it then.
        free = [replace(habit, denied="") for habit in without.values()]
        better = free[int(np.argmax(means(free)))]
        if means([better])[0] > means([best])[0]:
            best = improve(self.case, better, means)
        fresh = self.game.lucks(3000 + block for block in range(blocks))
        scores = self._scores([best, *without.values()], fresh)
        found = scores.mean(axis=1)
        error = float((scores[1:] - scores[0]).std(axis=1).max() / np.sqrt(scores.shape[1]))
        return Worth(best, float(found[0]), best.roles(self.case),
                     dict(zip(ROLE_IDS, found[1:].tolist(), strict=True)), error)

    def _scores(self, habits: list[Habit], luck: AnyLuck) -> np.ndarray:
        """``(habits, lucks)`` overall of each habit on each luck."""
        each = size(luck)
        crowd = self.game.play(rows(luck, np.tile(np.arange(each), len(habits))),
                               side_by_side(self.case, habits, each))
        return crowd.outcome.overall.reshape(len(habits), each)

    def _favourites(self, name: str) -> tuple[int, ...]:
        """What a named manager likes best in each incident."""
        cases = [part.case for part in self.case.parts] if isinstance(
            self.case, Account) else [self.case]
        return tuple(max(range(len(incident.responses)), key=lambda j, i=incident, c=case: POLICIES[
            name].liking(c, i.responses[j])) for case in cases for incident in case.incidents)


def _means(crowds: Mapping[str, list[AnyCrowd]]) -> dict[str, tuple[float, float]]:
    out = {}
    for name, played in crowds.items():
        overall = np.concatenate([crowd.outcome.overall for crowd in played])
        out[name] = (float(overall.mean()), float(overall.std() / np.sqrt(len(overall))))
    return out


def _met(played: list[AnyCrowd]) -> float:
    return float(np.mean([(crowd.answers != NONE).sum(axis=1).mean() for crowd in played]))


def _endings(case: Case | Account,
             crowds: Mapping[str, list[AnyCrowd]]) -> dict[str, tuple[float, float]]:
    def share(played: list[AnyCrowd], place: int, of: Callable[[AnyCrowd], np.ndarray]) -> float:
        return float(np.mean([(of(crowd) == place).mean() for crowd in played]))

    everybody = [crowd for played in crowds.values() for crowd in played]
    told = [(f"{ending.id}", k, lambda crowd: crowd.outcome.ending)
            for k, ending in enumerate(case.endings)]
    if isinstance(case, Account):
        told += [(f"{part.id}/{ending.id}", k, lambda crowd, p=p: crowd.outcome.parts[:, p])
                 for p, part in enumerate(case.parts) for k, ending in enumerate(part.case.endings)]
    return {name: (share(crowds["random"], k, of), share(everybody, k, of))
            for name, k, of in told}


def _unused(case: Case | Account, crowds: Mapping[str, list[AnyCrowd]],
            tried: tuple[Tried, ...]) -> tuple[str, ...]:
    given = {name for one in tried for name, states in one.states.items() if states}
    for played in crowds.values():
        for crowd in played:
            answers = crowd.answers
            given |= {f"{incident.id}/{response.id}" for i, incident in enumerate(case.incidents)
                      for j, response in enumerate(incident.responses)
                      if (answers[:, i] == j).any()}
    return tuple(f"{i.id}/{r.id}" for i in case.incidents for r in i.responses
                 if f"{i.id}/{r.id}" not in given)
