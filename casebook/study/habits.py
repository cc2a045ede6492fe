"""The best manager with fixed habits that can be found for a case, and what each role is worth.

A habit is one attention plan for the whole engagement and one favourite response for each
incident. The best habits are found on some lucks and measured on others, so that they owe nothing
to foresight. Taking a role away from the best manager says what the role is worth here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from casebook.case.types import Case, Incident, Phase, Response
from casebook.engagement.crowd import Crowd
from casebook.roles import ROLE_IDS

STEPS = (5, 15)      # points of attention that a change moves from one role to another
ROUNDS = 12          # of improvement at most
GAIN = 0.02          # points by which a round has to gain
NEVER = -9.0
ROLE_USED = 5        # percent of attention from which a role counts as played

Scores = Callable[["Fixed"], np.ndarray]


@dataclass(frozen=True)
class Habit:
    """One plan, in percent, and the place of the response preferred in each incident.

    ``denied`` is a role that is neither planned for nor played where another response is on offer.
    """

    shares: tuple[int, ...]
    wishes: tuple[int, ...]
    denied: str = ""

    def liking(self, case: Case) -> np.ndarray:
        """``(i, r)`` how much each response is liked; ``NEVER`` where there is none."""
        most = max(len(incident.responses) for incident in case.incidents)
        out = np.full((len(case.incidents), most), NEVER)
        for i, incident in enumerate(case.incidents):
            for j, response in enumerate(incident.responses):
                out[i, j] = -1.0 if self.denied in heaviest(response) else float(
                    j == self.wishes[i])
        return out

    def roles(self, case: Case) -> tuple[str, ...]:
        """The roles that these habits use: attention of ``ROLE_USED`` %, or a favourite's own."""
        used = {role for role, share in zip(ROLE_IDS, self.shares, strict=True)
                if share >= ROLE_USED}
        for incident, wish in zip(case.incidents, self.wishes, strict=True):
            used |= heaviest(incident.responses[wish])
        return tuple(role for role in ROLE_IDS if role in used)


@dataclass(frozen=True)
class Fixed:
    """Several habits side by side in one crowd: ``whose`` (n,) is the place of each one's habit.

    ``shares`` (m, 6) whole percents; ``liking`` (m, i, r).
    """

    shares: np.ndarray
    liking: np.ndarray
    whose: np.ndarray

    @classmethod
    def of(cls, case: Case, habits: Sequence[Habit], each: int) -> Fixed:
        """Each habit in ``each`` engagements, one habit after the other."""
        return cls(np.array([habit.shares for habit in habits]),
                   np.stack([habit.liking(case) for habit in habits]),
                   np.repeat(np.arange(len(habits)), each))

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` each one's only plan."""
        return self.shares[self.whose]

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` place of the response liked best of those on offer."""
        place, most = crowd.case.incidents.index(incident), offered.shape[1]
        likes = self.liking[self.whose[rows], place, :most]
        return np.where(offered, likes, NEVER * 2).argmax(axis=1)


def heaviest(response: Response) -> set[str]:
    """The roles that a response plays most."""
    most = max(response.roles.values())
    return {role for role, weight in response.roles.items() if weight == most}


def deny(habit: Habit, role: str) -> Habit:
    """The habit of a manager who never plays a role: its time goes to the others in proportion."""
    place = ROLE_IDS.index(role)
    rest = np.array(habit.shares, dtype=float)
    rest[place] = 0
    if not rest.sum():
        rest[:] = [0 if k == place else 1 for k in range(len(rest))]
    shares = np.floor(rest / rest.sum() * 100).astype(int)
    shares[int(np.argmax(shares))] += 100 - shares.sum()
    return replace(habit, shares=tuple(shares.tolist()), denied=role)


def improve(case: Case, start: Habit, means: Callable[[list[Habit]], np.ndarray]) -> Habit:
    """Climb from a habit by single changes, and by all good changes of answers at once.

    ``means`` gives the mean overall of each of some habits, in points.
    """
    best, score = start, float(means([start])[0])
    for _ in range(ROUNDS):
        moves = [*_plans(best), *_answers(case, best)]
        gains = means([habit for _, habit in moves]) - score
        order = np.argsort(-gains, kind="stable")
        first = moves[int(order[0])][1]
        together = best
        for k in order:
            kind, habit = moves[int(k)]
            if gains[k] <= 0:
                break
            together = _joined(together, best, habit, kind)
        found = means([first, together])
        pick = int(found[1] > found[0])
        if found[pick] < score + GAIN:
            return best
        best, score = (first, together)[pick], float(found[pick])
    return best


def _joined(together: Habit, base: Habit, habit: Habit, kind: int) -> Habit:
    """``together`` with the change of one more habit; the first change of its kind stands."""
    if kind < 0:
        return replace(together, shares=habit.shares) if together.shares == base.shares \
            else together
    if together.wishes[kind] != base.wishes[kind]:
        return together
    wishes = list(together.wishes)
    wishes[kind] = habit.wishes[kind]
    return replace(together, wishes=tuple(wishes))


def _plans(habit: Habit) -> Iterator[tuple[int, Habit]]:
    """Habits that differ in one move of attention, marked -1."""
    for giver, share in enumerate(habit.shares):
        for taker, role in enumerate(ROLE_IDS):
            if giver == taker or role == habit.denied:
                continue
            for step in sorted({min(step, share) for step in STEPS} - {0}):
                shares = list(habit.shares)
                shares[giver] -= step
                shares[taker] += step
                yield -1, replace(habit, shares=tuple(shares))


def _answers(case: Case, habit: Habit) -> Iterator[tuple[int, Habit]]:
    """Habits that differ in one favourite, marked with the incident's place."""
    for i, incident in enumerate(case.incidents):
        for j, response in enumerate(incident.responses):
            if j != habit.wishes[i] and habit.denied not in heaviest(response):
                wishes = list(habit.wishes)
                wishes[i] = j
                yield i, replace(habit, wishes=tuple(wishes))
