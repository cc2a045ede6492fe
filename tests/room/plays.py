"""Whole plays by actions, and what a transcript holds but for times."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casebook.room.session import Session

SHARES = ((31, 17, 9, 14, 18, 11), (55, 5, 5, 20, 10, 5), (20, 20, 20, 20, 10, 10))
DIVISIONS = ((50, 30, 20), (25, 35, 40), (40, 20, 40))
EXPECTS = ("more", "same", "less")
#: Digests hang on times, so they are left out with them.
TIMED = ("time", "prev", "digest")


def next_action(view: dict[str, Any]) -> dict[str, Any]:
    """What a student with plans of their own does, who takes one response after another."""
    ask, turn = view["ask"], view["turn"]
    if ask["kind"] == "plan":
        wanted = (SHARES if len(ask["roles"]) == 6 else DIVISIONS)[turn % 3]
        ids = [role["id"] for role in ask["roles"]]
        return {"do": "plan", "turn": turn, "shares": dict(zip(ids, wanted, strict=True))}
    response = ask["responses"][turn % len(ask["responses"])]["id"]
    made = {"do": "respond", "turn": turn, "incident": ask["id"], "response": response}
    if ask["predict"] and turn % 3:
        made["predictions"] = [
            {"contact": person["id"], "expects": EXPECTS[(turn + place) % 3], "sure": 50 + 10 * place}
            for place, person in enumerate(ask["predict"]["people"][:3])]
        made["because"] = f"It is turn {turn}."
    return made


def hint_action(view: dict[str, Any]) -> dict[str, Any] | None:
    """Some incidents are answered with a hint open."""
    if view["ask"].get("hints") and view["turn"] % 4 == 1:
        return {"do": "hint", "turn": view["turn"], "tier": 1}
    return None


def played(case: str, folder: Path, player: str = "ann") -> list[dict[str, Any]]:
    """Play a case to its end by actions of the session, and give the actions."""
    session = Session.open(case, player, folder=folder)
    view, taken = session.view(), []
    while view["stage"] != "end":
        for action in (hint_action(view), next_action(view)):
            if action:
                taken.append(action)
                view = session.act(action)
                assert view["message"] is None, view["message"]
    return taken


def transcript(folder: Path, notes: bool = True) -> bytes:
    """The transcript in a folder, its times and what hangs on them aside; notes if wanted."""
    (path,) = (one for one in folder.glob("*.casebook.jsonl") if ".branch-" not in one.name)
    lines = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    return "\n".join(json.dumps({key: value for key, value in line.items() if key not in TIMED},
                                ensure_ascii=False) for line in lines
                     if notes or "note" not in line).encode()


AFTER = {
    "benchmarks": [{"name": "Trust first", "overall": 71, "ending": "One table", "you": False},
                   {"name": "You", "overall": 57, "ending": "Kept <on>", "you": True}],
    "turning_points": [{"turn": 2, "week": 15, "title": "Two figures", "chose": "a", "other": "b",
                        "value": 6.2, "low": 2.1, "high": 9.8, "here": 4.0, "text": "It decided."}],
    "calibration": {"n": 6, "points": 31, "brier": 0.46, "svg": "<svg role='img'></svg>",
                    "text": "You were too sure.",
                    "rows": [{"sure": "60 to 69 %", "said": 64, "came": 50, "n": 6}]},
    "chairs": [{"id": "ruth", "name": "Ruth Adeyemi", "title": "Operations Director",
                "portrait": "", "wanted": ["No surprises"],
                "turns": [{"week": 15, "title": "Two figures", "saw": "She saw both.",
                           "believed": "She believed you.", "change": 3.5}],
                "believed": [{"name": "integrity", "start": 40, "end": 55}],
                "unsaid_html": "<p>The board asked.</p>", "private_html": "<p>In private.</p>"}],
}


class LooksBack:
    """A session whose look back and report are at hand, so that a test need not reckon them."""

    def __init__(self, session: Session, html: str = "<h1>My report</h1>"):
        self._session, self._after, self._html = session, None, html

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def view(self) -> dict[str, Any]:
        return {**self._session.view(), "after": self._after}

    def act(self, action: dict[str, Any]) -> dict[str, Any]:
        if action["do"] == "look-back":
            self._after = AFTER
            return self.view()
        if action["do"] == "report":
            return {**self.view(), "report": {"file": "a.report.html", "html": self._html}}
        return {**self._session.act(action), "after": self._after}
