"""The basic view of one session: its texts, its controls, one button that decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets

from casebook.language import _, speaking, spoken

from ..session import Session
from . import pages
from .controls import Stories, button, controls, language
from .markup import para

#: The texts, in the order in which they stand on the page.
ABOVE = ("head", "message", "documents", "happened", "question", "hints")
BELOW = ("after", "status", "people", "comparison", "story", "your_side")


class Basic(ipywidgets.VBox):
    """A play with plain ipywidgets.

    The page is made once and changed in place after every action, so that the focus stays on the
    button that was pressed.

    Parameters
    ----------
    session : Session
        The play that is shown. Every press of a button becomes an action of it.
    """

    def __init__(self, session: Session):
        self._session = session
        self.view = session.view()
        self.texts = {name: ipywidgets.HTML() for name in (*ABOVE, *BELOW, "report", "saved")}
        self.choose, self.stories_box = ipywidgets.VBox(), ipywidgets.VBox()
        self.languages = ipywidgets.VBox()
        with self._speaking():
            self._make_buttons()
        super().__init__([
            *(self.texts[name] for name in ABOVE), self.hint, self.choose, self.commit,
            self.look_back, self.report, self.texts["report"],
            *(self.texts[name] for name in BELOW), self.stories_box, self.languages,
            self.texts["saved"]])
        self.add_class("cb-basic")
        self._place = None
        self._paint()

    def _speaking(self):
        return speaking(self.view.get("language") or spoken())

    def _make_buttons(self) -> None:
        self.commit = button("", _("What you have chosen above takes effect"), self._decide,
                             "primary")
        self.hint = button(_("Open a hint"), _("One more hint for this incident"), self._hint)
        self.look_back = button(
            _("Look back"), _("Other managers, turning points, the others' chairs; this takes a "
                              "moment"), lambda: self.act({"do": "look-back"}))
        self.report = button(_("Make my report"), _("One file to keep and to print"),
                             lambda: self.act({"do": "report"}))

    def _decide(self) -> None:
        with self._speaking():
            action = self.controls.action()
            if action is None:
                self._tell({**self.view, "message": {
                    "level": "info", "text": _("Choose what you do first.")}})
                return
        self.act(action)

    def _hint(self) -> None:
        found = self.view["ask"].get("hints") or {"open": ()}
        self.act({"do": "hint", "turn": self.view["turn"], "tier": len(found["open"]) + 1})

    def act(self, action: Mapping[str, Any]) -> None:
        """Send an action and show the answer. Whatever goes wrong is told on the page."""
        try:
            self.view = self._session.act(action)
        except Exception as error:
            with self._speaking():
                text = _("Something unexpected went wrong ({kind}: {error}). Your play is saved up "
                         "to the last turn: run this cell again to go on.").format(
                             kind=type(error).__name__, error=error)
            self.view = {**self._session.view(), "message": {"level": "error", "text": text}}
        self._paint()

    def _paint(self) -> None:
        with self._speaking():
            view = self.view
            place = (view["turn"], view["stage"], view.get("language"),
                     (view.get("branches") or {}).get("current"))
            for name in ABOVE + BELOW:
                self._put(name, getattr(pages, name)(view))
            self._put("saved", para(view["saved"]["text"]))
            if place != self._place:
                # What was chosen stays, as long as the same is asked.
                self.controls = controls(view)
                self.choose.children = self.controls.children
                self._put("report", "")
            made = view.get("report")
            if made:
                self._put("report", pages.download(made))
            if place[2:] != (self._place or (None,) * 4)[2:] or not self.languages.children:
                self.languages.children = language(view, self.act)
            self._place = place
            self.stories = Stories(view, self.act)
            self.stories_box.children = self.stories.children
            self._show_buttons()

    def _show_buttons(self) -> None:
        view = self.view
        ended, found = view["stage"] == "end", view["ask"].get("hints")
        _shown(self.commit, not ended)
        self.commit.description = self.controls.words or self.commit.description
        _shown(self.hint, bool(found) and len(found["open"]) < found["of"])
        # A session that knows neither says so by not having the keys.
        _shown(self.look_back, ended and "after" in view and not view["after"])
        _shown(self.report, ended and "report" in view)

    def _tell(self, view: Mapping[str, Any]) -> None:
        self._put("message", pages.message(view))

    def _put(self, name: str, html: str) -> None:
        """Change a text only if it says something else, so that what is open stays open."""
        if self.texts[name].value != html:
            self.texts[name].value = html
        _shown(self.texts[name], bool(html))


def _shown(widget: ipywidgets.DOMWidget, state: bool) -> None:
    widget.layout.display = None if state else "none"
