"""Answers at a terminal: what a player types becomes an action of the room."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casebook.language import _

from .. import phrases

if TYPE_CHECKING:
    from .talk import Talk

SURE = 50                        # percent, where the player says nothing


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
    asked = talk.view.get("rules", {}).get("predict") == "asked"
    said = predictions(talk) if asked and talk.view["ask"].get("predict") else {}
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
    if typed.isdigit() and 1 <= int(typed) <= len(responses):
        return responses[int(typed) - 1]["id"]
    talk.screen.line(_("Type a number from 1 to {last}, or q to stop.").format(
        last=len(responses)))
    return None


def _respond(talk: Talk, response: str, said: Mapping[str, Any]) -> None:
    talk.decide({"do": "respond", "turn": talk.view["turn"],
                 "incident": talk.view["ask"]["id"], "response": response, **said})


def predictions(talk: Talk) -> dict[str, Any]:
    """What the player expects of each person, how sure they are, and why."""
    found = talk.view["ask"]["predict"]
    choices, made = list(found["choices"]), []
    words = ", ".join(f"{place} {found['choices'][id]}" for place, id in enumerate(choices, 1))
    talk.screen.line(_("How will each take it? {words}; nothing for no prediction.").format(
        words=words))
    for person in found["people"]:
        expects = _number(talk, f"  {person['name']}: ", range(1, len(choices) + 1))
        if expects is not None:
            sure = _number(talk, "  " + _("How sure, {low} to {high} percent? ").format(
                low=found["sure"][0], high=found["sure"][-1]),
                range(found["sure"][0], found["sure"][-1] + 1))
            made.append({"contact": person["id"], "expects": choices[expects - 1],
                         "sure": SURE if sure is None else sure})
    because = talk.sub(_("Why do you think so? (nothing to leave it) ")) if made else ""
    return {"predictions": made, "because": because} if made else {}


def _number(talk: Talk, question: str, allowed: range) -> int | None:
    """A number of a range, or None for nothing; asked until it is one."""
    while True:
        typed = talk.sub(question)
        if not typed:
            return None
        if typed.isdigit() and int(typed) in allowed:
            return int(typed)
        talk.screen.line(_("Type a number from {low} to {high}, or nothing.").format(
            low=allowed[0], high=allowed[-1]))
