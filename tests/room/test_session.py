"""A session: every turn is saved when it is taken, resumed from there, and never lost."""

import json
import os

import pytest

from casebook import case as cases
from casebook.engagement import Plan, PlanAsk
from casebook.engagement.replay import replay
from casebook.errors import TranscriptError
from casebook.room.session import Session
from casebook.study import policy

BALANCED = {"implementer": 40, "coach": 15, "entrepreneur": 10, "politician": 15, "friend": 12,
            "marketer": 8}
CASE = "green-dashboard"


def next_action(view):
    """What a student who always takes the first offer would do."""
    if view["ask"]["kind"] == "plan":
        return {"do": "plan", "turn": view["turn"], "shares": BALANCED}
    first = view["ask"]["responses"][0]["id"]
    return {"do": "respond", "turn": view["turn"], "incident": view["ask"]["id"],
            "response": first}


def play_turns(session, turns):
    view = session.view()
    for _ in range(turns):
        view = session.act(next_action(view))
    return view


def test_a_whole_play_by_actions_leaves_a_whole_transcript(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    view = session.view()
    while view["stage"] != "end":
        view = session.act(next_action(view))
        assert view["message"] is None and view["saved"]["ok"]
    assert replay(session.path, cases.read).verdict == "whole"
    assert json.dumps(view)


def test_every_turn_is_on_disk_before_the_next_is_asked_for(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    view = session.view()
    for turn in range(1, 7):
        view = session.act(next_action(view))
        saved = session.path.read_text(encoding="utf-8").splitlines()
        assert len(saved) == turn + 1


@pytest.mark.parametrize("turns", range(1, 8))
def test_a_play_that_was_killed_resumes_where_it_was(tmp_path, turns):
    before = play_turns(Session.open(CASE, folder=tmp_path), turns)
    after = Session.open(CASE, folder=tmp_path).view()
    assert after["turn"] == turns
    assert {k: v for k, v in after.items() if k != "saved"} == {
        k: v for k, v in before.items() if k != "saved"}


def test_a_finished_play_reopens_at_its_end(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    while session.play.ask is not None:
        session.take(policy("balanced")(session.play))
    again = Session.open(CASE, folder=tmp_path)
    assert again.view()["stage"] == "end"
    assert again.play.outcome == session.play.outcome


def test_a_double_click_changes_nothing(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    action = next_action(session.view())
    session.act(action)
    assert session.act(action)["turn"] == 1


NOT_ALLOWED = {
    "a plan that adds up to 90": {"do": "plan", "turn": 0, "shares": {"implementer": 90}},
    "a response where a plan is asked for": {"do": "respond", "turn": 0, "incident": "a",
                                            "response": "b"},
    "something else": {"do": "dance", "turn": 0},
    "shares that are no mapping": {"do": "plan", "turn": 0, "shares": [100]},
    "shares with text": {"do": "plan", "turn": 0, "shares": {"implementer": "100"}},
}


@pytest.mark.parametrize("what", NOT_ALLOWED)
def test_a_message_and_no_change_answers(tmp_path, what):
    session = Session.open(CASE, folder=tmp_path)
    view = session.act(NOT_ALLOWED[what])
    assert view["turn"] == 0 and view["message"]["level"] == "error"
    assert session.view()["message"] is None, "a message is told once"


def test_an_action_that_is_not_even_a_mapping_is_answered_by_the_view(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    assert session.act({})["turn"] == 0


def test_a_second_tab_takes_over_where_the_play_stands(tmp_path):
    one, two = (Session.open(CASE, folder=tmp_path) for _ in range(2))
    play_turns(one, 2)
    view = two.act(next_action(two.view()))
    assert view["turn"] == 2 and "another tab" in view["message"]["text"]
    assert two.act(next_action(view))["turn"] == 3
    # The first tab notices in turn, and the file stays whole.
    assert one.act(next_action(one.view()))["turn"] == 3
    assert len(replay(one.path, cases.read).play.turns) == 3


def test_a_file_that_was_deleted_is_written_again(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    view = play_turns(session, 3)
    session.path.unlink()
    view = session.act(next_action(view))
    assert "written again" in view["message"]["text"] and view["turn"] == 3
    assert session.act(next_action(view))["turn"] == 4
    assert len(replay(session.path, cases.read).play.turns) == 4


def test_a_damaged_file_is_kept_and_the_turns_before_the_damage_go_on(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    play_turns(session, 5)
    raw = session.path.read_bytes()
    session.path.write_bytes(raw[:-25])
    again = Session.open(CASE, folder=tmp_path)
    view = again.view()
    assert view["turn"] == 4 and "kept as" in view["message"]["text"]
    kept = list(tmp_path.glob("*.damaged-1"))
    assert [path.read_bytes() for path in kept] == [raw[:-25]]
    assert again.act(next_action(view))["turn"] == 5


def test_times_survive_a_recovery(tmp_path):
    session = Session.open(CASE, folder=tmp_path)
    play_turns(session, 3)
    times = [json.loads(row).get("time") for row in session.path.read_text().splitlines()[1:3]]
    session.path.write_bytes(session.path.read_bytes()[:-5])
    again = Session.open(CASE, folder=tmp_path)
    kept = [json.loads(row).get("time") for row in again.path.read_text().splitlines()[1:]]
    assert kept == times


def test_something_else_under_the_name_is_kept_aside(tmp_path):
    path = Session.open(CASE, folder=tmp_path).path
    path.write_bytes(b"not a transcript")
    session = Session.open(CASE, folder=tmp_path)
    assert session.view()["turn"] == 0
    assert [p.read_bytes() for p in tmp_path.glob("*.damaged-1")] == [b"not a transcript"]


def test_a_folder_that_cannot_be_written_to_is_said_and_the_turn_does_not_count(
        tmp_path, monkeypatch):
    session = Session.open(CASE, folder=tmp_path)
    view = play_turns(session, 2)
    real = os.fsync

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    view = session.act(next_action(view))
    assert view["turn"] == 2 and not view["saved"]["ok"]
    assert "No space left" in view["message"]["text"]
    monkeypatch.setattr(os, "fsync", real)
    assert session.act(next_action(view))["turn"] == 3
    assert len(replay(session.path, cases.read).play.turns) == 3


def test_a_missing_folder_is_a_plain_error_on_the_first_turn(tmp_path):
    session = Session.open(CASE, folder=tmp_path / "nowhere")
    with pytest.raises(TranscriptError, match="could not be saved"):
        session.take(Plan(session.play.ask.phase.id, tuple(BALANCED.values())))
    assert isinstance(session.play.ask, PlanAsk) and not session.play.turns


def test_readings_are_less_certain_where_nobody_looked(tmp_path):
    def width(shares):
        session = Session.open(CASE, player="w", folder=None)
        session.take(Plan(session.play.ask.phase.id, shares))
        while len(session.play.turns) < 5:
            ask = session.play.ask
            session.take(Plan(ask.phase.id, shares) if isinstance(ask, PlanAsk) else
                         policy("balanced")(session.play))
        people = session.view()["people"]
        return sum(r["high"] - r["low"] for p in people for r in p["readings"])

    assert width((30, 0, 0, 30, 40, 0)) < width((60, 40, 0, 0, 0, 0)) * 0.8


def test_the_view_never_holds_what_a_student_must_not_see_before_the_end(tmp_path):
    session = Session.open(CASE, folder=None)
    told = json.dumps(session.view(), ensure_ascii=False)
    case = session.play.case
    for contact in case.contacts:
        assert contact.unsaid[:40] not in told
    for ending in case.endings:
        assert ending.title not in told


def test_on_binder_a_player_is_you_whatever_name_chance_gave(monkeypatch):
    from casebook.room import default_player

    monkeypatch.setenv("JUPYTERHUB_USER", "owner-repository-7x2k9q4b")
    assert default_player() == "owner-repository-7x2k9q4b"
    monkeypatch.setenv("BINDER_REPO_URL", "https://example.org/owner/repository")
    assert default_player() == "you"
