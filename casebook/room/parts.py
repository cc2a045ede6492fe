"""For views of one engagement and of an account alike: what belongs to which engagement."""

from __future__ import annotations

from casebook.case.types import Contact
from casebook.engagement import AccountPlay, Engagement, IncidentAsk, Play
from casebook.language import _


def located(play: Play, contact: int) -> tuple[Engagement, int]:
    """The engagement of a contact, by place among all contacts of the play, and the place in it."""
    for part in play.parts:
        if contact < len(part.case.contacts):
            return part, contact
        contact -= len(part.case.contacts)
    raise IndexError(contact)


def phase_number(play: Play) -> int:
    """The place of the phase that is under way or being planned."""
    asked = getattr(play.ask, "phase", None)
    if asked is None:
        return max(play.phase, 0)
    return [phase.id for phase in play.case.phases].index(asked.id)


def predictable(play: Play, asked: IncidentAsk) -> list[Contact]:
    """The contacts of whom something can be predicted: those of the engagement that is asked."""
    parts = [part for part in play.parts
             if not asked.engagement or part.case.id == asked.engagement]
    return [contact for part in parts for contact in part.case.contacts]


def expected(outcome: str) -> str:
    """An outcome that can be predicted of a contact's trust, in words."""
    return {"more": _("trusts you more"), "same": _("trusts you about the same"),
            "less": _("trusts you less")}[outcome]


def title(play: Play, engagement: str) -> str:
    """The title of an engagement of an account; empty where there is one only."""
    if not isinstance(play, AccountPlay) or not engagement:
        return ""
    return play.case.parts[play.case.place(engagement)].case.title
