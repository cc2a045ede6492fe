"""The room in a notebook: it shows a session's view and hands its actions on. It holds no rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from casebook.language import _, in_browser, speaking

from .session import Session

STATIC = Path(__file__).with_name("static")
#: The files of the room's one module, laid end to end in this order: no build step.
MODULES = ("tools", "where", "people", "happened", "plan", "incident", "end", "look_back",
           "branches", "documents", "guide", "room")
#: Parts of the view that never change in a play; they are sent once, not with every turn.
FIXED = ("case", "you", "colleagues", "exhibits", "reading_html")


def module() -> str:
    """The room's JavaScript, one ES module."""
    return "\n".join((STATIC / "room" / f"{name}.js").read_text(encoding="utf-8")
                     for name in MODULES)


class Room(anywidget.AnyWidget):
    """The room of one session.

    Parameters
    ----------
    session : Session
        The play that is shown. Every action of the page goes to ``session.act``; its answer is the
        new ``view``. No choice lives here: a room can be thrown away and opened again.
    """

    _esm = module()
    _css = STATIC / "room.css"
    fixed = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, session: Session):
        self._session = session
        first = session.view()
        super().__init__(fixed=fixed(first), view=moving(first, 0))
        self.on_msg(self._receive)

    def _receive(self, _widget, action, _buffers) -> None:
        """Take one action. Whatever goes wrong is told in the room, and nothing is lost."""
        try:
            view = self._session.act(action if isinstance(action, dict) else {})
        except Exception as error:
            with speaking(self._session.language):
                text = _("Something unexpected went wrong ({error}). Your play is saved up to the "
                         "last turn: run this cell again to go on.").format(
                             error=f"{type(error).__name__}: {error}")
            view = {**self._session.view(), "message": {"level": "error", "text": text}}
        if view["language"] != self.fixed["language"]:
            self.fixed = fixed(view)
        self.view = moving(view, self.view["answer"] + 1)


def fixed(view: dict[str, Any]) -> dict[str, Any]:
    """The part of a view that stays, with faces and descriptions of everybody by id, and words."""
    everybody = [*view["people"], *view["colleagues"], view["you"]]
    return {**{key: view[key] for key in FIXED}, "language": view["language"],
            "words": in_browser(view["language"]),
            "faces": {one["id"]: one["portrait"] for one in everybody},
            "about": {one["id"]: one["about_html"] for one in view["people"]}}


def moving(view: dict[str, Any], answer: int) -> dict[str, Any]:
    """The part of a view that changes, numbered, so that one equal to the last is sent too."""
    changes = {key: value for key, value in view.items() if key not in FIXED}
    return {**_without_faces(changes), "answer": answer}


def _without_faces(value: Any) -> Any:
    """The same without drawings and descriptions: the page has them by id."""
    if isinstance(value, dict):
        return {key: _without_faces(one) for key, one in value.items()
                if key not in ("portrait", "about_html")}
    return [_without_faces(one) for one in value] if isinstance(value, list) else value
