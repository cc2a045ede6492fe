"""What comes out between two decisions, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from casebook.case.types import Case
from casebook.language import _, several

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
        text = _("The system went live in week {week}, in the agreed week.") if (
            late <= 0) else several(
            "The system went live in week {week}, {late} week late.",
            "The system went live in week {week}, {late} weeks late.", late)
        news.append(News(week, "delivery", text.format(week=week, late=late),
                         "good" if late <= 0 else "plain"))
    elif np.isnan(after.state.live[0]) and week == int(after.state.go_live[0]):
        news.append(News(week, "delivery", _(
            "Week {week} was the agreed week, and the system is not ready to go live.").format(
                week=week), "bad"))
    return news


def _milestone(after: Engagement, milestone, week: int) -> News:
    """What a milestone showed: tested progress against what was due."""
    done = round(100 * float((after.state.done / after.state.scope)[0]))
    closed = round(100 * float(((after.state.done + after.state.hidden) / after.state.scope)[0]))
    told = done if after.state.tested[0] else closed
    text = (_("{milestone}: {due} % was due by the first plan, {done} % has passed its tests.")
            if told == done else
            _("{milestone}: {due} % was due by the first plan, {done} % has passed its tests; your "
              "reports said {told} %.")).format(
        milestone=milestone.title, due=milestone.percent, done=done, told=told)
    return News(week, "milestone", text, "good" if done >= milestone.percent - 2 else "bad")


def promise_news(case: Case, promise: Undertaking, week: int) -> News:
    """A promise fell due."""
    name = case.contact(promise.to).name
    text = _("Your promise to {name} was kept: {what}.") if promise.kept else _(
        "Your promise to {name} was not kept: {what}.")
    return News(week, "promise", text.format(name=name, what=promise.what),
                "good" if promise.kept else "bad")
