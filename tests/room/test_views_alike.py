"""The same moves give the same transcript in every view. Voila's is in tests/browser/test_app.py."""

import io

import pytest

from casebook import case as cases
from casebook.engagement import replay
from casebook.room import play
from casebook.room.session import Session
from casebook.room.terminal import run
from casebook.room.widget import Room

from .plays import played, transcript

CASES = ("green-dashboard", "three-sponsors", "the-reference", "account-plan")


def in_the_room(case, folder, actions):
    """By the messages that the notebook's room sends."""
    room = Room(Session.open(case, "ann", folder=folder))
    for action in actions:
        room._receive(room, action, [])
    return room.view["stage"]


def in_the_basic_view(case, folder, actions):
    """By values and clicks, as a student at plain ipywidgets."""
    basic = play(case, "ann", folder=folder, view="basic")
    for action in actions:
        if action["do"] == "hint":
            basic.hint.click()
            continue
        if action["do"] == "plan":
            for id, share in action["shares"].items():
                basic.controls.boxes[id].value = share
                assert sum(box.value for box in basic.controls.boxes.values()) == 100
            assert basic.controls.shares() == action["shares"]
        else:
            basic.controls.choice.value = action["response"]
            for said in action.get("predictions", ()):
                basic.controls.expects[said["contact"]].value = said["expects"]
                basic.controls.sure[said["contact"]].value = said["sure"]
            if "because" in action:
                basic.controls.because.value = action["because"]
        basic.commit.click()
    return basic.view["stage"]


def typed_for(action, view):
    """What is typed for an action; keys that change nothing lie around it."""
    if action["do"] == "hint":
        return ["h"]
    if action["do"] == "plan":
        return ["w", " ".join(map(str, action["shares"].values())), "y"]
    ask = view["ask"]
    number = str(1 + [one["id"] for one in ask["responses"]].index(action["response"]))
    if "predictions" not in action:
        return ["o", "99", number, "t"]
    said = {one["contact"]: one for one in action["predictions"]}
    typed = ["p", number]
    for person in ask["predict"]["people"]:
        if person["id"] in said:
            one = said[person["id"]]
            typed += [str(1 + list(ask["predict"]["choices"]).index(one["expects"])),
                      str(one["sure"])]
        else:
            typed.append("")
    return [*typed, action["because"]]


def at_the_terminal(case, folder, actions, monkeypatch):
    """By what is typed."""
    session = Session.open(case, "ann", folder=None)
    view, typed = session.view(), ["?", "d", "1"]
    for action in actions:
        typed += typed_for(action, view)
        view = session.act(action)
    lines = iter([*typed, "q"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(lines))
    assert run(case, "ann", 1, folder, out=io.StringIO(), language="en") == 0


@pytest.mark.parametrize("case", CASES)
def test_the_same_moves_give_the_same_transcript_in_every_view(case, tmp_path, monkeypatch):
    folders = {name: tmp_path / name for name in ("session", "room", "basic", "terminal", "moves")}
    for folder in folders.values():
        folder.mkdir()
    actions = played(case, folders["session"])
    assert in_the_room(case, folders["room"], actions) == "end"
    assert in_the_basic_view(case, folders["basic"], actions) == "end"
    at_the_terminal(case, folders["terminal"], actions, monkeypatch)
    moves = next(folders["session"].glob("*.jsonl"))
    assert run(case, "ann", 1, folders["moves"], moves=moves, out=io.StringIO()) == 0
    for name, folder in folders.items():
        # A file of moves holds decisions and what was predicted, and opens no hint.
        notes = name != "moves"
        assert transcript(folder, notes) == transcript(folders["session"], notes), name
        path = next(folder.glob("*.jsonl"))
        assert replay(path, cases.read).verdict == "whole", name
