"""The view: everything a room shows of a play, as plain data.

One dictionary, made anew after every turn; ``docs/room-protocol.md`` describes it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from casebook.case.types import Contact, Person
from casebook.engagement import (
    AccountPlay,
    DivisionAsk,
    Engagement,
    IncidentAsk,
    PlanAsk,
    Play,
)
from casebook.engagement.status import EarnedValue, earned_value
from casebook.engagement.together import even_division
from casebook.engagement.words import settings
from casebook.roles import ROLE_IDS, ROLES

from .markdown import html
from .parts import phase_number, title
from .portraits import portrait
from .readings import people
from .story import happened, story

PROTOCOL = 1
DAYS_A_WEEK = 5


def view(play: Play, saved: dict[str, Any], message: dict[str, str] | None) -> dict[str, Any]:
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
        "engagements": engagements(play),
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


def stage(play: Play) -> str:
    """``plan``, ``incident`` or ``end``."""
    if isinstance(play.ask, PlanAsk | DivisionAsk):
        return "plan"
    return "incident" if isinstance(play.ask, IncidentAsk) else "end"


def person(who: Person | Contact) -> dict[str, Any]:
    """Somebody who is not simulated."""
    return {"id": who.id, "name": who.name, "title": who.title, "about_html": html(who.about),
            "portrait": portrait(who.portrait, who.name)}


def where(play: Play) -> dict[str, Any]:
    """Week and phase, the project of the engagement that is asked about, and all promises."""
    part = play.parts[0]
    asked = getattr(play.ask, "engagement", "")
    if asked:
        part = play.parts[play.case.place(asked)]
    setting, number = part.setting, phase_number(play)
    week, phase = min(part.state.week, setting.last_week), play.case.phases[number]
    brief = (play.ask.phase if isinstance(play.ask, PlanAsk) else phase).brief
    return {
        "week": week, "first_week": setting.first_week, "last_week": setting.last_week,
        "weeks_left": max(setting.last_week - week + 1, 0),
        "phase": {"id": phase.id, "title": phase.title, "brief_html": html(brief),
                  "number": number + 1, "of": len(play.case.phases),
                  "last_week": phase.weeks[1]},
        **_project(part),
        "promises": [
            {"to": play.case.contact(p.to).name, "what": p.what, "due": p.due,
             "state": {None: "open", True: "kept", False: "broken"}[p.kept]}
            for p in play.promises
        ],
    }


def _project(part: Engagement) -> dict[str, Any]:
    """An engagement's date, and its earned value as reported and as measured."""
    state, setting = part.state, part.setting
    agreed, tested = int(round(float(state.go_live[0]))), bool(state.tested[0])
    told = "As reported (passed its tests)" if tested else "As reported (tasks closed)"
    week = min(state.week, setting.last_week)
    return {
        "go_live": agreed, "days_left": max(agreed - week + 1, 0) * DAYS_A_WEEK,
        "live": None if np.isnan(state.live[0]) else int(state.live[0]),
        "currency": part.case.project.currency, "money_unit": "thousand",
        "reported": _earned(earned_value(state, setting, passed=tested).at(0), told),
        "measured": _earned(earned_value(state, setting, passed=True).at(0),
                            "As measured (passed its tests)"),
    }


def engagements(play: Play) -> list[dict[str, Any]]:
    """The engagements of an account: how each stands, and what it gets of your week."""
    if not isinstance(play, AccountPlay):
        return []
    return [{"id": whole.id, "title": whole.case.title, "client": whole.case.client.name,
             "need": whole.need, "share": share, **_project(part)}
            for whole, part, share in zip(play.case.parts, play.parts, play.division, strict=True)]


def _earned(value: EarnedValue, label: str) -> dict[str, Any]:
    return {
        "label": label, "pv": round(value.pv), "ev": round(value.ev), "ac": round(value.ac),
        "bac": round(value.bac), "spi": round(value.spi, 2), "cpi": round(value.cpi, 2),
        "eac": round(value.eac), "progress": round(100 * value.progress),
        "planned": round(100 * value.planned),
    }


def ask(play: Play) -> dict[str, Any]:
    """What the student has to decide now, or the end."""
    if isinstance(play.ask, PlanAsk):
        return _ask_plan(play, play.ask)
    if isinstance(play.ask, DivisionAsk):
        return _ask_division(play, play.ask)
    if isinstance(play.ask, IncidentAsk):
        return _ask_incident(play, play.ask)
    from .ending import ending

    return ending(play)


def _ask_plan(play: Play, asked: PlanAsk) -> dict[str, Any]:
    first, last = asked.phase.weeks
    presets, own = settings()["presets"], title(play, asked.engagement)
    return {
        "kind": "plan", "phase": asked.phase.id,
        "title": f"Plan your attention{f' for {own}' if own else ''}: {asked.phase.title} "
                 f"(weeks {first} to {last})",
        "question": f"How do you divide your time for {own}?" if own
                    else "How do you divide your week?",
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


def _ask_division(play: AccountPlay, asked: DivisionAsk) -> dict[str, Any]:
    first, last = asked.phase.weeks
    ids = [part.id for part in play.case.parts]
    return {
        "kind": "plan", "phase": asked.phase.id,
        "title": f"Divide your week: {asked.phase.title} (weeks {first} to {last})",
        "question": "How much of your week does each engagement get?",
        "roles": [
            {"id": part.id, "name": part.case.title, "primary": False,
             "meaning": f"{part.case.client.name}: needs {part.need} % of your week",
             "week": part.case.summary, "overdone": "", "share": share}
            for part, share in zip(play.case.parts, asked.shares, strict=True)
        ],
        "presets": [{"id": "needs", "name": "In proportion to needs",
                     "shares": dict(zip(ids, even_division(play.case), strict=True))}],
    }


def _ask_incident(play: Play, asked: IncidentAsk) -> dict[str, Any]:
    incident = asked.incident
    names = {role.id: role.name for role in ROLES}
    everyone = {p.id: (p, "client") for p in play.case.contacts}
    everyone |= {p.id: (p, "own") for p in play.case.colleagues}
    who, side = everyone[incident.source]
    return {
        "kind": "incident", "id": incident.id, "title": incident.title, "week": asked.week,
        "engagement": title(play, asked.engagement),
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
