"""The casebook's parts in nbgrader, on a small assignment of an instructor's own."""

import json

import pytest
from nbgrader.api import Gradebook

from .kit import load, played, run, write_play

CELLS = [
    ("markdown", "# Small", None),
    ("code", "import casebook\nfrom casebook.grading import checks", {"grade": False, "solution": False, "locked": True, "grade_id": "setup"}),
    ("code", "me = ...\n### BEGIN SOLUTION\nme = \"model\"\n### END SOLUTION", {"grade": False, "solution": True, "locked": False, "grade_id": "who"}),
    ("code", "answer = ...\n### BEGIN SOLUTION\nanswer = 1\n### END SOLUTION", {"grade": False, "solution": True, "locked": False, "grade_id": "answer"}),
    ("code", "assert answer == 1", {"grade": True, "solution": False, "locked": True, "points": 1, "grade_id": "answer_test"}),
    ("code", 'casebook.play("green-dashboard", player=me)', None),
    ("code", "checks.play_finished(me, points=4)", {"grade": True, "solution": False, "locked": True, "points": 4, "grade_id": "finished"}),
    ("code", "checks.play_decisions(me, points=6)", {"grade": True, "solution": False, "locked": True, "points": 6, "grade_id": "decisions"}),
    ("code", "checks.my_turns(me)[\"trust\"].max() > 0", {"grade": True, "solution": False, "locked": True, "points": 1, "grade_id": "turns"}),
]
SETTINGS = """format: 1
case: green-dashboard
cells: {finished: finished, decisions: decisions, turns: own-play}
"""


def notebook(changes):
    cells = []
    for kind, source, known in CELLS:
        cell = {"cell_type": kind, "metadata": {}, "source": changes.get((known or {}).get("grade_id"), source)}
        if known:
            cell["metadata"]["nbgrader"] = {"schema_version": 3, "task": False, **known}
        cells.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    return {"cells": cells, "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}, "nbformat": 4, "nbformat_minor": 4}


FORGED = """answer = 1
from casebook.grading import checks
checks.play_finished = lambda me, points: float(points)
checks.play_decisions = lambda me, points: float(points)"""

STUDENTS = {
    "good": {},
    "talks": {"answer": "answer = 1\nfor _ in range(400):\n    print('x' * 250_000)"},
    "one-line": {"answer": "answer = 1\nprint('x' * 50_000_000)"},
    "exits": {"answer": "answer = 1\nimport sys\nsys.exit()"},
    "kills": {"answer": "answer = 1\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)"},
    "never-ends": {"answer": "answer = 1\nwhile True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"},
    "leaves": {"answer": "answer = 1\nimport os\nos.chdir('/')"},
    "forges": {"answer": FORGED},
    "forges-without": {"answer": FORGED},
    "is-somebody-else": {"who": 'me = "good"'},
}


@pytest.fixture(scope="module")
def grades(tmp_path_factory):
    root = tmp_path_factory.mktemp("plugins")
    source = root / "ours" / "small"
    source.mkdir(parents=True)
    (source / "small.ipynb").write_text(json.dumps(notebook({})), encoding="utf-8")
    (source / "assignment.yaml").write_text(SETTINGS, encoding="utf-8")
    course = root / "course"
    run("casebook", "course", "new", course, "--solutions", root / "ours", cwd=root)
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write("c.Execute.timeout = 8\nc.Execute.iopub_timeout = 3\n")
    run("casebook", "release", cwd=course)
    for student, changes in STUDENTS.items():
        folder = course / "submitted" / student / "small"
        folder.mkdir(parents=True)
        book = notebook({"who": f'me = "{student}"', "answer": "answer = 1"} | changes)
        (folder / "small.ipynb").write_text(json.dumps(book), encoding="utf-8")
        if student != "forges-without":
            manager = "marketer" if student == "forges" else "trust-first"
            player = "good" if student == "is-somebody-else" else student
            write_play(played("green-dashboard", player, manager=manager), folder)
        # A student's own settings change nothing: nbgrader takes the instructor's file.
        (folder / "assignment.yaml").write_text(SETTINGS + "credit: {nothing: 0.0, full: 0.01}\n", encoding="utf-8")
    run("nbgrader", "autograde", "small", cwd=course)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        found = {one.student.id: {grade.name: grade.auto_score for grade in one.notebooks[0].grades} for one in gradebook.assignment_submissions("small")}
    return course, found


def text_of(course, student):
    return (course / "autograded" / student / "small" / "small.ipynb").read_text(encoding="utf-8")


def test_a_good_play_has_all_its_points_and_opens_no_room(grades):
    course, found = grades
    assert found["good"] == {"answer_test": 1, "finished": 4, "decisions": 6, "turns": 1}
    assert "The room is not opened while a notebook is checked or graded" in text_of(course, "good")
    assert "application/vnd.jupyter.widget-view+json" not in text_of(course, "good")


@pytest.mark.parametrize("student", ["talks", "one-line"])
def test_output_without_end_costs_nobody_anything(grades, student):
    course, found = grades
    assert found[student] == found["good"]
    assert len(text_of(course, student)) < 4_000_000


def test_a_cell_that_ends_the_kernel_is_named_and_the_play_still_counts(grades):
    course, found = grades
    assert found["kills"] == {"answer_test": 0, "finished": 4, "decisions": 6, "turns": 0}
    assert "This cell ended the kernel" in text_of(course, "kills")
    told = [cell for cell in load(course / "autograded" / "kills" / "small" / "small.ipynb")["cells"] if cell.get("outputs")]
    assert "".join(told[0]["source"]).startswith("answer = 1")


def test_a_cell_that_swallows_its_interrupt_costs_only_what_comes_after_it(grades):
    course, found = grades
    assert found["never-ends"] == {"answer_test": 0, "finished": 4, "decisions": 6, "turns": 0}
    assert "ran without end and could not be stopped" in text_of(course, "never-ends")


def test_leaving_by_exit_or_for_another_folder_leaves_the_play_where_it_was(grades):
    _, found = grades
    assert {name: found["exits"][name] for name in ("finished", "decisions")} == {"finished": 4, "decisions": 6}
    assert {name: found["leaves"][name] for name in ("finished", "decisions")} == {"finished": 4, "decisions": 6}


def test_checks_replaced_by_the_student_give_no_points_for_a_play(grades):
    course, found = grades
    assert found["forges"]["decisions"] == 0 and found["forges"]["finished"] == 4
    assert found["forges-without"]["finished"] == 0 and found["forges-without"]["decisions"] == 0
    assert "lies beside this notebook" in text_of(course, "forges-without")


def test_somebody_elses_name_and_play_give_no_points(grades):
    course, found = grades
    assert found["is-somebody-else"] == {"answer_test": 1, "finished": 0, "decisions": 0, "turns": 0}
    assert "it was played by 'good', not by 'is-somebody-else'" in text_of(course, "is-somebody-else")
