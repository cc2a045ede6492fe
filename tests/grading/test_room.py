"""What an instructor sets for the room, and what of it the course's checks see in a play."""

import pytest
import yaml

import casebook
from casebook import case as cases
from casebook.engagement import file_name
from casebook.engagement.predictions import brier
from casebook.engagement.transcript import (
    Branch,
    append,
    decision_line,
    header,
    note_line,
    outcome_line,
)
from casebook.grading import checks
from casebook.grading.assignment import read_assignment
from casebook.grading.course import new_course
from casebook.grading.doctor import examine
from casebook.grading.failed import AssignmentError, CheckFailed
from casebook.grading.plays import counted, transcripts
from casebook.grading.points import decisions_points, hints_cost
from casebook.grading.release import release_course
from casebook.study import BENCHMARKS

from .kit import hand_in, paper, played

CASE = "two-rooms"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def set_to(folder, **more):
    (folder / "assignment.yaml").write_text(yaml.safe_dump({"format": 1, "case": CASE} | more),
                                            encoding="utf-8")
    return read_assignment(folder)


def write(folder, play, *, hints=0, tried=(), everybody=False, branch=None, because="So I think."):
    """A transcript with hints before the first response, other ways, and predictions."""
    lines = [header(play, branch)]

    def note(**record):
        lines.append(note_line(record, lines[-1]["digest"], None))

    for turn in play.turns:
        said = {}
        if turn.offered:
            for tier in range(1, hints + 1):
                note(kind="hint", turn=turn.number, tier=tier)
            hints = 0
            contacts = play.case.contacts if everybody else play.case.contacts[:1]
            said = {"predictions": [{"contact": one.id, "expects": "more", "sure": 70}
                                    for one in contacts], "because": because}
        lines.append(decision_line(turn.decision, turn.number, lines[-1]["digest"], None, said))
        if turn.number in tried:
            note(kind="branch", number=1, of=0, **{"from": turn.number})
    lines.append(outcome_line(play, lines[-1]["digest"]))
    if "after" in tried:
        note(kind="branch", number=2, of=0, **{"from": 1})
    path = folder / file_name(play.case.id, play.player, play.attempt, branch.number if branch else 0)
    append(path, lines)
    return path


@pytest.mark.parametrize(("hints", "opened"), [(0, 0), (1, 1), (3, 3)])
def test_hints_cost_points_where_they_are_counted_and_nowhere_else(folder, hints, opened):
    write(folder, played(CASE, "mia", manager="balanced"), hints=hints)
    free = set_to(folder)
    full, told = decisions_points(counted(free, "mia"), free, 10)
    assert hints_cost(counted(free, "mia"), free) == (opened, 0.0) and "hints" not in told
    dear = set_to(folder, room={"hints": "counted"}, credit={"hint": 0.1})
    assert hints_cost(counted(dear, "mia"), dear) == (opened, pytest.approx(0.1 * opened))
    less, told = decisions_points(counted(dear, "mia"), dear, 10)
    assert less == pytest.approx(max(full - opened, 0), abs=0.06) and full > 3
    assert (f"Hints opened: {opened}; each costs 10%" in told) == (opened > 0)


def test_hints_never_cost_more_than_there_is(folder):
    write(folder, played(CASE, "mia"), hints=3)
    dear = set_to(folder, room={"hints": "counted"}, credit={"hint": 1})
    assert decisions_points(counted(dear, "mia"), dear, 10)[0] == 0.0


@pytest.mark.parametrize(("more", "told"), [
    ({"room": {"hints": "dear"}}, "room's rule for hints is 'dear'"),
    ({"room": {"predictions": True}}, "room's rule for predictions is True"),
    ({"room": {"hint": "off"}}, "key 'hint' that is not known"),
    ({"room": ["asked"]}, "not a mapping"), ({"room": "asked"}, "not a mapping"),
    ({"credit": {"hint": 2}}, "credit: hint"), ({"credit": {"hint": -0.1}}, "credit: hint"),
    ({"credit": {"hint": "1"}}, "credit: hint"), ({"credit": {"hint": True}}, "credit: hint")])
def test_rules_that_are_none_are_said_to_the_instructor(folder, more, told):
    with pytest.raises(AssignmentError, match=told) as caught:
        set_to(folder, **more)
    assert "assignment.yaml" in str(caught.value)


def test_rules_are_read_and_have_defaults(folder):
    assert set_to(folder).room.predict == "offered" and set_to(folder).room.hints == "free"
    told = set_to(folder, room={"predictions": "asked", "hints": "counted"}).room
    assert (told.assessed, told.predict, told.hints) == (True, "asked", "counted")
    (folder / "assignment.yaml").write_text(f"format: 1\ncase: {CASE}\nroom: {{hints: off}}\n")
    assert read_assignment(folder).room.hints == "off"
    assert 0 < set_to(folder).credit.hint < 0.1


def test_another_way_is_never_the_play_that_counts(folder):
    better = played(CASE, "mia", manager="trust-first")
    write(folder, better, branch=Branch(1, 0, 2))
    with pytest.raises(CheckFailed, match="another way that was tried"):
        counted(set_to(folder), "mia")
    write(folder, played(CASE, "mia", manager="marketer"))
    assert counted(set_to(folder), "mia").path.name == file_name(CASE, "mia", 1)


def test_what_the_room_kept_aside_is_no_play(folder):
    path = write(folder, played(CASE, "mia"))
    raw = path.read_bytes()
    path.unlink()
    for why in ("damaged", "earlier", "foreign", "other-tab", "new"):
        (folder / f"{path.name}.{why}-1").write_bytes(raw)
    assert transcripts(folder) == []
    # A play that another version has set aside is one for the version that wrote it.
    (folder / f"{path.name}.other-version-1").write_bytes(raw)
    assert counted(set_to(folder), "mia").finished


def test_predictions_as_a_table_with_what_came_and_their_score(folder):
    play = played(CASE, "mia")
    write(folder, play, everybody=True)
    set_to(folder)
    table = checks.my_predictions("mia")
    answers = [turn for turn in play.turns if turn.offered]
    assert len(table) == len(answers) * len(play.case.contacts)
    assert (table["expects"] == "more").all() and (table["sure"] == 70).all()
    assert (table["hit"] == (table["came"] == "more")).all() and 0 < table["hit"].sum() < len(table)
    assert table["brier"].tolist() == pytest.approx([brier(0.7, hit) for hit in table["hit"]])
    assert (table["because"] == "So I think.").all()
    assert list(dict.fromkeys(table["turn"])) == [turn.number for turn in answers]
    own = casebook.predictions(CASE, "mia")
    assert own.equals(table)


def test_predictions_of_no_play_or_of_one_without_are_an_empty_table(folder, capsys):
    nothing = casebook.predictions(CASE, "mia")
    assert len(nothing) == 0 and "brier" in nothing and "not played" in capsys.readouterr().out
    from .kit import write_play

    write_play(played(CASE, "mia"), folder)
    assert len(casebook.predictions(CASE, "mia")) == 0
    set_to(folder)
    assert len(checks.my_predictions("mia")) == 0
    with pytest.raises(CheckFailed, match="not by 'nobody'"):
        len(checks.my_predictions("nobody"))


def test_predictions_written_by_hand_at_a_plan_stop_no_table(folder):
    play = played(CASE, "mia")
    lines = [header(play)]
    for turn in play.turns:
        said = {"predictions": [{"contact": play.case.contacts[0].id, "expects": "more",
                                 "sure": 70}], "because": "x"}
        lines.append(decision_line(turn.decision, turn.number, lines[-1]["digest"], None, said))
    lines.append(outcome_line(play, lines[-1]["digest"]))
    append(folder / file_name(CASE, "mia", 1), lines)
    table = casebook.predictions(CASE, "mia")
    assert set(table["turn"]) == {turn.number for turn in play.turns if turn.offered}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tmp_path_factory.mktemp("room") / "course"
    new_course(course, names=[CASE])
    release_course(course)
    return course


@pytest.fixture
def course(released, tmp_path):
    import shutil

    shutil.copytree(released, tmp_path / "course")
    return tmp_path / "course"


def handed_in(course, student, **what):
    exam = paper(CASE, course)
    folder = hand_in(course, exam, student, exam.answered(student))
    return write(folder, played(CASE, student), **what)


def rules(course, **room):
    path = course / "source" / CASE / "assignment.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8")) | {"room": room}
    path.write_text(yaml.safe_dump(data), encoding="utf-8")


def found(course):
    return [(one.kind, one.severity, one.text) for one in examine(course) if one.kind != "alike"]


def test_the_doctor_lists_plays_in_which_other_ways_were_tried_before_the_end(course):
    handed_in(course, "ana", tried=("after",))
    assert found(course) == []
    handed_in(course, "bo", tried=(3, 5, "after"))
    assert found(course) == [
        ("tried", "note", "2 other way(s) were tried in this play before its end.")]


def test_the_doctor_lists_responses_without_the_predictions_that_were_asked(course):
    handed_in(course, "ana", everybody=True)
    handed_in(course, "bo")
    handed_in(course, "cy", everybody=True, because="")
    assert found(course) == []
    rules(course, predictions="asked")
    for (kind, severity, told), student in zip(found(course), ("bo", "cy"), strict=True):
        missing = [turn.number for turn in played(CASE, student).turns if turn.offered]
        assert (kind, severity) == ("unpredicted", "note")
        assert told.endswith(f"are missing at turn {', '.join(map(str, missing))}.")


def test_clocks_that_jump_stop_no_doctor(course):
    """Times that go back, far ahead, without a zone, or that are none."""
    exam, play = paper(CASE, course), played(CASE, "mia")
    odd = ["2026-05-01T10:00:00+00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
           "2026-05-01T09:00:00", "yesterday", None]
    for number in range(1, len(odd) + 1):
        student = f"s{number}"
        folder = hand_in(course, exam, student, exam.answered(student))
        play = played(CASE, student)
        lines = [header(play)]
        for turn in play.turns:
            time = odd[turn.number % number]
            lines.append(decision_line(turn.decision, turn.number, lines[-1]["digest"], time))
        append(folder / file_name(CASE, student, 1), [*lines, outcome_line(play, lines[-1]["digest"])])
    kinds = [kind for kind, *_ in found(course)]
    assert set(kinds) <= {"quick"} and cases.read(CASE).id == CASE


def test_the_attempt_that_counts_best_is_the_one_worth_most_after_its_hints(folder):
    """The better play with many hints, and a good one with none."""
    write(folder, played(CASE, "mia", manager="balanced"), hints=3)
    write(folder, played(CASE, "mia", attempt=2, manager="sell-first"))
    strict = set_to(folder, credit={"hint": 1.0}, room={"hints": "counted"})
    assert counted(strict, "mia").attempt == 2
    assert counted(set_to(folder), "mia").attempt == 1


def test_other_ways_never_crowd_out_a_play(folder):
    play = played(CASE, "mia")
    for number in range(1, 80):
        write(folder, play, branch=Branch(number, 0, 2))
    write(folder, play)
    assert counted(set_to(folder), "mia").finished


def test_of_two_ways_of_one_attempt_the_longer_counts_whatever_it_is_worth(folder):
    plays = [played(CASE, "mia", manager=manager) for manager in BENCHMARKS]
    longer, better = next((a, b) for a in plays for b in plays if len(a.turns) > len(b.turns)
                          and a.outcome.overall + 5 < b.outcome.overall)
    for name, play in (("a", better), ("b", longer)):
        write(folder, play).rename(folder / f"{name}.casebook.jsonl")
    assert counted(set_to(folder), "mia").path.name == "b.casebook.jsonl"
