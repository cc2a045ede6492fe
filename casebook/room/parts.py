"""For views of one engagement and of an account alike: what belongs to which engagement."""

from __future__ import annotations

from casebook.engagement import AccountPlay, Engagement, Play


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


def title(play: Play, engagement: str) -> str:
    """The title of an engagement of an account; empty where there is one only."""
    if not isinstance(play, AccountPlay) or not engagement:
        return ""
    return play.case.parts[play.case.place(engagement)].case.title
