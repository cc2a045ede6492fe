"""``casebook course doctor``: what is wrong with submissions, student by student and cell by cell.

It reads files and replays transcripts; it runs no code of a student. What stops nbgrader for
everybody, such as a copied cell, is found here before grading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory

from casebook.engagement import Turn
from casebook.engagement.predictions import Said
from casebook.engagement.transcript import load
from casebook.errors import CasebookError, Place

from .assignment import FILE, Assignment, defaults, read_assignment
from .cells import differences
from .failed import CheckFailed
from .folder import coursedir
from .handedout import read_handed_out
from .notebooks import has_exercises
from .players import player_of
from .plays import Found, own_plays
from .scores import cells_without_score
from .submission import read_handed

LEAST = 5         # decisions with a time, below which nothing is said about how quick they were
#: What a trouble means for the grade: ``error`` costs points or stops grading, ``note`` does not.
SEVERITIES = {
    "link": "error", "missing": "error", "renamed": "error", "unreadable": "error",
    "encoding": "error", "version": "error", "large": "note", "copied": "error",
    "deleted": "error", "stripped": "error", "beside": "error", "altered": "error",
    "edited": "note",
    "foreign": "note", "play": "error", "unfinished": "note", "alike": "note", "quick": "note",
    "tried": "note", "unpredicted": "note", "several": "note", "hinted": "note",
    "ungraded": "error",
}
FIXABLE = ("renamed", "unreadable", "encoding", "version", "large", "copied", "deleted", "stripped",
           "beside",            "altered", "edited", "foreign")
MENDS = {
    "link": "Ask for the file itself; nothing that a link points to is read.",
    "missing": "Ask the student for it. Without it the assignment counts nothing.",
    "renamed": "--fix gives it the name that it was handed out under.",
    "unreadable": "Ask for another copy. --fix puts an empty one in its place, with this reason in "
                  "it, so that it is graded and the student is told.",
    "encoding": "--fix saves it as UTF-8.",
    "version": "--fix saves it in format 4.",
    "large": "--fix takes the outputs out; nbgrader makes them again.",
    "copied": "--fix leaves one, and makes the others ordinary cells.",
    "deleted": "--fix puts it back as it was handed out.",
    "stripped": "--fix makes it known again; the answer stays.",
    "beside": "--fix copies the text into the cell where it is marked.",
    "altered": "--fix sets that back; the answer stays.",
    "edited": "nbgrader puts the original in its place when it grades. --fix does so now.",
    "foreign": "--fix makes it an ordinary cell.",
    "ungraded": "Run `nbgrader autograde ASSIGNMENT --student STUDENT --force` after `--fix`, and "
                "read what it says.",
    "quick": "No person reads and decides so fast: ask the student how it was played.",
    "several": "The one that is over, or longer, counts. Ask which one it should be.",
    "hinted": "The room offers no hints in this assignment: ask where it was played.",
    "tried": "In an assessed play the room allows this after the end only: ask how it was played.",
    "unpredicted": "The room does not take a response without them: ask how it was played.",
    "alike": "Look at both; the same decisions can be chance in a short play.",
}


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong with one submission."""

    assignment: str
    student: str
    kind: str
    text: str
    mend: str = ""
    file: str = ""
    cell: str = ""
    number: int | None = None

    @property
    def severity(self) -> str:
        """``error`` or ``note``."""
        return SEVERITIES[self.kind]

    @property
    def fixable(self) -> bool:
        """Whether ``--fix`` mends it."""
        return self.kind in FIXABLE

    def __str__(self) -> str:
        where = self.file + (f", cell {self.number}" if self.number else "")
        return f"{where}: {self.text} {self.mend}".strip()

    def record(self) -> dict[str, Any]:
        """The trouble as plain data."""
        return {"assignment": self.assignment, "student": self.student, "kind": self.kind,
                "severity": self.severity, "fixable": self.fixable, "file": self.file,
                "cell": self.cell or None, "number": self.number, "text": self.text,
                "mend": self.mend}


@dataclass(frozen=True)
class Submission:
    """A folder that a student handed in."""

    student: str
    assignment: str
    folder: Path


class Ward:
    """A course as the doctor sees it: its folders, and what was handed out."""

    def __init__(self, course: Path):
        self.course = course
        self.dirs: CourseDirectory = coursedir(course)
        self._settings: dict[str, Assignment | None] = {}
        self._plays: dict[Submission, tuple[list[Found], CheckFailed | None]] = {}

    def submissions(self, assignment: str | None = None) -> list[Submission]:
        """Every submission, by assignment and student."""
        root = Path(self.path(self.dirs.submitted_directory, ".", "."))
        return [Submission(folder.parent.name, name, folder)
                for name in ([assignment] if assignment else self.assignments())
                for folder in sorted(root.glob(f"*/{name}"))
                if folder.is_dir() and not folder.is_symlink()]

    def assignments(self) -> list[str]:
        """The assignments that were released."""
        root = Path(self.path(self.dirs.release_directory, ".", "."))
        return sorted({path.parent.name for path in root.glob("*/*.ipynb")})

    def released(self, assignment: str) -> dict[str, list[dict[str, Any]]]:
        """The cells of each notebook of an assignment, as handed out.

        Raises
        ------
        CasebookError
            If it has not been released.
        """
        folder = Path(self.path(self.dirs.release_directory, ".", assignment))
        out = read_handed_out(folder, assignment)
        return {f"{name}.ipynb": out.cells(name) for name in out.books}

    def settings(self, assignment: str) -> Assignment | None:
        """What the instructor set for an assignment; None where it is not one of the casebook."""
        if assignment not in self._settings:
            folder = Path(self.path(self.dirs.source_directory, ".", assignment))
            self._settings[assignment] = (
                read_assignment(folder) if (folder / FILE).exists() else None)
        return self._settings[assignment]

    def plays(self, one: Submission) -> tuple[list[Found], CheckFailed | None]:
        """A student's own plays, and why there is none that can be graded, if so."""
        if one not in self._plays:
            settings = self.settings(one.assignment)
            found: tuple[list[Found], CheckFailed | None] = ([], None)
            if settings is not None and settings.case:
                try:
                    player = player_of(one.student, self.course)
                    found = (own_plays(settings, player, one.folder), None)
                except CheckFailed as error:
                    found = ([], error)
            self._plays[one] = found
        return self._plays[one]

    def path(self, step: str, student: str, assignment: str) -> str:
        """A folder of the course."""
        return self.dirs.format_path(step, student, assignment)


def examine(course: Path, assignment: str | None = None) -> list[Trouble]:
    """Everything that is wrong with the submissions of a course, or of one assignment.

    Raises
    ------
    CasebookError
        If the folder is no course, or the assignment has not been released.
    """
    ward = Ward(course)
    if not assignment and not ward.assignments():
        raise CasebookError("No assignment has been released in this course.",
                            "Run `casebook release` in the course folder.", Place(str(course)))
    found: list[Trouble] = []
    for name in [assignment] if assignment else ward.assignments():
        original = ward.released(name)
        group = ward.submissions(name)
        for one in group:
            found += _examined(ward, one, original)
        found += _alike(ward, group)
        found += ungraded(ward, group)
    return found


def _examined(ward: Ward, one: Submission, original) -> Iterator[Trouble]:
    yield from links(one)
    for name, cells in original.items():
        path = one.folder / name
        if not path.is_file() or path.is_symlink():
            other = renamed(one.folder, original)
            yield _trouble(one, "renamed" if other else "missing", (
                f"It is called {other.name}." if other else "The notebook was not handed in."),
                name)
            path = other
        if path is None:
            continue
        handed = read_handed(path)
        if handed.kind:
            yield _trouble(one, handed.kind, handed.trouble, path.name)
        if handed.book is not None:
            yield from (_trouble(one, d.kind, d.text, path.name, d.cell, d.number)
                        for d in differences(handed.book, cells))
    yield from _about_plays(ward, one)


def links(one: Submission) -> Iterator[Trouble]:
    """Links among the files of a submission: they may point at files of somebody else."""
    for path in sorted(one.folder.rglob("*")):
        if path.is_symlink() or (path.is_file() and path.stat().st_nlink > 1):
            yield _trouble(one, "link", "It is a link to another file.",
                           str(path.relative_to(one.folder)))


def renamed(folder: Path, original) -> Path | None:
    """The one notebook with exercises that does not have its name, if it is plain which."""
    others = [path for path in sorted(folder.glob("*.ipynb"))
              if path.name not in original and not path.is_symlink()]
    known = [path for path in others if has_exercises(path)]
    return known[0] if len(known) == 1 and len(original) == 1 else None


def _about_plays(ward: Ward, one: Submission) -> Iterator[Trouble]:
    plays, error = ward.plays(one)
    if error is not None:
        yield _trouble(one, "play", error.wrong, mend=error.mend)
    elif plays and not any(play.finished for play in plays):
        last = plays[-1]
        yield _trouble(one, "unfinished", f"The play is at turn {len(last.play.turns)} and not "
                       "over.", last.path.name)
    yield from _several(one, plays)
    for play in plays:
        yield from _about_the_room(ward, one, play)
        taken = seconds_a_decision(play)
        if taken is not None and taken < defaults()["quick"]["seconds"]:
            yield _trouble(one, "quick", f"Its {len(play.play.turns)} decisions took {taken:.1f} "
                           "seconds each, by the clock of the computer they were taken on.",
                           play.path.name)


def _several(one: Submission, plays: list[Found]) -> Iterator[Trouble]:
    """Plays of one attempt that went different ways: one attempt is one play."""
    first: dict[int, Found] = {}
    for play in plays:
        other = first.setdefault(play.attempt, play)
        decisions = [[turn.decision for turn in found.play.turns] for found in (other, play)]
        shorter = min(map(len, decisions))
        if decisions[0][:shorter] != decisions[1][:shorter]:
            yield _trouble(one, "several", f"It is attempt {play.attempt}, as {other.path.name} "
                           "is, and went another way.", play.path.name)


def _about_the_room(ward: Ward, one: Submission, play: Found) -> Iterator[Trouble]:
    """What a transcript says was done that the room does not allow in an assessed play."""
    tried = play.replay.tried_before_the_end
    if tried:
        yield _trouble(one, "tried", f"{tried} other way(s) were tried in this play before its "
                       "end.", play.path.name)
    if sum(play.replay.hints.values()) and ward.settings(one.assignment).room.hints == "off":
        yield _trouble(one, "hinted", "Hints were opened in it.", play.path.name)
    if ward.settings(one.assignment).room.predict == "asked":
        without = [turn.number for turn in play.play.turns
                   if turn.offered and not _foretold(play, turn)]
        if without:
            yield _trouble(one, "unpredicted", "Predictions were asked for, and are missing at "
                           f"turn {', '.join(map(str, without))}.", play.path.name)


def _foretold(play: Found, turn: Turn) -> bool:
    """Whether a reason and a prediction for everybody concerned stand with a response."""
    told = play.replay.said.get(turn.number, Said())
    concerned = {contact.id for part in play.play.parts for contact in part.case.contacts
                 if turn.engagement in ("", part.case.id)}
    return bool(told.because) and {one.contact for one in told.predictions} >= concerned


def seconds_a_decision(play: Found) -> float | None:
    """Mean seconds between the decisions of a play; None where their times are not noted."""
    try:
        times = [datetime.fromisoformat(time) for time in load(play.path).times.values() if time]
        if len(times) < LEAST:
            return None
        return (max(times) - min(times)).total_seconds() / (len(times) - 1)
    except (TypeError, ValueError):
        return None              # whoever writes such a file by hand may write anything for a time


def _alike(ward: Ward, group: list[Submission]) -> Iterator[Trouble]:
    """Whole plays of different students with the same decisions from first to last."""
    first: dict[tuple[str, ...], str] = {}
    for one in group:
        for play in (play for play in ward.plays(one)[0] if play.finished):
            decisions = tuple(json.dumps(turn.decision.record(), sort_keys=True)
                              for turn in play.play.turns)
            other = first.setdefault(decisions, one.student)
            if other != one.student:
                yield _trouble(one, "alike", "It has exactly the decisions of a play by "
                               f"{other!r}.", play.path.name)


def ungraded(ward: Ward, group: list[Submission]) -> Iterator[Trouble]:
    """Submissions without a grade, once the assignment has been graded at all."""
    graded = {one: Path(ward.path(ward.dirs.autograded_directory, one.student, one.assignment))
              for one in group}
    if not any(folder.is_dir() for folder in graded.values()):
        return
    for one, folder in graded.items():
        if not folder.is_dir():
            yield _trouble(one, "ungraded", "nbgrader could not grade it.")
            continue
        for cell in cells_without_score(ward.dirs, one.assignment, one.student):
            yield _trouble(one, "ungraded", f"The cell {cell!r} has no score.", cell=cell)


def _trouble(one: Submission, kind: str, text: str, file: str = "", cell: str = "",
             number: int | None = None, mend: str | None = None) -> Trouble:
    return Trouble(one.assignment, one.student, kind, text,
                   MENDS.get(kind, "") if mend is None else mend, file, cell, number)
