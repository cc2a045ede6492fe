"""The widget: one message in, one view out, whatever happens."""

import json

from casebook.room.session import Session
from casebook.room.widget import FIXED, Room
from casebook.study import policy


def test_the_widget_shows_the_sessions_view_in_two_parts():
    session = Session.open("green-dashboard", folder=None)
    room = Room(session)
    whole = {**room.fixed, **room.view}
    view = session.view()
    assert whole.pop("answer") == 0
    assert set(view) <= set(whole) and not set(room.view) & set(FIXED)
    assert {key: whole[key] for key in FIXED} == {key: view[key] for key in FIXED}
    # Drawings are sent once, by id, and all that is left of the view is in the moving part.
    assert whole["faces"] == {one["id"]: one["portrait"] for one in (
        *view["people"], *view["colleagues"], view["you"])}
    assert "<svg" not in json.dumps(room.view)
    assert [one["readings"] for one in whole["people"]] == [
        one["readings"] for one in view["people"]]


def test_a_turn_sends_little():
    session = Session.open("green-dashboard", folder=None)
    room = Room(session)
    while session.play.ask is not None:
        session.take(policy("balanced")(session.play))
        room._receive(room, {"do": "switch", "branch": 0}, [])
        assert len(json.dumps(room.view)) < 60_000, "the whole play's story comes with every turn"


def test_an_action_is_answered_by_a_numbered_view():
    room = Room(Session.open("green-dashboard", folder=None))
    shares = {role["id"]: role["share"] for role in room.view["ask"]["roles"]}
    room._receive(room, {"do": "plan", "turn": 0, "shares": shares}, [])
    assert room.view["turn"] == 1 and room.view["answer"] == 1
    room._receive(room, {"do": "plan", "turn": 0, "shares": shares}, [])
    assert room.view["turn"] == 1 and room.view["answer"] == 2


def test_something_unexpected_is_told_in_the_room(monkeypatch):
    session = Session.open("green-dashboard", folder=None)
    room = Room(session)

    def breaks(_):
        raise RuntimeError("boom")

    monkeypatch.setattr(session, "act", breaks)
    for nonsense in (None, "text", {"do": "plan"}):
        room._receive(room, nonsense, [])
    assert "boom" in room.view["message"]["text"] and room.view["turn"] == 0
