"""The six roles: what the paper's abstract says of them, and how the casebook reads them.

Webber and Torti (2004) name five roles that facilitate the primary one. The casebook's
makers had the abstract, not the full paper: ``meaning`` is true to the abstract, while
``challenge``, ``week``, ``feeds`` and ``overdone`` are *our reading* and are shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass

from casebook.language import N_

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
        "implementer", N_("Implementer"), True,
        N_("Deliver the project: the primary role, which the five others serve."),
        N_("Deliver scope, time, cost and quality."),
        N_("You plan, track, report straight and remove obstacles."),
        N_("Progress, finding rework early, and trust in your ability and your word."),
        N_("Blind to people and to what comes next."),
    ),
    Role(
        "coach", N_("Coach"), False,
        N_("Help the blended team, yours and the client's, to do its work."),
        N_("A blended team, without formal authority over the client's half of it."),
        N_("You agree shared goals, give credit, teach, and get the client's people ready."),
        N_("Capability and morale, fewer errors, and users who can take over."),
        N_("You do the work of others, and you are slow in a crisis."),
    ),
    Role(
        "entrepreneur", N_("Entrepreneur"), False,
        N_("Find a way through what nobody has done before."),
        N_("The unfamiliar, and the problem that nobody put in the scope."),
        N_("You look for new ways, try them small, and bring people round."),
        N_("Ways out of dead ends, and opportunities found."),
        N_("Distraction, growing scope, and risks taken with the client's money."),
    ),
    Role(
        "politician", N_("Politician"), False,
        N_("Work with the interests and the power of two organisations."),
        N_("Two organisations with their own cultures, interests and power."),
        N_("You keep the sponsor covered, build coalitions, take early soundings and negotiate."),
        N_("Agreement between people, faster decisions, milder incidents, knowing what is "
           "really thought."),
        N_("People see you as partisan or slippery."),
    ),
    Role(
        "friend", N_("Friend"), False,
        N_("Build and keep personal ties with people on the client's side."),
        N_("Which ties outside the team to build, and how to keep them."),
        N_("You give time, listen, find common ground and keep confidences."),
        N_("Trust that rests on care, and early warning."),
        N_("Boundaries blur, it is hard to say no, and confidences become traps."),
    ),
    Role(
        "marketer", N_("Marketer"), False,
        N_("Connect what you deliver with the client's strategy and the next piece of work."),
        N_("The client's strategy, and the work that could come next."),
        N_("You link results to the client's aims, make value visible and propose."),
        N_("Visibility, expectation, opportunities turned into work, references."),
        N_("Selling before delivering."),
    ),
)

ROLE_IDS: tuple[str, ...] = tuple(role.id for role in ROLES)
FACILITATING: tuple[str, ...] = tuple(role.id for role in ROLES if not role.primary)
