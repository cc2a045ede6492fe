"""The terminal: every key, narrow, plain and coloured; whatever is typed, no traceback."""

import io

import pytest

from casebook.room.session import Session
from casebook.room.terminal import show
from casebook.room.terminal.keys import KEYS
from casebook.room.terminal.screen import Screen
from casebook.room.terminal.talk import Talk

from .plays import LooksBack, played

CASE = "green-dashboard"


class Terminal(io.StringIO):
    """A terminal, as far as a program can ask."""

    def isatty(self):
        return True


@pytest.fixture
def talk(monkeypatch, tmp_path):
    """Type lines at a play and give the talk and what was shown."""
    def talked(*typed, session=None, out=None, **options):
        session = session or Session.open(CASE, "ann", folder=tmp_path, language="en")
        lines = iter(typed)
        asked = []

        def answer(prompt=""):
            asked.append(prompt)
            return next(lines, "q")

        monkeypatch.setattr("builtins.input", answer)
        out = out or io.StringIO()
        talk = Talk(session, Screen(out, **options))
        talk.run()
        return talk, out.getvalue() + "".join(asked)
    return talked


def test_every_key_is_listed_and_answers_at_every_stage(talk, tmp_path):
    keys = [key for key in KEYS if key != "q"]
    told, shown = talk(*keys, "q")
    assert told.view["turn"] == 0
    listed = talk("?")[1]
    assert all(f"  {key} " in listed for key in KEYS)
    every = [line for key in keys for line in (key, "q" if key in "dpbscg" else "")]
    assert talk("1", *every)[0].view["turn"] == 1


def test_documents_are_shown_on_demand_only(talk):
    told, shown = talk()
    assert "Keystone status report 7" not in shown and len(shown.splitlines()) < 45
    assert "Keystone status report 7" in talk("d", "2")[1]


def test_a_hint_a_prediction_and_why(talk):
    people = talk("1", session=Session.open(CASE, "ann", folder=None, language="en"))[0].view[
        "ask"]["predict"]["people"]
    others = [""] * (len(people) - 1)
    told, shown = talk("1", "h", "p", "2", "1", "90", *others, "She likes it", "y")
    assert told.view["turn"] == 2
    for words in ("Hint 1 of 3", "90 % sure", "Trust"):
        assert words in shown
    assert told.view["happened"]["because"] == "She likes it"


def under(**rules):
    """A play under rules of an instructor."""
    return Session.open(CASE, "ann", folder=None, language="en", **rules)


def prompts(monkeypatch, *typed, session):
    """Type lines at a play; gives everything shown and asked, in its order."""
    out, lines = io.StringIO(), iter(typed)

    def answer(prompt=""):
        out.write(prompt + "\n")
        return next(lines, "q")

    monkeypatch.setattr("builtins.input", answer)
    talk = Talk(session, Screen(out))
    talk.run()
    return talk, out.getvalue()


@pytest.mark.parametrize(("typed", "opened"), [
    ("n", 0), ("", 0), ("q", 0), ("y", 1), ("YES", 1), ("h", 1)])
def test_a_hint_that_costs_marks_says_so_and_asks_first(typed, opened, monkeypatch):
    told, shown = prompts(monkeypatch, "1", "h", typed, "q", session=under(hints="counted"))
    assert len(told.view["ask"]["hints"]["open"]) == opened
    note, asked = shown.index("Every hint that you open costs marks."), shown.index("Open it? (y/n)")
    assert note < asked and ("Hint 1 of 3" in shown) == bool(opened)
    assert "Hint 1 of 3" not in shown[:asked]


def test_yes_to_a_hint_is_said_in_the_language_that_is_spoken(monkeypatch):
    session = Session.open(CASE, "ann", folder=None, language="de", hints="counted")
    told = prompts(monkeypatch, "1", "h", "j", "q", session=session)[0]
    assert len(told.view["ask"]["hints"]["open"]) == 1


def test_only_the_hint_that_was_opened_is_shown(monkeypatch):
    told, shown = prompts(monkeypatch, "1", "h", "h", "h", "h", session=under())
    assert [shown.count(f"Hint {number} of 3") for number in (1, 2, 3)] == [1, 1, 1]
    assert "Every hint is open; a shows them again." in shown and "Open it?" not in shown
    assert prompts(monkeypatch, "1", "h", "h", "a", session=under())[1].count("Hint 1 of 3") == 2


def test_predictions_that_are_asked_for_are_asked_again_on_the_spot(monkeypatch):
    session = under(predictions="asked")
    people = prompts(monkeypatch, "1", session=session)[0].view["ask"]["predict"]["people"]
    others = [line for _person in people[1:] for line in ("2", "60")]
    told, shown = prompts(monkeypatch, "2", "", "-", "1", "", "90", *others, "", "They said so",
                          session=session)
    assert told.view["turn"] == 2 and len(told.view["happened"]["predictions"]) == len(people)
    assert told.view["happened"]["because"] == "They said so"
    assert "nothing" not in shown.split("How will each take it?")[1].split("What happened:")[0]
    assert shown.count("Type a number from 1 to 3.") == 2 and "Missing" not in shown
    assert "Say first why you expect this. One sentence is enough." in shown


@pytest.mark.parametrize("rule", ["asked", "offered"])
def test_what_was_predicted_stays_after_a_refusal_and_after_q(rule, monkeypatch):
    session = under(predictions=rule)
    people = prompts(monkeypatch, "1", session=session)[0].view["ask"]["predict"]["people"]
    said = [line for _person in people for line in ("1", "90")]
    keeps = [""] * len(said)
    told, shown = prompts(monkeypatch, "p", "2", *said, "q", "p", "2", *keeps, "x" * 2001,
                          "p", "2", *keeps, "Shorter", session=session)
    assert "longer than 2,000" in shown or "longer than 2000" in shown
    for words in ("What you entered is kept; p goes on with it.", f"  {people[0]['name']}: [1] ",
                  "Enter keeps what stands in brackets", "[90] "):
        assert words in shown
    assert told.view["turn"] == 2 and told.view["happened"]["because"] == "Shorter"
    assert [(one["expects"], one["sure"]) for one in told.view["happened"]["predictions"]] == [
        ("more", 90)] * len(people)


def test_a_kept_prediction_can_be_taken_away_where_none_is_needed(monkeypatch):
    session = under()
    people = prompts(monkeypatch, "1", session=session)[0].view["ask"]["predict"]["people"]
    none = [""] * (len(people) - 1)
    told = prompts(monkeypatch, "p", "2", "1", "90", *none, "q", "p", "2", "-", *none,
                   session=session)[0]
    assert told.view["turn"] == 2 and not told.view["happened"]["predictions"]


def test_predictions_and_the_reason_are_told_as_in_the_room(monkeypatch):
    session = under()
    people = prompts(monkeypatch, "1", session=session)[0].view["ask"]["predict"]["people"]
    said = [line for place, _person in enumerate(people) for line in (str(1 + place % 3), "50")]
    told, shown = prompts(monkeypatch, "p", "2", *said, "So I think", session=session)
    flat = " ".join(shown.split())
    found = told.view["happened"]["predictions"]
    assert {one["hit"] for one in found} == {True, False}
    for one in found:
        assert (f"{one['name']}: As you expected (50 % sure): {one['came_text']}." if one["hit"]
                else f"{one['name']}: You expected: {one['expects_text']} (50 % sure). "
                     f"It came: {one['came_text']}.") in flat
    assert "Your reason: So I think" in flat
    plain = prompts(monkeypatch, "1", "1", session=under())[1]
    assert "Your reason" not in plain and "What happened:" in plain


def test_a_plan_that_nothing_follows_is_one_line(monkeypatch):
    told, shown = prompts(monkeypatch, "1", session=under())
    past = told.view["happened"]
    assert not (past["reactions"] or past["why"] or past["news"])
    assert "What happened:" not in shown and "You plan your attention:" in shown
    past["news"] = [{"week": 3, "text": "A test failed.", "tone": "bad", "kind": "test"}]
    out = io.StringIO()
    show.happened(Screen(out), told.view)
    assert f"What happened: {past['title']}" in out.getvalue()
    assert "A test failed." in out.getvalue() and "You plan" not in out.getvalue()


def test_q_within_a_question_goes_back_to_it(talk):
    told, shown = talk("1", "p", "q", "2")
    assert told.view["turn"] == 2


def test_another_way_is_begun_compared_and_left(talk):
    told, shown = talk("1", "1", "1", "b", "2", "2", "c", "0", "s", "0")
    assert told.view["branches"]["current"] == 0 and told.view["turn"] == 3
    assert "Another way 1" in shown and "How people look at you" in shown


def test_only_other_stories_can_be_compared(monkeypatch):
    told, shown = prompts(monkeypatch, "1", "1", "c", session=under())
    assert "There is nothing to compare with yet; b tries another way." in shown
    told, shown = prompts(monkeypatch, "1", "1", "1", "b", "2", "2", "c", "1", "0", session=under())
    offered = shown.split("Compare with which story?")[0].splitlines()[-3:]
    assert not any("(shown now)" in line for line in offered)
    assert "Type one of these numbers, or nothing." in shown
    assert told.view["compare"] and "How people look at you" in shown


def test_the_end_the_look_back_and_a_report_that_is_never_written_over(talk, tmp_path):
    played(CASE, tmp_path)

    def again(html):
        return LooksBack(Session.open(CASE, "ann", folder=tmp_path, language="en"), html)

    shown = talk("l", "1", "", "r", "nonsense", session=again("one"))[1]
    for words in ("The end:", "Scorecard:", "Trust first", "You were too sure.", "In private.",
                  "a.report.html", "Type one of the keys"):
        assert words in shown
    talk("r", session=again("two"))
    talk("r", session=again("two"))
    assert sorted((path.name, path.read_text()) for path in tmp_path.glob("*.html")) == [
        ("a.report.2.html", "two"), ("a.report.html", "one")]


def test_an_end_of_input_keeps_the_play(talk, monkeypatch, tmp_path):
    def ends(prompt=""):
        raise EOFError

    monkeypatch.setattr("builtins.input", ends)
    talk_ = Talk(Session.open(CASE, folder=tmp_path, language="en"), Screen(io.StringIO()))
    talk_.run()
    assert talk_.view["turn"] == 0


@pytest.mark.parametrize("width", [40, 60, 84])
def test_no_line_is_wider_than_the_terminal(talk, width):
    keys = ("w", "o", "d", "2", "d", "3", "1", "1", "y", "t")
    out = io.StringIO()
    talk(*keys, session=Session.open(CASE, folder=None, language="en"), out=out, width=width)
    assert max(map(len, out.getvalue().splitlines())) <= width


def test_colour_only_where_there_is_a_terminal_that_has_it(talk, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def shown(**options):
        out = Terminal()
        talk("1", "1", session=Session.open(CASE, folder=None, language="en"), out=out, **options)
        return out.getvalue()

    assert "\033[1;36m" in shown()
    assert "\033" not in shown(plain=True)
    monkeypatch.setenv("TERM", "dumb")
    assert "\033" not in shown()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    told = shown()
    assert not any(f"\033[{code}m" in told for code in (31, 32, 33, "1;36"))
    # Never by colour alone: what is coloured says the same in words.
    assert "(wary)" in told or "(cold)" in told or "(warm)" in told
