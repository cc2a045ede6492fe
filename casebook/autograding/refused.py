"""Results that nbgrader refuses to count; it would keep nothing of such a submission."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from casebook.grading.notebooks import grade_id, is_grade
from casebook.grading.plugins import overrule

from .reasons import LOST, Reason


def refused(book: NotebookNode) -> list[Reason]:
    """Let tests whose result nbgrader refuses earn nothing, and say why.

    What it counts is counted here as well: for a number below 0, or none (``nan``), it gives all
    points.
    """
    found = []
    for cell in book.cells:
        if cell.cell_type == "code" and is_grade(cell):
            try:
                determine_grade(cell)
            except ValueError:
                told = _told("it is more than this test gives, which is from 0 to "
                             f"{float(cell.metadata.nbgrader.points):g} points")
            except KeyError:
                told = _told("it is shown without any text")
            else:
                continue
            overrule(cell, told)
            found.append(Reason("test-result", LOST, told, grade_id(cell)))
    return found


def _told(why: str) -> str:
    return (f"nbgrader does not count what the last line of this test gave: {why}. This is for "
            "the instructor to mend.")
