"""A check that a student's work does not pass, told in a sentence and without a traceback."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from html import escape
from textwrap import fill
from typing import Any

from casebook.errors import CasebookError

WIDTH = 78


def lines(text: str) -> str:
    """A text in lines that fit: a notebook breaks longer ones in the middle of a word."""
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


class CheckFailed(CasebookError):
    """Work that earns no point yet: what was expected, what was found, what to do.

    IPython asks an exception for its own rendering; this one shows its text only, in the
    student's notebook as in the feedback.
    """

    def _render_traceback_(self) -> list[str]:
        return [lines(f"Not yet: {self}")]


class AssignmentError(CasebookError):
    """An assignment that its instructor has to mend: its ``assignment.yaml``, or a test cell."""

    def _render_traceback_(self) -> list[str]:
        return [lines("The assignment itself has a mistake; please tell your instructor. "
                      f"{self}")]


class NotYet:
    """What stands in place of a table or of figures that are not there yet.

    Showing it tells why; using it fails with the same sentence, so that no student meets the error
    of a name that was never set.
    """

    def __init__(self, error: CheckFailed):
        self._error = error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)        # IPython asks for many ways to show a thing
        raise self._error

    def __getitem__(self, key: Any) -> Any:
        raise self._error

    def __iter__(self) -> Any:
        raise self._error

    def __len__(self) -> int:
        raise self._error

    def __repr__(self) -> str:
        return f"Not yet: {self._error}"

    def _repr_html_(self) -> str:
        return f"<p>Not yet: {escape(str(self._error))}</p>"


def _fails(self: NotYet, *_: Any) -> Any:
    raise self._error


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "lt", "le", "gt",
              "ge", "neg", "abs", "round", "float", "int", "contains"):
    setattr(NotYet, f"__{_name}__", _fails)


def or_not_yet(function: Callable) -> Callable:
    """Give :class:`NotYet` where the function fails a check; ``found`` is the function itself."""

    @wraps(function)
    def told(*args: Any, **named: Any) -> Any:
        try:
            return function(*args, **named)
        except CheckFailed as error:
            return NotYet(error)

    told.found = function
    return told
