"""What an instructor has set for the room, and what a notebook may wish."""

import shutil

import pytest

from casebook.engagement.allowed import Rules, room_rules
from casebook.errors import Place, PlayerError
from casebook.room.rules import rules_in
from casebook.room.session import Session

from .kit import judged, next_action, play


def written(folder, text):
    (folder / "assignment.yaml").write_text(text, encoding="utf-8")
    return folder


def test_where_nothing_is_set_everything_is_free(tmp_path):
    for folder in (None, tmp_path, tmp_path / "nowhere", str(tmp_path)):
        assert rules_in(folder, "long") == Rules(False, "offered", "free")


def test_an_assignment_of_this_case_makes_the_play_an_assessed_one(tmp_path):
    written(tmp_path, "case: long\n")
    assert rules_in(tmp_path, "long") == Rules(True, "offered", "free")
    assert rules_in(tmp_path, "other") == Rules()
    written(tmp_path, "case: long\nroom: {predictions: asked, hints: counted}\n")
    assert rules_in(tmp_path, "long") == Rules(True, "asked", "counted")
    # YAML reads the word off as false.
    written(tmp_path, "case: long\nroom:\n  predictions: off\n  hints: off\n")
    assert rules_in(tmp_path, "long") == Rules(True, "off", "off")
    written(tmp_path, "case: cases/long\n")
    assert rules_in(tmp_path, "long").assessed


@pytest.mark.parametrize("text", ["case:\n", "case: 5\n", "room: {hints: nonsense}\n", "case: [long]\n"])
def test_an_assignment_of_nothing_or_of_another_case_sets_nothing(tmp_path, text):
    assert rules_in(written(tmp_path, text), "long") == Rules()


@pytest.mark.parametrize("text", ["", "- a list\n", "just text\n"])
def test_an_assignment_that_says_nothing_opens_no_play_by_guessed_rules(tmp_path, text):
    with pytest.raises(PlayerError, match="does not say what the assignment is"):
        rules_in(written(tmp_path, text), "long")


@pytest.mark.parametrize("text", ["case: ' long'\n", "case: ../cases/long/case.yaml\n", "case: cases/long\n"])
def test_a_case_is_known_however_it_is_written(tmp_path, text):
    assert rules_in(written(tmp_path, text), "long").assessed


@pytest.mark.parametrize("raw", [b"case: [", b"\xff\xfe\x00", b"a: b: c", b"\tcase: long"])
def test_one_that_cannot_be_read_opens_no_play(tmp_path, long, raw):
    (tmp_path / "assignment.yaml").write_bytes(raw)
    with pytest.raises(PlayerError, match="assignment.yaml cannot be read") as error:
        Session.open(long, folder=tmp_path)
    assert "Put back" in error.value.mend and not list(tmp_path.glob("*.jsonl"))


WRONG = {
    "predictions: maybe": "room's rule for predictions is 'maybe'",
    "hints: [free]": "room's rule for hints",
    "hints: {free: true}": "room's rule for hints",
    "predictions: true": "room's rule for predictions is True",
    "predictions: 0": "room's rule for predictions is 0",
    "prediction: asked": "key 'prediction' that is not known",
    "1: asked": "key 1 that is not known",
}


@pytest.mark.parametrize("what", WRONG)
def test_a_rule_that_is_none_is_named(tmp_path, long, what):
    written(tmp_path, f"case: long\nroom:\n  {what}\n")
    with pytest.raises(PlayerError, match=WRONG[what].replace("[", r"\[")):
        Session.open(long, folder=tmp_path)


@pytest.mark.parametrize("data", [["asked"], "asked", 5, True])
def test_rules_that_are_no_mapping_are_told(data):
    with pytest.raises(PlayerError, match="not a mapping"):
        room_rules(data, Place("x"), False)


def test_a_notebook_may_wish_where_nothing_is_assessed_only(tmp_path):
    free, assessed = Rules(), Rules(True, "offered", "counted")
    assert free.or_else("asked", None) == Rules(False, "asked", "free")
    assert free.or_else(None, "off") == Rules(False, "offered", "off")
    assert assessed.or_else("off", "free") is assessed
    with pytest.raises(PlayerError, match="room's rule for hints is 'no'"):
        free.or_else(None, "no")


def expecting(view, *names, because="They said so."):
    return next_action(view, because=because, predictions=[
        {"contact": name, "expects": "same", "sure": 50} for name in names])


def test_where_predictions_are_asked_no_response_goes_without(tmp_path, long):
    session = Session.open(long, folder=tmp_path, predictions="asked")
    view = play(session, 1)
    for action, told in ((next_action(view), "Missing: Ann, Bob"),
                         (expecting(view, "ann"), "Missing: Bob"),
                         (expecting(view, "ann", "bob", because="  "), "why you expect")):
        refused = session.act(action)
        assert refused["turn"] == 1 and told in refused["message"]["text"]
    view = session.act(expecting(view, "ann", "bob"))
    assert view["turn"] == 2 and view["message"] is None
    assert {one["id"] for one in view["happened"]["predictions"]} == {"ann", "bob"}
    assert judged(session).said[2].because == "They said so."


def test_a_plan_needs_none(long):
    session = Session.open(long, folder=None, predictions="asked")
    assert session.act(next_action(session.view()))["turn"] == 1


def test_where_they_are_off_none_are_kept_and_nonsense_is_no_matter(tmp_path, long):
    session = Session.open(long, folder=tmp_path, predictions="off")
    view = play(session, 1)
    assert view["ask"]["predict"] is None
    view = session.act(next_action(view, predictions=[5], because="x"))
    assert view["turn"] == 2 and not session.story.said and judged(session).said == {}


def test_where_they_are_offered_they_may_be_left_out_or_be_partial(long):
    session = Session.open(long, folder=None)
    view = play(session, 1)
    assert [one["id"] for one in view["ask"]["predict"]["people"]] == ["ann", "bob"]
    view = session.act(expecting(view, "bob", because=""))
    assert [one["id"] for one in view["happened"]["predictions"]] == ["bob"]
    assert session.act(next_action(view))["happened"]["predictions"] == []


def test_of_an_account_those_of_the_engagement_that_is_asked_about(deal):
    session = Session.open(deal, folder=None, predictions="asked")
    view = session.view()
    while view["stage"] != "incident":
        shares = {role["id"]: role["share"] for role in view["ask"]["roles"]}
        view = session.act({"do": "plan", "turn": view["turn"], "shares": shares})
        assert view["message"] is None
    people = [one["id"] for one in view["ask"]["predict"]["people"]]
    engagement = session.play.ask.engagement
    assert people and all(id.startswith(engagement) for id in people)
    assert session.act(expecting(view, *people))["turn"] == view["turn"] + 1


def test_a_play_that_is_carried_out_of_the_assignment_still_says_what_was_done(tmp_path, long):
    """Who copies an assessed play elsewhere to try other ways there has it written in the file."""
    inside, outside = tmp_path / "a", tmp_path / "b"
    inside.mkdir(), outside.mkdir()
    written(inside, "case: long\n")
    session = Session.open(long, folder=inside)
    play(session, 4)
    shutil.copy(session.path, outside)
    other = Session.open(long, folder=outside)
    other.act({"do": "branch", "from": 2})
    shutil.copy(other.stories[0].path, inside)
    again = Session.open(long, folder=inside)
    play(again)
    assert judged(again).verdict == "whole" and judged(again).tried_before_the_end == 1
