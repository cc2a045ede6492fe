"""Checks of single answers: a choice, a number, a name."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from typing import Any

from .assignment import defaults
from .failed import CheckFailed, lines

LEEWAY = 0.02      # of what is expected, for a value that is a factor of 100 off and rounded


def answered(answer: Any, choices: str | Iterable[str]) -> str:
    """The answer as one of ``choices``; upper and lower case count alike.

    ``choices`` is a text of letters, such as ``"ABCD"``, or several names.

    Raises
    ------
    CheckFailed
        If nothing is answered yet, or it is none of these.
    """
    offered = list(choices)
    if _empty(answer):
        raise CheckFailed("You have not answered this yet.",
                          f"Replace the three dots by one of {_listed(offered)}.")
    if not isinstance(answer, str):
        raise CheckFailed(f"The answer is {_shown(answer)}.",
                          f"Write one of {_listed(offered)}, with quotation marks.")
    for choice in offered:
        if choice.casefold() == answer.strip().casefold():
            return choice
    raise CheckFailed(f"The answer is {_shown(answer)}.", f"Write one of {_listed(offered)}.")


def choice(answer: Any, right: str, hint: str, points: float,
           choices: str | Iterable[str] = "ABCD") -> float:
    """Points for the right one of several choices.

    Raises
    ------
    CheckFailed
        If it is another one; the text is ``hint``, where to look.
    """
    given = answered(answer, choices)
    if given != right:
        raise CheckFailed(f"{given} is not the answer that the case supports best.", hint)
    return float(points)


def a_number(answer: Any, unit: str = "") -> float:
    """The answer as a number.

    Raises
    ------
    CheckFailed
        If nothing is answered yet, or it is no number.
    """
    if _empty(answer):
        raise CheckFailed("You have not answered this yet.", "Replace the three dots by your line.")
    if isinstance(answer, bool) or not isinstance(answer, Real) or not _finite(answer):
        raise CheckFailed(f"The answer is {_shown(answer)}, not a number.",
                          f"Write a number{f' ({unit})' if unit else ''} or a line that computes "
                          "one, without quotation marks, and a point for decimals.")
    return float(answer)


def _finite(value: Real) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False             # a whole number of hundreds of digits


def number(answer: Any, expected: float, tolerance: float, hint: str, points: float,
           unit: str = "") -> float:
    """Points for a number within ``tolerance`` of what is expected.

    A value that is right but for its sign, or for a factor of 100, earns a part of the points
    (``numbers: half`` in ``settings.yaml``).

    Parameters
    ----------
    answer : what the student wrote
    expected, tolerance : float, in ``unit``
    hint : str
        Where to look.

    Raises
    ------
    CheckFailed
        If it is another number. What was expected is told, since it is this student's own.
    """
    given = a_number(answer, unit)
    told = f"{expected:.4g}{f' {unit}' if unit else ''}"
    if abs(given - expected) <= tolerance:
        return float(points)
    half = defaults()["numbers"]["half"] * points
    if abs(given + expected) <= tolerance:
        print(lines(f"Right but for its sign: {given:.4g} was given and {told} expected. {hint}"))
        return half
    for factor in (100, 0.01):
        # A share of 0.42 stands for 42 %, but 0 does not stand for a small number of percent.
        within = max(tolerance * min(1, factor), LEEWAY * abs(expected))
        if abs(given * factor - expected) <= within:
            print(lines(f"Right but for a factor of 100: {given:.4g} was given and {told} "
                        f"expected. {hint}"))
            return half
    raise CheckFailed(f"{given:.4g} was given and {told} expected.", hint)


def name(answer: Any, right: str | Iterable[str], choices: Iterable[str], hint: str,
         points: float) -> float:
    """Points for naming one of ``right`` out of ``choices``, such as the names of the contacts.

    Raises
    ------
    CheckFailed
        If it is none of these.
    """
    offered = list(choices)
    given = answered(answer, offered)
    accepted = [right] if isinstance(right, str) else list(right)
    if given not in accepted:
        raise CheckFailed(f"{given} was given and {_listed(accepted)} expected.", hint)
    return float(points)


def letters(answer: Any, count: int, choices: str) -> str:
    """An answer of ``count`` letters, spaces left out, such as one for each situation.

    Raises
    ------
    CheckFailed
        If nothing is answered yet, or the letters are too few, too many, or others.
    """
    if _empty(answer):
        raise CheckFailed("You have not answered this yet.",
                          f"Replace the three dots by {count} letters between quotation marks.")
    if not isinstance(answer, str):
        raise CheckFailed(f"The answer is {_shown(answer)}.", "Write letters between quotation "
                          "marks.")
    given = "".join(answer.replace(",", " ").split()).upper()
    if len(given) != count:
        raise CheckFailed(f"There are {len(given)} letters and {count} were expected.",
                          "Write one letter for each, in order.")
    strange = sorted(set(given) - set(choices))
    if strange:
        raise CheckFailed(f"{strange[0]} stands for nothing here.",
                          f"Use {_listed(list(choices))}.")
    return given


def _empty(answer: Any) -> bool:
    return answer is Ellipsis or answer is None or (
        isinstance(answer, str) and answer.strip() in ("", "...", "?"))


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + " or " + names[-1]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
