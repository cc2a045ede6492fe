"""A play by questions and answers: one loop, one session, and the keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.language import speaking, spoken

from ..session import Session
from . import show
from .ask import Cancelled, answer, prompt
from .screen import Screen


class Stop(Exception):
    """The player stops; the play is kept."""


class Talk:
    """A player at a terminal.

    Parameters
    ----------
    session : Session
        The play. Every answer becomes an action of it, as in the other views.
    screen : Screen
        Where everything is shown.
    """

    def __init__(self, session: Session, screen: Screen):
        self.session, self.screen = session, screen
        self.view = session.view()
        self._prompt = ""
        self._drafts: dict[tuple, dict[str, Any]] = {}

    def run(self) -> None:
        """Ask until the player stops, or nothing more is typed."""
        show.intro(self.screen, self.view)
        show.message(self.screen, self.view)
        try:
            while True:
                with speaking(self.view.get("language") or spoken()):
                    self._turn()
        except (Stop, EOFError, KeyboardInterrupt):
            return

    def _turn(self) -> None:
        """Show what is asked and take what is typed, until something else is asked."""
        from .keys import KEYS

        show.question(self.screen, self.view)
        here = self._place()
        while self._place() == here:
            self.screen.line()
            typed = input(prompt(self.view)).strip()
            key = KEYS.get(typed.lower())
            try:
                if key:
                    key.do(self)
                else:
                    answer(self, typed)
            except Cancelled:
                continue

    def _place(self) -> tuple:
        view = self.view
        return (view["turn"], view["stage"], view.get("language"),
                view.get("branches", {}).get("current"))

    def draft(self) -> dict[str, Any]:
        """What is predicted so far for the incident that is asked now, until it is answered."""
        here = (self.view.get("branches", {}).get("current"), self.view["turn"])
        return self._drafts.setdefault(here, {"said": {}, "because": ""})

    def sub(self, question: str) -> str:
        """Ask something within a question; q goes back to it."""
        typed = input(question).strip()
        if typed.lower() == "q":
            raise Cancelled
        return typed

    def act(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Send an action, keep the new view, and show what the session has to say."""
        self.view = self.session.act(action)
        show.message(self.screen, self.view)
        return self.view

    def decide(self, action: Mapping[str, Any]) -> None:
        """Take a decision, and show what came of it."""
        before = self.view["turn"]
        if self.act(action)["turn"] == before + 1:
            show.happened(self.screen, self.view)
