"""What is reckoned after the end of a play, as the room's protocol describes it."""

import json
import re

import pytest

from casebook import language
from casebook.engagement import begin_play
from casebook.errors import StudyError
from casebook.room.after import after, told
from casebook.study import policy, turning_points

BUNDLED = ("green-dashboard", "two-rooms", "three-sponsors", "after-hours", "second-question",
           "the-reference", "account-plan")


def played(case, manager="random"):
    play = begin_play(case, "mia")
    while play.outcome is None:
        play = play.take(policy(manager)(play))
    return play


@pytest.mark.parametrize("name", BUNDLED)
def test_it_is_the_dictionary_of_the_protocol(case_of, name):
    play = played(case_of(name))
    found = after(play)
    assert json.loads(json.dumps(found)) == found
    assert list(found) == ["benchmarks", "turning_points", "calibration", "chairs"]
    assert found["calibration"] is None
    assert all(set(one) == {"name", "overall", "ending", "you"} for one in found["benchmarks"])
    scores = [one["overall"] for one in found["benchmarks"]]
    assert scores == sorted(scores, reverse=True)
    assert [(one["overall"], one["ending"]) for one in found["benchmarks"] if one["you"]] == [
        (round(play.outcome.overall), play.outcome.ending.title)]
    assert len({one["name"] for one in found["benchmarks"]}) == len(found["benchmarks"]) == 10
    assert len(found["turning_points"]) == len(turning_points(play))
    for one in found["turning_points"]:
        assert set(one) == {"turn", "week", "title", "chose", "other", "value", "low", "high",
                            "here", "text"}
        assert one["low"] <= one["value"] <= one["high"] and one["chose"] != one["other"]
        _holds(one)
    assert [one["id"] for one in found["chairs"]] == [one.id for one in play.case.contacts]


def _holds(point):
    """The sentence says what the numbers say."""
    numbers = [float(one.replace("−", "-")) for one in re.findall(r"[+−]?\d+\.\d", point["text"])]
    assert numbers[-1] == point["here"]
    if "about the same" in point["text"]:
        assert point["low"] <= 0.05 and point["high"] >= -0.05
        assert numbers[:2] == [point["low"], point["high"]]
    else:
        assert numbers[0] == abs(point["value"])
        assert numbers[1:3] == sorted((abs(point["low"]), abs(point["high"])))
        assert ("points more" in point["text"]) == (point["value"] > 0)


def test_decisions_are_told_in_plain_words(case_of):
    account, single = played(case_of("account-plan"), "balanced"), played(case_of("two-rooms"), "balanced")
    assert told(account, account.turns[0].decision).startswith("In proportion to needs (")
    assert told(single, single.turns[0].decision).startswith("Balanced (Implementer 40 %, Coach 15 %")
    answer = next(turn for turn in single.turns if turn.offered)
    assert not set("*_`#") & set(told(single, answer.decision))
    assert told(single, answer.decision).split()[0] == answer.you.split()[0]


def test_every_text_of_the_interface_is_translated(case_of, monkeypatch):
    class Marked:
        def gettext(self, text):
            return f"‹{text}›"

    play = played(case_of("account-plan"))
    plain = after(play)
    monkeypatch.setattr(language, "_catalogue", lambda domain, code: Marked())
    found = after(play)
    for one, other in zip(found["benchmarks"], plain["benchmarks"], strict=True):
        assert one["name"] == f"‹{other['name']}›" and one["ending"] == other["ending"]
    for one in found["turning_points"]:
        assert one["text"].startswith("‹") and one["text"].endswith("›")
    for one in found["chairs"]:
        assert all(wanted.startswith("‹") for wanted in one["wanted"])
        assert all(held["name"].startswith("‹") for held in one["believed"])
        assert one["private_html"].startswith("<p>‹“‹")
        for turn in one["turns"]:
            assert turn["saw"].startswith("‹") and turn["believed"].startswith("‹")


def test_a_play_that_is_not_over_has_no_after(case_of):
    with pytest.raises(StudyError, match="not over"):
        after(begin_play(case_of("green-dashboard"), "mia"))


def test_the_same_play_gives_the_same_dictionary(case_of):
    play = played(case_of("the-reference"))
    assert after(play) == after(play)
