"""How each contact looks at the manager, as far as the manager can know.

A reading is what the manager would guess: off the truth by a little where friend and politician
have done their work, by more where they have not, and shown with that uncertainty.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from casebook.engagement import Play
from casebook.engagement.explain import Because, all_causes, cited, reasons
from casebook.engagement.words import band, change_word, settings
from casebook.language import N_, _, number
from casebook.model.luck import uniforms

from .markdown import html
from .parts import located, phase_number, title
from .portraits import portrait

READINGS = (
    ("cognitive", "cognitive_trust", N_("Trust in your competence and word"),
     N_("cognition-based trust")),
    ("affective", "affective_trust", N_("Trust in your care"), N_("affect-based trust")),
    ("satisfaction", "satisfaction", N_("Satisfaction"), N_("satisfaction")),
)
NAMES = {measure: term for _id, measure, _name, term in READINGS} | {
    "ability": N_("belief in your ability"), "benevolence": N_("belief in your goodwill"),
    "integrity": N_("belief in your integrity"), "trust": N_("trust"),
    "commitment": N_("commitment")}


PARTS = {"sponsor": N_("sponsor"), "user lead": N_("user lead"),
         "technical lead": N_("technical lead"), "procurement": N_("procurement"),
         "executive": N_("executive")}


def people(play: Play) -> list[dict[str, Any]]:
    """Every contact: what they say and how they look at the manager."""
    now = play.measures()
    return [_person(play, i, now) for i in range(len(play.case.contacts))]


def _person(play: Play, i: int, now: dict[str, np.ndarray]) -> dict[str, Any]:
    contact = play.case.contacts[i]
    part, j = located(play, i)
    insight = float(part.state.insight[0, j])
    return {
        "id": contact.id, "name": contact.name, "title": contact.title,
        "part": _(PARTS[contact.part]),
        "engagement": title(play, part.case.id),
        "about_html": html(contact.about), "portrait": portrait(contact.portrait, contact.name),
        "says": says(play, i, float(now["trust"][i])),
        "known": "well" if insight >= 0.6 else "partly" if insight >= 0.35 else "hardly",
        "readings": [_reading(play, i, k, now, insight) for k in range(len(READINGS))],
        "why": [because(reason) for reason in _turn_reasons(play, i)],
    }


def _reading(play: Play, i: int, k: int, now, insight: float) -> dict[str, Any]:
    id, measure, name, term = READINGS[k]
    limits = settings()["uncertainty"]
    width = limits["unknown"] + (limits["known"] - limits["unknown"]) * insight
    # The error stays the same through a play, so that a change seen is a change that happened.
    part, j = located(play, i)
    error = float(np.clip(part.luck.reading[0, j, k] / 2, -1, 1)) * width
    guess = float(np.clip(now[measure][i] + error, 0, 1))
    change = 0.0
    if play.turns:
        last = play.turns[-1]
        change = 100 * float(last.after[measure][i] - last.before[measure][i])
    arrow, word = change_word(change)
    return {
        "id": id, "name": _(name), "term": _(term), "value": round(100 * guess),
        "low": round(100 * max(guess - width, 0)), "high": round(100 * min(guess + width, 1)),
        "change": round(change), "arrow": arrow, "word": word,
    }


def says(play: Play, i: int, trust: float) -> str:
    """A line of this contact's own for this phase, in the band their trust puts them in."""
    contact = play.case.contacts[i]
    lines = contact.says.get(band(trust), ())
    if not lines:
        return ""
    number = phase_number(play)
    key = (play.case.id, play.case.version, play.player, play.attempt, "says", contact.id)
    start = int(float(uniforms(key, 1)[0]) * len(lines))
    return lines[(start + number) % len(lines)]


def _turn_reasons(play: Play, i: int) -> tuple[Because, ...]:
    """What moved a contact since the last decision, the response and the weeks together."""
    if not play.turns:
        return ()
    return reasons(all_of_turn(play), i, most=5)


def all_of_turn(play: Play) -> dict[str, dict[str, np.ndarray]]:
    """The causes of the last turn for all contacts, ``(c,)`` each."""
    turn, contacts = play.turns[-1], range(len(play.case.contacts))
    booked = [all_causes(turn, i) for i in contacts]
    causes = booked[0] if booked else {}
    return {cause: {measure: np.array([b[cause][measure] for b in booked])
                    for measure in causes[cause]} for cause in causes}


def because(reason: Because) -> dict[str, Any]:
    """One reason as plain data."""
    raised = reason.change > 0
    belief = _(NAMES.get(reason.measure, reason.measure))
    said = _("This raised {belief} ({points}).") if raised else _(
        "This lowered {belief} ({points}).")
    points = number(100 * reason.change, 1, sign=True)
    return {
        "belief": belief, "change": round(100 * reason.change, 1),
        "word": "raised" if raised else "lowered",
        "effect": said.format(belief=belief, points=points),
        "because": _(reason.because), "principle": _(reason.principle),
        "findings": [{**one, "statement": _(one["statement"])} for one in cited(reason.findings)],
    }
