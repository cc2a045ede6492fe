"""The grades in nbgrader's gradebook, read and never written."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from nbgrader import api
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from casebook.errors import CasebookError, Place

TABLES = {"assignment", "student", "submitted_assignment", "grade"}


@dataclass(frozen=True)
class Grade:
    """One student's grade on one assignment, in points.

    Attributes
    ----------
    student_id, first_name, last_name, email, lms_user_id : str
        Who it is; the last four may be empty.
    assignment : str
        The name of the assignment.
    submitted : bool
        Whether the gradebook holds a submission.
    score : float
        The points before a late penalty; 0 without a submission.
    late_submission_penalty : float
        The points taken off for a late submission.
    max_score : float
        The points that the assignment can give.
    needs_manual_grade : bool
        Whether something is still to be marked by hand, or to be graded at all.
    """

    student_id: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    assignment: str
    submitted: bool
    score: float
    late_submission_penalty: float
    max_score: float
    needs_manual_grade: bool

    @property
    def points(self) -> float:
        """The points after the late penalty, never below 0, as nbgrader's own exporter has them."""
        return max(0.0, self.score - self.late_submission_penalty)

    @property
    def person(self) -> str:
        """The student in words: the id, with the name where it is known."""
        name = " ".join(part for part in (self.first_name, self.last_name) if part)
        return f"{self.student_id} ({name})" if name else self.student_id


@contextlib.contextmanager
def opened(db_url: str) -> Iterator[api.Gradebook]:
    """nbgrader's gradebook, for reading. Nothing is created and no course is added.

    Parameters
    ----------
    db_url : str
        As ``CourseDirectory.db_url``: SQLite or PostgreSQL.

    Yields
    ------
    nbgrader.api.Gradebook

    Raises
    ------
    CasebookError
        If there is no gradebook, it is locked, of another version of nbgrader, or cannot be
        reached or read.
    """
    url = _readable(db_url)
    with plainly(url):
        _refuse_what_is_no_gradebook(url, Place(_shown(url)))
        # Without the id of a course nbgrader adds none.
        with api.Gradebook(url, course_id="") as book:
            yield book


def refuse_unreachable(db_url: str) -> None:
    """See that the server of a gradebook answers, before anything is made for it.

    A gradebook that is a file needs no server and is not looked at.

    Raises
    ------
    CasebookError
        If the driver is not installed, or the database cannot be reached.
    """
    url = _url(db_url)
    if url.get_backend_name() != "sqlite":
        with plainly(url):
            engine = create_engine(url)
            try:
                engine.connect().close()
            finally:
                engine.dispose()


@contextlib.contextmanager
def plainly(db_url: str | URL) -> Iterator[None]:
    """Turn what a database or its driver says into a plain message (CasebookError)."""
    place = Place(_shown(make_url(db_url)))
    try:
        yield
    except NoSuchModuleError as error:
        raise CasebookError("No software for this kind of database is known.",
                            "Write the address as sqlite:///... or postgresql+psycopg2://...",
                            place) from error
    except ModuleNotFoundError as error:
        raise CasebookError(f"The driver of the database is not installed: {error.name}.",
                            f"Install it: pip install {_package(error.name)}", place) from error
    except SQLAlchemyError as error:
        raise _unreadable(error, place) from error


def grades(db_url: str) -> tuple[Grade, ...]:
    """The grade of every student on every assignment.

    Returns
    -------
    tuple of Grade
        By assignment, then by last name, first name and id. A student without a submission has
        a row too.

    Raises
    ------
    CasebookError
        As :func:`opened`; or if a score is not a number.
    """
    with opened(db_url) as book:
        students = sorted(book.db.query(api.Student).all(), key=_by_name)
        # Sorted here, since databases sort letters in ways of their own.
        assignments = sorted(book.db.query(api.Assignment.id, api.Assignment.name,
                                           api.Assignment.max_score), key=lambda row: row.name)
        found = {(row.assignment_id, row.student_id): row for row in book.db.query(
            api.SubmittedAssignment.assignment_id, api.SubmittedAssignment.student_id,
            api.SubmittedAssignment.score, api.SubmittedAssignment.late_submission_penalty,
            api.SubmittedAssignment.needs_manual_grade)}
        rows = tuple(_grade(student, assignment, found.get((assignment.id, student.id)))
                     for assignment in assignments for student in students)
    for row in rows:
        if not all(map(math.isfinite, (row.score, row.max_score, row.late_submission_penalty))):
            raise CasebookError(
                f"The score of {row.person} on {row.assignment} is not a number.",
                "Mark this submission again in the formgrader.", Place(_shown(make_url(db_url))))
    return rows


def _by_name(student: api.Student) -> tuple[str, str, str]:
    return student.last_name or "", student.first_name or "", student.id


def _grade(student: api.Student, assignment, submission) -> Grade:
    has = submission is not None
    return Grade(
        student.id, student.first_name or "", student.last_name or "", student.email or "",
        student.lms_user_id or "", assignment.name, has, float(submission.score) if has else 0.0,
        float(submission.late_submission_penalty) if has else 0.0, float(assignment.max_score),
        bool(submission.needs_manual_grade) if has else False)


def _readable(db_url: str) -> URL:
    """The address, for SQLite such that the file is neither made nor changed."""
    url = _url(db_url)
    if url.get_backend_name() != "sqlite":
        return url
    path = Path(url.database or "")
    if not path.is_file():
        raise CasebookError("There is no gradebook yet.",
                            "Autograde an assignment first, or give another course folder.",
                            Place(str(path)))
    return url.set(database=f"file:{quote(str(path.absolute()))}",
                   query={**url.query, "mode": "ro", "uri": "true"})


def _url(db_url: str) -> URL:
    try:
        return make_url(db_url)
    except ArgumentError as error:
        raise CasebookError("The address of the gradebook is not that of a database.",
                            "Write CourseDirectory.db_url as sqlite:///gradebook.db or "
                            "postgresql+psycopg2://...") from error


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _refuse_what_is_no_gradebook(url: URL, place: Place) -> None:
    """nbgrader would make its tables in whatever database it is given; so look first."""
    engine = create_engine(url)
    try:
        tables = set(inspect(engine).get_table_names())
    finally:
        engine.dispose()
    if not tables >= TABLES:
        raise CasebookError("This database holds no gradebook of nbgrader.",
                            "Autograde an assignment first, or mend CourseDirectory.db_url.",
                            place)


def _unreadable(error: SQLAlchemyError, place: Place) -> CasebookError:
    reason = (str(getattr(error, "orig", None) or error).strip().splitlines() or [""])[0]
    if "readonly" in reason:
        return CasebookError("The gradebook cannot be written to.", "Give yourself the right to "
                             "write the file and its folder, or work on a copy.", place)
    if "locked" in reason:
        mend = "Wait until autograding is done, then run the command again."
    elif re.search("no such column|column .* does not exist", reason):
        mend = ("If it was made by an older nbgrader, make a backup and run `nbgrader db upgrade` "
                "in the course folder.")
    else:
        mend = "See that it is the gradebook of the course, and that the database runs."
    return CasebookError(f"The gradebook cannot be read: {reason}.", mend, place)


def _package(module: str | None) -> str:
    return {"psycopg2": "psycopg2-binary", "psycopg": "'psycopg[binary]'"}.get(module, module or "")
