"""What an instructor sets for an assignment: ``assignment.yaml`` beside its notebook.

nbgrader copies the instructor's own file over the student's before it grades, so that nobody sets
these for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from casebook import case as cases
from casebook.case import Account, Case
from casebook.engagement.allowed import Rules, room_rules
from casebook.errors import CasebookError, Place
from casebook.yaml_text import from_yaml, read_only

from .failed import AssignmentError

FILE = "assignment.yaml"
COUNTS = ("first", "best", "last")
#: What a test cell rests on: an own play at all, its end, or its decisions.
RESTS = ("own-play", "finished", "decisions")
MOST_ATTEMPTS = 20
_KEYS = {"format", "title", "case", "attempts", "credit", "cells", "room"}


@dataclass(frozen=True)
class Credit:
    """How decisions become points: linear from ``nothing`` to ``full``, shares of the way.

    The way leads from the weakest to the best of the named managers on the play's own luck.
    ``hint`` is the share of the points that a hint costs, where hints are counted.
    """

    nothing: float
    full: float
    hint: float = 0.0


@dataclass(frozen=True)
class Assignment:
    """The settings of one assignment.

    Attributes
    ----------
    case : str
        The id of a case, or a case folder beside the notebook; empty where nothing is played.
    allowed : int
        Attempts numbered 1 to this may be handed in.
    counts : str
        Which of them counts: ``first``, ``best`` (most points for decisions) or ``last``.
    cells : mapping of str to str
        For each test cell that rests on the play, by ``grade_id``: one of :data:`RESTS`.
    room : Rules
        What may be done while playing: predictions, hints.
    """

    title: str
    case: str
    allowed: int
    counts: str
    credit: Credit
    cells: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path(".")
    room: Rules = Rules(assessed=True)

    def read_case(self, id: str | None = None) -> Case | Account:
        """The case of this assignment (CasebookError if ``id`` names another one)."""
        # A case of the casebook is never taken from a folder: a student could hand one in.
        own = self.folder / self.case
        known = self.case in cases.bundled()
        case = _read_case(self.case if known or not own.is_dir() else str(own.resolve()))
        if id not in (None, case.id):
            raise CasebookError(f"This assignment plays {case.id!r}.")
        return case


@lru_cache(maxsize=16)
def _read_case(where: str) -> Case | Account:
    """A case, read once for all the cells of a notebook."""
    return cases.read(where)


@lru_cache(maxsize=1)
def defaults() -> Mapping[str, Any]:
    """The casebook's own settings (``settings.yaml``)."""
    text = Path(__file__).with_name("settings.yaml").read_text(encoding="utf-8")
    return read_only(from_yaml(text))


def read_assignment(folder: str | Path = ".") -> Assignment:
    """The settings in ``assignment.yaml`` of a folder.

    Raises
    ------
    AssignmentError
        If the file is missing or wrong; the text names the key.
    """
    path = Path(folder) / FILE
    try:
        data = from_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssignmentError(
            f"There is no {FILE} beside the notebook.",
            "Open the notebook in the folder in which you received it.", Place(str(path))) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AssignmentError(f"{FILE} cannot be read: {error}", "Write it as YAML in UTF-8.",
                              Place(str(path))) from None
    return _built(data, Path(folder), Place(str(path)))


def _built(data: Any, folder: Path, place: Place) -> Assignment:
    if not isinstance(data, Mapping) or data.get("format") != 1:
        raise AssignmentError(f"{FILE} does not begin with format: 1.", "Write that line.", place)
    unknown = sorted(set(map(str, data)) - _KEYS)
    if unknown:
        raise AssignmentError(f"{FILE} has a key {unknown[0]!r} that is not known.",
                              f"The keys are: {', '.join(sorted(_KEYS))}.", place)
    base = defaults()
    attempts = {**base["attempts"], **_mapping(data, "attempts", place)}
    credit = {**base["credit"], **_mapping(data, "credit", place)}
    cells = _mapping(data, "cells", place)
    _require(isinstance(data.get("case", ""), str), "case", "the id of a case", place)
    _require(_whole(attempts["allowed"]) and 1 <= attempts["allowed"] <= MOST_ATTEMPTS,
             "attempts: allowed", f"a whole number from 1 to {MOST_ATTEMPTS}", place)
    _require(attempts["counts"] in COUNTS, "attempts: counts", " or ".join(COUNTS), place)
    _require(all(_number(credit[key]) for key in ("nothing", "full"))
             and 0 <= credit["nothing"] < credit["full"] <= 1, "credit",
             "nothing and full, from 0 to 1, nothing below full", place)
    _require(_number(credit["hint"]) and 0 <= credit["hint"] <= 1, "credit: hint",
             "the share of the points that a hint costs, from 0 to 1", place)
    _require(all(rest in RESTS for rest in cells.values()), "cells",
             f"for each grade_id one of {', '.join(RESTS)}", place)
    try:
        room = room_rules(data.get("room"), place, assessed=True)
    except CasebookError as error:
        raise AssignmentError(error.wrong, error.mend, place) from None
    return Assignment(str(data.get("title", folder.resolve().name)), data.get("case", ""),
                      attempts["allowed"], attempts["counts"],
                      Credit(float(credit["nothing"]), float(credit["full"]),
                             float(credit["hint"])),
                      {str(key): rest for key, rest in cells.items()}, folder, room)


def _mapping(data: Mapping, key: str, place: Place) -> Mapping:
    value = data.get(key) or {}
    _require(isinstance(value, Mapping), key, "a mapping", place)
    return value


def _require(holds: bool, key: str, expected: str, place: Place) -> None:
    if not holds:
        raise AssignmentError(f"{FILE}: {key} is not as expected.", f"Give {expected}.", place)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
