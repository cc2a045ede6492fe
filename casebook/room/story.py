"""What happened at each turn: the client's answer, what moved, why, and what came out after."""

from __future__ import annotations

from typing import Any

from casebook.engagement import Division, Plan, Play, Turn
from casebook.engagement.explain import cited, reasons
from casebook.engagement.predictions import came
from casebook.engagement.words import change_word
from casebook.language import _
from casebook.roles import ROLES

from .kept import Story
from .markdown import html
from .parts import expected, title
from .portraits import portrait
from .readings import READINGS, because


def happened(story: Story) -> dict[str, Any] | None:
    """The consequences of the last decision; None before the first."""
    play = story.play
    if not play.turns:
        return None
    turn = play.turns[-1]
    told = story.said.get(turn.number)
    return {
        "turn": turn.number, "kind": kind(turn), "title": turn.title, "week": turn.week,
        "engagement": title(play, turn.engagement), "you": you(turn, play),
        "reactions": [_reaction(play, turn, r) for r in turn.reactions],
        "predictions": predicted(story, turn), "because": told.because if told else "",
        "why": turn.why, "findings": findings(turn.findings), "news": news(turn),
    }


def predicted(story: Story, turn: Turn) -> list[dict[str, Any]]:
    """What was expected of each contact at a turn, beside what came."""
    told, out = story.said.get(turn.number), []
    places = {contact.id: i for i, contact in enumerate(story.play.case.contacts)}
    for one in told.predictions if told else ():
        real = came(turn, places[one.contact])
        out.append({"id": one.contact, "name": story.play.case.contact(one.contact).name,
                    "expects": one.expects, "expects_text": expected(one.expects),
                    "sure": one.sure, "came": real, "came_text": expected(real),
                    "hit": real == one.expects})
    return out


def so_far(story: Story) -> list[dict[str, Any]]:
    """Every turn so far, short."""
    play = story.play
    phases = {phase.id: phase.title for phase in play.case.phases}
    return [
        {"turn": turn.number, "week": turn.week, "phase": phases[turn.phase], "kind": kind(turn),
         "title": turn.title, "engagement": title(play, turn.engagement), "why": turn.why,
         "news": news(turn), "predictions": predicted(story, turn),
         "because": story.said[turn.number].because if turn.number in story.said else "",
         "hints": story.hints.get(turn.number, 0), **short(play, turn)}
        for turn in play.turns
    ]


def short(play: Play, turn: Turn) -> dict[str, Any]:
    """What the manager did at a turn and what was answered."""
    names = {contact.id: contact.name for contact in play.case.contacts}
    return {"title": turn.title, "you_html": you(turn, play),
            "reactions": [{"name": names[r.contact], "line": r.line, "band": r.band}
                          for r in turn.reactions]}


def findings(ids: tuple[str, ...]) -> list[dict[str, str]]:
    """Published findings as a room shows them, in the language that is spoken."""
    return [{**one, "statement": _(one["statement"])} for one in cited(ids)]


def kind(turn: Turn) -> str:
    """``plan`` or ``incident``."""
    return "plan" if isinstance(turn.decision, Plan | Division) else "incident"


def you(turn: Turn, play: Play) -> str:
    """What the manager did, as HTML."""
    if isinstance(turn.decision, Division):
        names = [part.case.title for part in play.case.parts]
        told = ", ".join(f"{name} {share} %" for name, share in zip(
            names, turn.decision.shares, strict=True))
        return html(_("You divide your week: {shares}.").format(shares=told))
    if isinstance(turn.decision, Plan):
        shares = zip(ROLES, turn.decision.shares, strict=True)
        told = ", ".join(f"{_(role.name)} {share} %" for role, share in shares if share)
        return html(_("You plan your attention: {shares}.").format(shares=told))
    return html(turn.you)


def news(turn: Turn) -> list[dict[str, Any]]:
    """What came out between this decision and the next."""
    return [{"week": n.week, "kind": n.kind, "text": n.text, "tone": n.tone} for n in turn.news]


def _reaction(play: Play, turn: Turn, reaction) -> dict[str, Any]:
    i = [contact.id for contact in play.case.contacts].index(reaction.contact)
    contact = play.case.contacts[i]
    moved = []
    for _id, measure, name, _term in READINGS:
        change = 100 * float(turn.responded[measure][i] - turn.before[measure][i])
        arrow, word = change_word(change)
        if arrow != "level":
            moved.append({"name": _(name), "change": round(change), "arrow": arrow, "word": word})
    return {
        "id": contact.id, "name": contact.name, "title": contact.title,
        "portrait": portrait(contact.portrait, contact.name), "band": reaction.band,
        "line": reaction.line, "moved": moved,
        "why": [because(reason) for reason in reasons(turn.at_once, i)],
    }
