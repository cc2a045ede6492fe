"""What an instructor has set for the room: in ``assignment.yaml`` beside the play, under ``room``.

A folder with an ``assignment.yaml`` that names this case is an assessed one: other ways can be
tried there after the end only. Everywhere else everything is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.errors import Place, PlayerError

FILE = "assignment.yaml"
PREDICT = ("off", "offered", "asked")
HINTS = ("free", "counted", "off")
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
        raise PlayerError("The room's rules are not a mapping.",
                          "Write room: {predictions: asked, hints: free}.", place)
    for key, wish in wishes.items():
        if key not in KEYS:
            raise PlayerError(f"The room's rules have a key {key!r} that is not known.",
                              f"The keys are: {', '.join(KEYS)}.", place)
        # YAML reads the word off as false.
        if ("off" if wish is False else wish) not in KEYS[key]:
            raise PlayerError(f"The room's rule for {key} is {wish!r}.",
                              f"Give one of: {', '.join(KEYS[key])}.", place)
    said = {key: "off" if wish is False else wish for key, wish in wishes.items()}
    return Rules(assessed, said.get("predictions", "offered"), said.get("hints", "free"))


def rules_in(folder: Path | None, case: str) -> Rules:
    """The rules for a play of ``case`` (an id) that is saved in ``folder``.

    Raises
    ------
    PlayerError
        If the ``assignment.yaml`` there cannot be read: a play that may be assessed is not opened
        by rules that are guessed.
    """
    path = Path(folder) / FILE if folder is not None else None
    if path is None or not path.is_file():
        return Rules()
    import yaml

    from casebook.yaml_text import from_yaml

    try:
        data = from_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PlayerError(f"{FILE} cannot be read: {error}", "Put back the file that you received.",
                          Place(str(path))) from None
    if not isinstance(data, Mapping):
        return Rules()
    named = str(data.get("case", ""))
    assessed = named == case or Path(named).name == case
    return room_rules(data.get("room"), Place(str(path)), assessed) if assessed else Rules()
