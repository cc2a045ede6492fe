"""How a play ends: the client's decision, the ending that fits, and the scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from casebook.case.conditions import holds
from casebook.model import Decision as AccountDecision
from casebook.model import decide
from casebook.model.trust import trust

from .turns import News, Outcome
from .words import settings

if TYPE_CHECKING:
    from .engagement import Engagement


def finish(play: Engagement) -> tuple[Outcome, list[News]]:
    """The outcome of a play whose weeks are over, and the last news."""
    account = decide(play.state, play.luck, play.setting, play.parameters)
    renewed, follow_on, reference = (bool(x[0]) for x in (
        account.renewed, account.follow_on, account.reference))
    delivered = not np.isnan(play.state.live[0])
    facts = play.facts() | {"renewed": renewed, "follow_on": follow_on,
                            "reference": reference, "delivered": delivered}
    ending = next(e for e in play.case.endings if not e.when or holds(e.when, facts))
    lines = score_lines(play, account)
    scores = {area: _mean(lines[area].values()) for area in lines}
    weights = settings()["scorecard"]["overall"]
    overall = _mean([(scores[area], weight) for area, weight in weights.items()])
    outcome = Outcome(ending, renewed, follow_on, reference, delivered, scores, lines, overall)
    return outcome, _news(play, outcome)


def score_lines(play: Engagement, account: AccountDecision) -> dict:
    """Points (0 to 100) and weight of every line of the scorecard, by area."""
    values = _values(play, account)
    card = settings()["scorecard"]
    return {
        area: {
            name: (_points(values[name], line["zero"], line["full"]), float(line["weight"]))
            for name, line in card[area].items()
        }
        for area in ("delivery", "relationship", "account", "team")
    }


def _values(play: Engagement, account: AccountDecision) -> dict[str, float]:
    """What the scorecard measures, in the units that ``settings.yaml`` names."""
    state, setting, p = play.state, play.setting, play.parameters

    def weighted(values: np.ndarray) -> float:
        return float((values * setting.influence).sum(axis=1)[0])

    live = float(state.live[0])
    late = setting.last_week + 1 - setting.go_live if np.isnan(live) else live - setting.go_live
    return {
        "go_live": late,
        "cost": float(state.cost[0]) / setting.budget - 1,
        "quality": float(state.hidden[0] + max(state.scope[0] - state.done[0]
                                                - state.hidden[0], 0)),
        "trust": weighted(trust(state, p)),
        "satisfaction": weighted(state.memory),
        "conflict": weighted(state.conflict),
        "renewal": float(account.renewed[0]),
        "follow_on": float(account.follow_on[0]),
        "reference": float(account.reference[0]),
        "morale": float(state.morale[0]),
        "capability": float(state.capability[0]),
        "readiness": float(state.readiness[0]),
    }


def _points(value: float, zero: float, full: float) -> float:
    return float(np.clip((value - zero) / (full - zero), 0, 1) * 100)


def _mean(pairs) -> float:
    pairs = list(pairs)
    return sum(points * weight for points, weight in pairs) / sum(weight for _, weight in pairs)


def _news(play: Engagement, outcome: Outcome) -> list[News]:
    week = play.setting.last_week
    renewed = ("The client renews the contract." if outcome.renewed
               else "The client does not renew the contract.")
    news = [News(week, "account", renewed, "good" if outcome.renewed else "bad")]
    if outcome.follow_on:
        news.append(News(week, "account", "Further work is agreed.", "good"))
    if outcome.reference:
        news.append(News(week, "account", "Somebody of weight will speak for you in public.",
                         "good"))
    return news
