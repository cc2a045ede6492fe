"""What comes out between two decisions, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from casebook.case.types import Case

from .turns import News, Undertaking

if TYPE_CHECKING:
    from .engagement import Engagement


def week_news(before: Engagement, after: Engagement) -> list[News]:
    """News of the week between two states of a play: milestones and go-live."""
    week = before.state.week
    news = []
    for phase in before.case.phases:
        if phase.milestone and phase.milestone.week == week:
            news.append(_milestone(after, phase.milestone, week))
    if np.isnan(before.state.live[0]) and not np.isnan(after.state.live[0]):
        agreed = int(after.state.go_live[0])
        late = week - agreed
        when = "in the agreed week" if late <= 0 else f"{late} week{'s' * (late > 1)} late"
        news.append(News(week, "delivery", f"The system went live in week {week}, {when}.",
                         "good" if late <= 0 else "plain"))
    elif np.isnan(after.state.live[0]) and week == int(after.state.go_live[0]):
        news.append(News(week, "delivery", f"Week {week} was the agreed week, and the system is "
                         "not ready to go live.", "bad"))
    return news


def _milestone(after: Engagement, milestone, week: int) -> News:
    """What a milestone showed: tested progress against what was due."""
    done = round(100 * float((after.state.done / after.state.scope)[0]))
    closed = round(100 * float(((after.state.done + after.state.hidden) / after.state.scope)[0]))
    told = done if after.state.tested[0] else closed
    text = (f"{milestone.title}: {milestone.percent} % was due by the first plan, "
            f"{done} % has passed its tests")
    text += "." if told == done else f"; your reports said {told} %."
    return News(week, "milestone", text, "good" if done >= milestone.percent - 2 else "bad")


def promise_news(case: Case, promise: Undertaking, week: int) -> News:
    """A promise fell due."""
    name = case.contact(promise.to).name
    verb = "kept" if promise.kept else "not kept"
    return News(week, "promise", f"Your promise to {name} was {verb}: {promise.what}.",
                "good" if promise.kept else "bad")
