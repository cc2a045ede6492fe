"""What an assignment's notebook calls. Every function here is one line in a cell.

A check that is passed gives its points, which nbgrader reads as partial credit; one that is not
raises :class:`~casebook.grading.failed.CheckFailed`, shown as a sentence. A table that is not there
yet says so, and says it again where it is used. Everything works offline and from files beside
the notebook; nothing opens a widget.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casebook.study.tables import MEASURES, turns

from . import answers
from .answers import choice, name, number
from .assignment import Assignment, read_assignment
from .failed import CheckFailed, lines, or_not_yet
from .handin import before_you_hand_in, handing_in, reset
from .own import OwnFigures
from .own import own_figures as _own_figures
from .plays import Found, counted
from .points import decisions_points, finished_points
from .situations import Situations, drawn, right_letters
from .tryout import goals_reached as _goals_reached
from .tryout import try_weeks
from .who import named

if TYPE_CHECKING:
    import pandas as pd

    from .whatif import OtherStory

__all__ = [
    "a_number", "answered", "at_the_end", "before_you_hand_in", "choice", "goals_reached",
    "handing_in", "letters", "my_decisions", "my_predictions", "my_turns", "name", "number",
    "own_figures",
    "own_situations", "play_decisions", "play_finished", "reset", "right_situations", "try_weeks",
    "what_if", "who",
]


def who(me: Any) -> None:
    """Say under which name plays are kept and handed in (CheckFailed where there is none)."""
    print(f"You work as {named(me)!r}. Use the same number whenever you play for this course.")


def answered(answer: Any, choices: str | Iterable[str]) -> None:
    """Say that one of ``choices`` was answered, not whether it is right (CheckFailed if none was).

    It gives no value: nbgrader would take one for points when a student validates the notebook.
    """
    _noted(answers.answered(answer, choices))


def a_number(answer: Any, unit: str = "") -> None:
    """Say that a number was answered, not whether it is right (CheckFailed if none was)."""
    _noted(f"{answers.a_number(answer, unit):.6g}{f' {unit}' if unit else ''}")


def letters(answer: Any, count: int, choices: str) -> None:
    """Say that ``count`` letters were answered, not whether they are right (CheckFailed if not)."""
    _noted(answers.letters(answer, count, choices))


def _noted(given: str) -> None:
    print(lines(f"Answered: {given}. Whether it is right is told when it has been graded."))


@or_not_yet
def own_figures(me: Any, sheet: str) -> OwnFigures:
    """The figures of a sheet of ``own.yaml`` that are this student's own."""
    return _own_figures(sheet, named(me))


@or_not_yet
def own_situations(me: Any) -> Situations:
    """The situations that are this student's own, as a numbered list."""
    return drawn(named(me))


def right_situations(me: Any, answer: Any, key: Mapping[str, str], points: float) -> float:
    """Points for the roles that a student sees in their own situations, one letter for each.

    Raises
    ------
    CheckFailed
        If the letters are no such letters, or none of them is right.
    """
    earned, told = right_letters(answer, drawn(named(me)), key, points)
    print(lines(told))
    return earned


def goals_reached(trial: Any, points: float) -> float:
    """Points for a division of the week that reaches the goals; a part for some of them.

    Raises
    ------
    CheckFailed
        If there is no division yet, or it reaches no goal.
    """
    earned, told = _goals_reached(trial, points)
    print(lines(told))
    return earned


def play_finished(me: Any, points: float) -> float:
    """Points for a play of one's own, whole and to its end; a part for a part of the play.

    Raises
    ------
    CheckFailed
        If no play of the student's own lies beside the notebook.
    """
    earned, told = finished_points(_own(me), points)
    print(lines(told))
    return earned


def play_decisions(me: Any, points: float) -> float:
    """Points for decisions, relative to what managers reach on the same luck.

    Raises
    ------
    CheckFailed
        If there is no play of the student's own, or it is not over.
    """
    assignment = read_assignment()
    earned, told = decisions_points(counted(assignment, named(me)), assignment, points)
    print(lines(told))
    return earned


@or_not_yet
def my_turns(me: Any, percent: bool = True) -> pd.DataFrame:
    """The play that counts as a table: one row for each turn and contact.

    The columns are those of :func:`casebook.study.tables.turns`. Measures are in percent, from 0 to
    100, rounded to one decimal; with ``percent=False`` from 0 to 1, as pictures take them.
    """
    assignment = read_assignment()
    found = counted(assignment, named(me))
    table = turns(found.play)
    if not percent:
        return table
    from .shown import Shown

    print(lines(_which(assignment, found)))
    table[list(MEASURES)] = _percent(table)
    return Shown(table)


def _percent(table: pd.DataFrame) -> pd.DataFrame:
    """The measures of a table in percent, to one decimal."""
    return (table[list(MEASURES)] * 100).round(1)


@or_not_yet
def at_the_end(me: Any) -> pd.DataFrame:
    """How each contact stood after the last turn: one row each, measures in percent."""
    table = my_turns.found(me, percent=False)
    table[list(MEASURES)] = _percent(table)
    last = table[table["turn"] == table["turn"].max()]
    return last.set_index("name")[list(MEASURES)]


@or_not_yet
def my_decisions(me: Any) -> pd.DataFrame:
    """The incidents of the play that counts: what was chosen, and what else was on offer."""
    from .shown import Shown
    from .whatif import offers

    play = _own(me).play
    titles = {one.id: one.title for one in play.case.incidents}
    says = {(one.id, r.id): r.say for one in play.case.incidents for r in one.responses}
    rows = [(id, titles[id], response, response == chosen, says[id, response])
            for id, (chosen, others) in offers(play).items() for response in (chosen, *others)]
    columns = ["incident", "title", "response", "you chose it", "what it says"]
    return Shown(rows, columns=columns)


@or_not_yet
def my_predictions(me: Any) -> pd.DataFrame:
    """What was predicted in the play that counts, and what came: a row for each prediction."""
    from casebook.study import foretold

    return foretold(_own(me).replay)


@or_not_yet
def what_if(me: Any, incident: Any, response: Any) -> OtherStory:
    """The play that counts with another response to one incident, on the same luck.

    Where the play is not over, or the response was not on offer, it says so.
    """
    from .whatif import other_story

    found = _own(me)
    if not isinstance(incident, str) or not isinstance(response, str):
        raise CheckFailed("You have not chosen an incident and another response yet.",
                          "Write both ids between quotation marks, as they stand in the list of "
                          "your decisions.")
    return other_story(found.play, incident.strip(), response.strip())


def _own(me: Any) -> Found:
    """The student's play that counts."""
    return counted(read_assignment(), named(me))


def _which(assignment: Assignment, found: Found) -> str:
    rule = {"first": "the first counts", "best": "the best counts", "last": "the last counts"}
    own = f"Attempt {found.attempt} of at most {assignment.allowed}; {rule[assignment.counts]}"
    if not found.finished:
        return f"{own}. It is at turn {len(found.play.turns)}; the play is not over yet."
    return f"{own}. It has {len(found.play.turns)} turns and ended with " \
           f"“{found.play.outcome.ending.title}”."
