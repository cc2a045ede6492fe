"""Which play counts: one's own, whole, of the right case, by the instructor's rule for attempts."""

import json

import pytest

from casebook.grading import checks
from casebook.grading.assignment import read_assignment
from casebook.grading.failed import AssignmentError, CheckFailed
from casebook.grading.plays import counted
from casebook.grading.points import decisions_points, finished_points

from .kit import played, write_play

CASE = "green-dashboard"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    set_to(tmp_path)
    return tmp_path


def set_to(folder, **attempts):
    rule = json.dumps({"allowed": 3, "counts": "best"} | attempts)
    (folder / "assignment.yaml").write_text(f"format: 1\ncase: {CASE}\nattempts: {rule}\n", encoding="utf-8")
    return read_assignment(folder)


def test_the_best_counts_by_its_decisions(folder):
    for attempt, manager in enumerate(("sell-first", "trust-first", "marketer"), start=1):
        write_play(played(CASE, "mia", attempt, manager), folder)
    assert counted(set_to(folder), "mia").attempt == 2
    assert counted(set_to(folder, counts="first"), "mia").attempt == 1
    assert counted(set_to(folder, counts="last"), "mia").attempt == 3
    assert counted(set_to(folder, allowed=1), "mia").attempt == 1


def test_a_finished_play_counts_before_a_better_one_that_is_not_over(folder):
    write_play(played(CASE, "mia", 1, "marketer"), folder)
    write_play(played(CASE, "mia", 2, "trust-first", turns=9), folder)
    assert counted(set_to(folder), "mia").attempt == 1


def test_where_the_first_counts_a_later_one_alone_does_not(folder):
    write_play(played(CASE, "mia", 2), folder)
    with pytest.raises(CheckFailed, match="Attempt 1 counts, and the first that lies here is attempt 2"):
        counted(set_to(folder, counts="first"), "mia")


def test_an_attempt_beyond_those_allowed_does_not_count(folder):
    write_play(played(CASE, "mia", 3), folder)
    with pytest.raises(CheckFailed, match="it is attempt 3; attempts 1 to 2 may be handed in"):
        counted(set_to(folder, allowed=2), "mia")


def test_the_player_is_the_same_in_capitals(folder):
    write_play(played(CASE, "S123"), folder)
    assert counted(set_to(folder), "s123").finished


def test_a_renamed_file_is_still_ones_own_and_a_copy_of_it_counts_once(folder):
    write_play(played(CASE, "mia"), folder, "my-play.casebook.jsonl")
    write_play(played(CASE, "mia", turns=5), folder, "old.casebook.jsonl")
    found = counted(set_to(folder), "mia")
    assert found.finished and found.path.name == "my-play.casebook.jsonl"


def test_names_that_browsers_and_mail_programs_give_are_found(folder):
    for name in ("green-dashboard.mia.1.casebook (1).jsonl", "green-dashboard.mia.1.casebook.jsonl.txt", "GREEN.CASEBOOK.JSONL"):
        path = write_play(played(CASE, "mia"), folder, name)
        assert counted(set_to(folder), "mia").finished, name
        path.unlink()


def test_a_heap_of_other_files_hides_no_play(folder):
    for number in range(80):
        (folder / f"a{number:02d}.casebook.jsonl").write_text("")
    write_play(played(CASE, "mia"), folder)
    assert counted(set_to(folder), "mia").finished


def test_a_case_handed_in_beside_the_play_is_not_the_case(folder):
    import shutil

    from casebook import case as cases

    shutil.copytree(cases.find(CASE), folder / CASE)
    reading = folder / CASE / "reading.md"
    reading.write_text(reading.read_text(encoding="utf-8") + "\nMine.\n", encoding="utf-8")
    write_play(played(CASE, "mia"), folder)
    assert counted(set_to(folder), "mia").finished


def test_every_spelling_of_a_name_has_the_same_luck_and_the_same_file():
    plays = [played(CASE, name) for name in ("müller", "MÜLLER", " müller ", "mu\u0308ller")]
    assert len({play.outcome.overall for play in plays}) == 1 and {play.player for play in plays} == {"müller"}
    from casebook.engagement import file_name

    assert len({file_name(CASE, name, 1) for name in ("müller", "MÜLLER", " müller ", "mu\u0308ller")}) == 1


def test_of_two_plays_of_one_attempt_the_rule_chooses(folder):
    write_play(played(CASE, "mia", manager="sell-first"), folder, "z.casebook.jsonl")
    write_play(played(CASE, "mia", manager="balanced"), folder, "a.casebook.jsonl")
    assert counted(set_to(folder), "mia").path.name == "a.casebook.jsonl"


def test_a_play_among_those_of_others_is_found(folder):
    write_play(played(CASE, "bo"), folder)
    write_play(played("two-rooms", "mia"), folder)
    write_play(played(CASE, "mia"), folder)
    assert counted(set_to(folder), "mia").play.player == "mia"


def test_each_file_that_does_not_count_is_named_with_its_reason(folder):
    write_play(played(CASE, "bo"), folder)
    write_play(played("two-rooms", "mia"), folder)
    (folder / "empty.casebook.jsonl").write_text("")
    with pytest.raises(CheckFailed) as caught:
        counted(set_to(folder), "mia")
    said = str(caught.value)
    assert "it was played by 'bo', not by 'mia'" in said
    assert "It is for the case 'two-rooms'" in said and "empty.casebook.jsonl: This is not a transcript: it is empty" in said


def test_a_file_that_changes_is_read_again(folder):
    path = write_play(played(CASE, "mia", turns=4), folder)
    assert not counted(set_to(folder), "mia").finished
    write_play(played(CASE, "mia"), folder)
    assert counted(set_to(folder), "mia").finished
    path.unlink()
    with pytest.raises(CheckFailed, match="lies beside this notebook"):
        counted(set_to(folder), "mia")


def test_points_for_part_of_a_play_grow_with_its_weeks(folder):
    earned = []
    for turns in (2, 6, 10, None):
        write_play(played(CASE, "mia", turns=turns), folder)
        points, told = finished_points(counted(set_to(folder), "mia"), 4)
        earned.append(points)
        assert ("of 4 points" in told) == (turns is not None)
    assert earned == sorted(earned) and earned[0] < 1 and earned[2] < 4 and earned[3] == 4


def test_better_decisions_earn_more_on_the_same_luck(folder):
    earned = []
    for manager in ("marketer", "sell-first", "balanced", "trust-first"):
        write_play(played(CASE, "mia", manager=manager), folder)
        assignment = set_to(folder)
        points, told = decisions_points(counted(assignment, "mia"), assignment, 6)
        earned.append(points)
        assert f"{points:g} of 6 points" in told
    assert earned[0] == 0 and earned[-1] == 6 and earned == sorted(earned) and len(set(earned)) == 4


def test_a_play_that_is_not_over_has_no_decisions_to_compare(folder):
    write_play(played(CASE, "mia", turns=5), folder)
    with pytest.raises(CheckFailed, match="once the play is over"):
        checks.play_decisions("mia", points=6)


def test_tables_of_ones_own_play(folder, capsys):
    play = played(CASE, "mia")
    write_play(play, folder)
    mine = checks.my_turns("mia")
    assert mine["trust"].between(0, 100).all() and mine["turn"].max() == len(play.turns)
    assert checks.my_turns("mia", percent=False)["trust"].max() <= 1
    end = checks.at_the_end("mia")
    assert list(end.index) == [one.name for one in play.case.contacts]
    assert end["trust"].iloc[0] == pytest.approx(play.turns[-1].after["trust"][0] * 100, abs=0.051)
    decisions = checks.my_decisions("mia")
    assert decisions["you chose it"].sum() == len(play.chosen)
    assert "Attempt 1 of at most 3; the best counts." in capsys.readouterr().out


def test_what_is_not_there_yet_says_so_where_it_is_shown_and_where_it_is_used(folder):
    for given in (checks.my_turns("mia"), checks.at_the_end("mia"), checks.my_decisions("mia"), checks.what_if("mia", "x", "y")):
        assert "Not yet: No play of The Green Dashboard lies beside this notebook" in repr(given)
        assert "<p>Not yet:" in given._repr_html_()
        for use in (lambda it: it["trust"], lambda it: it.difference, list, len, float, round, lambda it: it + 1, lambda it: 2 / it, lambda it: it < 3):
            with pytest.raises(CheckFailed, match="lies beside this notebook"):
                use(given)
    assert "You have not said who you are" in repr(checks.own_figures(..., "two-rooms"))


@pytest.mark.parametrize(("text", "said"), [
    ("format: 2\n", "does not begin with format: 1"), ("format: 1\ncase: 3\n", "case is not as expected"),
    ("format: 1\nattempt: {}\n", "a key 'attempt' that is not known"), ("format: 1\nattempts: {counts: worst}\n", "first or best or last"),
    ("format: 1\nattempts: {allowed: 0}\n", "from 1 to 20"), ("format: 1\ncredit: {nothing: 0.9, full: 0.1}\n", "nothing below full"),
    ("format: 1\ncells: {a: maybe}\n", "own-play"), ("{", "cannot be read"), ("format: 1\ncase: no-such-case\n", "There is no case 'no-such-case'")])
def test_settings_that_are_wrong_are_said_to_the_instructor(tmp_path, text, said):
    (tmp_path / "assignment.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        counted(read_assignment(tmp_path), "mia")
    assert said in str(caught.value)


def test_an_instructors_own_case_may_lie_beside_the_notebook(folder):
    from casebook import case as cases
    from casebook.engagement import begin_play
    from casebook.study import policy
    from tests.casefactory import small_case, write_case

    own = cases.read(write_case(folder / "small", small_case()))
    (folder / "assignment.yaml").write_text("format: 1\ncase: small\n", encoding="utf-8")
    play = begin_play(own, "mia")
    while play.outcome is None:
        play = play.take(policy("balanced")(play))
    write_play(play, folder)
    assert checks.play_finished("mia", points=4) == 4
    assert 0 <= checks.play_decisions("mia", points=6) <= 6
