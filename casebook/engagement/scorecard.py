"""How plays end: the client's decision, the ending that fits, and the scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from casebook.language import _
from casebook.model import Decision as AccountDecision
from casebook.model import decide
from casebook.model.trust import trust

from .rules import Course, truths
from .status import Facts
from .turns import News, Outcome
from .words import settings

if TYPE_CHECKING:
    from .engagement import Engagement

AREAS = ("delivery", "relationship", "account", "team")


@dataclass(frozen=True)
class Outcomes:
    """How ``n`` engagements ended, ``(n,)`` each.

    ``ending`` is a place in the case's endings; ``scores`` and the points in ``lines``, which come
    with their weight, are from 0 to 100.
    """

    ending: np.ndarray
    renewed: np.ndarray
    follow_on: np.ndarray
    reference: np.ndarray
    delivered: np.ndarray
    scores: Mapping[str, np.ndarray]
    lines: Mapping[str, Mapping[str, tuple[np.ndarray, float]]]
    overall: np.ndarray
    support: np.ndarray


def conclude(course: Course) -> Outcomes:
    """The outcomes of engagements whose weeks are over."""
    account = decide(course.state, course.luck, course.setting, course.parameters)
    delivered = ~np.isnan(course.state.live)
    results = {"renewed": account.renewed, "follow_on": account.follow_on,
               "reference": account.reference, "delivered": delivered}
    lines = score_lines(course, account)
    scores = {area: mean_of(lines[area].values()) for area in lines}
    weights = settings()["scorecard"]["overall"]
    overall = mean_of((scores[area], weight) for area, weight in weights.items())
    return Outcomes(_endings(course, Facts(course, **results)), **results, scores=scores,
                    lines=lines, overall=overall, support=account.score)


def finish(play: Engagement) -> tuple[Outcome, list[News]]:
    """The outcome of a play whose weeks are over, and the last news."""
    ends = conclude(play)
    outcome = Outcome(
        play.case.endings[int(ends.ending[0])], bool(ends.renewed[0]), bool(ends.follow_on[0]),
        bool(ends.reference[0]), bool(ends.delivered[0]),
        {area: float(points[0]) for area, points in ends.scores.items()},
        {area: {name: (float(points[0]), weight) for name, (points, weight) in lines.items()}
         for area, lines in ends.lines.items()},
        float(ends.overall[0]), float(ends.support[0]), play.parameters.account.rival)
    return outcome, news_of_the_decision(outcome, play.setting.last_week)


def _endings(course: Course, facts: Facts) -> np.ndarray:
    """``(n,)`` place of the first ending whose condition holds."""
    n, endings = course.history.n, course.case.endings
    return np.argmax([truths(ending.when, facts, n) for ending in endings], axis=0)


def score_lines(course: Course, account: AccountDecision) -> dict:
    """Points (0 to 100), ``(n,)``, and weight of every line of the scorecard, by area."""
    values = _values(course, account)
    card = settings()["scorecard"]
    return {
        area: {
            name: (_points(values[name], line["zero"], line["full"]), float(line["weight"]))
            for name, line in card[area].items()
        }
        for area in AREAS
    }


def _values(course: Course, account: AccountDecision) -> dict[str, np.ndarray]:
    """What the scorecard measures, ``(n,)``, in the units that ``settings.yaml`` names."""
    state, setting, p = course.state, course.setting, course.parameters

    def weighted(values: np.ndarray) -> np.ndarray:
        return (values * setting.influence).sum(axis=1)

    never = setting.last_week + 1 - setting.go_live
    left = np.maximum(state.scope - state.done - state.hidden, 0)
    return {
        "go_live": np.where(np.isnan(state.live), never, state.live - setting.go_live),
        "cost": state.cost / setting.budget - 1,
        "quality": state.hidden + left,
        "trust": weighted(trust(state, p)),
        "satisfaction": weighted(state.memory),
        "conflict": weighted(state.conflict),
        "support": account.score,
        "renewal": account.renewed.astype(float),
        "follow_on": account.follow_on.astype(float),
        "reference": account.reference.astype(float),
        "morale": state.morale,
        "capability": state.capability,
        "readiness": state.readiness,
    }


def _points(value: np.ndarray, zero: float, full: float) -> np.ndarray:
    return np.clip((value - zero) / (full - zero), 0, 1) * 100


def mean_of(pairs: Iterable[tuple[np.ndarray, float]]) -> np.ndarray:
    """The mean of values that come with their weights."""
    pairs = list(pairs)
    return sum(points * weight for points, weight in pairs) / sum(weight for _, weight in pairs)


def news_of_the_decision(outcome: Outcome, week: int) -> list[News]:
    """What the client decided, as news of the last week."""
    renewed = (_("The client renews the contract.") if outcome.renewed
               else _("The client does not renew the contract."))
    news = [News(week, "account", renewed, "good" if outcome.renewed else "bad")]
    if outcome.follow_on:
        news.append(News(week, "account", _("Further work is agreed."), "good"))
    if outcome.reference:
        news.append(News(week, "account", _("Somebody of weight will speak for you in public."),
                         "good"))
    return news
