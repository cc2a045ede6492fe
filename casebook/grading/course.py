"""``casebook course new``: a course folder that nbgrader and its formgrader open as they are."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from casebook.errors import CasebookError, Place

from .folder import CONFIG, coursedir
from .gradebook import plainly, refuse_unreachable
from .players import COLUMNS as PLAYER_COLUMNS
from .players import FILE as PLAYERS
from .release import merge, wanted

SOLUTIONS = Path(__file__).parents[2] / "solutions"
ROSTER = ("student_id", "first_name", "last_name", "email", "player")

_CONFIG = '''\
# The configuration of this course, read by nbgrader, by its formgrader and by `casebook course`.
from casebook.grading.configure import configure

c = get_config()
# What casebook assignments need: stubs, a kernel's end as a plain error, plays replayed.
configure(c)

c.CourseDirectory.course_id = {name!r}
# The gradebook: a file in this folder, or a database such as
# postgresql+psycopg2://USER@HOST/NAME (with its driver: pip install psycopg2-binary).
c.CourseDirectory.db_url = {db_url!r}
'''

_README = '''\
# {name}

A course folder of nbgrader with assignments of the casebook. Run the commands in this folder.

1. `casebook release` makes the students' version of every assignment in `release/`.
2. Hand out the folders in `release/`; put what comes back into `submitted/STUDENT/ASSIGNMENT/`.
3. `casebook course doctor ASSIGNMENT` says what is wrong with submissions; `--fix` mends it.
4. `casebook course grade ASSIGNMENT` (Linux, with bubblewrap; elsewhere `nbgrader autograde`), then
   mark memos by hand in formgrader (`jupyter lab`, menu Nbgrader).
5. `nbgrader generate_feedback ASSIGNMENT`
6. `casebook course export --canvas FILE` or `--moodle FILE` fills in the table of your LMS.

`source/` holds model answers and hidden tests: keep this folder to yourself.
'''


@dataclass(frozen=True)
class Student:
    """A line of a class list."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    player: str = ""


def new_course(folder: Path, *, names: Iterable[str] = (), solutions: Path | None = None,
               overlay: Path | None = None, students: Path | None = None,
               db_url: str = "sqlite:///gradebook.db", course_id: str | None = None) -> list[str]:
    """Make a course folder and give the names of its assignments.

    Parameters
    ----------
    folder : Path
        A folder that does not exist yet, or is empty.
    names : iterable of str
        Only these assignments; all by default.
    solutions, overlay : Path, optional
        The instructor's versions: ``solutions/`` of the repository by default, and private files
        that take the place of those with the same path.
    students : Path, optional
        A class list as CSV with the columns ``student_id``, ``first_name``, ``last_name``,
        ``email`` and ``player`` (all but the first may be left out).
    db_url : str
        The gradebook.
    course_id : str, optional
        The name of the course; that of the folder by default.

    Raises
    ------
    CasebookError
        If the folder is not empty, the solutions are not there, the class list is wrong, or the
        database cannot be reached.
        Nothing is left half made.
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.resolve().name).strip("-")
    name = course_id or plain or "course"
    roster = read_roster(students) if students else []
    source = solutions or SOLUTIONS
    if not source.is_dir():
        raise CasebookError(
            "The instructor's version of the assignments is not part of the installed casebook.",
            "Get the casebook's repository and give its folder: --solutions REPOSITORY/solutions.")
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CasebookError("There is something here already, and it is not an empty folder.",
                            "Name a new one for the course.", Place(str(folder)))
    wanted([one for one in (source, overlay) if one], tuple(names))
    refuse_unreachable(db_url)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = merge(source, folder / "source", tuple(names), overlay)
        (folder / CONFIG).write_text(_CONFIG.format(name=name, db_url=db_url), encoding="utf-8")
        (folder / "README.md").write_text(_README.format(name=name), encoding="utf-8")
        _write_players(folder, roster)
        _enrol(folder, roster)
    except (CasebookError, OSError) as error:
        # All that is in the folder is ours: it was empty before.
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise CasebookError(f"The course cannot be made: {error.strerror or error}.",
                                "Name a folder that you may write to.",
                                Place(str(folder))) from None
        raise
    return made


def read_roster(path: Path) -> list[Student]:
    """The students of a class list.

    Raises
    ------
    CasebookError
        If it cannot be read, a line has no ``student_id``, or an id stands twice or would be no
        name of a folder.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CasebookError(f"The class list cannot be read: {error}.",
                            "Save it as CSV in UTF-8.", Place(str(path))) from None
    found: dict[str, Student] = {}
    for line, row in enumerate(rows, start=2):
        student = Student(*((row.get(name) or "").strip() for name in ROSTER))
        place = Place(str(path), line)
        if not student.id:
            raise CasebookError("There is no student_id.", "The columns are "
                                f"{', '.join(ROSTER)}; all but the first may be left out.", place)
        if student.id.casefold() in found:
            raise CasebookError(f"The student {student.id!r} stands there twice.",
                                "Keep one of the lines.", place)
        if re.search(r'[/\\:*?"<>|+]|^\.', student.id):
            raise CasebookError(f"{student.id!r} cannot be the name of a folder.",
                                "Use letters, digits, points and hyphens.", place)
        found[student.id.casefold()] = student
    return list(found.values())


def _write_players(folder: Path, roster: list[Student]) -> None:
    """Who plays under another name; an empty list shows the columns."""
    with open(folder / PLAYERS, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(PLAYER_COLUMNS)
        rows.writerows((one.id, one.player) for one in roster if one.player)


def _enrol(folder: Path, roster: list[Student]) -> None:
    here = coursedir(folder)
    with plainly(here.db_url), Gradebook(here.db_url, here.course_id) as gradebook:
        for one in roster:
            gradebook.update_or_create_student(
                one.id, first_name=one.first_name or None, last_name=one.last_name or None,
                email=one.email or None)
