"""The end of a play, as a room shows it: ending, outcome, scorecard, what was never said."""

from __future__ import annotations

from typing import Any

import numpy as np

from casebook.engagement import AccountPlay, Engagement, Play

from .markdown import html
from .parts import title
from .portraits import portrait

AREAS = {"delivery": "Delivery", "relationship": "Relationship", "account": "Account",
         "team": "You and your team"}
LINES = {
    "go_live": "Go-live", "cost": "Cost", "quality": "Work left or wrong at the end",
    "trust": "Trust", "satisfaction": "Satisfaction as remembered", "conflict": "Conflict",
    "support": "Wish to go on", "renewal": "Renewal", "follow_on": "Further work",
    "reference": "Reference",
    "morale": "Morale", "capability": "Capability", "readiness": "Readiness of users",
}


def ending(play: Play) -> dict[str, Any]:
    """What is shown when the play is over."""
    outcome = play.outcome
    return {
        "kind": "end",
        "ending": {"id": outcome.ending.id, "title": outcome.ending.title,
                   "text_html": html(outcome.ending.text)},
        "parts": [{"id": id, "engagement": title(play, id), "title": one.title,
                   "text_html": html(one.text)} for id, one in outcome.parts.items()],
        "outcome": {"renewed": outcome.renewed, "follow_on": outcome.follow_on,
                    "reference": outcome.reference, "delivered": outcome.delivered},
        "overall": round(outcome.overall),
        "scorecard": scorecard(play),
        "unsaid": [
            {"id": c.id, "name": c.name, "portrait": portrait(c.portrait, c.name),
             "html": html(c.unsaid)} for c in play.case.contacts
        ],
    }


def scorecard(play: Play) -> list[dict[str, Any]]:
    """The four areas with their lines, as points and in words."""
    values = _values(play)
    outcome = play.outcome
    return [
        {"id": area, "name": name, "score": round(outcome.scores[area]),
         "lines": [{"name": LINES[line], "value": values[line], "score": round(points),
                    "note": ""} for line, (points, _) in outcome.lines[area].items()]}
        for area, name in AREAS.items()
    ]


def _values(play: Play) -> dict[str, str]:
    """Each line's value in words; of an account, engagement by engagement."""
    each, outcome = [_project_values(part) for part in play.parts], play.outcome
    told = each[0]
    if isinstance(play, AccountPlay):
        names = [part.case.title for part in play.case.parts]
        told = {line: "; ".join(f"{name}: {one[line]}" for name, one in zip(
            names, each, strict=True)) for line in each[0]}
    yes = {True: "yes", False: "no"}
    return {
        **told,
        "support": f"{100 * outcome.support:.0f} of 100, weighted by influence; "
                   f"a rival would win with {100 * outcome.rival:.0f}",
        "renewal": yes[outcome.renewed], "follow_on": yes[outcome.follow_on],
        "reference": yes[outcome.reference],
    }


def _project_values(play: Engagement) -> dict[str, str]:
    state, project = play.state, play.case.project
    live, agreed = float(state.live[0]), int(state.go_live[0])
    went = "not live at the end" if np.isnan(live) else f"week {int(live)}"
    if agreed != project.go_live:
        went += f" (agreed: {agreed}, at first {project.go_live})"
    else:
        went += f" (agreed: {agreed})"
    cost = float(state.cost[0])
    # Where the client pays the hours, what it cost and what was paid are not ours to set apart.
    margin = "" if project.contract == "time and materials" else (
        f"; margin {(project.value - cost) / project.value:.0%}")
    left = max(float(state.scope[0] - state.done[0]), 0)
    weighted = {k: float(v @ play.setting.influence) for k, v in play.measures().items()}
    return {
        "go_live": went,
        "cost": f"{cost:,.0f} of {project.budget:,} thousand {project.currency}"
                f"{margin}",
        "quality": f"{100 * left:.0f} % of the scope",
        "trust": f"{100 * weighted['trust']:.0f} of 100, weighted by influence",
        "satisfaction": f"{100 * weighted['satisfaction']:.0f} of 100 at the end",
        "conflict": f"{100 * weighted['conflict']:.0f} of 100",
        "morale": f"{100 * float(state.morale[0]):.0f} of 100",
        "capability": f"{100 * float(state.capability[0]):.0f} % of ordinary",
        "readiness": f"{100 * float(state.readiness[0]):.0f} of 100",
    }
