"""The basic view: plain ipywidgets that show what the session says."""

import base64
import re

import ipywidgets
import pytest

from casebook.room import play
from casebook.room.basic import Basic
from casebook.room.phrases import rebalance
from casebook.room.session import Session

from .plays import LooksBack, next_action, played

CASE = "green-dashboard"


@pytest.fixture
def basic(tmp_path):
    return play(CASE, "ann", folder=tmp_path, view="basic", language="en")


@pytest.fixture
def ended(tmp_path):
    played(CASE, tmp_path)
    return Basic(LooksBack(Session.open(CASE, "ann", folder=tmp_path, language="en")))


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def visible(widget):
    return widget.layout.display != "none"


def button(basic, words):
    return next(one for one in walk(basic) if isinstance(one, ipywidgets.Button)
                and words in one.description and visible(one))


def take(basic, **more):
    if basic.view["stage"] == "incident":
        basic.controls.choice.index = more.get("choice", 0)
    basic.commit.click()


def test_it_is_made_of_plain_ipywidgets_only(basic):
    for _ in range(2):
        assert {type(one).__module__.split(".")[0] for one in walk(basic) if one is not basic} == {
            "ipywidgets"}
        take(basic)


def test_every_control_has_words_of_its_own(basic):
    for _ in range(3):
        controls = [one for one in walk(basic) if visible(one) and isinstance(
            one, ipywidgets.Button | ipywidgets.Dropdown | ipywidgets.RadioButtons
            | ipywidgets.BoundedIntText | ipywidgets.Textarea)]
        words = [one.description for one in controls]
        assert len(controls) > 2 and all(words) and len(set(words)) == len(words)
        assert all(one.tooltip for one in controls if isinstance(one, ipywidgets.Button))
        assert max(map(len, words)) < 80
        take(basic)


def test_shares_stay_at_100_and_what_was_set_stays(basic):
    boxes = basic.controls.boxes
    for id, value in (("marketer", 30), ("coach", 5), ("friend", 20)):
        boxes[id].value = value
        assert sum(basic.controls.shares().values()) == 100
    assert [boxes[id].value for id in ("marketer", "coach", "friend")] == [30, 5, 20]
    boxes["implementer"].value = 90
    assert boxes["implementer"].value == 90 and sum(basic.controls.shares().values()) == 100
    basic.controls.presets[1].click()
    assert basic.controls.shares() == basic.view["ask"]["presets"][1]["shares"]


@pytest.mark.parametrize("value", [0, 1, 33, 99, 100])
@pytest.mark.parametrize("held", [(), ("b",), ("b", "c"), ("b", "c", "d")])
def test_rebalance_keeps_to_100_whatever_is_held(value, held):
    made = rebalance({"a": 40, "b": 30, "c": 30, "d": 0}, "a", value, held)
    assert made["a"] == value and sum(made.values()) == 100 and min(made.values()) >= 0


def test_nothing_chosen_is_told_and_nothing_is_taken(basic):
    take(basic)
    basic.commit.click()
    assert "Choose what you do first" in basic.texts["message"].value and basic.view["turn"] == 1


def test_what_was_chosen_stays_while_hints_are_opened(basic):
    take(basic)
    basic.controls.choice.index = 2
    chosen = basic.controls.choice
    basic.hint.click()
    assert "Hint 1 of 3" in basic.texts["hints"].value
    assert basic.controls.choice is chosen and chosen.index == 2
    basic.hint.click()
    basic.hint.click()
    assert not visible(basic.hint)


def test_what_goes_wrong_is_told_on_the_page(basic, monkeypatch):
    def breaks(_):
        raise RuntimeError("boom <b>")

    monkeypatch.setattr(basic._session, "act", breaks)
    basic.commit.click()
    assert "boom &lt;b&gt;" in basic.texts["message"].value and basic.view["turn"] == 0


def test_another_way_is_begun_shown_and_compared(basic):
    for _ in range(4):
        take(basic)
    basic.stories.start.value = 2
    button(basic, "Try another way").click()
    assert basic.view["branches"]["current"] == 1 and basic.view["turn"] == 1
    take(basic, choice=1)
    basic.stories.story.value = 0
    button(basic, "Show this story").click()
    assert basic.view["turn"] == 4
    basic.stories.story.value = 1
    button(basic, "Compare").click()
    assert "How people look at you" in basic.texts["comparison"].value
    button(basic, "No comparison").click()
    assert basic.texts["comparison"].value == ""


def test_the_end_looks_back_and_gives_the_report_as_a_link(ended):
    assert not visible(ended.commit) and "Scorecard" in ended.texts["question"].value
    button(ended, "Look back").click()
    told = ended.texts["after"].value
    for words in ("Trust first", "Kept &lt;on&gt;", "It decided.", "You were too sure.",
                  "She believed you.", "In private."):
        assert words in told
    assert not visible(ended.look_back)
    button(ended, "report").click()
    link = re.search(r'download="a.report.html".*?base64,([^"]+)"', ended.texts["report"].value)
    assert base64.b64decode(link.group(1)).decode() == "<h1>My report</h1>"


def test_predictions_go_along_and_are_answered(basic):
    take(basic)
    first = next(iter(basic.controls.expects))
    basic.controls.expects[first].value = "less"
    basic.controls.sure[first].value = 90
    take(basic)
    assert "90 % sure" in basic.texts["happened"].value


def test_it_shows_what_the_session_shows_after_every_turn(tmp_path, basic):
    other = Session.open(CASE, "ann", folder=None, language="en")
    for _ in range(5):
        action = next_action(other.view())
        basic.act(action)
        view = other.act(action)
        assert view["ask"].get("title", "") in basic.texts["question"].value
        for person in view["people"]:
            assert person["name"] in basic.texts["people"].value


def test_an_unknown_view_is_a_plain_notice(tmp_path):
    assert "no view" in play(CASE, folder=tmp_path, view="hologram").text
