"""The six roles: what the paper's abstract says of them, and how the casebook reads them.

Webber and Torti (2004) name five roles that facilitate the primary one. The casebook's
makers had the abstract, not the full paper: ``meaning`` is true to the abstract, while
``challenge``, ``week``, ``feeds`` and ``overdone`` are *our reading* and are shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = (
    "Webber, S. S., & Torti, M. T. (2004). Project managers doubling as client account "
    "executives. Academy of Management Executive, 18(1), 60-71 (abstract read)."
)


@dataclass(frozen=True)
class Role:
    """One of the six roles. ``challenge`` and what follows it are the casebook's own reading."""

    id: str
    name: str
    primary: bool
    meaning: str
    challenge: str
    week: str
    feeds: str
    overdone: str


ROLES: tuple[Role, ...] = (
    Role(
        "implementer", "Implementer", True,
        "Deliver the project: the primary role, which the five others serve.",
        "Deliver scope, time, cost and quality.",
        "You plan, track, report straight and remove obstacles.",
        "Progress, finding rework early, and trust in your ability and your word.",
        "Blind to people and to what comes next.",
    ),
    Role(
        "coach", "Coach", False,
        "Help the blended team, yours and the client's, to do its work.",
        "A blended team, without formal authority over the client's half of it.",
        "You agree shared goals, give credit, teach, and get the client's people ready.",
        "Capability and morale, fewer errors, and users who can take over.",
        "You do the work of others, and you are slow in a crisis.",
    ),
    Role(
        "entrepreneur", "Entrepreneur", False,
        "Find a way through what nobody has done before.",
        "The unfamiliar, and the problem that nobody put in the scope.",
        "You look for new ways, try them small, and bring people round.",
        "Ways out of dead ends, and opportunities found.",
        "Distraction, growing scope, and risks taken with the client's money.",
    ),
    Role(
        "politician", "Politician", False,
        "Work with the interests and the power of two organisations.",
        "Two organisations with their own cultures, interests and power.",
        "You keep the sponsor covered, build coalitions, take early soundings and negotiate.",
        "Agreement between people, faster decisions, milder incidents, knowing what is "
        "really thought.",
        "People see you as partisan or slippery.",
    ),
    Role(
        "friend", "Friend", False,
        "Build and keep personal ties with people on the client's side.",
        "Which ties outside the team to build, and how to keep them.",
        "You give time, listen, find common ground and keep confidences.",
        "Trust that rests on care, and early warning.",
        "Boundaries blur, it is hard to say no, and confidences become traps.",
    ),
    Role(
        "marketer", "Marketer", False,
        "Connect what you deliver with the client's strategy and the next piece of work.",
        "The client's strategy, and the work that could come next.",
        "You link results to the client's aims, make value visible and propose.",
        "Visibility, expectation, opportunities turned into work, references.",
        "Selling before delivering.",
    ),
)

ROLE_IDS: tuple[str, ...] = tuple(role.id for role in ROLES)
FACILITATING: tuple[str, ...] = tuple(role.id for role in ROLES if not role.primary)
