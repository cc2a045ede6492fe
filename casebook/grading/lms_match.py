"""Which row of an LMS file is which student: by an identifier, never by a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casebook.errors import CasebookError, Place

from .gradebook import Grade
from .table_file import Table

FIELDS = ("student_id", "email", "lms_user_id")


@dataclass(frozen=True)
class Matches:
    """Which student stands in which row.

    Attributes
    ----------
    column : str
        The heading of the column with the identifier.
    rows : dict of str to int
        The row of each student, by student id.
    unmatched_here : tuple of str
        Students of the gradebook that no row names.
    unmatched_there : tuple of str
        People of the file that are not in the gradebook.
    ambiguous : tuple of str
        Identifiers that stand for several students or several rows, with the people.
    """

    column: str
    rows: dict[str, int]
    unmatched_here: tuple[str, ...]
    unmatched_there: tuple[str, ...]
    ambiguous: tuple[str, ...]


def match(table: Table, people: Mapping[int, str], students: Sequence[Grade],
          columns: Sequence[int], optional: Iterable[int] = ()) -> Matches:
    """Match students to rows by the column that names the most of them.

    Parameters
    ----------
    table : Table
        The file.
    people : mapping of int to str
        The rows of people, and how the file calls them.
    students : sequence of Grade
        One grade of each student of the gradebook.
    columns : sequence of int
        The columns that may hold the identifier, the likeliest first.
    optional : iterable of int
        Rows that need no student, such as a test student.

    Returns
    -------
    Matches

    Raises
    ------
    CasebookError
        If no column names any student, or two columns name the same student in different rows.
    """
    tried = [_pairs(table, people, students, column, name)
             for column in columns for name in FIELDS]
    best = max(tried, key=lambda found: len(found.rows), default=None)
    if best is None or not best.rows:
        raise _nobody(table, students, columns)
    for other in tried:
        _refuse_contradiction(table, best, other, people)
    optional = set(optional)
    unclear_rows = {row for _, _, rows in best.unclear for row in rows}
    unclear_ids = {each.student_id for _, group, _ in best.unclear for each in group}
    taken = set(best.rows.values())
    return Matches(
        table.headings[best.column], best.rows,
        tuple(each.person for each in students
              if each.student_id not in best.rows and each.student_id not in unclear_ids),
        tuple(f"{name} ({table.cell(row, best.column) or 'no identifier'})"
              for row, name in people.items()
              if row not in taken and row not in unclear_rows and row not in optional),
        tuple(f"{identifier}: {' and '.join(each.person for each in group)} in the gradebook, "
              f"{' and '.join(people[row] for row in rows)} in the file"
              for identifier, group, rows in best.unclear))


@dataclass(frozen=True)
class _Found:
    """What one column says when it is read as one field of the gradebook."""

    column: int
    field: str
    rows: dict[str, int]
    unclear: tuple[tuple[str, list[Grade], list[int]], ...]


def _pairs(table: Table, people: Mapping[int, str], students: Sequence[Grade], column: int,
           name: str) -> _Found:
    there: dict[str, list[int]] = {}
    for row in people:
        there.setdefault(table.cell(row, column).casefold(), []).append(row)
    here: dict[str, list[Grade]] = {}
    for each in students:
        here.setdefault(getattr(each, name).strip().casefold(), []).append(each)
    rows, unclear = {}, []
    for identifier in here.keys() & there.keys() - {""}:
        group, found = here[identifier], there[identifier]
        if len(group) == len(found) == 1:
            rows[group[0].student_id] = found[0]
        else:
            unclear.append((identifier, group, found))
    return _Found(column, name, rows, tuple(sorted(unclear, key=lambda each: each[0])))


def _refuse_contradiction(table: Table, best: _Found, other: _Found,
                          people: Mapping[int, str]) -> None:
    """Two columns that name one student in two rows, or one row for two students."""
    by_row = {row: student for student, row in best.rows.items()}
    for student, row in other.rows.items():
        first = best.rows.get(student, row)
        if first == row and by_row.get(row, student) == student:
            continue
        one, two = table.headings[best.column], table.headings[other.column]
        raise CasebookError(
            f"By {one!r} ({best.field}) and by {two!r} ({other.field}) student {student!r} would "
            f"be another person: {people[first]} or {people[row]}.",
            "Say which column holds the identifier with --match COLUMN.", table.place)


def _nobody(table: Table, students: Sequence[Grade], columns: Sequence[int]) -> CasebookError:
    if not columns:
        return CasebookError(
            "No column is known to hold an identifier of students. The headings are: "
            f"{', '.join(map(repr, table.headings))}.",
            "Say which one it is with --match COLUMN.", table.place)
    known = ", ".join(sorted(each.student_id for each in students)[:3])
    return CasebookError(
        "No student of the gradebook is in "
        f"{' or '.join(repr(table.headings[column]) for column in columns)}. The gradebook has "
        f"ids such as {known}.",
        "Say with --match COLUMN which column has these ids or the e-mail addresses.",
        table.place)


def column_of(table: Table, heading: str, option: str) -> int:
    """The number of the column with this heading.

    Raises
    ------
    CasebookError
        If no column or several have it.
    """
    heads = [head.casefold() for head in table.headings]
    wanted = heading.strip().casefold()
    if heads.count(wanted) != 1:
        how = "No column" if wanted not in heads else "More than one column"
        raise CasebookError(
            f"{how} has the heading {heading!r}. The headings are: "
            f"{', '.join(map(repr, table.headings))}.",
            f"Give one of them to {option}.", Place(str(table.path), 1))
    return heads.index(wanted)


def plain(name: str) -> str:
    """A name for comparing: case, spaces, hyphens and underscores make no difference."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())
