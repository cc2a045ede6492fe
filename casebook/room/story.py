"""What happened at each turn: the client's answer, what moved, why, and what came out after."""

from __future__ import annotations

from typing import Any

from casebook.engagement import Division, Plan, Play, Turn
from casebook.engagement.explain import cited, reasons
from casebook.engagement.words import change_word
from casebook.roles import ROLES

from .markdown import html
from .parts import title
from .portraits import portrait
from .readings import READINGS, because


def happened(play: Play) -> dict[str, Any] | None:
    """The consequences of the last decision; None before the first."""
    if not play.turns:
        return None
    turn = play.turns[-1]
    return {
        "turn": turn.number, "kind": kind(turn), "title": turn.title, "week": turn.week,
        "engagement": title(play, turn.engagement), "you": you(turn, play),
        "reactions": [_reaction(play, turn, r) for r in turn.reactions],
        "why": turn.why, "findings": cited(turn.findings), "news": news(turn),
    }


def story(play: Play) -> list[dict[str, Any]]:
    """Every turn so far, short."""
    names = {contact.id: contact.name for contact in play.case.contacts}
    phases = {phase.id: phase.title for phase in play.case.phases}
    return [
        {"turn": turn.number, "week": turn.week, "phase": phases[turn.phase], "kind": kind(turn),
         "title": turn.title, "engagement": title(play, turn.engagement),
         "you_html": you(turn, play), "why": turn.why, "news": news(turn),
         "reactions": [{"name": names[r.contact], "line": r.line, "band": r.band}
                       for r in turn.reactions]}
        for turn in play.turns
    ]


def kind(turn: Turn) -> str:
    """``plan`` or ``incident``."""
    return "plan" if isinstance(turn.decision, Plan | Division) else "incident"


def you(turn: Turn, play: Play) -> str:
    """What the manager did, as HTML."""
    if isinstance(turn.decision, Division):
        names = [part.case.title for part in play.case.parts]
        told = ", ".join(f"{name} {share} %" for name, share in zip(
            names, turn.decision.shares, strict=True))
        return html(f"You divide your week: {told}.")
    if isinstance(turn.decision, Plan):
        shares = zip(ROLES, turn.decision.shares, strict=True)
        told = ", ".join(f"{role.name.lower()} {share} %" for role, share in shares if share)
        return html(f"You plan your attention: {told}.")
    return html(turn.you)


def news(turn: Turn) -> list[dict[str, Any]]:
    """What came out between this decision and the next."""
    return [{"week": n.week, "kind": n.kind, "text": n.text, "tone": n.tone} for n in turn.news]


def _reaction(play: Play, turn: Turn, reaction) -> dict[str, Any]:
    i = [contact.id for contact in play.case.contacts].index(reaction.contact)
    contact = play.case.contacts[i]
    moved = []
    for _, measure, name, _ in READINGS:
        change = 100 * float(turn.responded[measure][i] - turn.before[measure][i])
        arrow, word = change_word(change)
        if arrow != "level":
            moved.append({"name": name, "change": round(change), "arrow": arrow, "word": word})
    return {
        "id": contact.id, "name": contact.name, "title": contact.title,
        "portrait": portrait(contact.portrait, contact.name), "band": reaction.band,
        "line": reaction.line, "moved": moved,
        "why": [because(reason) for reason in reasons(turn.at_once, i)],
    }
