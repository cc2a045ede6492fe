"""The best manager with fixed habits that can be found for a case, and what each role is worth.

A habit is one attention plan for the whole engagement and one favourite response for each
incident; in an account, one plan for each engagement and one division of the week. The best habits
are found on some lucks and measured on others, so that they owe nothing to foresight. Taking a
role away from the best manager says what the role is worth here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from casebook.case import Account, Case
from casebook.case.types import Incident, Phase, Response
from casebook.engagement.crowd import Crowd
from casebook.engagement.together import even_division
from casebook.roles import ROLE_IDS

from .game import AnyManager, Together

STEPS = (5, 15)      # points of attention that a change moves from one role to another
ROUNDS = 12          # of improvement at most
GAIN = 0.02          # points by which a round has to gain
NEVER = -9.0
ROLE_USED = 5        # percent of attention from which a role counts as played

@dataclass(frozen=True)
class Habit:
    """A plan for each engagement, in percent, and the place of the favourite in each incident.

    ``denied`` is a role that is neither planned for nor played where another response is on offer;
    ``division`` the week over the engagements of an account, empty where there is one only.
    """

    shares: tuple[tuple[int, ...], ...]
    wishes: tuple[int, ...]
    denied: str = ""
    division: tuple[int, ...] = ()

    @classmethod
    def of(cls, case: Case | Account, shares: tuple[int, ...], wishes: tuple[int, ...]) -> Habit:
        """The same plan for each engagement, and the week divided as needed."""
        several = isinstance(case, Account)
        return cls((shares,) * (len(case.parts) if several else 1), wishes,
                   division=even_division(case) if several else ())

    def liking(self, case: Case | Account) -> np.ndarray:
        """``(i, r)`` how much each response is liked; ``NEVER`` where there is none."""
        most = max(len(incident.responses) for incident in case.incidents)
        out = np.full((len(case.incidents), most), NEVER)
        for i, incident in enumerate(case.incidents):
            for j, response in enumerate(incident.responses):
                out[i, j] = -1.0 if self.denied in heaviest(response) else float(
                    j == self.wishes[i])
        return out

    def roles(self, case: Case | Account) -> tuple[str, ...]:
        """The roles that these habits use: attention of ``ROLE_USED`` %, or a favourite's own."""
        used = {role for plan in self.shares for role, share in zip(ROLE_IDS, plan, strict=True)
                if share >= ROLE_USED}
        for incident, wish in zip(case.incidents, self.wishes, strict=True):
            used |= heaviest(incident.responses[wish])
        return tuple(role for role in ROLE_IDS if role in used)


@dataclass(frozen=True)
class Fixed:
    """Several habits side by side in one crowd: ``whose`` (n,) is the place of each one's habit.

    ``shares`` (m, 6) whole percents; ``liking`` (m, i, r), whose incidents stand at ``places``.
    """

    shares: np.ndarray
    liking: np.ndarray
    whose: np.ndarray
    places: Mapping[str, int]

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` each one's only plan."""
        return self.shares[self.whose]

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` place of the response liked best of those on offer."""
        place, most = self.places[incident.id], offered.shape[1]
        likes = self.liking[self.whose[rows], place, :most]
        return np.where(offered, likes, NEVER * 2).argmax(axis=1)


def side_by_side(case: Case | Account, habits: Sequence[Habit], each: int) -> AnyManager:
    """Who plays each habit in ``each`` engagements, one habit after the other."""
    liking = np.stack([habit.liking(case) for habit in habits])
    whose = np.repeat(np.arange(len(habits)), each)
    places = {incident.id: i for i, incident in enumerate(case.incidents)}
    fixed = tuple(Fixed(np.array(plans), liking, whose, places)
                  for plans in zip(*(habit.shares for habit in habits), strict=True))
    if not isinstance(case, Account):
        return fixed[0]
    weeks = np.array([habit.division for habit in habits])[whose]
    return Together(case, np.repeat(weeks[:, None], len(case.phases), axis=1), fixed)


def heaviest(response: Response) -> set[str]:
    """The roles that a response plays most."""
    most = max(response.roles.values())
    return {role for role, weight in response.roles.items() if weight == most}


def deny(habit: Habit, role: str) -> Habit:
    """The habit of a manager who never plays a role: its time goes to the others in proportion."""
    place = ROLE_IDS.index(role)

    def without(plan: tuple[int, ...]) -> tuple[int, ...]:
        rest = np.array([0 if k == place else share for k, share in enumerate(plan)], dtype=float)
        if not rest.sum():
            rest = np.array([float(k != place) for k in range(len(plan))])
        shares = np.floor(rest / rest.sum() * 100).astype(int)
        shares[int(np.argmax(shares))] += 100 - shares.sum()
        return tuple(shares.tolist())

    return replace(habit, shares=tuple(map(without, habit.shares)), denied=role)


def improve(case: Case | Account, start: Habit,
            means: Callable[[list[Habit]], np.ndarray]) -> Habit:
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
    """``together`` with the change of one more habit; the first change of its kind stands.

    The kind is an incident's place; -1 for the division, and below that one for each plan.
    """
    if kind == -1:
        same = together.division == base.division
        return replace(together, division=habit.division) if same else together
    if kind < -1:
        k = -kind - 2
        plans = list(together.shares)
        plans[k] = habit.shares[k] if plans[k] == base.shares[k] else plans[k]
        return replace(together, shares=tuple(plans))
    if together.wishes[kind] != base.wishes[kind]:
        return together
    wishes = list(together.wishes)
    wishes[kind] = habit.wishes[kind]
    return replace(together, wishes=tuple(wishes))


def _plans(habit: Habit) -> Iterator[tuple[int, Habit]]:
    """Habits that differ in one move of attention, marked as in :func:`_joined`."""
    for division in _moved(habit.division, -1):
        yield -1, replace(habit, division=division)
    closed = ROLE_IDS.index(habit.denied) if habit.denied else -1
    for k, plan in enumerate(habit.shares):
        for shares in _moved(plan, closed):
            plans = list(habit.shares)
            plans[k] = shares
            yield -2 - k, replace(habit, shares=tuple(plans))


def _moved(shares: tuple[int, ...], closed: int) -> Iterator[tuple[int, ...]]:
    """Shares after one move from one place to another that is not ``closed``."""
    for giver, share in enumerate(shares):
        for taker in range(len(shares)):
            if taker in (giver, closed):
                continue
            for step in sorted({min(step, share) for step in STEPS} - {0}):
                moved = list(shares)
                moved[giver] -= step
                moved[taker] += step
                yield tuple(moved)


def _answers(case: Case | Account, habit: Habit) -> Iterator[tuple[int, Habit]]:
    """Habits that differ in one favourite, marked with the incident's place."""
    for i, incident in enumerate(case.incidents):
        for j, response in enumerate(incident.responses):
            if j != habit.wishes[i] and habit.denied not in heaviest(response):
                wishes = list(habit.wishes)
                wishes[i] = j
                yield i, replace(habit, wishes=tuple(wishes))
