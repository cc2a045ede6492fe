"""Reading what a student typed, and saying whether it is right, or why not yet."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from .exercises import PERCENT, Exercise

#: How far beside the right answer still counts as rounding, in percent points.
ROUNDING = 0.51
#: How near a typed number must be to a known slip for the slip to be named.
LIKE_A_SLIP = 0.6
_SIGN = re.compile(r"(%|％|percent|per cent)$", re.IGNORECASE)
_FRACTION = re.compile(r"^(\d+)\s*[/÷:]\s*(\d+)$")


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and what to tell the student."""

    right: bool
    text: str


def read_number(typed: str, unit: str) -> float | None:
    """The number that was typed, in ``unit``; None where there is no number in it.

    A percent may be typed as 62, 62 %, 0.62, 0,62 or 5/8: without a sign, a number up to 1 is
    read as a share of the whole.
    """
    text = typed.strip().replace("\u00a0", " ")
    signed = _SIGN.search(text)
    text = _SIGN.sub("", text).strip()
    fraction = _FRACTION.match(text)
    if fraction:
        below = int(fraction[2])
        value = int(fraction[1]) / below if below else math.nan
    else:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return None
    if not math.isfinite(value):
        return None
    whole = unit == PERCENT and not signed and 0 <= value <= 1
    return value * 100 if whole else value


def check(exercise: Exercise, typed: str) -> Verdict:
    """Right, or not yet, with the reason. Never an error, whatever was typed."""
    if not typed.strip():
        return Verdict(False, "Type your answer in the box first.")
    value = read_number(typed, exercise.unit)
    if value is None:
        example = "62 or 62 %" if exercise.unit == PERCENT else "3"
        return Verdict(False, "Not yet. I could not read a number there. Type only the number, "
                              f"such as {example}.")
    if abs(value - exercise.answer) <= ROUNDING * (exercise.unit == PERCENT) + 1e-9:
        return Verdict(True, f"Right. {exercise.working}")
    return Verdict(False, f"Not yet. {_reason(exercise, value)}")


def _reason(exercise: Exercise, value: float) -> str:
    near = LIKE_A_SLIP if exercise.unit == PERCENT else 1e-9
    for slip in exercise.slips:
        if abs(value - slip.value) <= near:
            return slip.why
    if exercise.unit == PERCENT:
        if not 0 <= value <= 100:
            return "A belief is a share of the whole, so it lies between 0 % and 100 %."
        if abs(value - exercise.answer) <= 1.5:
            return ("You are very near. Round to the nearest whole percent: from a half "
                    "upwards, round up.")
        if abs(value - (100 - exercise.answer)) <= near:
            return "That is the other part, the share that speaks against."
        low = value < exercise.answer
        return f"That is too {'low' if low else 'high'}. {exercise.hint}"
    return f"That is too {'few' if value < exercise.answer else 'many'}. {exercise.hint}"
