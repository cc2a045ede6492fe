"""``casebook course``: a graded course with nbgrader, from a new folder to grades."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from . import export, grade
from .shared import needs_nbgrader

if TYPE_CHECKING:
    from casebook.grading.doctor import Trouble


def add(commands) -> None:
    """Add the command and its sub-commands."""
    course = commands.add_parser("course", help="a graded course with nbgrader, from a new folder "
                                 "to grades")
    steps = course.add_subparsers(metavar="STEP", title="steps")
    course.set_defaults(run=lambda args: _no_step(course))
    _add_new(steps)
    _add_doctor(steps)
    grade.add(steps)
    export.add(steps)


def _no_step(course: argparse.ArgumentParser) -> int:
    course.print_help()
    return 2


def _add_new(steps) -> None:
    step = steps.add_parser("new", help="make a course folder that nbgrader opens as it is")
    step.add_argument("folder", metavar="DIR", help="a folder that does not exist, or is empty")
    step.add_argument("--assignment", action="append", default=[], metavar="NAME",
                      help="only this one; may be repeated (default: all)")
    step.add_argument("--students", metavar="FILE", help="a class list as CSV: student_id, "
                      "first_name, last_name, email, player")
    step.add_argument("--solutions", metavar="DIR", help="the instructor's versions (default: "
                      "solutions/ of the casebook's repository)")
    step.add_argument("--overlay", metavar="DIR", help="private files that take the place of those "
                      "with the same path")
    step.add_argument("--db", default="sqlite:///gradebook.db", metavar="URL",
                      help="the gradebook (default: gradebook.db in the folder)")
    step.add_argument("--course-id", metavar="NAME", help="default: the name of the folder")
    step.set_defaults(run=_new)


def _new(args: argparse.Namespace) -> int:
    with needs_nbgrader():
        from casebook.grading.course import new_course
    folder = Path(args.folder)
    made = new_course(
        folder, names=args.assignment, db_url=args.db, course_id=args.course_id,
        solutions=Path(args.solutions) if args.solutions else None,
        overlay=Path(args.overlay) if args.overlay else None,
        students=Path(args.students) if args.students else None)
    print(f"The course is in {folder}, with {len(made)} assignments: {', '.join(made)}.\n"
          f"Next: cd {folder} && casebook release; its README.md has every step.")
    return 0


def _add_doctor(steps) -> None:
    step = steps.add_parser("doctor", help="say what is wrong with submissions, and mend it")
    step.add_argument("assignment", nargs="?", metavar="ASSIGNMENT", help="default: all")
    step.add_argument("--course", default=".", metavar="DIR", help="default: this folder")
    step.add_argument("--fix", action="store_true", help="mend what can be mended without touching "
                      "an answer, after a backup")
    step.add_argument("--json", action="store_true", help="as JSON")
    step.set_defaults(run=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    with needs_nbgrader():
        from casebook.grading.doctor import examine
        from casebook.grading.mend import fix
    course = Path(args.course)
    found = examine(course, args.assignment)
    mended = fix(course, found) if args.fix else []
    left = examine(course, args.assignment) if mended else found
    if args.json:
        print(json.dumps({"mended": [one.record() for one in mended],
                          "left": [one.record() for one in left]}, ensure_ascii=False, indent=2))
    else:
        _tell(mended, left)
    return 1 if any(one.severity == "error" for one in left) else 0


def _tell(mended: list[Trouble], left: list[Trouble]) -> None:
    for title, some in (("Mended", mended), ("Left" if mended else "Found", left)):
        if some:
            print(f"{title}:")
            _by_student(some, title == "Mended")
    if mended:
        print("What was changed is kept as it was in doctor-backups/.")
    if not left:
        print("Nothing is wrong with the submissions." if not mended else "Nothing else is wrong.")


def _by_student(some: list[Trouble], briefly: bool) -> None:
    last = None
    for one in sorted(some, key=lambda one: (one.assignment, one.student)):
        if (one.assignment, one.student) != last:
            last = (one.assignment, one.student)
            print(f"  {one.student}, {one.assignment}")
        told = f"{one.file}: {one.text}" if briefly else str(one)
        print(f"    {one.severity if not briefly else 'mended'}: {told.removeprefix(': ')}")
