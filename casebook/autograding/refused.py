"""Results that nbgrader refuses to count; it would keep nothing of such a submission."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from casebook.grading.notebooks import grade_id, is_grade
from casebook.grading.plugins import overrule

from .reasons import LOST, Reason


def refused(book: NotebookNode) -> list[Reason]:
    """Let tests whose last line gave no points that they can have earn nothing, and say why."""
    found = []
    for cell in book.cells:
        if cell.cell_type == "code" and is_grade(cell):
            try:
                determine_grade(cell)
            except (ValueError, KeyError):      # below 0, above its points, or nothing at all
                told = ("nbgrader does not count what the last line of this test gave: it has to "
                        f"be from 0 to {float(cell.metadata.nbgrader.points):g} points. This is "
                        "for the instructor to mend.")
                overrule(cell, told)
                found.append(Reason("test-result", LOST, told, grade_id(cell)))
    return found
