"""``casebook course export``: grades from nbgrader's gradebook to an LMS."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from .shared import needs_nbgrader

if TYPE_CHECKING:
    from casebook.grading.lms_report import Report


def add(commands) -> None:
    """Add the command to the parsers of ``casebook course``."""
    command = commands.add_parser(
        "export", help="fill grades into your export of Canvas or Moodle",
        description="Fills the grades of the course's gradebook into a file that you exported "
        "from Canvas or Moodle, and writes the result to a new file for the import. The exit "
        "code is 0 if nothing is left for you to look at, 1 if something is (it is listed), 2 "
        "if nothing could be done.")
    command.add_argument("--course", default=".", metavar="DIR",
                         help="the course folder (default: this one)")
    to = command.add_mutually_exclusive_group(required=True)
    to.add_argument("--canvas", metavar="FILE", help="the gradebook that Canvas exported")
    to.add_argument("--moodle", metavar="FILE", help="the grades that Moodle exported as plain "
                    "text, or the grading worksheet of an assignment")
    to.add_argument("--csv", action="store_true", help="a plain table of all grades")
    command.add_argument("-o", "--out", metavar="FILE", help="the file to write; it must not "
                         "exist (default: NAME.filled.csv beside FILE; grades.csv for --csv)")
    command.add_argument("--assignment", action="append", default=[], metavar="NAME",
                         help="only this assignment; may be repeated")
    _add_choices(command)
    command.set_defaults(run=run)


def _add_choices(command: argparse.ArgumentParser) -> None:
    command.add_argument("--match", metavar="COLUMN", help="the heading of the column with the "
                         "identifier of students (default: found)")
    command.add_argument("--column", action="append", default=[], type=_pair, dest="columns",
                         metavar="ASSIGNMENT=COLUMN", help="the heading of the column for an "
                         "assignment; may be repeated")
    command.add_argument("--points", action="append", default=[], type=_points,
                         metavar="ASSIGNMENT=N", help="the points that the LMS gives for an "
                         "assignment, where the file does not say; may be repeated")
    for name, text in (
            ("overwrite", "replace values that differ from the gradebook's"),
            ("scale", "scale scores to the points of the LMS"),
            ("include-unfinished", "take submissions that are still to be marked by hand"),
            ("missing-as-zero", "write 0 for students without a submission"),
            ("decimal-comma", "write numbers with a comma"),
            ("dry-run", "only report, write nothing")):
        command.add_argument(f"--{name}", action="store_true", help=text)
    command.add_argument("--encoding", metavar="NAME", help="the encoding of FILE "
                         "(default: found)")


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 where nothing is left to look at, else 1."""
    with needs_nbgrader():
        from casebook.grading.folder import coursedir

    course = coursedir(args.course)
    return _csv(args, course) if args.csv else _lms(args, course)


def _lms(args: argparse.Namespace, course) -> int:
    from casebook.grading.gradebook import grades
    from casebook.grading.lms import Options, export

    lms = "canvas" if args.canvas is not None else "moodle"
    options = Options(
        match=args.match, columns=dict(args.columns), points=dict(args.points),
        overwrite=args.overwrite, scale=args.scale, include_unfinished=args.include_unfinished,
        missing_as_zero=args.missing_as_zero, decimal_comma=args.decimal_comma,
        encoding=args.encoding, dry_run=args.dry_run)
    report = export(grades(course.db_url), lms, getattr(args, lms), args.out, args.assignment,
                    options)
    print(report)
    print(_end(report, args.dry_run))
    return 0 if report.complete else 1


def _end(report: Report, dry_run: bool) -> str:
    if report.out is not None:
        return f"Written: {report.out}. Import this file in the LMS."
    return "A trial run: nothing was written." if dry_run else (
        "Nothing was filled in, so no file was written.")


def _csv(args: argparse.Namespace, course) -> int:
    from casebook.grading import table_file
    from casebook.grading.exporter import QuotedCsv
    from casebook.grading.gradebook import opened

    _refuse_choices(args)
    out = Path(args.out or "grades.csv")
    if out.exists():
        raise table_file.taken(out)
    with opened(course.db_url) as book:
        _refuse_unknown(args.assignment, [each.name for each in book.assignments])
        content = QuotedCsv(assignment=args.assignment).content(book)
    table_file.write_new(out, content)
    print(f"Written: {out}.")
    return 0


def _refuse_choices(args: argparse.Namespace) -> None:
    """Say it where a choice was made that a plain table does not know."""
    from casebook.errors import CasebookError

    names = ("match", "columns", "points", "overwrite", "scale", "include_unfinished",
             "missing_as_zero", "decimal_comma", "encoding", "dry_run")
    given = [f"--{name.replace('_', '-').replace('columns', 'column')}"
             for name in names if getattr(args, name)]
    if given:
        raise CasebookError(f"With --csv there is no {' or '.join(given)}.",
                            "Leave it out, or fill in an LMS file with --canvas or --moodle.")


def _refuse_unknown(wanted: list[str], known: list[str]) -> None:
    from casebook.errors import CasebookError

    for name in wanted:
        if name not in known:
            raise CasebookError(f"The gradebook has no assignment {name!r}. "
                                f"It has: {', '.join(known) or 'none'}.",
                                "Give one of these names.")


def _pair(text: str) -> tuple[str, str]:
    name, equals, rest = text.partition("=")
    if not equals or not name.strip() or not rest.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not ASSIGNMENT=COLUMN")
    return name.strip(), rest.strip()


def _points(text: str) -> tuple[str, Decimal]:
    name, equals, rest = text.partition("=")
    try:
        points = Decimal(rest.strip())
    except ArithmeticError:
        points = Decimal(0)
    if not equals or not name.strip() or not points.is_finite() or points <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not ASSIGNMENT=N, with N above 0")
    return name.strip(), points
