"""Gradebooks for tests, made with nbgrader's own API."""

import os
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

from nbgrader.api import Gradebook

CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "mba"\n'
AUTO, WRITTEN = 6.0, 4.0


@dataclass(frozen=True)
class Person:
    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


ANA = Person("ana1", "Ana", "Ríos", "ana@uni.example")
BO = Person("bo2", "Bo", 'O"Neil, Jr.', "bo@uni.example")
CHEN = Person("chen3", "晨", "陈", "chen@uni.example")
DEE = Person("dee4", "Dee", "=SUM(A1)", "dee@uni.example")
CLASS = (ANA, BO, CHEN, DEE)


def add_assignment(book, name, written=WRITTEN):
    """An assignment with a cell that is graded by itself and a memo that is marked by hand."""
    book.add_assignment(name)
    book.add_notebook("play", name)
    book.add_grade_cell("check", "play", name, max_score=AUTO, cell_type="code")
    if written:
        book.add_grade_cell("memo", "play", name, max_score=written, cell_type="markdown")


def hand_in(book, name, student, auto, memo, penalty=0.0):
    """A submission with its points; a memo of None is still to be marked."""
    book.add_submission(name, student, timestamp="2026-01-15 10:00:00 UTC")
    for cell, points in (("check", auto), ("memo", memo)):
        grade = book.find_grade(cell, "play", name, student)
        grade.needs_manual_grade = points is None
        if cell == "check":
            grade.auto_score = points
        else:
            grade.manual_score = points
    book.find_submission_notebook("play", name, student).late_submission_penalty = penalty
    book.db.commit()


def gradebook(folder, people=CLASS, scores=None):
    """A course folder with a gradebook; the address of the gradebook.

    ``scores`` has for each assignment the points (cell, memo, penalty) by student id.
    """
    scores = TWO if scores is None else scores
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    url = f"sqlite:///{folder / 'gradebook.db'}"
    (folder / "gradebook.db").write_bytes(_empty())
    with Gradebook(url, "mba") as book:
        fill(book, people, scores)
    return url


@cache
def _empty():
    """An empty gradebook. nbgrader starts another program for each new one, which is slow."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, PATH=path):
        Gradebook(f"sqlite:///{folder}/gradebook.db", "mba").close()
        return (Path(folder) / "gradebook.db").read_bytes()


def fill(book, people, scores):
    """Students, assignments and submissions."""
    for each in people:
        book.add_student(each.id, first_name=each.first_name, last_name=each.last_name,
                         email=each.email, lms_user_id=each.lms_user_id)
    for name, given in scores.items():
        add_assignment(book, name)
        for student, (auto, memo, *penalty) in given.items():
            hand_in(book, name, student, auto, memo, *penalty)


# Ana: late. Bo: whole. Chen: the memo is still to be marked. Dee: no submission.
TWO = {"two-rooms": {"ana1": (5.0, 3.25, 1.0), "bo2": (6.0, 4.0), "chen3": (3.0, None)}}
POINTS = {"ana1": "7.25", "bo2": "10"}
