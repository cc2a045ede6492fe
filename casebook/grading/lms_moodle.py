"""The two files of Moodle that take grades.

After the pages "Grade export", "Grade import" and "Assignment settings" of MoodleDocs and, for
what they leave open, Moodle's public source: the export of a course's grades as plain text, and
the offline grading worksheet of one assignment.
"""

from __future__ import annotations

import re
from decimal import Decimal

from casebook.errors import CasebookError, Place

from .lms_layout import Layout, Target, columns
from .lms_match import plain
from .numbers import number, written
from .table_file import Table

PEOPLE = ("First name", "Last name", "Surname", "Full name", "ID number", "Institution",
          "Department", "Email address", "Username", "Last downloaded from this course")
IDENTIFIERS = ("ID number", "Email address", "Username")
WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")
MAXIMUM, CHANGEABLE = "Maximum grade", "Grade can be changed"
NAMES = ("First name", "Last name", "Surname", "Full name", "Identifier")
# How a heading says that a column is not the points themselves.
OTHER = re.compile(r"\((Percentage|Letter|Feedback)\)$", re.IGNORECASE)
POINTS = re.compile(r"\s*\(Real\)$", re.IGNORECASE)
ACTIVITY = re.compile(r"^[^:]+:\s*")


class Grades(Layout):
    """The grades of a course, as "Plain text file" exports them."""

    def is_for(self, column: int, assignment: str) -> bool:
        heading = self.table.headings[column]
        if heading in PEOPLE or OTHER.search(heading):
            return False
        item = POINTS.sub("", heading)
        return plain(assignment) in {plain(item), plain(ACTIVITY.sub("", item))}

    def checked(self, column: int) -> Target:
        heading = self.table.headings[column]
        if heading in PEOPLE or OTHER.search(heading):
            raise CasebookError(
                f"Moodle takes no points from the column {heading!r}.",
                "Export the grades with the display type Real, and name that column with "
                "--column.", self.table.place)
        return Target(column, heading, None)

    def closed(self, row: int, target: Target, points: Decimal) -> str | None:
        return _too_many(target, points)


class Worksheet(Layout):
    """The offline grading worksheet of one assignment."""

    def is_for(self, column: int, assignment: str) -> bool:
        # The worksheet does not say which assignment it is of; the caller does.
        return self.table.headings[column].casefold() == "grade"

    def checked(self, column: int) -> Target:
        heading = self.table.headings[column]
        if heading.casefold() != "grade":
            raise CasebookError(f"A grading worksheet takes grades in 'Grade', not in {heading!r}.",
                                "Leave out --column.", self.table.place)
        most = {number(self.table.cell(row, each)) for row in self.people
                for each in columns(self.table, [MAXIMUM])}
        return Target(column, heading, most.pop() if len(most) == 1 else None)

    def closed(self, row: int, target: Target, points: Decimal) -> str | None:
        changeable = columns(self.table, [CHANGEABLE])
        if changeable and self.table.cell(row, changeable[0]).casefold() == "no":
            return "Moodle has locked the grade (Grade can be changed: No)"
        return _too_many(target, points)


def _too_many(target: Target, points: Decimal) -> str | None:
    if target.points is not None and points > target.points:
        return f"Moodle takes no more than {written(target.points)} points"
    return None


def understood(table: Table) -> Layout:
    """The file, understood: a worksheet by its three headings, else the grades of a course.

    Raises
    ------
    CasebookError
        If the file has no rows of students.
    """
    people = {row: _name(table, row) for row in range(1, len(table.rows))
              if not table.rows[row].blank}
    if not people or len(table.headings) < 2:
        raise CasebookError(
            "This is no file of grades from Moodle: it holds no students.",
            "In Moodle: Grades, Export, Plain text file; then give that file as it is.",
            Place(str(table.path), 1))
    identifiers = columns(table, IDENTIFIERS)
    if len(columns(table, WORKSHEET)) == len(WORKSHEET):
        return Worksheet("Moodle grading worksheet", table, people, identifiers)
    note = ("The file does not say how many points Moodle gives for an item. See that they are "
            "the same, or give them with --points.")
    return Grades("Moodle grade export", table, people, identifiers, notes=[note])


def _name(table: Table, row: int) -> str:
    """A person as the file has them; where headings are translated, the first two cells."""
    where = columns(table, NAMES) or (0, 1)
    return " ".join(part for part in (table.cell(row, each) for each in where) if part)
