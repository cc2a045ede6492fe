"""A check that a student's work does not pass, told in a sentence and without a traceback."""

from __future__ import annotations

from casebook.errors import CasebookError


class CheckFailed(CasebookError):
    """Work that earns no point yet: what was expected, what was found, what to do.

    IPython asks an exception for its own rendering; this one shows its text only, in the
    student's notebook as in the feedback.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"Not yet: {self}"]


class AssignmentError(CasebookError):
    """An assignment that its instructor has to mend: its ``assignment.yaml``, or a test cell."""

    def _render_traceback_(self) -> list[str]:
        return [f"The assignment itself has a mistake; please tell your instructor. {self}"]
