"""What each exploration shows, and what becomes of the predictions: computed, never typed.

An outcome is what the model does, in the words of the question, and a sentence with its numbers.
"""

from __future__ import annotations

from casebook.figures import Picture, lines

from . import experiments
from .sentences import compared, of_breach, of_money, of_people, of_weeks

KINDS = {"ability": "mistake in the work", "integrity": "broken word"}
ABOVE, SAME, BELOW = "above where it began", "about where it began", "below where it began"
ORDER = {"good weeks first": "it ends highest with the good weeks first",
         "bad weeks first": "it ends highest with the bad weeks first",
         "in turns": "it ends highest when they come in turns"}
NO_ORDER = "the order makes hardly any difference"
ORDER_MATTERS = 3.0        # points of 100 between the orders from which the order matters
TURNS, ALWAYS_MORE, ALWAYS_LESS = ("higher at first, lower in the end", "higher all the time",
                                   "lower all the time")
BOTH_UP, BOTH_DOWN = "both rise", "both fall"
WARMER, COOLER = ("affect-based trust rises and cognition-based trust falls",
                  "affect-based trust falls and cognition-based trust rises")
MORE, EQUAL, LESS = "higher", "about the same", "lower"
DENIED = {"kind": "integrity", "steps": 3, "out": 5}          # the prediction about a denial
MODEST, MUCH = (20, 40), (60, 25)                             # friend, implementer; percent
APOLOGY = ("a mistake in the work", "neither: it is about the same", "a broken word")


def picture_of_weeks(good: int, bad: int) -> Picture:
    """The belief in ability, a line for each order."""
    table = experiments.weeks(good, bad)
    return lines(table, "Belief in the manager's ability", "percent",
                 of_weeks(good, bad, table))


def end_of_weeks() -> tuple[str, str]:
    """Where the belief ends, and the numbers."""
    table = experiments.weeks(4, 4)
    start, ends = table.iloc[0, 0], table.iloc[-1]
    return (compared(ends.mean(), start, (ABOVE, SAME, BELOW)),
            f"It began at {start:.0f} % and ended between {ends.min():.0f} % and "
            f"{ends.max():.0f} %.")


def best_order() -> tuple[str, str]:
    """Which order ends highest, if any does."""
    ends = experiments.weeks(4, 4).iloc[-1]
    gap = ends.max() - ends.min()
    outcome = ORDER[ends.idxmax()] if gap >= ORDER_MATTERS else NO_ORDER
    return outcome, f"Between the best and the worst order lie {gap:.1f} points of 100."


def picture_of_breach(kind: str, steps: int, answer: str, offer: int, out: int) -> Picture:
    """Trust with an answer and without one."""
    shown = list(dict.fromkeys(["nothing", answer]))
    table = experiments.breach(kind, steps, shown, out or None, offer)
    text = of_breach(KINDS[kind], answer, table, out or None)
    return lines(table.rename(columns={"nothing": "no answer"}), f"Trust after a {KINDS[kind]}",
                 "trust, percent (part of the scale)", text, whole=False)


def end_of_denial() -> tuple[str, str]:
    """What a denial gains, and what it costs."""
    table = experiments.breach(DENIED["kind"], DENIED["steps"], ["nothing", "deny"], DENIED["out"])
    gap = table["deny"] - table["nothing"]
    first, last = gap.iloc[1:DENIED["out"] + 1].mean(), gap.iloc[-1]
    outcome = TURNS if first > 0 > last else ALWAYS_MORE if last > 0 else ALWAYS_LESS
    return outcome, (f"On the evening of the denial the difference is {gap.iloc[1]:+.1f} points; "
                     f"at the end it is {last:+.1f}.")


def picture_of_people(friend: int, implementer: int) -> Picture:
    """Both kinds of trust, and trust as a whole."""
    table = experiments.with_people(friend, implementer)
    return lines(table, "Two kinds of trust", "percent", of_people(friend, implementer, table))


def end_of_people() -> tuple[str, str]:
    """What more friendship and less implementing do to each kind of trust."""
    less, more = (experiments.with_people(*week).iloc[-1] for week in (MODEST, MUCH))
    cognition, affect = (more.iloc[k] - less.iloc[k] for k in (0, 1))
    outcome = {(True, True): BOTH_UP, (False, True): WARMER, (True, False): COOLER,
               (False, False): BOTH_DOWN}[cognition > 0, affect > 0]
    return outcome, (f"Cognition-based trust goes from {less.iloc[0]:.0f} % to "
                     f"{more.iloc[0]:.0f} %, affect-based trust from {less.iloc[1]:.0f} % to "
                     f"{more.iloc[1]:.0f} %.")


def picture_of_money() -> Picture:
    """What a compensation brings back, by offer and kind of breach."""
    table = experiments.money().rename(columns=lambda name: name.replace(
        "breach of ability", "mistake in the work").replace("breach of integrity", "broken word"))
    return lines(table, "What compensation brings back", "percent of the trust lost",
                 of_money(table))


def end_of_overpaying() -> tuple[str, str]:
    """Twice the loss against the whole loss, after a mistake."""
    whole, twice = (experiments.regained("ability", "compensate", offer) for offer in (100, 200))
    return compared(twice, whole, (MORE, EQUAL, LESS)), ""


def end_of_paying() -> tuple[str, str]:
    """The whole loss against nothing, after a broken word."""
    paid = experiments.regained("integrity", "compensate", 100)
    return compared(paid, 0, (MORE, EQUAL, LESS)), ""


def end_of_apology() -> tuple[str, str]:
    """The same apology after both kinds of breach."""
    mistake, word = (experiments.regained(kind, "apologise") for kind in KINDS)
    return compared(mistake, word, APOLOGY), ""
