"""The plays that lie beside a notebook, and the one that counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from casebook.engagement import SUFFIX, Expected, Play, Replay, replay
from casebook.engagement.replay import MENDS
from casebook.errors import CasebookError

from .assignment import Assignment
from .credit import standing
from .failed import AssignmentError, CheckFailed
from .who import same

#: What the room keeps beside a play (``casebook.room.kept``): no play of its own.
SET_ASIDE = re.compile(r"\.(damaged|earlier|foreign|other-tab|new|replaced)-\d+")
MOST_FILES = 60
MOST_TOLD = 6
_REPLAYED: dict[tuple, Replay] = {}


@dataclass(frozen=True)
class Found:
    """A transcript beside the notebook and what replaying it said."""

    path: Path
    replay: Replay

    @property
    def attempt(self) -> int:
        """The number of the attempt."""
        return int(self.replay.header["attempt"])

    @property
    def play(self) -> Play:
        """The play, as far as it is whole."""
        return self.replay.play

    @property
    def finished(self) -> bool:
        """Whether the whole play is here, to its end."""
        return self.replay.verdict == "whole"


def transcripts(folder: Path) -> list[Path]:
    """The transcripts in a folder, by name; at most :data:`MOST_FILES` of them.

    Browsers and mail programs rename files: ``….casebook (1).jsonl`` and ``….jsonl.txt`` are found
    too. Files that begin like a transcript come first, and other ways after plays, so that no heap
    of others hides one.
    """
    named_so = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()
                and "casebook" in (name := path.name.lower()) and "jsonl" in name
                and not SET_ASIDE.search(name)]
    return sorted(named_so, key=lambda path: (
        not _begins_well(path), ".branch-" in path.name, path.name))[:MOST_FILES]


def _begins_well(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(12).startswith(b'{"casebook"')
    except OSError:
        return False


def counted(assignment: Assignment, player: str, folder: Path | None = None) -> Found:
    """The play that counts, by the instructor's rule for attempts.

    Parameters
    ----------
    assignment : Assignment
    player : str
        Whose play it has to be.
    folder : Path, optional
        Where the transcripts lie; the folder of the assignment by default.

    Raises
    ------
    CheckFailed
        If there is none of this student's own that can be graded; it says which there are and
        what is wrong with each.
    AssignmentError
        If the case of the assignment cannot be read.
    """
    return chosen(assignment, own_plays(assignment, player, folder))


def own_plays(assignment: Assignment, player: str, folder: Path | None = None) -> list[Found]:
    """The student's own plays with at least one whole turn, by attempt.

    Parameters and errors as those of :func:`counted`.
    """
    case = _case(assignment)
    found = [_judged(path, assignment, case.id, player)
             for path in transcripts(folder or assignment.folder)]
    # A file cut off at its end keeps the turns before; one that was changed is trusted in nothing.
    usable = [one for one in found
              if one.replay.verdict in ("whole", "truncated") and one.play.turns]
    if not usable:
        raise none_of_their_own(assignment, case, player, found)
    return sorted(usable, key=lambda one: (one.attempt, -one.finished, -len(one.play.turns),
                                           one.path.name))


def chosen(assignment: Assignment, plays: list[Found]) -> Found:
    """The one of a student's plays that counts: the first, the best or the last."""
    if assignment.counts == "first":
        if plays[0].attempt != 1:
            raise CheckFailed(
                f"Attempt 1 counts, and the first that lies here is attempt {plays[0].attempt}.",
                "Put the file of your first attempt beside the notebook again.")
        return plays[0]
    if assignment.counts == "last":
        return next(one for one in plays if one.attempt == plays[-1].attempt)
    if len(plays) == 1:
        return plays[0]
    # Of several files of one attempt the longest counts, not the best; the doctor tells them.
    one_each = {one.attempt: one for one in reversed(plays)}
    return max(one_each.values(), key=lambda one: (
        one.finished, _worth(assignment, one) if one.finished else 0.0, len(one.play.turns),
        -one.attempt))


def _worth(assignment: Assignment, one: Found) -> float:
    """What the decisions of a finished play are worth, less what its hints cost; may be below 0."""
    return standing(one.play).share - hints_cost(one, assignment)[1]


def hints_cost(found: Found, assignment: Assignment) -> tuple[int, float]:
    """How many hints were opened in a play, and the share of the points that they cost."""
    opened = sum(found.replay.hints.values())
    counted = assignment.room.hints == "counted"
    return opened, opened * assignment.credit.hint if counted else 0.0


def none_of_their_own(assignment: Assignment, case, player: str,
                      found: Iterable[Found]) -> CheckFailed:
    """Why no play can be graded, file by file."""
    told = [f"{one.path.name}: {_why_not(assignment, one, player)}" for one in found]
    if len(told) > MOST_TOLD:
        told = [*told[:MOST_TOLD], f"And {len(told) - MOST_TOLD} more files."]
    if not told:
        return CheckFailed(
            f"No play of {case.title} lies beside this notebook.",
            f"Play it in the cell above as {player!r}, and hand in the file whose name ends in "
            f"{SUFFIX} together with the notebook.")
    return CheckFailed(f"None of the plays beside this notebook is one of {case.title} by "
                       f"{player!r} that can be graded. " + " ".join(told))


def _why_not(assignment: Assignment, one: Found, player: str) -> str:
    head = one.replay.header or {}
    theirs = str(head.get("player", ""))
    if one.replay.verdict == "foreign" and theirs and not same(theirs, player):
        return f"it was played by {theirs!r}, not by {player!r}. {one.replay.mend}"
    if one.replay.verdict == "truncated":
        return "it holds no decision yet. Play it to its end."
    if one.replay.verdict == "foreign" and isinstance(head.get("attempt"), int) and (
            head["attempt"] > assignment.allowed):
        return (f"it is attempt {head['attempt']}; attempts 1 to {assignment.allowed} may be "
                "handed in.")
    return f"{one.replay.text} {one.replay.mend}"


def _judged(path: Path, assignment: Assignment, case: str, player: str) -> Found:
    """One transcript, replayed as this student's play of this case."""
    first = _replayed(path, assignment, Expected(case, branch=0))
    head = first.header or {}
    theirs = head.get("player")
    if isinstance(theirs, str) and not same(theirs, player):
        return Found(path, _replayed(path, assignment, Expected(case, player, branch=0)))
    attempt = head.get("attempt")
    if first.verdict in ("whole", "truncated") and attempt > assignment.allowed:
        return Found(path, _replayed(path, assignment, Expected(
            case, None, assignment.allowed, branch=0)))
    return Found(path, first)


def _replayed(path: Path, assignment: Assignment, expected: Expected) -> Replay:
    """The file replayed, once for as long as it stays as it is: many cells ask for it."""
    there = path.stat()
    key = (str(path.resolve()), there.st_mtime_ns, there.st_size, expected,
           str(assignment.folder.resolve()), assignment.case)
    if key not in _REPLAYED:
        if len(_REPLAYED) > MOST_FILES:
            _REPLAYED.clear()
        try:
            _REPLAYED[key] = replay(path, assignment.read_case, expected)
        except Exception as error:
            # Whoever makes such a file by hand must not stop the grading of everybody else.
            _REPLAYED[key] = Replay("unreadable", "This is not a transcript: it is damaged "
                                    f"({type(error).__name__}).", MENDS["unreadable"])
    return _REPLAYED[key]


def _case(assignment: Assignment):
    if not assignment.case:
        raise AssignmentError("Its assignment.yaml names no case.", "Add a line such as case: "
                              "two-rooms.")
    try:
        return assignment.read_case()
    except CasebookError as error:
        raise AssignmentError(str(error)) from None
