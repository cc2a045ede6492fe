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
