"""Points as text in files of an LMS, both ways."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*|[+-]?[.,][0-9]+")
EXACT_PLACES, PLACES = 4, 2
# Both systems show two decimals: what differs by no more than half of the last is the same.
SAME = Decimal("0.005")


def number(text: str) -> Decimal | None:
    """The number that a cell says, or None.

    The last comma or point is the decimal mark, as Canvas reads it.
    """
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return None
    *before, last = re.split(r"[.,]", text)
    return Decimal("".join(before) + "." + last) if before else Decimal(last)


def exact(points: float) -> Decimal:
    """Points without the noise of binary fractions."""
    return Decimal(repr(round(float(points), 9)))


def written(points: Decimal, comma: bool = False) -> str:
    """Points as they are written: no exponent, no needless zeros.

    Up to four decimals are written as they are. A longer number is rounded to two.
    """
    places = max(0, -points.normalize().as_tuple().exponent)
    if places > EXACT_PLACES:
        points = points.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    text = f"{points:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in ("-0", "") else text
    return text.replace(".", ",") if comma else text


def same(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers are the same to two decimals, however they were rounded."""
    return abs(one - other) <= SAME
