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
from casebook.engagement.predictions import SURE
from casebook.engagement.status import EarnedValue, earned_value
from casebook.engagement.together import even_division
from casebook.engagement.words import settings
from casebook.language import _, names, spoken
from casebook.roles import ROLE_IDS, ROLES

from .hints import hints
from .kept import Story
from .markdown import html
from .parts import expected, phase_number, predictable, title
from .portraits import portrait
from .readings import people
from .rules import Rules
from .story import happened, so_far

PROTOCOL = 1
DAYS_A_WEEK = 5


def view(story: Story, rules: Rules, message: dict[str, str] | None) -> dict[str, Any]:
    """The whole view of a story. Text is plain, but for keys that end in ``_html``."""
    play, case = story.play, story.play.case
    return {
        "protocol": PROTOCOL,
        "turn": len(play.turns),
        "case": {
            "id": case.id, "title": case.title, "summary": case.summary, "firm": case.firm.name,
            "client": case.client.name, "focal_role": case.focal_role, "minutes": case.minutes,
            "attempt": play.attempt,
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
        "ask": ask(story, rules),
        "happened": happened(story),
        "story": so_far(story),
        "language": spoken(), "case_language": case.language, "languages": names(),
        "rules": {"assessed": rules.assessed, "predict": rules.predict, "hints": rules.hints},
        "saved": saved(story),
        "message": message,
    }


def saved(story: Story) -> dict[str, Any]:
    """Whether and where the story is saved, in words."""
    if story.path is None:
        return {"ok": False, "file": None, "text": _("This play is not saved.")}
    file = story.path.name
    if story.trouble:
        return {"ok": False, "file": file, "text": story.trouble}
    if story.last is None:
        text = _("Every turn is saved the moment you take it, in {file}.").format(file=file)
    else:
        text = _("Saved after turn {turn}, in {file}.").format(
            turn=len(story.play.turns), file=file)
    return {"ok": True, "file": file, "text": text}


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
    told = _("As reported (passed its tests)") if tested else _("As reported (tasks closed)")
    week = min(state.week, setting.last_week)
    return {
        "go_live": agreed, "days_left": max(agreed - week + 1, 0) * DAYS_A_WEEK,
        "live": None if np.isnan(state.live[0]) else int(state.live[0]),
        "currency": part.case.project.currency, "money_unit": _("thousand"),
        "reported": _earned(earned_value(state, setting, passed=tested).at(0), told),
        "measured": _earned(earned_value(state, setting, passed=True).at(0),
                            _("As measured (passed its tests)")),
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


def ask(story: Story, rules: Rules) -> dict[str, Any]:
    """What the student has to decide now, or the end."""
    play = story.play
    if isinstance(play.ask, PlanAsk):
        return _ask_plan(play, play.ask)
    if isinstance(play.ask, DivisionAsk):
        return _ask_division(play, play.ask)
    if isinstance(play.ask, IncidentAsk):
        return _ask_incident(story, rules, play.ask)
    from .ending import ending

    return ending(play)


def _ask_plan(play: Play, asked: PlanAsk) -> dict[str, Any]:
    first, last = asked.phase.weeks
    presets, own = settings()["presets"], title(play, asked.engagement)
    return {
        "kind": "plan", "phase": asked.phase.id,
        "title": (_("Plan your attention for {engagement}: {phase} (weeks {first} to {last})")
                  if own else _("Plan your attention: {phase} (weeks {first} to {last})")).format(
            engagement=own, phase=asked.phase.title, first=first, last=last),
        "question": _("How do you divide your time for {engagement}?").format(engagement=own)
        if own else _("How do you divide your week?"),
        "roles": [
            {"id": role.id, "name": _(role.name), "primary": role.primary,
             "meaning": _(role.meaning), "week": _(role.week), "overdone": _(role.overdone),
             "share": share}
            for role, share in zip(ROLES, asked.shares, strict=True)
        ],
        "presets": [
            {"id": id, "name": _(preset["name"]),
             "shares": dict(zip(ROLE_IDS, preset["shares"], strict=True))}
            for id, preset in presets.items()
        ],
    }


def _ask_division(play: AccountPlay, asked: DivisionAsk) -> dict[str, Any]:
    first, last = asked.phase.weeks
    ids = [part.id for part in play.case.parts]
    return {
        "kind": "plan", "phase": asked.phase.id,
        "title": _("Divide your week: {phase} (weeks {first} to {last})").format(
            phase=asked.phase.title, first=first, last=last),
        "question": _("How much of your week does each engagement get?"),
        "roles": [
            {"id": part.id, "name": part.case.title, "primary": False,
             "meaning": _("{client}: needs {need} % of your week").format(
                 client=part.case.client.name, need=part.need),
             "week": part.case.summary, "overdone": "", "share": share}
            for part, share in zip(play.case.parts, asked.shares, strict=True)
        ],
        "presets": [{"id": "needs", "name": _("In proportion to needs"),
                     "shares": dict(zip(ids, even_division(play.case), strict=True))}],
    }


def _ask_incident(story: Story, rules: Rules, asked: IncidentAsk) -> dict[str, Any]:
    play, incident = story.play, asked.incident
    titles = {role.id: _(role.name) for role in ROLES}
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
            {"id": r.id, "say_html": html(r.say), "roles": [titles[role] for role in r.roles]}
            for r in asked.responses
        ],
        "predict": _predict(play, asked) if rules.predict != "off" else None,
        "hints": hints(story, rules, asked),
    }


def _predict(play: Play, asked: IncidentAsk) -> dict[str, Any]:
    """What can be predicted before a response takes effect."""
    return {
        "people": [{"id": one.id, "name": one.name} for one in predictable(play, asked)],
        "choices": {key: expected(key) for key in ("more", "same", "less")},
        "sure": list(SURE),
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
