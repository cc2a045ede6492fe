"""The terminal: every key, narrow, plain and coloured; whatever is typed, no traceback."""

import io

import pytest

from casebook.room.session import Session
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


def test_q_within_a_question_goes_back_to_it(talk):
    told, shown = talk("1", "p", "q", "2")
    assert told.view["turn"] == 2


def test_another_way_is_begun_compared_and_left(talk):
    told, shown = talk("1", "1", "1", "b", "2", "2", "c", "0", "s", "0")
    assert told.view["branches"]["current"] == 0 and told.view["turn"] == 3
    assert "Another way 1" in shown and "How people look at you" in shown


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
