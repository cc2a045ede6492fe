"""An exporter for ``nbgrader export`` that quotes its fields."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import ExportPlugin

from . import table_file

COLUMNS = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
           "raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade")


class QuotedCsv(ExportPlugin):
    """Grades as CSV, in the columns of nbgrader's own exporter, with one more at the end.

    Names with commas, quotes, line ends or letters of any language come out whole: fields are
    quoted where they need it, and the file is UTF-8. ``needs_manual_grade`` says whether a
    submission is still to be marked by hand.

    Use it with ``nbgrader export --exporter=casebook.grading.exporter.QuotedCsv``. As with
    nbgrader's own, ``--to`` names the file and no submission counts as 0 points (its
    ``timestamp`` is empty). A file of that name is kept beside the new one, under its name with
    the date and ``.bak``.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades.

        Parameters
        ----------
        gradebook : nbgrader.api.Gradebook
            The open gradebook.
        """
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        content = self.content(gradebook)
        if path.exists():
            if path.read_bytes() == content:
                return
            kept = _backup(path)
            self.log.info("The earlier file is kept as %s", kept)
        table_file.write_new(path, content)

    def content(self, gradebook: Gradebook) -> bytes:
        """The file: a line of headings, and a line for each student on each assignment."""
        text = io.StringIO(newline="")
        rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        rows.writeheader()
        assignments, students = set(map(str, self.assignment)), set(map(str, self.student))
        for assignment in gradebook.assignments:
            if assignments and assignment.name not in assignments:
                continue
            for student in gradebook.students:
                if not students or student.id in students:
                    rows.writerow(_row(gradebook, assignment, student))
        return text.getvalue().encode("utf-8")


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> dict:
    row = {"assignment": assignment.name, "duedate": assignment.duedate, "timestamp": None,
           "student_id": student.id, "last_name": student.last_name,
           "first_name": student.first_name, "email": student.email, "raw_score": 0.0,
           "late_submission_penalty": 0.0, "score": 0.0, "max_score": assignment.max_score,
           "needs_manual_grade": False}
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row
    penalty = submission.late_submission_penalty
    return row | {
        "timestamp": submission.timestamp, "raw_score": submission.score,
        "late_submission_penalty": penalty, "score": max(0.0, submission.score - penalty),
        "needs_manual_grade": bool(submission.needs_manual_grade)}


def _backup(path: Path) -> Path:
    """Move a file to a dated name that is free, and return that name."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    kept, count = path.with_name(f"{path.name}.{stamp}.bak"), 1
    while kept.exists():
        count += 1
        kept = path.with_name(f"{path.name}.{stamp}-{count}.bak")
    path.rename(kept)
    return kept
