"""Scores that a gradebook ought to have and has not."""

from __future__ import annotations

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from .gradebook import plainly


def cells_without_score(dirs: CourseDirectory, assignment: str, student: str) -> list[str]:
    """Test cells of a graded submission that have neither an automatic nor a manual score."""
    with plainly(dirs.db_url), Gradebook(dirs.db_url, dirs.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return []
        return [grade.name for notebook in submission.notebooks for grade in notebook.grades
                if grade.cell_type == "code" and grade.auto_score is None
                and grade.manual_score is None]
