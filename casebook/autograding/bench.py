"""A worker's part of grading: run a sanitized notebook, and what needs no gradebook.

The bench knows no gradebook. Students' code runs in a kernel that is shut in (or, if the instructor
says so, is not); the rest of the course's preprocessors run here, outside of it.
"""

from __future__ import annotations

import time

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.utils import setenv

from casebook.errors import CasebookError
from casebook.grading.notebooks import is_grade
from casebook.grading.plugins import overrule

from .converter import BOXED, exporter_of, for_the_run, forget, resources_for
from .desk import Done, Task
from .execution import BoxedExecute, NoKernel, ParentLost
from .kernels import Kernels
from .reasons import LOST, PROBLEM, Reason, in_words
from .spent import WORKER, add_all


class Bench:
    """Runs submissions one after another.

    Parameters
    ----------
    converter : nbgrader.converters.Autograde
        With the course's configuration.
    kernels : Kernels
        Where kernels come from.
    """

    def __init__(self, converter: Autograde, kernels: Kernels):
        self._converter, self._kernels = converter, kernels
        self._exporter = exporter_of(converter, [
            BoxedExecute if one in BOXED else one for one in for_the_run(converter)])
        for one in self._exporter._preprocessors:
            if isinstance(one, BoxedExecute):
                one.kernels = kernels

    def run(self, task: Task) -> Done:
        """Run the notebooks of a submission. Whatever its code does becomes part of the result.

        Raises
        ------
        CasebookError
            If this machine or the course stands in the way: nothing is known of the submission.
        """
        done = Done({}, list(task.reasons))
        for name, text in task.notebooks.items():
            resources = resources_for(self._converter.coursedir, task.student, name, task.folder)
            resources["casebook"] = {"reasons": [], "parts": {}}
            began = time.perf_counter()
            book = nbformat.reads(text, as_version=nbformat.current_nbformat)
            try:
                output, resources = self._executed(book, resources)
            except OSError as error:
                told = f"This machine stands in the way ({in_words(error)})."
                raise CasebookError(told) from error
            except CasebookError:
                raise
            except Exception as error:      # nbgrader would drop the submission without a grade
                told = f"The notebook could not be run ({in_words(error)})."
                output = nbformat.writes(without_a_run(book, told))
                done.reasons.append(Reason("not-run", LOST, told))
            done.notebooks[name] = output
            told = resources["casebook"]
            # The guard's have no severity: a test that cannot be counted is the student's to mend.
            done.reasons += [Reason(one["kind"], one.get("severity", PROBLEM), one["text"],
                                    one.get("cell") or "", one.get("file") or "")
                             for one in told["reasons"]]
            seconds, parts = time.perf_counter() - began, told["parts"]
            add_all(done.parts, {**parts, WORKER: seconds,
                                 "conversion": seconds - sum(parts.values())})
        return done

    def _executed(self, book: NotebookNode, resources: ResourcesDict) -> tuple:
        """The notebook run; once more if its kernel was lost, or not to be had, by no doing of its.
        """
        with setenv(NBGRADER_EXECUTION="autograde"):
            try:
                return self._exporter.from_notebook_node(book, resources)
            except (ParentLost, NoKernel):      # the exporter works on copies of what it is given
                return self._exporter.from_notebook_node(book, resources)
            finally:
                forget(self._exporter)

    def close(self) -> None:
        """End what was started for kernels."""
        self._kernels.close()


def without_a_run(book: NotebookNode, told: str) -> NotebookNode:
    """The notebook with this reason in every test cell, so that none is without a score."""
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if is_grade(cell):
                overrule(cell, told)
    return book

