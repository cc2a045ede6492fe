"""The end of a play, as a room shows it: ending, outcome, scorecard, what was never said."""

from __future__ import annotations

from typing import Any

import numpy as np

from casebook.engagement import AccountPlay, Engagement, Play
from casebook.language import N_, _, number

from .markdown import html
from .parts import title
from .portraits import portrait

AREAS = {"delivery": N_("Delivery"), "relationship": N_("Relationship"), "account": N_("Account"),
         "team": N_("You and your team")}
LINES = {
    "go_live": N_("Go-live"), "cost": N_("Cost"), "quality": N_("Work left or wrong at the end"),
    "trust": N_("Trust"), "satisfaction": N_("Satisfaction as remembered"),
    "conflict": N_("Conflict"), "support": N_("Wish to go on"), "renewal": N_("Renewal"),
    "follow_on": N_("Further work"), "reference": N_("Reference"), "morale": N_("Morale"),
    "capability": N_("Capability"), "readiness": N_("Readiness of users"),
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
        {"id": area, "name": _(name), "score": round(outcome.scores[area]),
         "lines": [{"name": _(LINES[line]), "value": values[line], "score": round(points),
                    "note": ""} for line, (points, _weight) in outcome.lines[area].items()]}
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
    yes = {True: _("yes"), False: _("no")}
    return {
        **told,
        "support": _(
            "{points} of 100, weighted by influence; a rival would win with {rival}").format(
            points=round(100 * outcome.support), rival=round(100 * outcome.rival)),
        "renewal": yes[outcome.renewed], "follow_on": yes[outcome.follow_on],
        "reference": yes[outcome.reference],
    }


def _project_values(play: Engagement) -> dict[str, str]:
    state, project = play.state, play.case.project
    live, agreed = float(state.live[0]), int(state.go_live[0])
    went = _("not live at the end") if np.isnan(live) else _("week {week}").format(week=int(live))
    then = _("agreed: {week}").format(week=agreed) if agreed == project.go_live else _(
        "agreed: {week}, at first {first}").format(week=agreed, first=project.go_live)
    cost = float(state.cost[0])
    # Where the client pays the hours, what it cost and what was paid are not ours to set apart.
    spent = _("{cost} of {budget} thousand {currency}").format(
        cost=number(cost), budget=number(project.budget), currency=project.currency)
    if project.contract != "time and materials":
        spent += _("; margin {percent} %").format(
            percent=round(100 * (project.value - cost) / project.value))
    left = max(float(state.scope[0] - state.done[0]), 0)
    weighted = {k: float(v @ play.setting.influence) for k, v in play.measures().items()}
    return {
        "go_live": f"{went} ({then})", "cost": spent,
        "quality": _("{percent} % of the scope").format(percent=round(100 * left)),
        "trust": _("{points} of 100, weighted by influence").format(
            points=round(100 * weighted["trust"])),
        "satisfaction": _("{points} of 100 at the end").format(
            points=round(100 * weighted["satisfaction"])),
        **{name: _("{points} of 100").format(points=round(100 * value)) for name, value in (
            ("conflict", weighted["conflict"]), ("morale", float(state.morale[0])),
            ("readiness", float(state.readiness[0])))},
        "capability": _("{percent} % of ordinary").format(
            percent=round(100 * float(state.capability[0]))),
    }
