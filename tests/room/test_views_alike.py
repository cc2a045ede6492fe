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
        if action["do"] == "plan":
            for id, share in action["shares"].items():
                basic.controls.boxes[id].value = share
                assert sum(box.value for box in basic.controls.boxes.values()) == 100
            assert basic.controls.shares() == action["shares"]
        else:
            basic.controls.choice.value = action["response"]
        basic.commit.click()
    return basic.view["stage"]


def at_the_terminal(case, folder, actions, monkeypatch):
    """By what is typed; keys that change nothing lie between the answers."""
    view = Session.open(case, "ann", folder=None)
    typed = ["?", "w", "d", "1"]
    for action in actions:
        if action["do"] == "plan":
            typed.append(" ".join(map(str, action["shares"].values())))
        else:
            ids = [one["id"] for one in view.view()["ask"]["responses"]]
            typed += ["o", "99", str(1 + ids.index(action["response"]))]
        view.act(action)
        typed += ["y", "t"]
    lines = iter([*typed, "q"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(lines))
    assert run(case, "ann", 1, folder, out=io.StringIO()) == 0
    return "end"


@pytest.mark.parametrize("case", CASES)
def test_the_same_moves_give_the_same_transcript_in_every_view(case, tmp_path, monkeypatch):
    folders = {name: tmp_path / name for name in ("session", "room", "basic", "terminal", "moves")}
    for folder in folders.values():
        folder.mkdir()
    actions = played(case, folders["session"])
    wanted = transcript(folders["session"])
    assert in_the_room(case, folders["room"], actions) == "end"
    assert in_the_basic_view(case, folders["basic"], actions) == "end"
    at_the_terminal(case, folders["terminal"], actions, monkeypatch)
    moves = next(folders["session"].glob("*.jsonl"))
    assert run(case, "ann", 1, folders["moves"], moves=moves, out=io.StringIO()) == 0
    for name, folder in folders.items():
        assert transcript(folder) == wanted, name
        path = next(folder.glob("*.jsonl"))
        assert replay(path, cases.read).verdict == "whole", name
