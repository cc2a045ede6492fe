"""A graded course from *new* to the LMS, for a class of twelve, on SQLite and on PostgreSQL.

Everything is done by the commands that a user would type; three students are marked by hand in the
formgrader inside JupyterLab. The tests share one course for each gradebook.
"""

import csv
import html
import json
import re
from decimal import Decimal

import pytest

from casebook.engagement import SUFFIX
from casebook.errors import CasebookError
from casebook.grading.assignment import read_assignment
from casebook.grading.plays import counted
from casebook.grading.points import decisions_points
from tests.grading import importers, kit

from .conftest import POSTGRES, SQLITE
from .desk import FIRST, NAME, TITLES
from .people import BY_ID, CLASS, PLAY, ROLES, TYPED

pytestmark = pytest.mark.timeout(600)      # the first test of all waits for the whole class to be graded
BOTH = pytest.mark.parametrize("gradebook", [SQLITE, POSTGRES])
HANDED_IN = [one for one in CLASS if one.handed_in]


@BOTH
def test_the_class_is_enrolled_as_its_list_says(graded, gradebook):
    assert graded[gradebook].people() == {one.id: (one.first_name, one.last_name, one.email) for one in CLASS}
    with open(graded[gradebook].folder / "players.csv", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["student_id", "player"], ["s06", "nachteule"]]


@BOTH
def test_the_doctor_tells_every_trouble_and_mends_the_copied_cell(graded, gradebook):
    found = json.loads(graded[gradebook].said["doctor"])["left"]
    # All plays here are those of named managers; two students gave theirs to the same one.
    expected = {(one.id, "quick") for one in HANDED_IN if one.managers} | {("s04", "alike")}
    expected |= {("s07", "play"), ("s08", "play"), ("s09", "play"), ("s10", "unfinished"), ("s12", "copied")}
    assert {(one["student"], one["kind"]) for one in found} == expected
    assert {one["student"] for one in found if one["severity"] == "error"} == {"s07", "s08", "s09", "s12"}
    assert "it was played by 's01', not by 's09'" in next(one["text"] for one in found if one["student"] == "s09")
    mended, left = graded[gradebook].said["mended"].split("Left:")
    assert re.findall(r"^  (s\d\d)", mended, re.MULTILINE) == ["s12"]
    assert "reading_3" in mended and "reading_3" not in left


@BOTH
def test_everybody_who_handed_in_is_graded_and_nobody_else(graded, gradebook):
    assert set(graded[gradebook].grades()) == {one.id for one in HANDED_IN}
    assert "[ERROR]" not in graded[gradebook].said["autograde"]


@pytest.mark.parametrize("student", HANDED_IN, ids=lambda one: one.id)
def test_cells_graded_by_themselves(graded, student):
    """Full points but for what this student did not do, and but for luck and skill in the play."""
    full = kit.paper(NAME, graded[SQLITE].folder).automatic()
    cells = graded[SQLITE].grades()[student.id]["cells"]
    got = {id: cells[id][0] for id in full}
    if student.state == "untouched":
        assert got == dict.fromkeys(full, 0.0)
        return
    own = {"half a play": {*PLAY[:2], "whatif_test"}}.get(student.state, {"play_decisions"})
    for id in full.keys() - own:
        assert got[id] == (0.0 if id in student.lost else full[id]), id
    if student.state == "half a play":
        assert 0 < got["play_finished"] < full["play_finished"]
        assert got["play_decisions"] == got["whatif_test"] == 0


@pytest.mark.parametrize("student", [one for one in HANDED_IN if one.managers], ids=lambda one: one.id)
def test_decisions_earn_what_the_transcript_says(graded, student):
    course = graded[POSTGRES]
    assignment = read_assignment(course.folder / "source" / NAME)
    points = kit.paper(NAME, course.folder).automatic()["play_decisions"]
    found = counted(assignment, student.plays_as, course.folder / "submitted" / student.id / NAME)
    try:
        earned, _ = decisions_points(found, assignment, points)
    except CasebookError:
        assert student.state == "half a play"
        earned = 0.0
    assert course.grades()[student.id]["cells"]["play_decisions"][0] == earned


def test_managers_of_different_skill_get_different_points(graded):
    grades = graded[SQLITE].grades()
    assert len({grades[id]["cells"]["play_decisions"][0] for id in ("s01", "s02", "s03", "s04", "s05", "s06")}) >= 4


@BOTH
def test_before_marking_written_answers_wait_for_a_person(graded, gradebook):
    for one in HANDED_IN:
        cells = graded[gradebook].before_marking[one.id]["cells"]
        for cell in ("reflection", "memo"):
            empty = one.state == "untouched" or cell in one.left_out
            auto, by_hand, _, _, waits, _ = cells[cell]
            assert (auto, by_hand, waits) == ((0.0, None, False) if empty else (None, None, True)), (one.id, cell)


def test_the_formgrader_opens_in_jupyterlab_with_nothing_missing(typed):
    assert typed["errors"] == [] and typed["foreign"] == []
    assert sorted(typed["names"]) == sorted(one.listed for one in HANDED_IN)


@pytest.mark.parametrize("student", TYPED)
def test_the_rubric_stands_above_what_is_marked(typed, student):
    for cell, points in (("reflection", ["2", "1", "0"]), ("memo", ["4", "3", "2", "0 or 1"])):
        head, *rows = typed["rubrics"][student][cell]
        assert [name.removesuffix("s").removesuffix(" point") for name in head[1:]] == points
        assert len(rows) == {"reflection": 1, "memo": 4}[cell]
        assert all(all(row) and len(row) == len(head) for row in rows)


@pytest.mark.parametrize("student", TYPED)
def test_what_was_typed_is_in_the_gradebook(done, student):
    got, mark = done[POSTGRES].grades()[student], BY_ID[student].mark
    assert got["cells"]["memo"] == (None, mark.memo, None, 16.0, False, False)
    assert got["cells"]["reflection"] == (None, mark.reflection, None, 2.0, False, False)
    assert got["comments"]["memo"] == (None, mark.comment or None)


def test_both_gradebooks_say_the_same_of_every_cell(done):
    for name in (NAME, FIRST):
        assert done[SQLITE].grades(name) == done[POSTGRES].grades(name)


@BOTH
def test_totals_add_up_and_nothing_is_left_to_mark(done, gradebook):
    for id, grade in done[gradebook].grades().items():
        total, most, penalty, waits = grade["total"]
        cells = grade["cells"].values()
        assert total == pytest.approx(sum(auto if by_hand is None else by_hand for auto, by_hand, *_ in cells))
        assert most == 50 and not waits, id
        assert penalty == (2.0 if id == "s05" else 0.0), id      # 30 hours late: a second day has begun
        assert grade["late"] == (30 * 3600 if id == "s05" else 0), id


@BOTH
def test_the_first_assignment_is_graded_for_those_who_handed_it_in(done, gradebook):
    """Model answers get all that is graded by itself: 22 points; the rest are the marks by hand."""
    assert {id: grade["total"] for id, grade in done[gradebook].grades(FIRST).items()} == {
        id: (22 + mark.memo + mark.reflection, 30, 0, False) for id, mark in ROLES.items()}


@pytest.mark.parametrize("student", HANDED_IN, ids=lambda one: one.id)
def test_feedback_gives_every_reason_and_no_answer(done, student):
    page = done[POSTGRES].feedback(student.id)
    told = html.unescape(re.sub(r"<[^>]+>", "", page))
    for cell, reason in student.lost.items():
        start = told.index(f"Grade cell: {cell}")
        # A reason is broken into lines that fit the page.
        assert reason in " ".join(told[start:start + 6000].split("Grade cell: ", 2)[1].split()), cell
    assert "HIDDEN TESTS" not in told and "BEGIN SOLUTION" not in told
    for line in _hidden_lines(done[POSTGRES]):
        assert line not in told
    if student.mark and student.mark.comment:
        assert student.mark.comment.split("*")[0].split(":")[0] in told
    assert not re.findall(r'(?:src|href)="https?://', page.split("</head>")[0])


def _hidden_lines(course):
    """Lines of hidden tests that hold an answer."""
    source = kit.load(course.folder / "source" / NAME / f"{NAME}.ipynb")
    for cell in source["cells"]:
        hidden = re.search(r"BEGIN HIDDEN TESTS\n(.*)### END", kit.text(cell), re.DOTALL)
        if hidden:
            yield from (line for line in hidden[1].splitlines() if "checks.choice" in line or "checks.number" in line)


@BOTH
def test_canvas_would_take_the_grades_of_the_gradebook(done, gradebook):
    course = done[gradebook]
    students = {str(5000 + number): (f"N{one.id}", one.id) for number, one in enumerate(CLASS)}
    students["5999"] = ("", "3f1c9b")
    grades, points, new = importers.canvas(course.home / "canvas.filled.csv", students,
                                          {"7001": TITLES[NAME], "7002": TITLES[FIRST]})
    assert grades == _expected(course)
    assert points == {TITLES[NAME]: 50, TITLES[FIRST]: 30} and new == []


@BOTH
def test_moodle_would_take_the_grades_of_the_gradebook(done, gradebook):
    course = done[gradebook]
    users = {one.email.lower(): one.id for one in CLASS}
    grades = importers.moodle(course.home / "moodle.filled.csv", "Email address", users,
                              {title: f"Assignment: {title} (Real)" for title in TITLES.values()}, most=50)
    assert grades == _expected(course)


@BOTH
def test_the_exports_tell_who_has_no_grade(done, gradebook):
    for system in ("canvas", "moodle"):
        assert f"{len(HANDED_IN) + len(ROLES)} filled in" in done[gradebook].said[system]
        assert "s11 (Mia Nothing)" in done[gradebook].said[system]


def _expected(course):
    """Points after the penalty by student and assignment, as exact decimals."""
    return {(id, title): round(Decimal(str(grade["total"][0])) - Decimal(str(grade["total"][2])), 2)
            for name, title in TITLES.items() for id, grade in course.grades(name).items()}


@BOTH
def test_what_students_handed_in_is_as_it_was(done, gradebook):
    """Grading changes nothing in submitted/, but for what the doctor mended, which is kept."""
    course = done[gradebook]
    for one in HANDED_IN:
        folder = course.folder / "submitted" / one.id / NAME
        assert len(list(folder.glob(f"*{SUFFIX}"))) == max(len(one.managers), one.state == "foreign play")
    kept = list((course.folder / "doctor-backups").rglob("*.ipynb"))
    assert [path.parent.parent.name for path in kept] == ["s12"]
    ids = [kit.id_of(cell) for cell in json.loads(kept[0].read_text(encoding="utf-8"))["cells"]]
    assert ids.count("reading_3") == 2
