"""A run: which submissions are to be graded, who works on which, and what became of each."""

from __future__ import annotations

import contextlib
import errno
import glob
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import nbformat
from nbgrader.converters import Autograde

from casebook.errors import CasebookError, Place
from casebook.grading.folder import course_config, coursedir

from .bench import without_a_run
from .converter import converter_of
from .desk import Desk, Done, Task, Unsavable
from .handed_in import read
from .ledger import Ledger
from .outcome import FAILED, SKIPPED, Outcome, is_id, state_of
from .pool import WorkerEnded
from .reasons import LOST, NOTE, Reason, in_words, shown
from .shortcuts import schemas_known
from .spent import WORKER
from .staging import Staging

MOST_IN_A_ROW = 3    # submissions that a machine may fail on before the run is given up
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class Workers(Protocol):
    """Whoever runs tasks: processes on this machine, or a cluster."""

    def results(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Done | Exception]]:
        """Run the tasks, taking the next only when somebody is free; results as they come."""


@dataclass(frozen=True)
class Waiting:
    """A submission, and whether it is to be graded in this run."""

    student: str
    folder: Path
    why: str = ""       # why it is not; empty if it is


class Run:
    """One run over an assignment.

    Parameters
    ----------
    course : Path
        The course folder.
    assignment : str
        The assignment.
    only : iterable of str
        Only these students; all by default.
    force : bool
        Whether what is graded already is graded again.

    Raises
    ------
    CasebookError
        If the course cannot be read, the assignment is not known, or a student in ``only`` has
        handed in nothing.
    """

    def __init__(self, course: Path, assignment: str, only: Iterable[str] = (),
                 force: bool = False):
        self.dirs = coursedir(course)
        self.dirs.assignment_id = assignment
        self.config = course_config(course)
        # As nbgrader does: plug-ins are found beside the configuration that names them.
        if self.dirs.root not in sys.path:
            sys.path.insert(0, self.dirs.root)
        self.converter: Autograde = converter_of(self.dirs, self.config)
        self.assignment, self._force = assignment, force
        self._only = tuple(only)
        self.max_score: float | None = None

    # ---- what there is to do ------------------------------------------------------------------

    def submissions(self) -> list[Waiting]:
        """Every submission that can be graded, in the order of student ids."""
        found, place = self._handed_in()
        missing = sorted(set(self._only) - set(found))
        if missing:
            raise CasebookError(f"Nothing was handed in by {', '.join(map(shown, missing))}.",
                                "See the spelling of the student ids, which name the folders.",
                                place)
        if not found:
            raise CasebookError(f"Nothing was handed in for {self.assignment!r}.",
                                "Put submissions into STUDENT/ASSIGNMENT/ there.", place)
        return [Waiting(student, found[student], self._why_not(student, found[student]))
                for student in self._wanted(found) if is_id(student)]

    def unusable(self) -> list[Outcome]:
        """What cannot be graded because of its folder's name: told, and the others are graded."""
        found, _ = self._handed_in()
        told = ("This submission could not be graded: the name of its folder holds characters that "
                "no student id can have, as after unpacking an archive from another system. Give "
                "the folder the student's id as its name.")
        return [Outcome(shown(student), FAILED, reasons=(Reason("student-id", LOST, told),))
                for student in self._wanted(found) if not is_id(student)]

    def _handed_in(self) -> tuple[dict[str, Path], Place]:
        """Folders of the assignment by student, and where they are looked for."""
        pattern = self.dirs.format_path(self.dirs.submitted_directory, self.dirs.student_id,
                                        self.assignment)
        found = {Path(path).parent.name: Path(path) for path in glob.glob(pattern)}
        return found, Place(str(Path(pattern).parent.parent))

    def _wanted(self, found: dict[str, Path]) -> list[str]:
        """The students whose submissions this run is for, each once."""
        excluded = {one.strip() for one in self.dirs.student_id_exclude.split(",")}
        return sorted(set(self._only) or set(found) - excluded)

    def _why_not(self, student: str, folder: Path) -> str:
        """Why a submission need not be graded: it is, and nothing newer was handed in."""
        graded = Path(self.dirs.format_path(self.dirs.autograded_directory, student,
                                            self.assignment))
        if self._force or not graded.is_dir():
            return ""
        with contextlib.suppress(Exception):     # a time that is none; intake tells
            new, old = (self.dirs.get_existing_timestamp(str(one)) for one in (folder, graded))
            if new is not None and old is not None and new > old:
                return ""
        return "graded already"

    # ---- doing it -----------------------------------------------------------------------------

    def grade(self, waiting: list[Waiting], workers: Workers) -> Iterator[Outcome]:
        """Grade; give what became of each submission as soon as it is saved.

        Raises
        ------
        CasebookError
            If the gradebook or the folder of graded submissions cannot be used. What was saved
            before stays.
        """
        for one in waiting:
            if one.why:
                yield Outcome(one.student, SKIPPED, reasons=(
                    Reason("graded-already", NOTE, one.why),))
        ledger = Ledger(self.dirs.db_url, self.dirs.course_id)
        autograded = Path(self.dirs.format_path(self.dirs.autograded_directory, ".", ".")).resolve()
        # As nbgrader does: relative paths of a configuration start in the course.
        try:
            with Staging(autograded, self.assignment).opened() as staging, \
                    contextlib.chdir(self.dirs.root), schemas_known():
                desk = Desk(self.converter, ledger, staging)
                self.max_score = desk.max_score
                yield from self._graded(desk, [one for one in waiting if not one.why], workers)
        finally:
            ledger.close()

    def _graded(self, desk: Desk, waiting: list[Waiting],
                workers: Workers) -> Iterator[Outcome]:
        failed: list[Outcome] = []
        in_a_row = 0
        for task, result in workers.results(self._tasks(desk, waiting, failed)):
            yield from _emptied(failed)
            if isinstance(result, CasebookError) and not isinstance(result, WorkerEnded):
                # Of the machine or the course, and not the student's: nothing is known of the work.
                in_a_row += 1
                if in_a_row >= MOST_IN_A_ROW:
                    raise result
                yield _failed(task.student, result)
                continue
            in_a_row = 0
            if isinstance(result, Exception):
                result = _not_run(task, str(result))
            yield self._saved(desk, task, result)
        yield from _emptied(failed)

    def _saved(self, desk: Desk, task: Task, result: Done) -> Outcome:
        """Save a result; where nbgrader stumbles over it, its tests still get a score."""
        try:
            points, by_hand = desk.save(task, result)
        except Unsavable as error:
            result = _not_run(task, f"Its result could not be saved ({error}).")
            try:
                points, by_hand = desk.save(task, result)
            except Unsavable as again:
                return _failed(task.student, again)
        return Outcome(task.student, state_of(result.reasons), points, desk.max_score, by_hand,
                       tuple(result.reasons), result.parts.get(WORKER, 0.0), result.parts)

    def _tasks(self, desk: Desk, waiting: list[Waiting],
               failed: list[Outcome]) -> Iterator[Task]:
        for one in waiting:
            try:
                yield desk.take(one.student, read(one.folder, desk.released, desk.notebooks))
            except Exception as error:
                _give_up_on(error)
                failed.append(_failed(one.student, error))


def _give_up_on(error: Exception) -> None:
    """Raise what stands in the way of every submission: the gradebook, or no room on the disk."""
    if isinstance(error, CasebookError) or (
            isinstance(error, OSError) and error.errno in NO_ROOM):
        raise error


def _emptied(some: list[Outcome]) -> Iterator[Outcome]:
    while some:
        yield some.pop(0)


def _failed(student: str, error: Exception) -> Outcome:
    """What nobody foresaw: told, and the others go on."""
    why = str(error) if isinstance(error, CasebookError) else in_words(error)
    told = f"This submission could not be graded: {why.rstrip('.')}. Nothing was changed for it."
    return Outcome(student, FAILED, reasons=(Reason("not-graded", LOST, told),))


def _not_run(task: Task, told: str) -> Done:
    """The result for a submission that has no other: every test has the reason."""
    text = f"This notebook could not be graded. {told}"
    return Done({name: nbformat.writes(without_a_run(nbformat.reads(
        book, as_version=nbformat.current_nbformat), text))
        for name, book in task.notebooks.items()},
        [*task.reasons, Reason("not-run", LOST, text)])
