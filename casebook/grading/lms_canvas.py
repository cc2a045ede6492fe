"""The gradebook that Canvas exports and imports.

After Canvas's guide "How do I import grades in the Gradebook?" and, for what it leaves open, the
importer and exporter in Canvas's public source.
"""

from __future__ import annotations

import re
from decimal import Decimal

from casebook.errors import CasebookError, Place

from .lms_layout import Layout, Target, columns
from .lms_match import plain
from .numbers import number, written
from .table_file import Table

PEOPLE = ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID",
          "Integration ID", "Root Account", "Section")
IDENTIFIERS = ("SIS Login ID", "SIS User ID", "Integration ID", "ID")
POINTS = "Points Possible"
TEST_STUDENT = "Student, Test"
# Canvas takes no grades from columns whose heading holds one of these.
CALCULATED = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
HIDDEN = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
NUMBERED = re.compile(r"(.*?)\s*\((\d+)\)", re.DOTALL)


class Canvas(Layout):
    """A Canvas gradebook file."""

    points_row: int | None = None

    def is_for(self, column: int, assignment: str) -> bool:
        heading = self.table.headings[column]
        if heading in PEOPLE or CALCULATED.search(heading):
            return False
        numbered = NUMBERED.fullmatch(heading)
        names = {heading, numbered[1]} if numbered else {heading}
        return plain(assignment) in {plain(name) for name in names}

    def checked(self, column: int) -> Target:
        heading = self.table.headings[column]
        above = self.table.cell(self.points_row, column) if self.points_row is not None else ""
        if heading in PEOPLE or CALCULATED.search(heading) or (above and number(above) is None):
            raise CasebookError(
                f"Canvas takes no grades from the column {heading!r}: "
                f"{'it is ' + above if above else 'it is not an assignment'}.",
                "Name the column of the assignment with --column.", self.table.place)
        return Target(column, heading, number(above))

    def add(self, assignment: str, points: Decimal) -> Target | None:
        if self.points_row is None:
            return None
        column = self.table.add_column(assignment)
        self.table.set(self.points_row, column, written(points))
        return Target(column, assignment, points, added=True)

    def closed(self, row: int, target: Target, points: Decimal) -> str | None:
        if self.table.cell(row, target.column).upper() == "N/A":
            return "Canvas has not assigned it to this student (N/A)"
        return None


def understood(table: Table) -> Canvas:
    """The file, understood.

    Raises
    ------
    CasebookError
        If Canvas would not take it for a gradebook.
    """
    heads = table.headings
    named = heads[0] == "Student" and heads[1:2] == ["ID"]
    if not (named or heads[:3] == ["LastName", "FirstName", "ID"]) or "Section" not in heads:
        raise CasebookError(
            "This is no gradebook of Canvas: it starts with Student, ID and has a column Section.",
            "In Canvas: Grades, Export, Export Entire Gradebook; then give that file as it is.",
            Place(str(table.path), 1))
    points = next((row for row in range(1, len(table.rows)) if POINTS in table.cell(row, 0)), None)
    people = {row: _name(table, row, 1 if named else 2) for row in range(1, len(table.rows))
              if row != points and not _hidden(table, row)}
    tests = frozenset(row for row, name in people.items() if name == TEST_STUDENT)
    found = Canvas("Canvas gradebook", table, people, columns(table, IDENTIFIERS), tests)
    found.points_row = points
    if points is None:
        found.notes.append("The file has no row of points, so points could not be compared.")
    if table.delimiter == "\t" or table.encoding != "utf-8":
        found.notes.append("Canvas exports UTF-8 with commas or semicolons. This file was saved by "
                           "another program: see in Canvas's preview that names are whole.")
    return found


def _name(table: Table, row: int, width: int) -> str:
    return ", ".join(part for part in (table.cell(row, each) for each in range(width)) if part)


def _hidden(table: Table, row: int) -> bool:
    """Whether Canvas takes a row for the one on posting, or for an empty one."""
    return all(HIDDEN.fullmatch(table.cell(row, column))
               for column in range(len(table.headings)))
