"""Turning points: what each decision of a finished play was worth.

Estimand
--------
For a decision taken at the start of week *w*, let *Y(a)* be the overall points at the end if *a* is
decided there, everything else is decided as in the play, and what the play gave no answer to is
answered by the manager called balanced. Everything before the decision is as it was in the play:
the same people, the same difficulty, the same luck up to week *w* − 1. What comes after is drawn
anew: delivery, what is seen of it and how responses are taken from week *w* on, what is remembered,
and the vote (each future is voted on several times: :mod:`.futures`). So the situation in which the
decision was taken arises on every luck, with the same responses on offer, and

    value = mean over futures of Y(chosen) - Y(other)

Chosen and other meet the same futures (common random numbers), so the interval, the mean
± 1.96 standard errors of the differences, is that of a paired comparison.

*Other* is the best of the other responses: the one of the highest mean on :data:`CHOOSING`
futures. The value is then measured on :data:`MEASURING` other futures, so that having picked the
highest mean does not flatter it. What selection is left: the order of decisions by size of value is
that of estimates, so the largest tends to be a little too large; and intervals hold for one
decision each, not for all of them together.

For a plan of attention the others are the presets; for a division of an account's week, the
division by needs, and those that lean to one engagement (:func:`leaning`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from casebook.engagement import Answer, Decision, Plan, Play, Turn
from casebook.engagement.crowd import join
from casebook.engagement.together import even_division
from casebook.engagement.words import settings
from casebook.errors import StudyError

from .futures import Votes, decided_again, fresh, futures
from .game import AnyLuck, Game
from .script import Script, retelling
from .statistics import NORMAL_95

CHOOSING = 24        # futures on which the best other response is picked
MEASURING = 96      # further futures on which the value is measured
TOGETHER = 4096        # engagements played at once; more make numpy no quicker
LEAN = 1.5           # how many times its need an engagement weighs in a division that leans to it
KEY = ("turning points",)


@dataclass(frozen=True)
class Alternative:
    """Something else that could have been decided.

    Attributes
    ----------
    decision : Decision
    value, low, high : float
        Points of the decision taken less those of this one: mean over futures, 95 % interval.
    here : float
        The same on the play's own luck.
    """

    decision: Decision
    value: float
    low: float
    high: float
    here: float


@dataclass(frozen=True)
class TurningPoint:
    """A decision, and what it was worth beside the best other one.

    Attributes
    ----------
    turn, week : int
    title : str
    engagement : str
        Which one of an account, else empty.
    chose : Decision
    other : Alternative
        The one picked as best of the alternatives.
    alternatives : tuple of Alternative
        All of them, in the order of the case or of the presets.
    """

    turn: int
    week: int
    title: str
    engagement: str
    chose: Decision
    other: Alternative
    alternatives: tuple[Alternative, ...]

    @property
    def value(self) -> float:
        """Points that the decision was worth on average; below 0, the other was better."""
        return self.other.value


@dataclass(frozen=True)
class Fork:
    """A turn, and every script that may go on from there; the first is the play's own."""

    turn: Turn
    decisions: tuple[Decision, ...]
    scripts: tuple[Script, ...]
    luck: AnyLuck                   # the play's own first, then the futures


def turning_points(play: Play) -> tuple[TurningPoint, ...]:
    """Every decision of a finished play with what it was worth, the largest first.

    The same play always gives the same numbers. A decision that had no alternative is left out.

    Raises
    ------
    StudyError
        If the play is not over.
    """
    if play.outcome is None:
        raise StudyError("This play is not over.", "Finish it, then look for its turning points.")
    game = Game(play.case, KEY)
    drawn, votes = fresh(game, CHOOSING + MEASURING)
    found = []
    for forks in _in_batches(_forks(play, drawn)):
        found += [_point(fork, points) for fork, points in zip(
            forks, _played(play, game, forks, votes), strict=True)]
    return tuple(sorted(found, key=lambda point: (-abs(point.value), point.turn)))


def alternatives(play: Play, turn: Turn) -> tuple[Decision, ...]:
    """What else could have been decided at a turn."""
    made = turn.decision
    if isinstance(made, Answer):
        offered = play.case.incident(made.incident).responses
        others = [replace(made, response=one.id) for one in offered if one.id in turn.offered]
    elif isinstance(made, Plan):
        others = [replace(made, shares=tuple(preset["shares"]))
                  for preset in settings()["presets"].values()]
    else:
        shares = [even_division(play.case),
                  *(leaning(play.case, k) for k in range(len(play.case.parts)))]
        others = [replace(made, shares=one) for one in shares]
    return tuple(dict.fromkeys(one for one in others if one != made))


def leaning(account, part: int) -> tuple[int, ...]:
    """The week divided by needs, where one engagement weighs :data:`LEAN` times its need."""
    needs = [one.need * (LEAN if k == part else 1) for k, one in enumerate(account.parts)]
    exact = [100 * need / sum(needs) for need in needs]
    others = [math.floor(one) for k, one in enumerate(exact) if k != part]
    rest = 100 - sum(others)
    return (*others[:part], rest, *others[part:])


def _forks(play: Play, drawn: AnyLuck) -> Iterator[Fork]:
    own, phases = Script.of(play), [phase.id for phase in play.case.phases]
    for turn in play.turns:
        others = alternatives(play, turn)
        if others:
            decisions = (turn.decision, *others)
            place = phases.index(turn.phase)
            scripts = tuple(own.with_decision(one, place) for one in decisions)
            yield Fork(turn, decisions, scripts, _lucks(play, turn, drawn))


def _lucks(play: Play, turn: Turn, drawn: AnyLuck) -> AnyLuck:
    """The play's own luck, then futures that begin at a turn."""
    if not isinstance(drawn, tuple):
        return futures(play.luck, drawn, turn.week - play.setting.first_week, _asked(play, turn))
    return tuple(futures(part.luck, one, turn.week - part.setting.first_week,
                         _asked(play, turn, part.case.id))
                 for part, one in zip(play.parts, drawn, strict=True))


def _asked(play: Play, turn: Turn, engagement: str = "") -> bool:
    """Whether an incident of this engagement was answered before, in the same week."""
    return any(isinstance(one.decision, Answer) and one.week == turn.week
               and one.engagement == engagement for one in play.turns[:turn.number - 1])


def _in_batches(forks: Iterator[Fork]) -> Iterator[list[Fork]]:
    """Forks in groups that are worth a crowd."""
    batch: list[Fork] = []
    for fork in forks:
        batch.append(fork)
        if sum(len(one.scripts) for one in batch) * (1 + CHOOSING + MEASURING) >= TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _played(play: Play, game: Game, forks: list[Fork],
            votes: Sequence[Votes]) -> Iterator[np.ndarray]:
    """``(scripts, 1 + futures)`` overall points of each fork."""
    n = 1 + CHOOSING + MEASURING
    scripts = [script for fork in forks for script in fork.scripts]
    each = [fork.luck for fork in forks for _ in fork.scripts]
    if isinstance(each[0], tuple):
        luck = tuple(join(one[k] for one in each) for k in range(len(each[0])))
    else:
        luck = join(each)
    manager = retelling(play, scripts, np.repeat(np.arange(len(scripts)), n))
    crowd = game.play(luck, manager)
    own = crowd.outcome.overall.reshape(len(scripts), n)
    points = decided_again(crowd, [_tiled(one, len(scripts)) for one in votes]).reshape(own.shape)
    points[:, 0] = own[:, 0]
    start = 0
    for fork in forks:
        yield points[start:start + len(fork.scripts)]
        start += len(fork.scripts)


def _tiled(votes: Votes, scripts: int) -> Votes:
    """Votes for all scripts of a batch; the play's own luck, the first of each, takes any."""
    return tuple(tuple(np.asfortranarray(np.tile(np.concatenate([one[:1], one]), (scripts, 1)))
                       for one in both) for both in votes)


def _point(fork: Fork, points: np.ndarray) -> TurningPoint:
    turn = fork.turn
    others = tuple(_alternative(decision, points[0] - other)
                   for decision, other in zip(fork.decisions[1:], points[1:], strict=True))
    best = int(points[1:, 1:1 + CHOOSING].mean(axis=1).argmax())
    return TurningPoint(turn.number, turn.week, turn.title, turn.engagement, turn.decision,
                        others[best], others)


def _alternative(decision: Decision, apart: np.ndarray) -> Alternative:
    """``apart`` (1 + futures,): points of the decision taken less those of this one."""
    measured = apart[1 + CHOOSING:]
    value = float(measured.mean())
    half = NORMAL_95 * float(measured.std(ddof=1)) / math.sqrt(len(measured))
    return Alternative(decision, value, value - half, value + half, float(apart[0]))
