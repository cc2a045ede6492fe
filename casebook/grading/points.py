"""Points for a play, and the sentence that explains them.

The same functions give the points in the student's notebook and, outside the student's process, in
the casebook's parts of nbgrader.
"""

from __future__ import annotations

from .assignment import Assignment
from .credit import credit, standing
from .failed import CheckFailed
from .plays import Found, hints_cost


def finished_points(found: Found, points: float) -> tuple[float, str]:
    """Points for how far a play came: all for a whole one, a part for its weeks otherwise."""
    play = found.play
    if found.finished:
        return float(points), (f"Your play is whole: {len(play.turns)} turns, to "
                               f"“{play.outcome.ending.title}”.")
    phases = play.case.phases
    first, last = phases[0].weeks[0], phases[-1].weeks[1]
    done = play.turns[-1].week - first
    earned = _tenths(points * done / (last - first + 1))
    return earned, (f"{found.replay.text} {found.replay.mend} For the weeks that are there you "
                    f"get {earned:g} of {points:g} points.")


def decisions_points(found: Found, assignment: Assignment, points: float) -> tuple[float, str]:
    """Points for decisions relative to managers on the same luck.

    Raises
    ------
    CheckFailed
        If the play is not over.
    """
    if not found.finished:
        raise CheckFailed(f"Decisions are compared once the play is over. {found.replay.text}",
                          found.replay.mend)
    stands, rule = standing(found.play), assignment.credit
    whole = credit(stands.share, rule)
    hints, cost = hints_cost(found, assignment)
    earned = _tenths(points * max(0.0, whole - cost))
    names = sorted(stands.here, key=stands.here.get)
    weakest, best = names[0], names[-1]
    return earned, (
        f"Your score is {stands.own:.1f} of 100. On the very same luck {len(names)} named managers "
        f"reach {stands.here[weakest]:.1f} ({weakest}) to {stands.here[best]:.1f} ({best}). By its "
        f"place among theirs your score is worth {stands.level:.1f} on average luck, where they "
        f"reach {min(stands.usual.values()):.1f} to {max(stands.usual.values()):.1f}. That is "
        f"{stands.share:.0%} of the way: {earned:g} of {points:g} points. (From {rule.full:.0%} on "
        f"you get all, up to {rule.nothing:.0%} none.)"
        + (f" Hints opened: {hints}; each costs {rule.hint:.0%} of the points." if cost else ""))


def _tenths(points: float) -> float:
    return round(points, 1)
