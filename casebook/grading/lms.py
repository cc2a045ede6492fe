"""Grades into the instructor's own export of Canvas or Moodle.

Nothing of the file changes but the cells that are filled in. Students are matched by an
identifier. What cannot be filled in is listed and left to the instructor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from casebook.errors import CasebookError, Place

from . import lms_canvas, lms_moodle, table_file
from .gradebook import Grade
from .lms_layout import Layout, Target
from .lms_match import Matches, column_of, match
from .lms_report import Report
from .numbers import exact, number, same, written

LMS = {"canvas": lms_canvas, "moodle": lms_moodle}
KNOWN = {"canvas": lms_canvas.PEOPLE,
         "moodle": lms_moodle.PEOPLE + lms_moodle.WORKSHEET}
EMPTY = ("", "-")


@dataclass(frozen=True)
class Options:
    """How grades are exported.

    Attributes
    ----------
    match : str or None
        The heading of the column with the identifier; by default it is found.
    columns : mapping of str to str
        The heading of the column for an assignment, by assignment.
    points : mapping of str to decimal.Decimal
        The points that the LMS gives for an assignment, where the file does not say.
    overwrite : bool
        Replace other values in cells.
    scale : bool
        Scale scores to the points of the LMS.
    include_unfinished : bool
        Take submissions that are still to be marked by hand.
    missing_as_zero : bool
        Write 0 for students without a submission.
    decimal_comma : bool
        Write numbers with a comma.
    encoding : str or None
        The encoding of the file; by default it is found.
    dry_run : bool
        Only report, write nothing.
    """

    match: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, Decimal] = field(default_factory=dict)
    overwrite: bool = False
    scale: bool = False
    include_unfinished: bool = False
    missing_as_zero: bool = False
    decimal_comma: bool = False
    encoding: str | None = None
    dry_run: bool = False


def export(grades: Sequence[Grade], lms: str, file: str | Path, out: str | Path | None = None,
           assignments: Sequence[str] = (), options: Options | None = None) -> Report:
    """Fill grades into a file that an LMS exported, and write the result to a new file.

    Parameters
    ----------
    grades : sequence of Grade
        The grades, as :func:`casebook.grading.gradebook.grades` gives them.
    lms : str
        ``canvas`` or ``moodle``.
    file : str or pathlib.Path
        The LMS's export. It is never changed.
    out : str or pathlib.Path, optional
        The file to write; it must not exist. By default ``<name>.filled.csv`` beside ``file``.
        It is written only if a cell was filled in.
    assignments : sequence of str
        The assignments to export. By default all that have a submission.
    options : Options, optional
        How grades are exported.

    Returns
    -------
    Report

    Raises
    ------
    CasebookError
        If the file or the options cannot be used. Then nothing is written.
    """
    options = options or Options()
    file = Path(file)
    out = Path(out) if out is not None else file.with_name(f"{file.stem}.filled.csv")
    if out.exists() and not options.dry_run:
        raise table_file.taken(out)
    table = table_file.read(file, KNOWN[lms], options.encoding)
    layout = LMS[lms].understood(table)
    wanted = _wanted(grades, assignments, options, layout)
    matches = _matches(layout, grades, options)
    report = Report(layout.lms, str(file), matches.column,
                    ambiguous=list(matches.ambiguous), notes=list(layout.notes),
                    unmatched_here=list(matches.unmatched_here),
                    unmatched_there=list(matches.unmatched_there))
    targets = _targets(layout, wanted, options)
    for assignment in wanted:
        rows = [each for each in grades if each.assignment == assignment]
        _Filling(layout, matches, options, report).assignment(rows, targets[assignment])
    if report.filled and not options.dry_run:
        table_file.write_new(out, table.bytes())
        report.out = out
    return report


def _wanted(grades: Sequence[Grade], assignments: Sequence[str], options: Options,
            layout: Layout) -> list[str]:
    known = list(dict.fromkeys(each.assignment for each in grades))
    for name in [*assignments, *options.columns, *options.points]:
        if name not in known:
            raise CasebookError(f"The gradebook has no assignment {name!r}. "
                                f"It has: {', '.join(known) or 'none'}.",
                                "Give one of these names.")
    handed_in = {each.assignment for each in grades if each.submitted}
    wanted = [name for name in known
              if name in assignments or (not assignments and name in handed_in)]
    if not wanted:
        raise CasebookError("The gradebook has no graded submission.",
                            "Collect and autograde an assignment first.")
    if isinstance(layout, lms_moodle.Worksheet) and len(wanted) > 1:
        raise CasebookError(
            f"A grading worksheet is of one assignment, but there are {', '.join(wanted)}.",
            "Say which one with --assignment NAME.", layout.table.place)
    return wanted


def _targets(layout: Layout, wanted: Sequence[str],
             options: Options) -> dict[str, Target | None]:
    """The column of each assignment; None where the file has none."""
    targets = {name: layout.target(name, options.columns.get(name)) for name in wanted}
    used: dict[int, str] = {}
    for name, target in targets.items():
        if target is not None and used.setdefault(target.column, name) != name:
            raise CasebookError(
                f"{used[target.column]} and {name} would go into the same column, "
                f"{target.heading!r}.",
                "Say with --column which column each has, or choose one with --assignment.",
                layout.table.place)
    return targets


def _matches(layout: Layout, grades: Sequence[Grade], options: Options) -> Matches:
    columns = layout.identifiers
    if options.match is not None:
        columns = (column_of(layout.table, options.match, "--match"),)
    students = list({each.student_id: each for each in grades}.values())
    return match(layout.table, layout.people, students, columns, layout.optional)


@dataclass
class _Filling:
    """Filling in one assignment."""

    layout: Layout
    matches: Matches
    options: Options
    report: Report

    def assignment(self, rows: Sequence[Grade], target: Target | None) -> None:
        """Fill in the grades of one assignment."""
        name, most = rows[0].assignment, exact(rows[0].max_score)
        if target is None:
            target = self._added(name, rows, most)
        if target is None:
            self.report.no_column.append(f"{name} (make it in the LMS and export again, or name "
                                         "its column with --column)")
            return
        if name in self.options.points:
            target = Target(target.column, target.heading, self.options.points[name],
                            target.added)
        self.report.columns.append(f"{name} -> {target.heading!r}")
        factor = self._factor(name, target, most)
        for each in rows:
            if each.student_id in self.matches.rows:
                self._grade(each, self.matches.rows[each.student_id], target, factor)

    def _added(self, name: str, rows: Sequence[Grade], most: Decimal) -> Target | None:
        """A new column, only where a grade will go into it."""
        if not any(each.student_id in self.matches.rows and self._counts(each) for each in rows):
            return None
        target = self.layout.add(name, most)
        if target is not None:
            self.report.added.append(f"{name} ({written(most)} points)")
        return target

    def _counts(self, grade: Grade) -> bool:
        if not grade.submitted:
            return self.options.missing_as_zero
        return self.options.include_unfinished or not grade.needs_manual_grade

    def _factor(self, name: str, target: Target, most: Decimal) -> Decimal | None:
        """What scores are multiplied by; None where they are not scaled."""
        if not self.options.scale:
            if target.points is not None and not same(target.points, most):
                self.report.points.append(
                    f"{name}: {written(most)} in the gradebook, {written(target.points)} in the "
                    "LMS; scores are not scaled (--scale scales them)")
            return None
        if target.points is None or not most:
            raise CasebookError(
                f"{name} cannot be scaled: its points are not known "
                f"{'in the file' if most else 'in the gradebook'}.",
                f"Give the points of the LMS with --points '{name}=POINTS'." if most
                else "Leave out --scale.", Place(str(self.layout.table.path)))
        return target.points / most

    def _grade(self, grade: Grade, row: int, target: Target, factor: Decimal | None) -> None:
        who = f"{grade.assignment}: {grade.person}"
        if not self._counts(grade):
            (self.report.unfinished if grade.submitted else self.report.missing).append(who)
            return
        points = exact(grade.points) * (1 if factor is None else factor)
        self._cell(grade, who, points, row, target)

    def _cell(self, grade: Grade, who: str, points: Decimal, row: int, target: Target) -> None:
        text = written(points, self.options.decimal_comma)
        there = self.layout.table.cell(row, target.column)
        why = self.layout.closed(row, target, points)
        if number(there) is not None and same(number(there), points):
            self.report.unchanged.append(who)
        elif why:
            self.report.closed.append(f"{who}: {why}")
        elif there not in EMPTY and not grade.submitted:
            self.report.closed.append(f"{who}: no submission here, but {there} in the file; a 0 "
                                      "for no submission replaces nothing")
        elif there not in EMPTY and not self.options.overwrite:
            self.report.conflicts.append(f"{who}: {there} in the file, {text} in the gradebook")
        else:
            self.layout.table.set(row, target.column, text)
            self.report.filled.append(f"{who}: {text}")
            if there not in EMPTY:
                self.report.replaced.append(f"{who}: {there}, now {text}")
