"""The grader's own side of a submission: what is done before a worker runs it, and after.

All that touches the gradebook, the instructor's files and the graded folder happens here, in one
process; nothing of a student's is run.
"""

from __future__ import annotations

import copy
import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from sqlalchemy.exc import SQLAlchemyError
from traitlets import TraitError

from casebook.errors import CasebookError, Place
from casebook.grading.assignment import FILE, read_assignment
from casebook.grading.feedback import WithoutHiddenTests
from casebook.grading.handedout import read_handed_out

from .converter import after_the_run, exporter_of, forget, resources_for
from .handed_in import Handed
from .ledger import Ledger
from .placing import put_together
from .reasons import Reason, in_words
from .refused import refused
from .spent import add, spent
from .staging import Staging


@dataclass
class Task:
    """One submission on its way through a worker.

    Attributes
    ----------
    folder : Path
        The submission's files, put together for grading; notebooks are not among them.
    notebooks : dict of str to str
        Name to sanitized notebook, as JSON.
    timestamp : datetime or None
        When it was handed in, in UTC.
    seconds : float
        What putting it together took.
    """

    student: str
    assignment: str
    folder: Path
    notebooks: dict[str, str]
    reasons: tuple[Reason, ...] = ()
    timestamp: datetime | None = None
    seconds: float = 0.0


@dataclass
class Done:
    """What a worker made of it: name to executed notebook (JSON), reasons, where time went."""

    notebooks: dict[str, str]
    reasons: list[Reason] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=dict)


class Unsavable(Exception):
    """nbgrader stumbled over what a notebook has come to."""


class Desk:
    """Sanitizing and saving, by nbgrader's own preprocessors.

    Parameters
    ----------
    converter : nbgrader.converters.Autograde
        With the course's configuration.
    ledger : Ledger
        The gradebook.
    staging : Staging
        Where submissions are put together.

    Raises
    ------
    CasebookError
        If the gradebook does not know the assignment, it has not been released, or its files are
        not in ``source/``.
    """

    def __init__(self, converter: Autograde, ledger: Ledger, staging: Staging):
        self._converter, self._ledger, self._staging = converter, ledger, staging
        self._dirs = converter.coursedir
        self.assignment = self._dirs.assignment_id
        try:
            self._sanitizer = exporter_of(converter, converter.sanitize_preprocessors)
            self._saver = exporter_of(converter, after_the_run(converter))
        except (TraitError, ImportError) as error:
            raise CasebookError(f"The course's configuration cannot be used: {error}.",
                                "Mend nbgrader_config.py, or put the module that it names there.",
                                Place(str(self._dirs.root))) from error
        with ledger.materials() as book:
            try:
                found = book.find_assignment(self.assignment)
            except MissingEntry:
                raise CasebookError(
                    f"The gradebook knows no assignment {self.assignment!r}.",
                    f"Make it known: casebook release {self.assignment}",
                    Place(str(self._dirs.root))) from None
            self.notebooks: tuple[str, ...] = tuple(one.name for one in found.notebooks)
            self.max_score = float(found.max_score)
        self.released = read_handed_out(
            Path(self._dirs.format_path(self._dirs.release_directory, ".", self.assignment)),
            self.assignment, self._dirs.ignore)
        self._see_that_sources_are_there()

    def _see_that_sources_are_there(self) -> None:
        """Without them a student's own files would stand for the instructor's."""
        source = Path(self._dirs.format_path(self._dirs.source_directory, ".", self.assignment))
        mend = f"Put the instructor's files there, then run casebook release {self.assignment}."
        if not source.is_dir():
            raise CasebookError("The assignment's own folder is not there.", mend,
                                Place(str(source)))
        missing = sorted(set(self.notebooks) - set(self.released.books))
        if missing:
            raise CasebookError(f"The gradebook has a notebook {missing[0]!r}, and the release has "
                                "not.", mend, Place(str(source)))
        if FILE in self.released.files or (source / FILE).exists():
            read_assignment(source)

    def graded(self, student: str) -> Path:
        """Where the graded submission belongs."""
        return self._place(self._dirs.autograded_directory, student)

    def _place(self, step: str, student: str) -> Path:
        return Path(self._dirs.format_path(step, student, self.assignment))

    # ---- before ------------------------------------------------------------------------------

    def take(self, student: str, handed: Handed) -> Task:
        """Put a submission together."""
        began = time.perf_counter()
        folder = self._staging.new(student)
        reasons = [*handed.reasons, *put_together(folder, handed.files, self._own_files(),
                                                  handed.notebooks)]
        sanitized = {}
        for name, book in handed.notebooks.items():
            nbformat.write(for_students_eyes(book), folder / f"{name}.ipynb")
        with self._ledger.materials():
            for name, book in handed.notebooks.items():
                sanitized[name], _ = self._sanitizer.from_notebook_node(
                    book, resources_for(self._dirs, student, name, folder))
        forget(self._sanitizer)
        return Task(student, self.assignment, folder, sanitized, tuple(reasons), handed.timestamp,
                    time.perf_counter() - began)

    def _own_files(self) -> dict[str, Path]:
        """The instructor's files, which take the place of the student's with the same path."""
        source = self._dirs.format_path(self._dirs.source_directory, ".", self.assignment)
        kept = {os.path.join(source, one) for one in
                self._converter.exclude_overwriting.get(self.assignment, [])}
        found = utils.find_all_files(source, [*self._dirs.ignore, "*.ipynb"])
        return {os.path.relpath(path, source): Path(path) for path in found if path not in kept}

    # ---- after -------------------------------------------------------------------------------

    def save(self, task: Task, done: Done) -> tuple[float, int]:
        """Write grades and files; give the points so far and the cells left to mark by hand.

        A graded folder from before goes first; then grades are committed, and the new folder takes
        its place. A run that ends in between leaves a submission without its folder, which the next
        run grades again.

        Raises
        ------
        Unsavable
            If nbgrader stumbles over the notebook: nothing is kept then.
        CasebookError, OSError
            If the gradebook or the folder cannot be written.
        """
        add(done.parts, "conversion", task.seconds)
        with spent(done.parts, "conversion"):
            books = {name: nbformat.reads(executed, as_version=nbformat.current_nbformat)
                     for name, executed in done.notebooks.items()}
        for book in books.values():
            done.reasons += refused(book)
        with spent(done.parts, "gradebook"), \
                self._staging.put(task.folder, self.graded(task.student)):
            scores = self._kept(task, books)
        self._converter.run_post_convert_hook()
        return scores

    def _kept(self, task: Task, books: dict[str, NotebookNode]) -> tuple[float, int]:
        """Write a submission's grades and notebooks, in one transaction."""
        try:
            with self._ledger.submission() as ledger:
                self._enter(ledger, task)
                for name, book in books.items():
                    self._write(task, name, book)
                self._set_permissions(task)
                ledger.close()
                return self._scores(ledger, task.student)
        except (CasebookError, OSError, SQLAlchemyError):
            raise
        except Exception as error:
            raise Unsavable(in_words(error)) from error
        finally:
            forget(self._saver)

    def _write(self, task: Task, name: str, book: NotebookNode) -> None:
        output, resources = self._saver.from_notebook_node(
            book, resources_for(self._dirs, task.student, name, task.folder))
        self._converter.writer.build_directory = str(task.folder)
        self._converter.writer.write(output, resources, notebook_name=name)

    def _enter(self, book: Gradebook, task: Task) -> None:
        """Make the submission known, as nbgrader's own ``init_assignment`` does."""
        if self._converter.create_student:
            book.update_or_create_student(task.student)
        else:
            book.find_student(task.student)
        known = {"timestamp": task.timestamp} if task.timestamp else {}
        book.update_or_create_submission(self.assignment, task.student, **known)

    def _scores(self, book: Gradebook, student: str) -> tuple[float, int]:
        found = book.find_submission(self.assignment, student)
        grades = [grade for notebook in found.notebooks for grade in notebook.grades]
        return float(found.score), sum(bool(grade.needs_manual_grade) for grade in grades)

    def _set_permissions(self, task: Task) -> None:
        """nbgrader's own, on the folder that is about to take its place."""
        for folder, _, files in os.walk(task.folder):
            for name in files:
                os.chmod(os.path.join(folder, name), int(str(self._converter.permissions), 8))
            if self._dirs.groupshared:
                os.chmod(folder, (os.stat(folder).st_mode | 0o2770) & 0o2777)


def for_students_eyes(book: NotebookNode) -> NotebookNode:
    """The notebook that lies in the folder while its code runs: no outputs, no hidden tests.

    Code may read it, as our checks before handing in do; at stock it reads what tests hold, too.
    """
    shown = copy.deepcopy(book)
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    shown, _ = WithoutHiddenTests().preprocess(shown, {})
    return shown

