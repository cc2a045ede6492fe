"""A week divided over the six roles, tried on the small engagement of the explorations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from numbers import Real
from typing import Any

from casebook.roles import ROLE_IDS

from .assignment import defaults
from .failed import CheckFailed

#: What is shown, and what the client model calls it.
MEASURES = {"cognition-based trust": "cognitive_trust", "affect-based trust": "affective_trust",
            "satisfaction": "satisfaction"}
_EXACT = 0.01     # percent; shares such as 33.33 and 66.67 add up well enough


@dataclass(frozen=True)
class Tried:
    """What a division of the week leads to; a notebook shows it as a small table.

    Attributes
    ----------
    shares : mapping of str to object
        The share of each role as it was given, percent.
    start, end : mapping of str to float
        The measures before the first week and after the last, percent; empty where the division
        is none.
    problem : CheckFailed or None
        What is wrong with the division.
    """

    shares: Mapping[str, Any]
    start: Mapping[str, float]
    end: Mapping[str, float]
    problem: CheckFailed | None = None

    def __repr__(self) -> str:
        if self.problem:
            return f"Not yet: {self.problem}"
        rows = [f"  {name}: {was:.1f} at the start, {now:.1f} at the end{goal and f', {goal}'}"
                for name, was, now, goal in self._rows()]
        return "\n".join([self._title(), *rows])

    def _repr_html_(self) -> str:
        if self.problem:
            return f"<p>Not yet: {escape(str(self.problem))}</p>"
        left = 'style="text-align: left"'
        head = "".join(f'<th scope="col" {left}>{name}</th>' for name in (
            "In percent", "At the start", "At the end", "Goal"))
        rows = "".join(
            f'<tr><th scope="row" {left}>{name}</th><td>{was:.1f}</td><td>{now:.1f}</td>'
            f"<td {left}>{goal}</td></tr>" for name, was, now, goal in self._rows())
        return (f"<table><caption>{escape(self._title())}</caption><thead><tr>{head}</tr></thead>"
                f"<tbody>{rows}</tbody></table>")

    def _rows(self) -> list[tuple[str, float, float, str]]:
        told = {name: f"at least {goal}: " + ("reached" if self.end[name] >= goal else
                                              f"{goal - self.end[name]:.1f} points short")
                for name, goal in goals().items()}
        return [(name, self.start[name], self.end[name], told.get(name, "")) for name in MEASURES]

    def _title(self) -> str:
        division = ", ".join(f"{role} {share:g} %" for role, share in self.shares.items() if share)
        return f"{weeks()} weeks with {division}"


def weeks() -> int:
    """How many weeks a trial lasts."""
    return defaults()["tryout"]["weeks"]


def goals() -> Mapping[str, float]:
    """The measures to be reached together, percent at the end of a trial."""
    return defaults()["tryout"]["goals"]


def try_weeks(*unnamed: Any, **shares: Any) -> Tried:
    """Work some weeks of the small engagement with one division of the week.

    A division that is none is told in what is shown, and never ends in an error: a cell with it can
    be run again and again.

    Parameters
    ----------
    **shares
        Percent of the week for each role, by its name; a role that is left out gets 0.
    """
    division = {role: shares.get(role, 0) for role in ROLE_IDS}
    problem = _problem(unnamed, shares)
    if problem:
        return Tried(division, {}, {}, problem)
    return Tried(division, *_worked(division))


def goals_reached(trial: Any, points: float) -> tuple[float, str]:
    """Points for a division that reaches all goals, a part for some of them; what to tell.

    Raises
    ------
    CheckFailed
        If there is no division yet, or it reaches none.
    """
    if not isinstance(trial, Tried):
        raise CheckFailed("There is no trial yet.",
                          "Let the line begin with trial = checks.try_weeks( and run it.")
    # Worked again here: what counts is the division, whatever else the notebook says of it.
    again = try_weeks(**trial.shares) if trial.problem is None else trial
    if again.problem:
        raise again.problem
    short = [f"{name} ends at {again.end[name]:.1f} % and {goal} % are wanted"
             for name, goal in goals().items() if again.end[name] < goal]
    reached = len(goals()) - len(short)
    if not reached:
        raise CheckFailed(f"No goal is reached: {' and '.join(short)}.",
                          "Change one or two shares at a time, and see which kind of trust moves.")
    if short:
        return round(points * reached / len(goals()), 2), (
            f"{reached} of {len(goals())} goals is reached; {' and '.join(short)}. Keep what works "
            "and take time from a role that moves neither kind of trust here.")
    return float(points), f"Every goal is reached in the same {weeks()} weeks."


def _worked(division: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """The measures before and after the weeks, percent to one decimal, as they are shown."""
    from casebook.explore.small import Story, small
    from casebook.model import parameters

    # Read again: those that are kept could have been changed since.
    story = Story.begin(small()["error_share"], parameters.__wrapped__())
    start = {name: round(story.of(measure), 1) for name, measure in MEASURES.items()}
    for _ in range(weeks()):
        story.work(division)
    return start, {name: round(story.of(measure), 1) for name, measure in MEASURES.items()}


def _problem(unnamed: tuple, shares: Mapping[str, Any]) -> CheckFailed | None:
    """What is wrong with a division, or None."""
    strange = sorted(set(shares) - set(ROLE_IDS))
    if unnamed or strange:
        return CheckFailed(f"{strange[0]!r} is none of the roles." if strange else
                           "A share stands there without its role.",
                           f"Write each share as in friend=20. The roles: {', '.join(ROLE_IDS)}.")
    if not shares or any(share is Ellipsis for share in shares.values()):
        return CheckFailed("The week is not divided yet.", "Replace the three dots behind each "
                           "role by a share in percent; 0 is allowed.")
    for role, share in shares.items():
        if isinstance(share, bool) or not isinstance(share, Real) or not math.isfinite(share) or (
                share < 0):
            return CheckFailed(f"The share for {role} is {share!r}.", "Write a number from 0 to "
                               "100, without quotation marks and without the sign %.")
    total = sum(shares.values())
    if abs(total - 100) > _EXACT:
        percent = " Write 40 for 40 %." if abs(total - 1) <= _EXACT else ""
        return CheckFailed(f"The shares add up to {total:g}.", f"They must add up to 100.{percent}")
    return None
