"""The best play that can be found on a given luck, and how far a play was from its benchmarks.

Candidates differ in attention plans and responses alone: all of them meet the same luck, and a
crowd plays a few hundred at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from casebook.case import Account, Case
from casebook.case.types import Incident, Phase
from casebook.engagement import Answer, Decision, Engagement, Plan, PlanAsk
from casebook.engagement.crowd import Crowd, lucks, play_crowd, shared
from casebook.engagement.history import Options
from casebook.engagement.words import settings
from casebook.errors import StudyError
from casebook.model import BLOCK, Luck
from casebook.model.luck import stream
from casebook.roles import ROLE_IDS

from .policies import BENCHMARKS, Several, divide
from .simulate import as_case

STEPS = (5, 15)      # points of attention that a change moves from one role to another
ROUNDS = 6           # of cross-entropy before a climb
ELITE = 40           # candidates of a round from which the next one is drawn
BETTER = 1e-6        # points by which a change has to be better, so that a climb comes to an end


@dataclass(frozen=True)
class Candidates:
    """``m`` ways to play a case, and a crowd's manager who plays each in one engagement.

    Attributes
    ----------
    plans : ndarray, (m, phases, 6), whole percents
    wishes : ndarray, (m, incidents)
        Place of the response wished for; where it is not on offer, the next one that is.
    """

    plans: np.ndarray
    wishes: np.ndarray

    def __len__(self) -> int:
        return len(self.plans)

    def __getitem__(self, rows: Any) -> Candidates:
        return Candidates(self.plans[rows], self.wishes[rows])

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(m, 6)`` each candidate's plan."""
        return self.plans[:, crowd.case.phases.index(phase)]

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(rows,)`` each candidate's response."""
        wish = self.wishes[rows, crowd.case.incidents.index(incident)]
        order = (wish[:, None] + np.arange(offered.shape[1])) % offered.shape[1]
        first = np.take_along_axis(offered, order, axis=1).argmax(axis=1)
        return order[np.arange(len(rows)), first]

    def decide(self, play: Engagement) -> Decision:
        """What the first candidate decides in a single play."""
        if isinstance(play.ask, PlanAsk):
            place = play.case.phases.index(play.ask.phase)
            return Plan(play.ask.phase.id, tuple(self.plans[0, place].tolist()))
        incident = play.ask.incident
        wish = int(self.wishes[0, play.case.incidents.index(incident)])
        around = (*incident.responses[wish:], *incident.responses[:wish])
        return Answer(incident.id, next(r.id for r in around if r in play.ask.responses))


@dataclass(frozen=True)
class BestPlay:
    """The best play found.

    Attributes
    ----------
    decisions : tuple of Decision
        Taken one after the other from ``Engagement.start(case, player, attempt)``, they give
        ``play``.
    play : Engagement
        That play, at its end.
    score : float
        Its ``overall``, 0 to 100.
    ideal : float
        The scorecard with each line at the best that a search for this line found. Each line's
        best is at least what any play that was tried had, so no play tried, the best one included,
        is above it. It would bound every play if each line's search were perfect; none is proved
        to be, so read it as an estimate of the most there is.
    bound : float
        100, the scorecard's own limit: no line gives more, and the whole is an average of lines. It
        holds for every play, and it is all that is proved.
    lines : mapping of area to mapping of line to points
        The best found of each line.
    optimum : bool
        True if no single change makes ``play`` better: 5 or 15 points (or all there are) moved from
        one role to another in one phase, or another response to one incident.
    evaluated : int
        Plays tried.
    """

    decisions: tuple[Decision, ...]
    play: Engagement
    score: float
    ideal: float
    lines: dict[str, dict[str, float]]
    optimum: bool
    evaluated: int
    bound: float = 100.0

    @property
    def gap(self) -> float:
        """Points between ``ideal`` and ``score``: about what a better search could still gain."""
        return self.ideal - self.score


def best_play(case: Case | str, player: str = "you", attempt: int = 1, restarts: int = 2,
              seed: int = 1, most: int = 60_000) -> BestPlay:
    """Search for the best play on the luck of this player in this attempt.

    Each restart draws candidates by the cross-entropy method, from the benchmark managers and
    from plays at random, then climbs: it takes the best single change until none is better. Then
    each line of the scorecard is searched for alone, from the best play and the best of all plays
    tried, for ``ideal``.

    Parameters
    ----------
    restarts : int
        Climbs, from 1. More of them take longer and miss less.
    seed : int
        Decides the candidates drawn, nothing else.
    most : int
        Plays to try at most, about; a climb that it cuts short is not an ``optimum``.

    Raises
    ------
    StudyError
        If a number cannot be used.
    """
    if restarts < 1 or most < BLOCK:
        raise StudyError(f"restarts is {restarts}, most is {most}.",
                         f"Give at least 1 restart and {BLOCK} plays.")
    case = as_case(case)
    if isinstance(case, Account):
        raise StudyError(f"{case.id!r} is an account of several engagements, and the search for "
                         "the best play knows one engagement only.",
                         "`casebook check --balance` finds good habits for an account.")
    search = Search(case, lucks(case, [(player, attempt)]), most)
    found: list[tuple[float, bool, Candidates]] = []
    for restart in range(restarts):
        generator = np.random.Generator(stream("search", case.id, seed, restart))
        start = search.draw(generator)
        found.append(search.climb(start, overall))
        if search.spent:
            break
    _, optimum, winner = max(found, key=lambda one: one[0])
    search.most += most // 2                    # lines are searched for on an account of their own
    search.reach(winner)
    play = _played(case, player, attempt, winner.decide)
    return BestPlay(tuple(turn.decision for turn in play.turns), play, play.outcome.overall,
                    search.ideal(), search.lines, optimum, search.evaluated)


Goal = Callable[[Crowd], np.ndarray]


def overall(crowd: Crowd) -> np.ndarray:
    """``(n,)`` the points of the whole scorecard."""
    return crowd.outcome.overall


def line(area: str, name: str) -> Goal:
    """Points of one line of the scorecard, and a little of the whole where these are equal."""
    return lambda crowd: crowd.outcome.lines[area][name][0] + 1e-3 * crowd.outcome.overall


class Search:
    """Plays candidates on one luck and remembers the best of each line of the scorecard."""

    def __init__(self, case: Case, luck: Luck, most: int):
        self.case, self.luck, self.most = case, luck, most
        self.options = Options.of(case)
        self.counts = np.array([len(incident.responses) for incident in case.incidents])
        self.lines = {area: dict.fromkeys(settings()["scorecard"][area], 0.0)
                      for area in settings()["scorecard"]["overall"]}
        self.best: dict[tuple[str, str], Candidates] = {}
        self.evaluated = 0

    @property
    def spent(self) -> bool:
        """Whether as many plays as may be have been tried."""
        return self.evaluated >= self.most

    def play(self, candidates: Candidates) -> Crowd:
        """Play candidates, and remember the best of each line."""
        crowd = play_crowd(self.case, shared(self.luck, len(candidates)), candidates,
                           options=self.options)
        self.evaluated += len(candidates)
        for area, lines in crowd.outcome.lines.items():
            for name, (points, _) in lines.items():
                top = int(np.argmax(points))
                if (area, name) not in self.best or points[top] > self.lines[area][name]:
                    self.lines[area][name] = float(points[top])
                    self.best[area, name] = candidates[[top]]
        return crowd

    def draw(self, generator: np.random.Generator) -> Candidates:
        """The best candidate after some rounds of the cross-entropy method.

        Plans are drawn from Dirichlet distributions around those of the elite, responses by how
        often the elite chose them.
        """
        candidates = join(self.benchmarks(), self.at_random(generator, BLOCK - len(BENCHMARKS)))
        best, top = -np.inf, candidates[[0]]
        for _ in range(ROUNDS):
            points = overall(self.play(candidates))
            order = np.argsort(-points, kind="stable")
            if points[order[0]] > best:
                best, top = float(points[order[0]]), candidates[order[:1]]
            elite = join(top, candidates[order[:ELITE]])
            candidates = self.around(elite, generator)
        return top

    def benchmarks(self) -> Candidates:
        """The benchmark managers' plays on this luck; for other incidents, their first response."""
        n = len(BENCHMARKS)
        crowd = play_crowd(self.case, shared(self.luck, n), Several(
            tuple(BENCHMARKS.values()), np.arange(n)), options=self.options)
        return Candidates(crowd.plans.astype(int), np.maximum(crowd.history.answers, 0))

    def at_random(self, generator: np.random.Generator, m: int) -> Candidates:
        """``m`` candidates of any kind."""
        phases = len(self.case.phases)
        plans = divide(generator.random((m * phases, len(ROLE_IDS) - 1)))
        return Candidates(plans.reshape(m, phases, -1),
                          (generator.random((m, len(self.counts))) * self.counts).astype(int))

    def around(self, elite: Candidates, generator: np.random.Generator) -> Candidates:
        """As many candidates as a block, like those of the elite and a little unlike."""
        parents = elite[generator.integers(len(elite), size=BLOCK)]
        plans = whole(generator.standard_gamma(0.5 + 0.4 * parents.plans))
        others = elite.wishes[generator.integers(len(elite), size=parents.wishes.shape),
                              np.arange(len(self.counts))]
        chance = self.at_random(generator, BLOCK).wishes
        strange = generator.random(others.shape) < 0.05
        return Candidates(plans, np.where(strange, chance, others))

    def climb(self, start: Candidates, goal: Goal) -> tuple[float, bool, Candidates]:
        """Points, whether no single change is better, and the candidate a climb ends at."""
        here, points = start, float(goal(self.play(start))[0])
        while not self.spent:
            near = self.changes(here)
            reached = goal(self.play(near))
            gains = np.flatnonzero(reached > points + BETTER)
            if not len(gains):
                return points, True, here
            gains = gains[np.argsort(-reached[gains], kind="stable")]
            both = self.together(here, near, gains)
            after = goal(self.play(both))
            top = int(np.argmax(after))
            # The first of them is the best single change, so each step is at least as good.
            here, points = both[[top]], float(after[top])
        return points, False, here

    def changes(self, here: Candidates) -> Candidates:
        """Every single change: points of a phase moved between two roles, or another response."""
        plans, wishes = [], []
        for phase, plan in enumerate(here.plans[0]):
            for source, share in enumerate(plan):
                for target in range(len(plan)):
                    for step in {min(step, int(share)) for step in STEPS} - {0}:
                        if target != source:
                            plans.append(_moved(here.plans[0], phase, source, target, step))
        for incident, count in enumerate(self.counts):
            for wish in set(range(count)) - {int(here.wishes[0, incident])}:
                wishes.append(_put(here.wishes[0], incident, wish))
        return join(
            Candidates(np.array(plans), np.repeat(here.wishes, len(plans), axis=0)),
            Candidates(np.repeat(here.plans, len(wishes), axis=0), np.array(wishes)))

    def together(self, here: Candidates, near: Candidates, gains: np.ndarray) -> Candidates:
        """The best change, and the best changes of different places taken together: 2, 3, ..."""
        plans, wishes = here.plans[0].copy(), here.wishes[0].copy()
        all_plans, all_wishes = [], []
        for row in gains:
            phases = np.flatnonzero((near.plans[row] != here.plans[0]).any(axis=1))
            places = np.flatnonzero(near.wishes[row] != here.wishes[0])
            fresh = (plans[phases] == here.plans[0, phases]).all() and (
                wishes[places] == here.wishes[0, places]).all()
            if fresh:
                plans[phases], wishes[places] = near.plans[row, phases], near.wishes[row, places]
                all_plans.append(plans.copy())
                all_wishes.append(wishes.copy())
        return Candidates(np.array(all_plans), np.array(all_wishes))

    def reach(self, winner: Candidates) -> None:
        """Search for each line alone: from the best play, and from the best of that line so far."""
        for area, lines in self.lines.items():
            for name in lines:
                for start in (self.best[area, name], winner):
                    if self.lines[area][name] < 100 and not self.spent:
                        self.climb(start, line(area, name))

    def ideal(self) -> float:
        """The scorecard with each line at its best."""
        return _card(self.lines)


def whole(sizes: np.ndarray) -> np.ndarray:
    """Whole percents in proportion to ``sizes`` (..., 6): rounded down, the rest to the largest
    remainders."""
    exact = 100 * sizes / sizes.sum(axis=-1, keepdims=True)
    floor = np.floor(exact).astype(int)
    rank = np.argsort(np.argsort(floor - exact, axis=-1, kind="stable"), axis=-1, kind="stable")
    return floor + (rank < (100 - floor.sum(axis=-1, keepdims=True)))


def join(*parts: Candidates) -> Candidates:
    """Candidates one after the other."""
    return Candidates(np.concatenate([part.plans for part in parts if len(part)]),
                      np.concatenate([part.wishes for part in parts if len(part)]))


def _moved(plans: np.ndarray, phase: int, source: int, target: int, step: int) -> np.ndarray:
    after = plans.copy()
    after[phase, source] -= step
    after[phase, target] += step
    return after


def _put(wishes: np.ndarray, incident: int, wish: int) -> np.ndarray:
    after = wishes.copy()
    after[incident] = wish
    return after


def _card(lines: dict[str, dict[str, float]]) -> float:
    """The overall points of a scorecard with these lines."""
    card = settings()["scorecard"]
    areas = {area: np.average([points[name] for name in points],
                              weights=[card[area][name]["weight"] for name in points])
             for area, points in lines.items()}
    return float(np.average([areas[a] for a in areas], weights=[card["overall"][a] for a in areas]))


def _played(case: Case, player: str, attempt: int,
            chooser: Callable[[Engagement], Decision]) -> Engagement:
    play = Engagement.start(case, player, attempt)
    while play.ask is not None:
        play = play.take(chooser(play))
    return play
