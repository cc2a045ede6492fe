"""The part of the page on calibration, which must also say that there has been none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from casebook.study.calibration import CLEAR, MATTERS, OPEN, PULL

from .equations import anchor
from .markdown import count, listed, number, plain, signed, table

NONE_YET = (
    "No calibration has been written down yet. The parameters marked *calibrated* were set by "
    "hand, within their ranges, and nothing is known about how well the facts pin them down.")
MEANS = (
    ("well", "the facts leave it a spread of less than 10 % of its range"),
    ("roughly", "they leave it a spread of less than 20 % of its range"),
    ("hardly", "they leave it more: its value is mostly what the start and the pull made of it"),
    ("does not matter", "moving it across its range hardly changes any fact; it was left alone"),
)


def calibration(found: Mapping[str, Any] | None) -> str:
    """Method, misses before and after, and how far the facts know each number."""
    if found is None:
        return NONE_YET
    parts = [_method(found), _told(found["numbers"]), _numbers(found["numbers"]),
             _tied(found["tied"])]
    return "\n\n".join(parts)


def _method(found: Mapping[str, Any]) -> str:
    fitted = [one for one in found["numbers"] if one["known"] != "does not matter"]
    return (
        f"Calibration played {found['n']} engagements with seed {found['seed']}, the same luck in "
        "every trial, so that a difference is the parameters' doing. It used another seed than "
        "the tables above. "
        "Morris's screening first asked which of the "
        f"{len(found['numbers'])} numbers matter: one whose effect is less than {MATTERS:.0%} of "
        f"the largest was left alone. The other {len(fitted)} were fitted by least squares to the "
        "claims of the facts that calibration may see. A size counts by how far it is off in its "
        f"tolerances; a sign or an order should hold by {CLEAR:g} half-widths of its interval. A "
        f"weak pull (weight {PULL:g}) towards the start decides where the facts cannot. The sum of "
        f"squared misses was {found['before']:.1f} before and {found['after']:.1f} after.")


def _told(numbers: list[Mapping[str, Any]]) -> str:
    """How many numbers are known how well, honestly."""
    counts = Counter(one["known"] for one in numbers)
    rows = table(("known", "meaning", "numbers"),
                 [(word, text, str(counts[word])) for word, text in MEANS])
    return ("That a number was fitted does not mean that the facts tell it. From the slopes at the "
            "end of the fit one can say what spread (standard deviation) they leave open, as a "
            f"share of the range. A number about which they say nothing has {OPEN:.0%}."
            f"\n\n{rows}\n\n"
            "This holds near the fitted values and for the rules as they are; a claim's tolerance "
            "counts as two standard deviations of what is known about it.")


def _numbers(numbers: list[Mapping[str, Any]]) -> str:
    rows = []
    for one in numbers:
        left = "" if _nothing(one["spread"]) else f"{one['spread']:.0%}"
        place = "".join(f"[{index}]" for index in one["place"])
        rows.append((
            f'<a href="#{anchor(one["name"])}">`{one["name"]}{place}`</a>', plain(one["start"]),
            signed(f"{one['value']:.3g}"), f"{plain(one['low'])} to {plain(one['high'])}",
            number(one["effect"]), left, one["known"]))
    return table(("number", "start", "fitted", "range", "effect (Morris, μ*)", "spread left",
                  "known"), rows)


def _nothing(value: float | None) -> bool:
    return value is None or value != value


def _tied(pairs: list) -> str:
    if not pairs:
        return "No two numbers are so tied that the facts cannot tell them apart."
    said = [f"`{one}` and `{other}` (r {number(r)})" for one, other, r in pairs]
    return (f"The facts cannot tell {count(len(pairs), 'pair')} of numbers apart: they know a "
            "combination of the two and not each (r is the correlation of what is left open): "
            f"{listed(said)}.")
