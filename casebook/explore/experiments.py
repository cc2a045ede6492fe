"""Experiments on the small engagement: tables in percent, one row for each week or setting.

Nothing about people is computed here: the numbers come from ``casebook.model``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casebook.model import Parameters

from .small import KINDS, Story, small

if TYPE_CHECKING:
    import pandas as pd

ORDERS = ("good weeks first", "bad weeks first", "in turns")


def in_order(good: int, bad: int, order: str) -> list[int]:
    """+1 for a good week and -1 for a bad one, in one of :data:`ORDERS`."""
    if order == ORDERS[0]:
        return [1] * good + [-1] * bad
    if order == ORDERS[1]:
        return [-1] * bad + [1] * good
    turns, left = [], [good, bad]
    while any(left):
        for place, week in enumerate((1, -1)):
            if left[place]:
                turns.append(week)
                left[place] -= 1
    return turns


def weeks(good: int, bad: int, parameters: Parameters | None = None) -> pd.DataFrame:
    """Belief in ability after each week, percent; a column for each order of the same weeks."""
    import pandas as pd

    columns = {}
    for order in ORDERS:
        story = Story.begin(small()["quiet_errors"], parameters)
        path = [story.of("ability")]
        for week in in_order(good, bad, order):
            story.work(small()["plain"], week * small()["striking"])
            path.append(story.of("ability"))
        columns[order] = path
    table = pd.DataFrame(columns)
    table.index.name = "week"
    return table


def breach(kind: str, steps: int, answers: Sequence[str], out: int | None = None,
           offer: float = 100.0, parameters: Parameters | None = None) -> pd.DataFrame:
    """Trust week by week, percent; a column for each answer to the same breach.

    The first row is before the breach, the second when the answer has been given; then come the
    weeks after it. The truth comes out in week ``out`` of those; None for never.
    """
    import pandas as pd

    columns = {}
    for name in answers:
        story = _failed(kind, steps, parameters)
        path = [story.before]
        story.answer(kind, name, offer)
        path.append(story.of("trust"))
        for week in range(1, small()["after"] + 1):
            if week == out:
                story.come_out()
            story.work(small()["attention"])
            path.append(story.of("trust"))
        columns[name] = path
    table = pd.DataFrame(columns)
    table.index = ["before", "answer", *range(1, small()["after"] + 1)]
    table.index.name = "weeks after the failure"
    return table


def shares(friend: int, implementer: int) -> dict[str, float]:
    """A week in percent: what is left after two roles is shared by coach and politician."""
    left = 100 - friend - implementer
    return {"friend": friend, "implementer": implementer, "coach": left / 2,
            "politician": left / 2}


def with_people(friend: int, implementer: int,
                parameters: Parameters | None = None) -> pd.DataFrame:
    """Both kinds of trust, and trust as a whole, week by week, percent."""
    import pandas as pd

    story = Story.begin(small()["error_share"], parameters)
    kinds = {"cognition-based trust": "cognitive_trust", "affect-based trust": "affective_trust",
             "trust as a whole": "trust"}
    rows = [{name: story.of(measure) for name, measure in kinds.items()}]
    for _ in range(small()["weeks_with_people"]):
        story.work(shares(friend, implementer))
        rows.append({name: story.of(measure) for name, measure in kinds.items()})
    table = pd.DataFrame(rows)
    table.index.name = "week"
    return table


def regained(kind: str, answer: str, offer: float = 100.0, steps: int = 3,
             parameters: Parameters | None = None) -> float:
    """The part of the trust lost in a breach that an answer brings back at once, percent."""
    story = _failed(kind, steps, parameters)
    fallen = story.of("trust")
    story.answer(kind, answer, offer)
    return 100 * (story.of("trust") - fallen) / (story.before - fallen)


def money(parameters: Parameters | None = None) -> pd.DataFrame:
    """What a compensation brings back, percent of the trust lost, by offer and kind of breach."""
    import pandas as pd

    offers = small()["offers"]
    table = pd.DataFrame({
        f"after a breach of {kind}": [
            regained(kind, "compensate", offer, parameters=parameters) for offer in offers]
        for kind in KINDS}, index=offers)
    table.index.name = "offer, percent of the loss"
    return table


def _failed(kind: str, steps: int, parameters: Parameters | None) -> Story:
    """A story up to a breach that nobody has answered yet."""
    story = Story.begin(small()["quiet_errors"], parameters)
    for _ in range(small()["before"]):
        story.work(small()["attention"])
    return story.fail(kind, steps)
