"""Views of a play: the room in a notebook, and the terminal, over one session.

``play`` is what a notebook calls. The widget is imported only then.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from casebook.errors import CasebookError

if TYPE_CHECKING:
    from .session import Session

__all__ = ["play"]


def play(case: str | Path, player: str | None = None, attempt: int = 1,
         folder: str | Path = "."):
    """Open the room and play a case.

    Parameters
    ----------
    case : str or Path
        The id of a case of the casebook, such as ``"green-dashboard"``, or a case folder.
    player : str, optional
        Who plays. Your luck and the order of responses hang on it. By default ``JUPYTERHUB_USER``
        where there is one, otherwise ``"you"``.
    attempt : int
        1 for your first play of this case. Another attempt has other luck.
    folder : str or Path
        Where the play is saved, after every turn.

    Returns
    -------
    Room
        The room; shown when it is the last line of a cell. What cannot be opened is explained in
        its place, without a traceback.
    """
    from .session import Session

    try:
        session: Session = Session.open(case, player or default_player(), attempt, folder)
    except CasebookError as error:
        return Notice(str(error))
    from .widget import Room

    return Room(session)


def default_player() -> str:
    """The name of the student at a hub, or ``you``."""
    import os

    return os.environ.get("JUPYTERHUB_USER", "").strip() or "you"


class Notice:
    """A plain message where a room would be."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from html import escape

        return f'<p role="alert" style="max-width: 45em">{escape(self.text)}</p>'
