"""Hints: in three tiers, noted when opened, and never the answer."""

import json
import re

import pytest

from casebook import case as cases
from casebook.room.session import Session
from tests.casefactory import response, small_case, write_case

from .kit import judged, next_action, play, reopened


def at_incident(case, folder=None, **rules):
    session = Session.open(case, folder=folder, **rules)
    play(session, 1)
    return session


def opened(session, tier):
    return session.act({"do": "hint", "turn": len(session.play.turns), "tier": tier})["ask"]["hints"]


def test_hints_open_tier_by_tier_and_stay_open(tmp_path, long):
    session = at_incident(long, tmp_path)
    hints = session.view()["ask"]["hints"]
    assert (hints["of"], hints["open"], len(hints["names"])) == (3, [], 3)
    assert "cost nothing" in hints["note"]
    assert len(opened(session, 1)["open"]) == 1
    assert len(opened(session, 3)["open"]) == 3
    assert len(opened(session, 2)["open"]) == 3, "what has been seen is not unseen"
    assert len(reopened(session).view()["ask"]["hints"]["open"]) == 3
    session.act(next_action(session.view()))
    assert session.view()["ask"]["hints"]["open"] == [] and session.view()["story"][1]["hints"] == 3
    result = judged(session)
    assert result.hints == {2: 3} and [note.record["tier"] for note in result.notes] == [1, 3]


@pytest.mark.parametrize("tier", [0, 4, -1, True, "1", None, 1.0, [1], {}, 10 ** 20])
def test_a_tier_that_is_none_is_told_and_not_noted(tmp_path, long, tier):
    session = at_incident(long, tmp_path)
    before = session.path.read_bytes()
    view = session.act({"do": "hint", "turn": 1, "tier": tier})
    assert "no such hint" in view["message"]["text"] and view["ask"]["hints"]["open"] == []
    assert session.path.read_bytes() == before


def test_there_is_no_hint_to_a_plan_nor_after_the_end_nor_where_they_are_off(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    assert "no hint here" in session.act({"do": "hint", "turn": 0, "tier": 1})["message"]["text"]
    view = play(session)
    assert "no hint here" in session.act(
        {"do": "hint", "turn": view["turn"], "tier": 1})["message"]["text"]
    off = at_incident(long, hints="off")
    assert off.view()["ask"]["hints"] is None
    assert "no hint here" in off.act({"do": "hint", "turn": 1, "tier": 1})["message"]["text"]


def test_where_they_are_counted_the_room_says_so_before(long):
    assert "costs marks" in at_incident(long, hints="counted").view()["ask"]["hints"]["note"]


def test_a_hint_that_could_not_be_noted_is_not_shown(tmp_path, long, monkeypatch):
    session = at_incident(long, tmp_path, hints="counted")

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert opened(session, 2)["open"] == []
    assert len(opened(session, 2)["open"]) == 2 and judged(session).hints == {2: 2}


def test_the_first_says_who_hears_of_it_and_the_third_what_each_way_touches(tmp_path):
    data = small_case()
    data["contacts"][0]["cares"] = {"budget": 5, "users": 4, "schedule": 1}
    data["contacts"][1]["cares"] = {"standing": 2}
    data["incidents"][0]["responses"] = [response("yes", ann=2), response("no", ann=-1)]
    session = at_incident(cases.read(write_case(tmp_path / "small", data)))
    look, stake, ways = opened(session, 3)["open"]
    assert "Ann cares most about money and the users." in look and "Bob" not in look
    assert "goodwill" in stake
    assert ways.count("Ann: belief in your integrity.") == 2 and ways.count("Roles: Coach.") == 2


def test_one_concern_is_told_alone(tmp_path):
    data = small_case()
    session = at_incident(cases.read(write_case(tmp_path / "small", data)))
    assert "Ann cares most about the date." in opened(session, 1)["open"][0]


def test_a_promise_that_is_open_is_part_of_what_is_at_stake(tmp_path):
    data = small_case()
    for one in data["incidents"][0]["responses"]:
        one["promises"] = [{"to": "bob", "what": "a <b>plan</b>", "due": 8,
                            "kept_when": {"progress": {"above": 0.6}}}]
    session = at_incident(cases.read(write_case(tmp_path / "small", data)))
    session.act(next_action(session.view()))
    stake = opened(session, 2)["open"][1]
    assert "You have promised Bob: a &lt;b&gt;plan&lt;/b&gt; (due in week 8)." in stake


def test_a_case_brings_its_own(tmp_path):
    data = small_case()
    data["incidents"][0]["hints"] = ["Look at *Bob*.", "<script>", "Think."]
    session = at_incident(cases.read(write_case(tmp_path / "small", data)))
    hints = opened(session, 3)["open"]
    assert "<em>Bob</em>" in hints[0] and "<script>" not in hints[1] and "Think." in hints[2]


@pytest.mark.parametrize("name", sorted(cases.bundled()))
def test_no_hint_of_a_bundled_case_says_what_an_answer_does_to_anybody(name):
    """No principle of a response, no reaction and no number that a response carries."""
    session = Session.open(name, folder=None)
    view, seen = session.view(), 0
    while view["stage"] != "end":
        if view["stage"] == "incident":
            asked, seen = session.play.ask, seen + 1
            told = "".join(opened(session, 3)["open"])
            plain = re.sub(r"<[^>]+>", "", told)
            for one in asked.responses:
                assert one.why not in plain
                for lines in one.reaction.values():
                    assert not any(line in plain for tone in lines.values() for line in tone)
            touched = re.findall(r"<li>([^<]*: [^<]*belief in[^<]*)</li>", told)
            assert asked.incident.hints or touched and not re.search(r"\d", "".join(touched))
        shares = {role["id"]: role["share"] for role in view["ask"].get("roles", ())}
        view = session.act({"do": "plan", "turn": view["turn"], "shares": shares}
                           if view["stage"] == "plan" else next_action(view))
        assert view["message"] is None
    assert seen > 3 and json.dumps(view)
