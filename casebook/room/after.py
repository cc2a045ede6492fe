"""What is reckoned after the end: benchmark managers, turning points, the client's chair.

``docs/room-protocol.md`` describes the dictionary, section "After the end". It takes a second or
two, because the engagement is played again some thousand times; it needs no chance but its own.
"""

from __future__ import annotations

from typing import Any

from casebook.engagement import Answer, Decision, Division, Plan, Play
from casebook.engagement.together import even_division
from casebook.engagement.words import settings
from casebook.language import N_, _, number
from casebook.roles import ROLES
from casebook.study import TurningPoint, benchmarks, turning_points
from casebook.study.turning import leaning

from .chair import chairs
from .markdown import plain

#: The benchmark managers by name; those of one role have the role's name.
MANAGERS = {"balanced": N_("Balanced"), "trust-first": N_("Trust first"),
            "sell-first": N_("Sell first")}


def after(play: Play) -> dict[str, Any]:
    """Everything that a room shows once a play is over and looked back on, as plain data.

    ``calibration`` is None: a session that knows the predictions puts it in.

    Raises
    ------
    StudyError
        If the play is not over.
    """
    return {
        "benchmarks": [
            {"name": _manager(one.manager), "overall": round(one.overall), "ending": one.ending,
             "you": not one.manager} for one in benchmarks(play)],
        "turning_points": [_point(play, one) for one in turning_points(play)],
        "calibration": None,
        "chairs": chairs(play),
    }


def _manager(name: str) -> str:
    """A benchmark manager as a room names it."""
    roles = {role.id: role.name for role in ROLES}
    return _(MANAGERS.get(name) or roles.get(name) or name) if name else _("You")


def _point(play: Play, point: TurningPoint) -> dict[str, Any]:
    """A turning point as plain data."""
    other = point.other
    return {
        "turn": point.turn, "week": point.week, "title": point.title,
        "chose": told(play, point.chose), "other": told(play, other.decision),
        "value": _tenths(other.value), "low": _tenths(other.low), "high": _tenths(other.high),
        "here": _tenths(other.here), "text": _sentence(point),
    }


def told(play: Play, made: Decision) -> str:
    """A decision in plain words."""
    if isinstance(made, Answer):
        return plain(play.case.incident(made.incident).response(made.response).say)
    if isinstance(made, Division):
        names, shares = [part.case.title for part in play.case.parts], made.shares
    else:
        names, shares = [_(role.name) for role in ROLES], made.shares
    each = ", ".join(_("{name} {share} %").format(name=name, share=share)
                     for name, share in zip(names, shares, strict=True))
    known = _known(play, made)
    return _("{name} ({shares})").format(name=known, shares=each) if known else each


def _known(play: Play, made: Plan | Division) -> str:
    """The name of a plan or a division that has one, else empty."""
    if isinstance(made, Plan):
        return next((_(preset["name"]) for preset in settings()["presets"].values()
                     if tuple(preset["shares"]) == made.shares), "")
    if made.shares == even_division(play.case):
        return _("In proportion to needs")
    return next((_("More for {engagement}").format(engagement=part.case.title)
                 for k, part in enumerate(play.case.parts)
                 if made.shares == leaning(play.case, k)), "")


def _sentence(point: TurningPoint) -> str:
    """What a turning point came to, with its interval and what it was on this luck."""
    other = point.other
    if other.low <= 0 <= other.high:
        text = _("On average over many futures, what you did and the best other way came to about "
                 "the same (the average lies between {low} and {high} points).")
    elif other.value > 0:
        text = _("On average over many futures, what you did came to {size} points more at the end "
                 "than the best other way (the average lies between {low} and {high}; single "
                 "futures differ more).")
    else:
        text = _("On average over many futures, what you did came to {size} points less at the end "
                 "than the best other way (the average lies between {low} and {high}; single "
                 "futures differ more).")
    own = _("In your own play the difference was {here}.")
    clear = not other.low <= 0 <= other.high
    low, high = sorted((abs(other.low), abs(other.high))) if clear else (other.low, other.high)
    return " ".join((
        text.format(size=number(abs(other.value), 1), low=number(low, 1), high=number(high, 1)),
        own.format(here=number(other.here, 1, sign=True))))


def _tenths(value: float) -> float:
    """Points to one decimal, without a zero that has a sign."""
    return round(value, 1) + 0.0
