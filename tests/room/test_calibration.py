"""The calibration picture: what it shows, in words as well."""

from xml.etree import ElementTree

import pytest

from casebook.engagement.predictions import calibration
from casebook.language import number
from casebook.room.calibration import calibrated, picture, told
from casebook.room.session import Session

from .kit import next_action, play

SVG = "{http://www.w3.org/2000/svg}"

CASES = {
    "one that came true": ([(70, True)], ["1 of your 1 prediction came true", "too few"]),
    "too few": ([(70, True)] * 7, ["7 of your 7 predictions came true", "too few"]),
    "too sure": ([(90, True)] * 4 + [(90, False)] * 4, [
        "On average you were 90 % sure, and 50 % came true", "more sure than you had reason"]),
    "too little sure": ([(50, True)] * 8, ["You knew more than you gave yourself credit for"]),
    "as sure as right": ([(50, True)] * 5 + [(50, False)] * 5, ["You knew well how much you knew"]),
    "just within ten points": ([(60, True)] * 5 + [(60, False)] * 5, ["You knew well"]),
}


@pytest.mark.parametrize("what", CASES)
def test_the_text_says_hits_sureness_and_score(what):
    made, sentences = CASES[what]
    text, found = told(calibration(made)), calibration(made)
    for sentence in sentences:
        assert sentence in text
    assert f"Your score is {number(found.points)} points" in text
    assert f"Brier score {number(found.score, 2)}" in text
    verdicts = ["too few", "more sure than", "credit for", "knew well"]
    assert sum(verdict in text for verdict in verdicts) == 1


def test_the_picture_is_svg_with_a_title_and_its_data_in_words():
    found = calibration([(70, True), (70, False), (90, True), (34, False)])
    svg = ElementTree.fromstring(picture(found))
    assert svg.tag == f"{SVG}svg" and svg.get("role") == "img"
    assert [child.tag for child in svg][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert svg[0].text == "How sure you were, and how often you were right"
    assert svg[1].text == ("34 to 44 % sure: 0 % of 1 came true; 65 to 74 % sure: 50 % of 2 came "
                           "true; 85 to 94 % sure: 100 % of 1 came true.")
    assert not [tag for tag in svg.iter() if tag.tag in (f"{SVG}script", f"{SVG}image")]


def test_points_lie_where_they_were_said_and_came_and_inside_the_picture():
    found = calibration([(34, False), (65, True), (65, False), (99, True)] + [(99, True)] * 500)
    svg = ElementTree.fromstring(picture(found))
    circles = [(float(c.get("cx")), float(c.get("cy")), float(c.get("r")))
               for c in svg.iter(f"{SVG}circle")]
    assert len(circles) == len(found.bands) == 3
    size = float(svg.get("viewBox").split()[2])
    assert all(x - r >= 0 and x + r <= size and y - r >= 0 and y + r <= size for x, y, r in circles)
    assert circles[0][0] < circles[1][0] < circles[2][0]
    assert circles[0][1] > circles[1][1] > circles[2][1], "more came true stands higher"
    assert circles[2][2] > circles[0][2]
    # Half-way on the scale of what came true lies half-way between none and all.
    assert abs(circles[1][1] - (circles[0][1] + circles[2][1]) / 2) < 0.1


def test_a_story_without_predictions_has_none(long):
    session = Session.open(long, folder=None)
    play(session)
    assert calibrated(session.story) is None


def test_a_story_counts_every_prediction_against_what_came(long):
    session = Session.open(long, folder=None)
    view, shown = session.view(), []
    while view["stage"] != "end":
        sure = 60 if view["turn"] % 2 else 80
        view = session.act(next_action(view, predictions=[
            {"contact": "ann", "expects": "more", "sure": sure},
            {"contact": "bob", "expects": "more", "sure": sure}]))
        shown += view["happened"]["predictions"]
    found = calibrated(session.story)
    assert found["n"] == len(shown) == 14
    assert found["hits"] == sum(one["hit"] for one in shown)
    assert all(one["hit"] == (one["came"] == "more") for one in shown)
    assert 0 < found["hits"] < 14, "both happen"
    rows = {row["sure"]: row["n"] for row in found["rows"]}
    assert set(rows) == {"55 to 64 %", "75 to 84 %"} and sum(rows.values()) == 14
    again = calibration([(one["sure"], one["hit"]) for one in shown])
    assert found["brier"] == round(again.score, 3) and found["points"] == round(again.points)
