"""Views of a play: the room in a notebook, and the terminal, over one session.

``play`` is what a notebook calls. The widget is imported only then.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.errors import CasebookError
from casebook.language import _, chosen, speaking
from casebook.whereabouts import default_player

if TYPE_CHECKING:
    from .session import Session

__all__ = ["default_player", "play", "progress"]

#: nbgrader sets this while it grades or validates a notebook; a live widget could hold it up.
GRADED = "NBGRADER_EXECUTION"


#: How a play can be shown in a notebook: by the room's own module, or by plain ipywidgets.
VIEWS = ("room", "basic")


def play(case: str | Path, player: str | None = None, attempt: int = 1,
         folder: str | Path = ".", view: str = "room", language: str | None = None,
         predictions: str | None = None, hints: str | None = None):
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
    view : str
        ``"room"``, or ``"basic"`` for plain widgets, where a front end cannot load the room.
    language : str, optional
        Such as ``"de"``; by default ``CASEBOOK_LANGUAGE`` or the system's language.
    predictions : str, optional
        ``"offered"`` (the default), ``"asked"`` before every response, or ``"off"``. In an
        assignment its ``assignment.yaml`` decides.
    hints : str, optional
        ``"free"`` (the default), ``"counted"`` or ``"off"``; likewise.

    Returns
    -------
    Room or Basic
        The room; shown when it is the last line of a cell. What cannot be opened is explained in
        its place, without a traceback. While nbgrader runs the notebook nothing is opened.
    """
    with speaking(chosen(language)):
        return _play(case, player, attempt, folder, view, language, predictions, hints)


def _play(case, player, attempt, folder, view, language, predictions, hints):
    if os.environ.get(GRADED):
        return Notice(_("The room is not opened while a notebook is checked or graded: the play is "
                        "read from its file."))
    if player is Ellipsis:
        return Notice(_("Say who you are first: complete the line that begins with “me =”, run it, "
                        "and run this cell again."))
    if view not in VIEWS:
        return Notice(_("There is no view {view}. Give “room” or “basic”.").format(
            view=repr(view)))
    from .session import Session

    try:
        # A student number may be written without quotation marks.
        who = str(player) if isinstance(player, int) else player or default_player()
        session: Session = Session.open(case, who, attempt, folder, language, predictions, hints)
    except CasebookError as error:
        return Notice(str(error))
    if view == "basic":
        from .basic import Basic

        return Basic(session)
    from .widget import Room

    return Room(session)


def progress(folder: str | Path = ".", player: str | None = None, language: str | None = None):
    """Show every case and how far you are in it; save your work, and bring it back.

    Parameters
    ----------
    folder : str or Path
        Where your plays are saved. Everything shown is read from their files.
    player : str, optional
        Who plays; by default as in :func:`play`.
    language : str, optional
        The language to speak, such as ``"de"``; by default the one of your system.

    Returns
    -------
    Shelf
        The progress strip; shown when it is the last line of a cell. Where widgets cannot be
        shown it is a plain table, and ``print`` writes it as text. What cannot be shown is
        explained in its place, without a traceback.
    """
    from .shelf import shelf
    from .shelf_text import Page

    spoken = chosen(language)
    who = str(player) if isinstance(player, int) else player
    try:
        with speaking(spoken):
            page = Page(shelf(folder, who), spoken)
    except CasebookError as error:
        return Notice(str(error))
    if os.environ.get(GRADED):
        return page
    try:
        from .shelf_widget import Shelf
    except ImportError:
        return page
    return Shelf(page)


class Notice:
    """A plain message where a room would be."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from html import escape

        return f'<p role="alert" style="max-width: 45em">{escape(self.text)}</p>'
