"""What may be done in a play: predictions, hints, other ways. An instructor sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casebook.errors import Place, PlayerError
from casebook.language import _

PREDICT = ("off", "offered", "asked")
HINTS = ("free", "counted", "off")
HINT_TIERS = 3
KEYS = {"predictions": PREDICT, "hints": HINTS}


@dataclass(frozen=True)
class Rules:
    """What may be done in this play.

    Attributes
    ----------
    assessed : bool
        Whether the play counts: then other ways can be tried after its end only.
    predict : str
        ``off``, ``offered`` or ``asked``: whether a response needs predictions before it.
    hints : str
        ``free``, ``counted`` (they cost marks) or ``off``.
    """

    assessed: bool = False
    predict: str = "offered"
    hints: str = "free"

    def or_else(self, predictions: str | None, hints: str | None) -> Rules:
        """These rules, or for a play that is not assessed those that the notebook wishes."""
        wishes = {key: wish for key, wish in (("predictions", predictions), ("hints", hints))
                  if wish is not None}
        return self if self.assessed or not wishes else room_rules(wishes, Place("play"), False)


def room_rules(data: Any, place: Place, assessed: bool) -> Rules:
    """The rules in the ``room`` part of an ``assignment.yaml`` (PlayerError if it is wrong)."""
    wishes = data if data is not None else {}
    if not isinstance(wishes, Mapping):
        raise PlayerError(_("The room's rules are not a mapping."),
                          _("Write this: {example}.").format(
                              example="room: {predictions: asked, hints: free}"), place)
    for key, wish in wishes.items():
        if key not in KEYS:
            raise PlayerError(_("The room's rules have a key {key} that is not known.").format(
                key=repr(key)), _("The keys are: {keys}.").format(keys=", ".join(KEYS)), place)
        # YAML reads the word off as false.
        if ("off" if wish is False else wish) not in KEYS[key]:
            raise PlayerError(_("The room's rule for {key} is {wish}.").format(
                key=key, wish=repr(wish)),
                _("Give one of: {words}.").format(words=", ".join(KEYS[key])), place)
    said = {key: "off" if wish is False else wish for key, wish in wishes.items()}
    return Rules(assessed, said.get("predictions", "offered"), said.get("hints", "free"))
