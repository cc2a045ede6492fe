"""The widget: one message in, one view out, whatever happens."""

from casebook.room.session import Session
from casebook.room.widget import FIXED, Room


def test_the_widget_shows_the_sessions_view_in_two_parts():
    session = Session.open("green-dashboard", folder=None)
    room = Room(session)
    whole = {**room.fixed, **room.view}
    answer = whole.pop("answer")
    assert answer == 0 and whole == session.view()
    assert not set(room.view) & set(FIXED)


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
