"""Every error a user can meet, in one shape: where, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something is wrong: a file, and a line in it where that is known."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class CasebookError(Exception):
    """Something a user can mend. Its text is complete: no traceback is needed to act on it.

    Parameters
    ----------
    wrong : str
        What is wrong, in one sentence: what was expected and what was found.
    mend : str
        What the user can do about it.
    place : Place, optional
        The file and line.
    """

    def __init__(self, wrong: str, mend: str = "", place: Place | None = None):
        self.wrong = wrong
        self.mend = mend
        self.place = place
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.wrong}" + (f" {self.mend}" if self.mend else "")


class CaseError(CasebookError):
    """A case cannot be read or played. ``findings`` holds all that is wrong with it."""

    def __init__(self, wrong: str, mend: str = "", place: Place | None = None, findings=()):
        self.findings = tuple(findings)
        super().__init__(wrong, mend, place)


class MoveError(CasebookError):
    """A decision that this turn of this engagement does not allow."""


class TranscriptError(CasebookError):
    """A transcript cannot be written or read."""


class PlayerError(CasebookError):
    """A player's name, an attempt or a policy that cannot be used."""


class StudyError(CasebookError):
    """A study of many plays cannot be made: its numbers, its workers or its cluster."""
