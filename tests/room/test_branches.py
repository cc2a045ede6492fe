"""Another way: from any turn of any story, on the same luck, beside the play and never instead."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import case as cases
from casebook import language
from casebook.engagement.transcript import Branch, load
from casebook.errors import TranscriptError
from casebook.room import branches
from casebook.room.session import Session
from tests.casefactory import small_case, write_case

from .kit import judged, next_action, play, reopened

FILES = settings(deadline=None, max_examples=15,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])


def decided(session, number=None):
    story = session.story if number is None else session.stories[number]
    return [turn.decision for turn in story.play.turns]


def branch(session, start):
    view = session.act({"do": "branch", "from": start})
    assert view["message"] is None
    return view


@pytest.mark.parametrize("start", range(1, 10))
def test_a_way_begins_before_any_turn_with_all_that_came_before(tmp_path, long, start):
    session = Session.open(long, folder=tmp_path)
    play(session)
    whole, before = decided(session), session.play
    view = branch(session, start)
    assert view["turn"] == start - 1 and view["branches"]["current"] == 1
    assert decided(session) == whole[:start - 1] and session.stories[0].play is before
    assert judged(session, 1).verdict == "truncated" and judged(session).verdict == "whole"
    view = session.act(next_action(view, pick=1))
    assert view["turn"] == start and view["message"] is None


def test_a_way_off_another_way_off_the_end_of_the_play(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session)
    branch(session, 6)
    play(session, pick=1)
    view = branch(session, 8)
    assert view["branches"]["current"] == 2 and view["turn"] == 7
    assert decided(session) == decided(session, 1)[:7]
    assert [(one["number"], one["parent"], one["from"], one["depth"])
            for one in view["branches"]["tree"]] == [(0, None, None, 0), (1, 0, 6, 1), (2, 1, 8, 2)]
    assert [one["ended"] for one in view["branches"]["tree"]] == [True, True, False]


@FILES
@given(st.data())
def test_the_same_decisions_have_the_same_luck_in_every_way(tmp_path_factory, long, data):
    """Whatever was tried before: taking a story's decisions again gives its turns and its end."""
    session = Session.open(long, folder=tmp_path_factory.mktemp("luck"))
    play(session, pick=data.draw(st.integers(0, 2)))
    for _ in range(data.draw(st.integers(0, 2))):
        branch(session, data.draw(st.integers(1, len(session.play.turns))))
        play(session, pick=data.draw(st.integers(0, 2)))
    model = data.draw(st.sampled_from(sorted(session.stories)))
    first = session.stories[model].play
    session.act({"do": "switch", "branch": model})
    start = data.draw(st.integers(1, len(first.turns)))
    branch(session, start)
    for turn in first.turns[start - 1:]:
        session.take(turn.decision)
    assert session.play.outcome == first.outcome
    for mine, theirs in zip(session.play.turns, first.turns, strict=True):
        assert (mine.reactions, mine.news, mine.offered) == (
            theirs.reactions, theirs.news, theirs.offered)
        assert all((mine.after[key] == theirs.after[key]).all() for key in theirs.after)
    for number in session.stories:
        assert judged(session, number).verdict == "whole"


def test_the_tree_follows_each_story_with_what_branches_off_it(long):
    session = Session.open(long, folder=None)
    play(session, 4)
    for parent, start in ((0, 2), (0, 4), (1, 1), (2, 3), (1, 1)):
        session.act({"do": "switch", "branch": parent})
        play(session, 4 - len(session.play.turns))
        branch(session, start)
    tree = session.view()["branches"]["tree"]
    assert [one["number"] for one in tree] == [0, 1, 3, 5, 2, 4]
    assert [one["depth"] for one in tree] == [0, 1, 2, 2, 1, 2]
    assert tree[0]["label"] == "Your play" and tree[1]["label"] == "Another way 1, from turn 2"
    assert all(one["overall"] is None and not one["ended"] for one in tree)


def test_a_comparison_checked_by_hand(tmp_path):
    """Two stories of a case with two incidents: plan, first, second, plan."""
    case = cases.read(write_case(tmp_path / "small", small_case()))
    session = Session.open(case, folder=tmp_path)
    view = play(session, 1)
    view = session.act({"do": "respond", "turn": 1, "incident": "first", "response": "yes"})
    play(session)
    branch(session, 2)
    view = session.act({"do": "respond", "turn": 1, "incident": "first", "response": "no"})
    compared = view["compare"]
    assert (compared["number"], compared["label"], compared["here"]) == (
        0, "Your play", "Another way 1, from turn 2")
    assert compared["same"] == 1 and compared["when"] == "After turn 2 of both"
    assert compared["scores"] is None
    assert [(row["title"], row["here"] is None, row["there"] is None, row["differs"])
            for row in compared["rows"]] == [("First", False, False, True)], "what comes later there is not told"
    row = compared["rows"][0]
    assert "You say no." in row["here"]["you_html"] and "You say yes." in row["there"]["you_html"]
    # Ann was told yes there and no here, Bob the other way about.
    moved = {one["name"]: {r["name"]: r["there"] - r["here"] for r in one["readings"]}
             for one in compared["people"]}
    competence = "Trust in your competence and word"
    assert moved["Ann"][competence] > 0 > moved["Bob"][competence]
    words = {one["name"]: one["readings"][0]["word"] for one in compared["people"]}
    assert words == {"Ann": "higher there", "Bob": "lower there"}
    while view["stage"] != "end":
        view = session.act(next_action(view))
    compared = view["compare"]
    assert compared["when"] == "At the end"
    assert [(row["title"], row["differs"]) for row in compared["rows"]] == [
        ("First", True), ("Second", False), ("Two", False)]
    mine, theirs = session.play.outcome, session.stories[0].play.outcome
    assert compared["scores"][-1] == {"name": "Overall", "here": round(mine.overall),
                                      "there": round(theirs.overall)}
    assert len(compared["scores"]) == 5


def test_two_ways_alike_have_nothing_to_tell_and_a_way_from_the_start_says_so(long):
    session = Session.open(long, folder=None)
    play(session, 3)
    compared = branch(session, 1)["compare"]
    assert compared["same"] == 0 and compared["when"] == "At the start"
    play(session, 3)
    compared = session.view()["compare"]
    assert (compared["same"], compared["rows"]) == (3, [])
    assert all(reading["word"] == "alike" and reading["here"] == reading["there"]
               for one in compared["people"] for reading in one["readings"])


def test_switching_shows_the_other_story_and_what_was_beside_stays_another(long):
    session = Session.open(long, folder=None)
    play(session, 3)
    branch(session, 2)
    view = session.act({"do": "switch", "branch": 0})
    assert view["turn"] == 3 and view["compare"]["number"] == 1
    view = session.act({"do": "switch", "branch": 0})
    assert view["compare"] is None or view["compare"]["number"] == 1
    assert session.act({"do": "compare", "branch": None})["compare"] is None
    assert session.act({"do": "compare", "branch": 0})["compare"] is None, "with itself"
    assert session.act({"do": "compare", "branch": 1})["compare"]["number"] == 1


@pytest.mark.parametrize("number", [2, -1, "0", None, True, False, [], {}, 0.0, 10 ** 20])
@pytest.mark.parametrize("what", ["switch", "compare"])
def test_a_way_that_is_none_is_told(long, what, number):
    session = Session.open(long, folder=None)
    play(session, 2)
    view = session.act({"do": what, "branch": number})
    assert view["branches"]["current"] == 0 and view["compare"] is None
    if (what, number) != ("compare", None):
        assert "no such way" in view["message"]["text"]


@pytest.mark.parametrize("start", [0, 3, -1, "1", None, True, 1.0, [1], {}, 10 ** 20])
def test_a_turn_that_is_none_is_told(tmp_path, long, start):
    session = Session.open(long, folder=tmp_path)
    play(session, 2)
    before = session.path.read_bytes()
    view = session.act({"do": "branch", "from": start})
    assert "no such turn" in view["message"]["text"] and len(session.stories) == 1
    assert session.path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def assessed(tmp_path):
    (tmp_path / "assignment.yaml").write_text("format: 1\ncase: long\n", encoding="utf-8")
    return tmp_path


def test_an_assessed_play_refuses_other_ways_before_its_end_and_notes_those_after(assessed, long):
    session = Session.open(long, folder=assessed)
    view = play(session, 4)
    assert view["rules"]["assessed"] and not view["branches"]["allowed"]
    assert "after its end" in view["branches"]["why_not"]
    before = session.path.read_bytes()
    view = session.act({"do": "branch", "from": 2})
    assert view["message"]["text"] == view["branches"]["why_not"] and len(session.stories) == 1
    assert session.path.read_bytes() == before and judged(session).tried_before_the_end == 0
    view = play(session)
    assert view["branches"] | {"tree": 0} == {"current": 0, "tree": 0, "allowed": True,
                                              "why_not": ""}
    branch(session, 2)
    play(session, pick=1)
    result = judged(session)
    assert result.verdict == "whole" and result.tried_before_the_end == 0
    assert [note.record for note in result.notes] == [
        {"kind": "branch", "number": 1, "of": 0, "from": 2}]


def test_a_play_that_is_free_notes_every_other_way_with_its_turn(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 4)
    branch(session, 2)
    branch(session, 1)
    session.act({"do": "switch", "branch": 0})
    play(session)
    result = judged(session)
    assert result.verdict == "whole" and result.tried_before_the_end == 2
    assert [(note.turns, note.record["of"], note.record["from"]) for note in result.notes] == [
        (4, 0, 2), (4, 1, 1)]


def test_everything_is_there_again_after_reopening(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 5)
    branch(session, 3)
    session.act(next_action(session.view(), because="Another try",
                            predictions=[{"contact": "ann", "expects": "less", "sure": 80}]))
    branch(session, 2)
    play(session, pick=2)
    again = reopened(session)
    assert again.current == 0 and set(again.stories) == {0, 1, 2}
    for number, story in session.stories.items():
        other = again.stories[number]
        assert (other.branch, other.said, other.hints, other.entries, other.last) == (
            story.branch, story.said, story.hints, story.entries, story.last)
        assert decided(again, number) == decided(session, number)
    tree = [one | {"label": 0} for one in again.view()["branches"]["tree"]]
    assert tree == [one | {"label": 0} for one in session.view()["branches"]["tree"]]
    again.act({"do": "switch", "branch": 1})
    play(again)
    assert all(judged(again, number).verdict != "edited" for number in again.stories)


def test_a_damaged_way_is_kept_goes_on_from_before_and_touches_no_other(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 5)
    branch(session, 4)
    play(session, 2, pick=1)
    path, play_bytes = session.path, session.stories[0].path.read_bytes()
    torn = path.read_bytes()[:-9]
    path.write_bytes(torn)
    again = Session.open(long, folder=tmp_path)
    assert "kept as" in again.view()["message"]["text"]
    assert len(again.stories[1].play.turns) == 4 and again.stories[1].branch == Branch(1, 0, 4)
    assert again.stories[0].path.read_bytes() == play_bytes
    assert path.with_name(f"{path.name}.damaged-1").read_bytes() == torn
    assert Session.open(long, folder=tmp_path).view()["message"] is None


@pytest.mark.parametrize("raw", [b"nothing of the sort", b'{"casebook": 1'])
def test_a_way_of_which_nothing_can_be_read_is_kept_and_not_shown(tmp_path, long, raw):
    session = Session.open(long, folder=tmp_path)
    play(session, 3)
    branch(session, 2)
    session.path.write_bytes(raw)
    again = Session.open(long, folder=tmp_path)
    assert set(again.stories) == {0} and "damaged-1" in again.view()["message"]["text"]
    assert next(tmp_path.glob("*.damaged-1")).read_bytes() == raw


def test_a_way_copied_under_another_number_is_kept_aside(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 3)
    branch(session, 2)
    copy = session.path.with_name(session.path.name.replace("branch-1", "branch-7"))
    copy.write_bytes(session.path.read_bytes())
    again = Session.open(long, folder=tmp_path)
    assert set(again.stories) == {0, 1}
    assert [path.name for path in tmp_path.glob("*.foreign-1")] == [f"{copy.name}.foreign-1"]


def test_a_deleted_way_is_gone_and_what_hung_on_it_hangs_on_the_play(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 3)
    branch(session, 3)
    branch(session, 2)
    first = session.stories[1].path
    first.unlink()
    again = Session.open(long, folder=tmp_path)
    assert [(one["number"], one["depth"]) for one in again.view()["branches"]["tree"]] == [
        (0, 0), (2, 1)]
    # Where it is still open, it comes back with the next turn; its number is given to no other.
    session.act({"do": "switch", "branch": 0})
    branch(session, 1)
    assert session.current == 3
    session.act({"do": "switch", "branch": 1})
    assert "written again" in session.act(next_action(session.view()))["message"]["text"]
    assert session.act(next_action(session.view()))["turn"] == 3 and first.exists()


def test_two_tabs_that_branch_have_different_numbers_and_see_each_others(tmp_path, long):
    one, two = (Session.open(long, folder=tmp_path) for _ in range(2))
    play(one, 3)
    two.act(next_action(two.view()))
    two.act({})
    branch(one, 2)
    view = two.act({"do": "branch", "from": 3})
    assert "another tab" in view["message"]["text"] and set(two.stories) == {0, 1}
    branch(two, 3)
    assert two.current == 2 and set(two.stories) == {0, 1, 2}
    assert load(two.path).problem is None and judged(two).verdict == "truncated"
    assert len(judged(two).notes) == 2


def test_a_number_that_another_tab_has_just_taken_is_passed_over(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 3)
    session.path.with_name(session.path.name.replace(".1.", ".1.branch-1.")).touch()
    branch(session, 2)
    assert session.current == 2
    assert set(Session.open(long, folder=tmp_path).stories) == {0, 2}


def test_there_is_a_most(tmp_path, long, monkeypatch):
    monkeypatch.setattr(branches, "MOST", 2)
    session = Session.open(long, folder=tmp_path)
    play(session, 2)
    branch(session, 1)
    session.act({"do": "switch", "branch": 0})
    branch(session, 1)
    session.act({"do": "switch", "branch": 0})
    view = session.act({"do": "branch", "from": 1})
    assert "no more are kept" in view["message"]["text"] and len(session.stories) == 3
    assert len(Session.open(long, folder=tmp_path).stories) == 3


def test_another_language_keeps_every_story_and_where_one_was(tmp_path, monkeypatch):
    """The case is read in the other language; the interface need not have a catalogue for it."""
    known = language.languages()
    monkeypatch.setattr("casebook.room.session.languages", lambda: (*known, "de"))
    session = Session.open("green-dashboard", folder=tmp_path, language="en")
    play(session, 3)
    while session.view()["stage"] != "incident":
        play(session, 1)
    number = len(session.play.turns) + 1
    session.act({"do": "hint", "turn": number - 1, "tier": 1})
    session.act(next_action(session.view(), because="So it is"))
    branch(session, 2)
    play(session, 1, pick=1)
    before, files = session.view(), {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    view = session.act({"do": "language", "language": "de"})
    assert view["message"] is None and view["case_language"] == "de"
    assert (view["turn"], view["branches"]["current"]) == (before["turn"], 1)
    assert view["case"]["summary"] != before["case"]["summary"]
    assert [row["week"] for row in view["story"]] == [row["week"] for row in before["story"]]
    assert [one["readings"][0]["value"] for one in view["people"]] == [
        one["readings"][0]["value"] for one in before["people"]]
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == files
    assert session.stories[0].said[number].because == "So it is"
    assert session.stories[0].hints == {number: 1}
    view = session.act(next_action(view))
    assert view["message"] is None and view["turn"] == before["turn"] + 1
    assert session.act({"do": "language", "language": "en"})["case_language"] == "en"
    again = Session.open("green-dashboard", folder=tmp_path, language="en")
    assert again.view()["message"] is None and set(again.stories) == {0, 1}


def test_a_language_that_is_none_is_told_and_nothing_changes(long):
    session = Session.open(long, folder=None, language="en")
    for wish in ("xx", "", None, 5, [], {"a": 1}):
        view = session.act({"do": "language", "language": wish})
        assert view["language"] == "en" and "does not speak" in view["message"]["text"]


def test_the_whole_view_of_other_ways_is_plain_data(long):
    session = Session.open(long, folder=None)
    play(session)
    branch(session, 2)
    view = play(session, pick=1)
    assert json.loads(json.dumps(view))["compare"]["scores"] == view["compare"]["scores"]
    assert not view["saved"]["ok"] and session.path is None


def notes(path):
    return [line["note"] for line in load(path).notes]


def test_a_way_that_nobody_noted_is_noted_when_the_play_is_opened(tmp_path, long):
    """Killed between the way's file and the note, or begun anew beside ways that were tried."""
    session = Session.open(long, folder=tmp_path)
    play(session)
    branch(session, 3)
    session.stories[0].path.unlink()
    again = Session.open(long, folder=tmp_path)
    assert again.view()["turn"] == 0 and 1 in again.stories
    assert [(note["number"], note["from"]) for note in notes(again.stories[0].path)] == [(1, 3)]
    play(again)
    assert judged(again).tried_before_the_end == 1
    assert notes(reopened(again).stories[0].path) == notes(again.stories[0].path), "noted once"


def test_a_way_that_cannot_be_saved_is_not_held_against_the_player(tmp_path, long, monkeypatch):
    session = Session.open(long, folder=tmp_path)
    play(session, 4)
    monkeypatch.setattr("casebook.room.kept.append", _full)
    for _again in range(3):
        assert session.act({"do": "branch", "from": 2})["message"]["level"] == "error"
    monkeypatch.undo()
    assert judged(session).tried_before_the_end == 0
    assert [path.name for path in tmp_path.iterdir()] == [session.path.name]


def _full(path, _lines):
    raise TranscriptError(f"{path.name}: no space")


def test_ways_of_a_play_that_is_gone_stay_out_of_sight_in_an_assessed_one(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session)
    branch(session, 3)
    session.stories[0].path.unlink()
    (tmp_path / "assignment.yaml").write_text(f"case: {long.id}\n", encoding="utf-8")
    again = Session.open(long, folder=tmp_path)
    assert set(again.stories) == {0} and again.rules.assessed
    assert "no such way" in again.act({"do": "switch", "branch": 1})["message"]["text"]
    play(again)
    assert judged(again).tried_before_the_end == 1
    assert set(reopened(again).stories) == {0, 1}, "after the end they are there again"
