"""Students who play under another name than nbgrader knows them by: ``players.csv`` of a course."""

from __future__ import annotations

import csv
from pathlib import Path

from casebook.errors import CasebookError, Place

from .who import same

FILE = "players.csv"
COLUMNS = ("student_id", "player")


def players(course: Path) -> dict[str, str]:
    """Student id to player, for those who have a line in ``players.csv``.

    Raises
    ------
    CasebookError
        If the file cannot be read, or a student stands twice.
    """
    path = course / FILE
    if not path.exists():
        return {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CasebookError(f"It cannot be read: {error}.", "Save it as CSV in UTF-8.",
                            Place(str(path))) from None
    found: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        student, player = ((row.get(name) or "").strip() for name in COLUMNS)
        if not student or not player:
            raise CasebookError(f"A student or a player is missing; the columns are "
                                f"{' and '.join(COLUMNS)}.", "Complete the line.",
                                Place(str(path), line))
        if student in found:
            raise CasebookError(f"{student!r} stands there twice.", "Keep one of the lines.",
                                Place(str(path), line))
        taken = [other for other, name in found.items() if same(name, player)]
        if taken:
            raise CasebookError(f"{player!r} stands there as the player of {taken[0]!r} as well.",
                                "Two students cannot hand in the same play; keep one of the "
                                "lines.", Place(str(path), line))
        found[student] = player
    return found


def player_of(student: str, course: Path) -> str:
    """The name under which a student plays: the student id unless ``players.csv`` says another."""
    return players(course).get(student, student)
