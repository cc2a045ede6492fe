"""The controls of the basic view: what is decided, and what can be asked for besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets

from casebook.language import _

from .. import phrases
from ..blocks import text
from .markup import fold, para, section
from .pages import LETTERS

WIDE = {"description_width": "initial"}
WORDS = 9                        # of a response, beside its letter
SURE = 50                        # percent, until the player says otherwise


def button(words: str, told: str, press, style: str = "") -> ipywidgets.Button:
    """A button with its words and a tooltip."""
    made = ipywidgets.Button(description=words, tooltip=told, button_style=style,
                             layout={"width": "auto", "max_width": "100%",
                                     "align_self": "flex-start"})
    made.on_click(lambda _button: press())
    return made


class PlanControls:
    """Shares as whole numbers that always add up to 100, and plans to start from."""

    def __init__(self, view: Mapping[str, Any]):
        ask = view["ask"]
        self._turn, self._held, self._busy = view["turn"], [], False
        self.boxes = {role["id"]: _share(role) for role in ask["roles"]}
        for id, box in self.boxes.items():
            box.observe(lambda change, id=id: self._changed(id, change["new"]), "value")
        self.presets = [
            button(one["name"], _("Start from this plan"), lambda one=one: self.use(one["shares"]))
            for one in ask["presets"]]
        roles = [_role(self.boxes[role["id"]], role) for role in ask["roles"]]
        note = ipywidgets.HTML(para(_(
            "The shares always add up to 100 %. What you have set stays as long as the others have "
            "enough to give.")))
        self.children = [ipywidgets.HTML(section(ask["question"], level=4)), note,
                         _row(self.presets), *roles]
        self.words = _("Work to this plan")

    def shares(self) -> dict[str, int]:
        """The shares as they stand."""
        return {id: box.value for id, box in self.boxes.items()}

    def use(self, shares: Mapping[str, int]) -> None:
        """Take all shares from a plan."""
        self._held = []
        self._show({id: shares.get(id, 0) for id in self.boxes})

    def _changed(self, id: str, value: int) -> None:
        if self._busy:
            return
        self._held = [key for key in self._held if key != id]
        before = {**self.shares(), id: 0}
        self._show(phrases.rebalance(before, id, value, self._held))
        self._held.append(id)

    def _show(self, shares: Mapping[str, int]) -> None:
        self._busy = True
        try:
            for id, value in shares.items():
                self.boxes[id].value = value
        finally:
            self._busy = False

    def action(self) -> dict[str, Any]:
        """What the room sends."""
        return {"do": "plan", "turn": self._turn, "shares": self.shares()}


def _share(role: Mapping[str, Any]) -> ipywidgets.BoundedIntText:
    return ipywidgets.BoundedIntText(
        value=role["share"], min=0, max=100, step=1, tooltip=role["meaning"], style=WIDE,
        description=_("{role}, percent").format(role=role["name"]), continuous_update=False,
        layout={"width": "auto", "max_width": "18em"})


def _role(box: ipywidgets.BoundedIntText, role: Mapping[str, Any]) -> ipywidgets.VBox:
    overdone = _("Overdone: {what}").format(what=role["overdone"]) if role["overdone"] else ""
    more = fold(role["meaning"], para(role["week"]), para(overdone))
    return ipywidgets.VBox([box, ipywidgets.HTML(f'<div class="cb-quiet">{more}</div>')])


class IncidentControls:
    """The responses, and what is expected of each person."""

    def __init__(self, view: Mapping[str, Any]):
        ask = view["ask"]
        self._turn, self._incident = view["turn"], ask["id"]
        options = [(f"{letter}: {_short(text(one['say_html']))}", one["id"])
                   for letter, one in zip(LETTERS, ask["responses"], strict=False)]
        self.choice = ipywidgets.RadioButtons(
            options=options, index=None, description=_("What do you do?"), style=WIDE,
            tooltip=_("Each response stands above in full"), layout={"width": "auto"})
        found = ask.get("predict")
        self.expects, self.sure, self.because = {}, {}, None
        self.children = [self.choice, *(self._predictions(found) if found else ())]
        self.words = _("Do this")

    def _predictions(self, found: Mapping[str, Any]) -> list[Any]:
        none = (_("no prediction"), None)
        options = [none, *((words, id) for id, words in found["choices"].items())]
        made = [ipywidgets.HTML(section(
            _("Before you do it: how will each of them take it?"), level=4))]
        for person in found["people"]:
            expects = _dropdown(_("{name} afterwards").format(name=person["name"]), options)
            sure = _dropdown(_("{name}: how sure are you?").format(name=person["name"]),
                             [(f"{percent} %", percent) for percent in found["sure"]])
            sure.value = SURE if SURE in found["sure"] else found["sure"][0]
            self.expects[person["id"]], self.sure[person["id"]] = expects, sure
            made.append(_row([expects, sure]))
        self.because = ipywidgets.Textarea(
            description=_("Why do you think so?"), style=WIDE, continuous_update=False,
            layout={"width": "auto", "max_width": "40em"})
        return [*made, self.because]

    def action(self) -> dict[str, Any] | None:
        """What the room sends; None where no response is chosen."""
        if self.choice.value is None:
            return None
        said = [{"contact": id, "expects": box.value, "sure": self.sure[id].value}
                for id, box in self.expects.items() if box.value is not None]
        because = self.because.value.strip() if self.because else ""
        return {"do": "respond", "turn": self._turn, "incident": self._incident,
                "response": self.choice.value, **({"predictions": said} if said else {}),
                **({"because": because} if because else {})}


class EndControls:
    """Nothing is decided any more."""

    children: list[Any] = []
    words = ""

    def action(self) -> None:
        """Nothing to send."""
        return None


def controls(view: Mapping[str, Any]) -> PlanControls | IncidentControls | EndControls:
    """The controls for what is asked."""
    kind = view["ask"]["kind"]
    if kind == "plan":
        return PlanControls(view)
    return IncidentControls(view) if kind == "incident" else EndControls()


class Stories:
    """Branches: try another way, show another story, lay it beside this one."""

    def __init__(self, view: Mapping[str, Any], send):
        branches, story = view.get("branches"), view["story"]
        self.children: list[Any] = []
        if not branches or not story:
            return
        if branches["allowed"]:
            self.start = _dropdown(_("Go back to before"), [
                (phrases.story_title(turn), turn["turn"]) for turn in story])
            self.start.value = story[-1]["turn"]
            self.children.append(_row([self.start, button(
                _("Try another way from there"), _("Your play as it is stays"),
                lambda: send({"do": "branch", "from": self.start.value}))]))
        elif branches.get("why_not"):
            self.children.append(ipywidgets.Label(branches["why_not"]))
        tree = [(phrases.branch_line(one), one["number"]) for one in branches["tree"]]
        if len(tree) > 1:
            self._choose(tree, branches["current"], send)

    def _choose(self, tree, current: int, send) -> None:
        self.story = _dropdown(_("Stories"), tree)
        self.story.value = current
        self.children.append(_row([
            self.story,
            button(_("Show this story"), _("The story that is chosen beside"),
                   lambda: send({"do": "switch", "branch": self.story.value})),
            button(_("Compare with this one"), _("Lay it beside the one that is shown"),
                   lambda: send({"do": "compare", "branch": self.story.value})),
            button(_("No comparison"), _("Take the other story away"),
                   lambda: send({"do": "compare", "branch": None}))]))


def _dropdown(words: str, options) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(description=words, options=list(options), style=WIDE,
                               layout={"width": "auto", "max_width": "100%"})


def language(view: Mapping[str, Any], send) -> list[Any]:
    """A list of languages, where there is more than one."""
    known = view.get("languages") or {}
    if len(known) < 2:
        return []
    made = _dropdown(_("Language"), [(name, code) for code, name in known.items()])
    made.value = view.get("language")
    made.observe(lambda change: send({"do": "language", "language": change["new"]}), "value")
    return [made]


def _row(children) -> ipywidgets.Box:
    """Controls side by side, and below each other where there is no room."""
    return ipywidgets.Box(list(children), layout={"display": "flex", "flex_flow": "row wrap"})


def _short(said: str) -> str:
    words = said.split()
    return said if len(words) <= WORDS else " ".join(words[:WORDS]) + " …"
