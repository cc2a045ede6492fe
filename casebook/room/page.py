"""The page of ``casebook app``: one room, or the cases to choose from first.

Settings come from the command that serves the page, through the environment.
"""

from __future__ import annotations

import json
import os
from html import escape
from typing import Any

import ipywidgets

from casebook.index import cases
from casebook.language import _, chosen, speaking
from casebook.roles import ROLES

from . import Notice, play

#: Where ``casebook app`` says what to show: JSON with case, player, folder and language.
SETTING = "CASEBOOK_APP"


def page():
    """The room of the case that was asked for, or the cases to choose from."""
    said = json.loads(os.environ.get(SETTING, "{}"))
    with speaking(chosen(said.get("language"))):
        if said.get("case"):
            return _room(said, said["case"])
        return Cases(said)


def _room(said: dict[str, Any], case: str):
    return play(case, said.get("player"), folder=said.get("folder", "."),
                language=said.get("language"))


class Cases(ipywidgets.VBox):
    """Every case with a button that opens its room in the place of the list."""

    def __init__(self, said: dict[str, Any]):
        self._said = said
        self._list = []
        self.buttons = {}
        for entry in cases():
            button = ipywidgets.Button(
                description=_("Play {title}").format(title=entry["title"]),
                tooltip=entry["summary"], layout=_layout())
            button.on_click(lambda _button, id=entry["id"]: self.choose(id))
            self.buttons[entry["id"]] = button
            self._list += [ipywidgets.HTML(_card(entry)), button]
        self._back = ipywidgets.Button(
            description=_("Other cases"), tooltip=_("Your play is kept"), layout=_layout())
        self._back.on_click(lambda _button: self._show_list())
        super().__init__()
        self.add_class("cb-cases")
        self._show_list()

    def _show_list(self) -> None:
        self.children = self._list

    def choose(self, case: str) -> None:
        """Open the room of a case."""
        with speaking(chosen(self._said.get("language"))):
            room = _room(self._said, case)
        if isinstance(room, Notice):
            room = ipywidgets.HTML(room._repr_html_())
        self.children = (self._back, room)


def _layout() -> dict[str, str]:
    return {"width": "auto", "max_width": "100%", "align_self": "flex-start", "margin": "0.3em 2px"}


def _card(entry: dict[str, Any]) -> str:
    role = next((role.name for role in ROLES if role.id == entry["focal_role"]),
                entry["focal_role"])
    facts = _("{firm} for {client}; foregrounds: {role}; about {minutes} minutes").format(
        firm=entry["firm"], client=entry["client"], role=_(role),
        minutes=entry["minutes"])
    return (f"<h2>{escape(entry['title'])}</h2><p>{escape(entry['summary'])}</p>"
            f"<p>{escape(facts)}</p>")
