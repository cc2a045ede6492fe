"""Sentences whose numbers are the model's: they change when its parameters do.

A lesson's own prose states no number of the model, since calibration may move it.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from casebook.model import Parameters
from casebook.model.evidence import add

from .experiments import regained
from .small import Story

NEAR = 1.0          # points of 100 that count as "about the same"
CHOSEN = "chosen by the casebook's makers"


def points(value: float) -> str:
    """A change in points, in words: "3 points higher", "unchanged"."""
    whole = round(abs(value))
    if whole == 0:
        return "about the same"
    return f"{whole} point{'s' if whole > 1 else ''} {'higher' if value > 0 else 'lower'}"


def source(name: str, p: Parameters) -> str:
    """Where a parameter comes from, in words."""
    about = p.about[name]
    if about["source"] == "calibrated":
        return f"fitted to published findings ({about['cite']})"
    return about.get("cite", CHOSEN)


def first_impression(p: Parameters) -> str:
    """The weight of the first impression."""
    return (f"In the casebook's model the first impression weighs as much as "
            f"{p.evidence.prior_weight:g} clear observations. "
            f"Source: {source('evidence.prior_weight', p)}.")


def bad_news(p: Parameters) -> str:
    """How much more bad evidence weighs."""
    ability, benevolence, integrity = p.evidence.negativity
    return (f"In the casebook's model bad news about ability counts {ability:.1f} times as much as "
            f"good news, bad news about benevolence {benevolence:.1f} times, and bad news about "
            f"integrity {integrity:.1f} times. Source: {source('evidence.negativity', p)}.")


def firm_belief(p: Parameters) -> str:
    """How much of contrary evidence somebody who is sure discounts."""
    story = Story.begin(0.0, p)
    sure = story.state.but(pros=story.state.pros + 16)
    hit = add(sure, p, cons={2: 1.0}).cons[0, 0, 2] / p.evidence.negativity[2]
    return (f"In the casebook's model somebody who is completely sure discounts "
            f"{p.evidence.confirmation * 100:.0f} % of contrary evidence, and somebody less sure "
            f"discounts less. For 16 observations and no counter-example it is "
            f"{(1 - hit) * 100:.0f} %. "
            f"Source: {source('evidence.confirmation', p)}.")


def two_trusts(p: Parameters) -> str:
    """What each kind of trust is made of."""
    names = ("ability", "benevolence", "integrity")

    def mix(weights, share: float) -> str:
        return ", ".join(f"{100 * share * w:.0f} % {name}"
                         for w, name in zip(weights, names, strict=True))

    help_ = p.trust.affect_citizenship
    return (f"In the casebook's model cognition-based trust is {mix(p.trust.cognition, 1)}. "
            f"Affect-based trust is {mix(p.trust.affect, 1 - help_)}, and {100 * help_:.0f} % "
            f"help beyond the contract. Source: {source('trust.cognition', p)}.")


TOPICS: dict[str, Callable[[Parameters], str]] = {
    "first-impression": first_impression, "bad-news": bad_news, "firm-belief": firm_belief,
    "two-trusts": two_trusts,
}


def of_weeks(good: int, bad: int, table: pd.DataFrame) -> str:
    """What the good and the bad weeks came to."""
    start, ends = table.iloc[0, 0], table.iloc[-1]
    told = ", ".join(f"{value:.0f} % with {order}" if order != "in turns" else
                     f"{value:.0f} % in turns" for order, value in ends.items())
    return (f"{good} good and {bad} bad weeks. The belief in the manager's ability began at "
            f"{start:.0f} % and ended at {told}. On the way it was as high as "
            f"{table.max().max():.0f} % and as low as {table.min().min():.0f} %.")


def of_breach(what: str, answer: str, table: pd.DataFrame, out: int | None) -> str:
    """What a breach cost, what the answer gave back, and where trust stood at the end."""
    silent = table["nothing"]
    text = (f"The {what} took trust from {silent.iloc[0]:.0f} % to {silent.iloc[1]:.0f} %. After "
            f"{len(table) - 2} weeks of sound work and no answer it stands at "
            f"{silent.iloc[-1]:.0f} %.")
    if answer == "nothing":
        return text
    answered = table[answer]
    gap = answered - silent
    text += (f" With your answer ({answer}) trust is {points(gap.iloc[1])} at once")
    if answer == "deny" and out:
        text += (f", {points(gap.iloc[out + 1])} in week {out}, when the truth comes out,")
    return text + f" and {points(gap.iloc[-1])} at the end, compared with no answer."


def of_people(friend: int, implementer: int, table: pd.DataFrame) -> str:
    """Where both kinds of trust stand after the weeks."""
    rest = 100 - friend - implementer
    end = table.iloc[-1]
    return (f"Friend {friend} %, implementer {implementer} %, and {rest} % for coach and "
            f"politician. After {len(table) - 1} weeks cognition-based trust stands at "
            f"{end.iloc[0]:.0f} %, affect-based trust at {end.iloc[1]:.0f} %, trust as a whole at "
            f"{end.iloc[2]:.0f} %.")


def of_money(table: pd.DataFrame) -> str:
    """What money brought back, and what an apology brought back for nothing."""
    mistake, word = table.columns

    def at(offer: int, column: str) -> str:
        return f"{abs(table.loc[offer, column]):.0f} %"

    apology = [f"{regained(kind, 'apologise'):.0f} %" for kind in ("ability", "integrity")]
    return (f"After a mistake in the work, the whole loss brings back {at(100, mistake)} of the "
            f"trust that was lost; twice the loss brings back {at(200, mistake)}. After a broken "
            f"word, the whole loss brings back {at(100, word)} and twice the loss "
            f"{at(200, word)}. An apology alone brings back {apology[0]} after the "
            f"mistake and {apology[1]} after the broken word.")


def compared(after: float, before: float, words: tuple[str, str, str]) -> str:
    """One of three words, for more, about the same, and less."""
    if abs(after - before) < NEAR:
        return words[1]
    return words[0] if after > before else words[2]

