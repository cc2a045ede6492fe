"""The view: everything a room shows of a play, as plain data.

One dictionary, made anew after every turn; ``docs/room-protocol.md`` describes it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from casebook.case.types import Contact, Person
from casebook.engagement import Engagement, IncidentAsk, PlanAsk
from casebook.engagement.status import EarnedValue, earned_value
from casebook.engagement.words import settings
from casebook.roles import ROLE_IDS, ROLES

from .markdown import html
from .portraits import portrait
from .readings import people
from .story import happened, story

PROTOCOL = 1
DAYS_A_WEEK = 5


def view(play: Engagement, saved: dict[str, Any], message: dict[str, str] | None) -> dict[str, Any]:
    """The whole view of ``play``. Text is plain, but for keys that end in ``_html``."""
    case = play.case
    return {
        "protocol": PROTOCOL,
        "turn": len(play.turns),
        "case": {
            "id": case.id, "title": case.title, "summary": case.summary, "firm": case.firm.name,
            "client": case.client.name, "focal_role": case.focal_role, "minutes": case.minutes,
        },
        "you": person(case.you),
        "stage": stage(play),
        "where": where(play),
        "people": people(play),
        "colleagues": [person(colleague) for colleague in case.colleagues],
        "exhibits": [{"id": e.id, "title": e.title, "kind": e.kind,
                      "html": html(e.text) if e.file.endswith(".md") else table(e.text)}
                     for e in case.exhibits],
        "reading_html": html(case.reading),
        "ask": ask(play),
        "happened": happened(play),
        "story": story(play),
        "saved": saved,
        "message": message,
    }


def stage(play: Engagement) -> str:
    """``plan``, ``incident`` or ``end``."""
    if isinstance(play.ask, PlanAsk):
        return "plan"
    return "incident" if isinstance(play.ask, IncidentAsk) else "end"


def person(who: Person | Contact) -> dict[str, Any]:
    """Somebody who is not simulated."""
    return {"id": who.id, "name": who.name, "title": who.title, "about_html": html(who.about),
            "portrait": portrait(who.portrait, who.name)}


def where(play: Engagement) -> dict[str, Any]:
    """Week, phase, earned value as reported and as measured, promises."""
    state, setting, project = play.state, play.setting, play.case.project
    week = min(state.week, setting.last_week)
    number = max(play.phase, 0)
    if isinstance(play.ask, PlanAsk):
        number = play.case.phases.index(play.ask.phase)
    phase = play.case.phases[number]
    agreed = int(round(float(state.go_live[0])))
    tested = bool(state.tested[0])
    told = "As reported (passed its tests)" if tested else "As reported (tasks closed)"
    return {
        "week": week, "first_week": setting.first_week, "last_week": setting.last_week,
        "go_live": agreed, "weeks_left": max(setting.last_week - week + 1, 0),
        "phase": {"id": phase.id, "title": phase.title, "brief_html": html(phase.brief),
                  "number": number + 1, "of": len(play.case.phases),
                  "last_week": phase.weeks[1]},
        "currency": project.currency, "money_unit": "thousand",
        "reported": _earned(earned_value(state, setting, passed=tested).at(0), told),
        "measured": _earned(earned_value(state, setting, passed=True).at(0),
                            "As measured (passed its tests)"),
        "days_left": max(agreed - week + 1, 0) * DAYS_A_WEEK,
        "live": None if np.isnan(state.live[0]) else int(state.live[0]),
        "promises": [
            {"to": play.case.contact(p.to).name, "what": p.what, "due": p.due,
             "state": {None: "open", True: "kept", False: "broken"}[p.kept]}
            for p in play.promises
        ],
    }


def _earned(value: EarnedValue, label: str) -> dict[str, Any]:
    return {
        "label": label, "pv": round(value.pv), "ev": round(value.ev), "ac": round(value.ac),
        "bac": round(value.bac), "spi": round(value.spi, 2), "cpi": round(value.cpi, 2),
        "eac": round(value.eac), "progress": round(100 * value.progress),
        "planned": round(100 * value.planned),
    }


def ask(play: Engagement) -> dict[str, Any]:
    """What the student has to decide now, or the end."""
    if isinstance(play.ask, PlanAsk):
        return _ask_plan(play, play.ask)
    if isinstance(play.ask, IncidentAsk):
        return _ask_incident(play, play.ask)
    from .ending import ending

    return ending(play)


def _ask_plan(play: Engagement, asked: PlanAsk) -> dict[str, Any]:
    first, last = asked.phase.weeks
    presets = settings()["presets"]
    return {
        "kind": "plan", "phase": asked.phase.id,
        "title": f"Plan your attention: {asked.phase.title} (weeks {first} to {last})",
        "roles": [
            {"id": role.id, "name": role.name, "primary": role.primary, "meaning": role.meaning,
             "week": role.week, "overdone": role.overdone, "share": share}
            for role, share in zip(ROLES, asked.shares, strict=True)
        ],
        "presets": [
            {"id": id, "name": preset["name"],
             "shares": dict(zip(ROLE_IDS, preset["shares"], strict=True))}
            for id, preset in presets.items()
        ],
    }


def _ask_incident(play: Engagement, asked: IncidentAsk) -> dict[str, Any]:
    incident = asked.incident
    names = {role.id: role.name for role in ROLES}
    everyone = {p.id: (p, "client") for p in play.case.contacts}
    everyone |= {p.id: (p, "own") for p in play.case.colleagues}
    who, side = everyone[incident.source]
    return {
        "kind": "incident", "id": incident.id, "title": incident.title, "week": asked.week,
        "weight": incident.weight,
        "from": {"id": who.id, "name": who.name, "title": who.title, "side": side,
                 "portrait": portrait(who.portrait, who.name)},
        "scene_html": html(incident.scene),
        "responses": [
            {"id": r.id, "say_html": html(r.say), "roles": [names[role] for role in r.roles]}
            for r in asked.responses
        ],
    }


def table(text: str) -> str:
    """A CSV table as HTML, cells escaped, numbers set to the right."""
    import csv
    import io
    from html import escape

    rows = list(csv.reader(io.StringIO(text)))

    def cell(value: str, tag: str) -> str:
        number = value.replace(",", "").replace(".", "").replace("-", "").replace("%", "")
        kind = ' class="cb-number"' if tag == "td" and number.strip().isdigit() else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{kind}>{escape(value)}</{tag}>"

    head = "".join(cell(value, "th") for value in rows[0])
    body = "".join("<tr>" + "".join(cell(v, "td") for v in row) + "</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
