"""Who is at work: the name that a student gives, and the student whose work is being graded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from casebook.engagement.engagement import check_player
from casebook.engagement.transcript import one_spelling
from casebook.errors import PlayerError

from .failed import CheckFailed

#: Set by the casebook's parts in nbgrader: the player whose work is graded.
STUDENT = "CASEBOOK_STUDENT"
#: Set by nbgrader: ``autograde`` or ``validate``.
EXECUTION = "NBGRADER_EXECUTION"


def named(me: Any) -> str:
    """The player that a student names in the cell *Who you are*.

    Raises
    ------
    CheckFailed
        If there is no name yet, or, while work is graded, it is not that of the student who
        handed it in.
    """
    if me is Ellipsis or me is None:
        raise CheckFailed("You have not said who you are.",
                          "In the cell “Who you are”, put your student number between quotation "
                          'marks: me = "s1234567". Then run it.')
    name = str(me) if isinstance(me, int) and not isinstance(me, bool) else me
    try:
        check_player(name, 1)
    except PlayerError as error:
        raise CheckFailed(str(error)) from None
    graded = graded_student()
    if graded is not None and not same(name, graded):
        raise CheckFailed(
            f"This notebook says that it is the work of {name!r}, but {graded!r} handed it in.",
            "Put the student number under which you hand in into the cell “Who you are”, and play "
            "under that number. If your school knows you by both, tell your instructor.")
    return one_spelling(name)


def graded_student() -> str | None:
    """The player whose work is graded here, or None where nobody grades.

    Stock nbgrader runs a notebook in ``<step>/<student>/<assignment>``; the casebook's own
    parts say the player in the environment.
    """
    if os.environ.get(EXECUTION) != "autograde":
        return None
    return os.environ.get(STUDENT) or Path.cwd().resolve().parent.name


def same(one: str, other: str) -> bool:
    """Whether two texts name the same player: upper and lower case count alike."""
    return one_spelling(one) == one_spelling(other)
