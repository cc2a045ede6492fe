"""Rows of the gradebook: what nbgrader's own objects say, and nothing written."""

import sqlite3
from decimal import Decimal

import pytest
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry

from casebook.errors import CasebookError
from casebook.grading.gradebook import grades, opened

from .gradebookkit import CLASS, TWO, gradebook


def test_rows_say_what_nbgraders_objects_say(tmp_path):
    scores = TWO | {"after-hours": {"bo2": (1.5, 2.0, 9.0), "dee4": (0.0, 0.0)}}
    url = gradebook(tmp_path, scores=scores)
    rows = grades(url)
    assert len(rows) == 2 * len(CLASS)
    with Gradebook(url, "mba") as book:
        for row in rows:
            student = book.find_student(row.student_id)
            assert (row.first_name, row.last_name, row.email) == (
                student.first_name, student.last_name, student.email)
            assert row.max_score == book.find_assignment(row.assignment).max_score == 10
            try:
                found = book.find_submission(row.assignment, row.student_id)
            except MissingEntry:
                assert (row.submitted, row.score, row.needs_manual_grade) == (False, 0, False)
            else:
                assert row.submitted
                assert (row.score, row.late_submission_penalty, row.needs_manual_grade) == (
                    found.score, found.late_submission_penalty, found.needs_manual_grade)


def test_points_are_after_the_penalty_and_never_below_zero(tmp_path):
    url = gradebook(tmp_path, scores=TWO | {"after-hours": {"bo2": (1.5, 2.0, 9.0)}})
    points = {(row.assignment, row.student_id): row.points for row in grades(url)}
    assert points["two-rooms", "ana1"] == 5 + 3.25 - 1
    assert points["after-hours", "bo2"] == 0


def test_rows_come_by_assignment_and_name(tmp_path):
    url = gradebook(tmp_path, scores={"b": {}, "a": {}})
    rows = grades(url)
    assert [row.assignment for row in rows] == ["a"] * 4 + ["b"] * 4
    assert [row.student_id for row in rows[:4]] == ["dee4", "bo2", "ana1", "chen3"]


def test_reading_changes_no_byte(tmp_path):
    url = gradebook(tmp_path)
    before = (tmp_path / "gradebook.db").read_bytes()
    grades(url)
    with opened(url) as book:
        assert len(book.students) == 4
    assert (tmp_path / "gradebook.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gradebook.db", "nbgrader_config.py"]


def test_an_opened_gradebook_takes_no_writing(tmp_path):
    with opened(gradebook(tmp_path)) as book, pytest.raises(InvalidEntry, match="readonly"):
        book.add_student("new")


def test_a_path_with_odd_letters_is_read(tmp_path):
    assert grades(gradebook(tmp_path / "a b#é"))


def test_a_missing_gradebook_is_said_and_none_is_made(tmp_path):
    with pytest.raises(CasebookError, match="no gradebook yet"):
        grades(f"sqlite:///{tmp_path / 'gradebook.db'}")
    assert not list(tmp_path.iterdir())


def test_an_empty_file_is_not_made_a_gradebook(tmp_path):
    path = tmp_path / "gradebook.db"
    path.touch()
    with pytest.raises(CasebookError, match="holds no gradebook of nbgrader"):
        grades(f"sqlite:///{path}")
    assert path.read_bytes() == b""


def test_a_file_that_is_no_database_is_said(tmp_path):
    path = tmp_path / "gradebook.db"
    path.write_text("grades " * 200)
    with pytest.raises(CasebookError, match="cannot be read: file is not a database"):
        grades(f"sqlite:///{path}")


def test_a_locked_gradebook_is_said(tmp_path):
    url = gradebook(tmp_path) + "?timeout=0.1"
    lock = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(CasebookError, match="locked.*Wait until autograding is done"):
            grades(url)
    finally:
        lock.close()
    assert grades(url)


def test_a_gradebook_of_an_older_nbgrader_is_said(tmp_path):
    url = gradebook(tmp_path)
    with sqlite3.connect(tmp_path / "gradebook.db") as base:
        base.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    base.close()
    with pytest.raises(CasebookError, match="nbgrader db upgrade"):
        grades(url)


@pytest.mark.parametrize("url, said", [
    ("nonsense", "not that of a database"),
    ("sqlite://", "no gradebook yet"),
    ("oddbase://host/name", "No software for this kind of database"),
])
def test_an_address_that_cannot_be_used_is_said(url, said):
    with pytest.raises(CasebookError, match=said):
        grades(url)


def test_a_driver_that_is_not_there_is_named(monkeypatch):
    # None in sys.modules makes an import fail as if nothing were installed.
    monkeypatch.setitem(__import__("sys").modules, "psycopg2", None)
    with pytest.raises(CasebookError, match="psycopg2.*pip install psycopg2-binary") as caught:
        grades("postgresql+psycopg2://teacher:secret@localhost/grades")
    assert "secret" not in str(caught.value)


def test_a_score_that_is_no_number_is_said(tmp_path):
    url = gradebook(tmp_path)
    with sqlite3.connect(tmp_path / "gradebook.db") as base:
        base.execute("UPDATE grade SET manual_score = 9e999 WHERE manual_score = 4.0")
    base.close()
    with pytest.raises(CasebookError, match=r"score of bo2 .* is not a number"):
        grades(url)


def test_a_score_survives_as_decimal(tmp_path):
    from casebook.grading.numbers import exact

    url = gradebook(tmp_path, scores={"a": {"ana1": (0.1, 0.2)}})
    row = next(row for row in grades(url) if row.student_id == "ana1")
    assert exact(row.points) == Decimal("0.3")
