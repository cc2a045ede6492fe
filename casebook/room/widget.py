"""The room in a notebook: it shows a session's view and hands its actions on. It holds no rule."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from .session import Session

STATIC = Path(__file__).with_name("static")
#: Parts of the view that never change in a play; they are sent once, not with every turn.
FIXED = ("case", "you", "colleagues", "exhibits", "reading_html")


class Room(anywidget.AnyWidget):
    """The room of one session.

    Parameters
    ----------
    session : Session
        The play that is shown. Every action of the page goes to ``session.act``; its answer is the
        new ``view``. No choice lives here: a room can be thrown away and opened again.
    """

    _esm = STATIC / "room.js"
    _css = STATIC / "room.css"
    fixed = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, session: Session):
        self._session = session
        first = session.view()
        super().__init__(fixed={key: first[key] for key in FIXED}, view=moving(first, 0))
        self.on_msg(self._receive)

    def _receive(self, _widget, action, _buffers) -> None:
        """Take one action. Whatever goes wrong is told in the room, and nothing is lost."""
        try:
            view = self._session.act(action if isinstance(action, dict) else {})
        except Exception as error:
            view = {**self._session.view(), "message": {"level": "error", "text": (
                f"Something unexpected went wrong ({type(error).__name__}: {error}). Your play is "
                "saved up to the last turn: run this cell again to go on.")}}
        self.view = moving(view, self.view["answer"] + 1)


def moving(view: dict, answer: int) -> dict:
    """The part of a view that changes, numbered, so that one equal to the last is sent too."""
    return {**{key: value for key, value in view.items() if key not in FIXED}, "answer": answer}
