"""Answers at a terminal: what a player types becomes an action of the room."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casebook.language import _

from .. import phrases

if TYPE_CHECKING:
    from .talk import Talk

SURE = 50                        # percent, where the player says nothing
SHOWN = 40                       # characters of a reason that is kept, as it is shown again


class Cancelled(Exception):
    """The player leaves a question that a key has asked."""


def prompt(view: Mapping[str, Any]) -> str:
    """What stands before the cursor."""
    ask = view["ask"]
    if ask["kind"] == "end":
        return _("The play is over (? lists what you can look at, q stops): ")
    if ask["kind"] == "incident":
        return _("What do you do? ")
    shares = phrases.shares_text(role["share"] for role in ask["roles"])
    return _("A number, {count} percents that add up to 100, or nothing for {shares}: ").format(
        count=len(ask["roles"]), shares=shares)


def answer(talk: Talk, typed: str) -> None:
    """Take what was typed as the answer to what is asked."""
    kind = talk.view["ask"]["kind"]
    if kind == "plan":
        _plan(talk, typed)
    elif kind == "incident":
        _incident(talk, typed)
    else:
        talk.screen.line(_("Type one of the keys: ? lists them, q stops."))


def _plan(talk: Talk, typed: str) -> None:
    ask = talk.view["ask"]
    ids = [role["id"] for role in ask["roles"]]
    numbers = [int(word) for word in re.findall(r"-?\d+", typed)]
    if not typed:
        numbers = [role["share"] for role in ask["roles"]]
    elif len(numbers) == 1 and 1 <= numbers[0] <= len(ask["presets"]):
        shares = ask["presets"][numbers[0] - 1]["shares"]
        numbers = [shares.get(id, 0) for id in ids]
    if len(numbers) != len(ids):
        talk.screen.line(_("Type the number of a plan, or {count} percents such as {shares}.")
                         .format(count=len(ids), shares=phrases.shares_text(
                             role["share"] for role in ask["roles"])))
        return
    talk.decide({"do": "plan", "turn": talk.view["turn"],
                 "shares": dict(zip(ids, numbers, strict=True))})


def _incident(talk: Talk, typed: str) -> None:
    response = _response(talk, typed)
    if response is None:
        return
    said = predictions(talk) if _needed(talk) and talk.view["ask"].get("predict") else {}
    _respond(talk, response, said)


def predict(talk: Talk) -> None:
    """Choose a response, say what is expected of each person, then take it."""
    if not talk.view["ask"].get("predict"):
        talk.screen.line(_("There is nothing to predict here."))
        return
    response = None
    while response is None:
        response = _response(talk, talk.sub(_("Of which response? ")))
    _respond(talk, response, predictions(talk))


def _response(talk: Talk, typed: str) -> str | None:
    responses = talk.view["ask"]["responses"]
    if typed.isdecimal() and 1 <= int(typed) <= len(responses):
        return responses[int(typed) - 1]["id"]
    talk.screen.line(_("Type a number from 1 to {last}, or q to stop.").format(
        last=len(responses)))
    return None


def _respond(talk: Talk, response: str, said: Mapping[str, Any]) -> None:
    turn = talk.view["turn"]
    talk.decide({"do": "respond", "turn": turn, "incident": talk.view["ask"]["id"],
                 "response": response, **said})
    if said and talk.view["turn"] == turn:
        talk.screen.line(_("What you entered is kept; p goes on with it."))


def _needed(talk: Talk) -> bool:
    """Whether no response is taken without predictions."""
    return talk.view.get("rules", {}).get("predict") == "asked"


def predictions(talk: Talk) -> dict[str, Any]:
    """What the player expects of each person, how sure they are, and why.

    It goes into the draft as it is typed, so that a refusal or ``q`` loses nothing of it.
    """
    found, draft, needed = talk.view["ask"]["predict"], talk.draft(), _needed(talk)
    choices, made = list(found["choices"]), []
    _how(talk, found["choices"], needed)
    for person in found["people"]:
        one = draft["said"].setdefault(person["id"], {})
        one["expects"] = _number(talk, f"  {person['name']}: ", range(1, len(choices) + 1),
                                 needed, one.get("expects"))
        if one["expects"] is not None:
            low, high = found["sure"][0], found["sure"][-1]
            sure = _number(talk, "  " + _("How sure, {low} to {high} percent? ").format(
                low=low, high=high), range(low, high + 1), needed, one.get("sure"))
            one["sure"] = SURE if sure is None else sure
            made.append({"contact": person["id"], "expects": choices[one["expects"] - 1],
                         "sure": one["sure"]})
    if not made and not needed:
        return {}
    draft["because"] = _because(talk, needed, draft["because"])
    return {"predictions": made, "because": draft["because"]}


def _how(talk: Talk, choices: Mapping[str, str], needed: bool) -> None:
    """How predictions are typed."""
    words = ", ".join(f"{place} {words}" for place, words in enumerate(choices.values(), 1))
    talk.screen.line((_("How will each take it? {words}.") if needed else _(
        "How will each take it? {words}; nothing for no prediction.")).format(words=words))
    if any(one.get("expects") for one in talk.draft()["said"].values()):
        talk.screen.line(_("Enter keeps what stands in brackets.") if needed else _(
            "Enter keeps what stands in brackets; - takes it away."))


def _number(talk: Talk, question: str, allowed: range, needed: bool,
            kept: int | None = None) -> int | None:
    """A number of a range, or None for nothing where none is needed; asked until it is one."""
    while True:
        typed = talk.sub(question if kept is None else f"{question}[{kept}] ")
        if not typed and kept is not None:
            return kept
        if typed in ("", "-") and not needed:
            return None
        if typed.isdecimal() and int(typed) in allowed:
            return int(typed)
        talk.screen.line((_("Type a number from {low} to {high}.") if needed else _(
            "Type a number from {low} to {high}, or nothing.")).format(
                low=allowed[0], high=allowed[-1]))


def _because(talk: Talk, needed: bool, kept: str) -> str:
    """Why the player thinks so; asked until it is said where it is needed."""
    question = _("Why do you think so?") + " " if needed else _(
        "Why do you think so? (nothing to leave it) ")
    if kept:
        question += f"[{textwrap.shorten(kept, SHOWN, placeholder='…')}] "
    while True:
        typed = talk.sub(question)
        if not needed:
            return "" if typed == "-" else typed or kept
        if typed or kept:
            return typed or kept
        talk.screen.line(_("Say first why you expect this.") + " " + _(
            "One sentence is enough."))
