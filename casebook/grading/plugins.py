"""Parts that a course's ``nbgrader_config.py`` names: nbgrader stays in charge, these make it safe.

``Execute`` runs a notebook as nbgrader does; a kernel that dies or a cell that never stops talking
becomes a plain error in that student's notebook. ``OwnPlay`` replays the transcript in the grader's
own process and overrules test cells that rest on a play which is not the student's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.preprocessors.execute import Execute as StockExecute
from nbgrader.utils import setenv
from traitlets import Integer

from casebook.errors import CasebookError

from .assignment import Assignment, read_assignment
from .failed import AssignmentError, lines
from .notebooks import grade_id, is_grade
from .players import player_of
from .plays import Found, counted
from .points import decisions_points, finished_points
from .released import keep_released
from .who import STUDENT

ENDED = ("This cell ended the kernel, so that nothing after it could be run. Take out what ends "
         "Python, such as exit() or os._exit(), and hand in again.")
ENDLESS = ("This cell ran without end and could not be stopped, or showed far too much at once, so "
           "that nothing after it could be run. Take out what does not end, and hand in again.")
TOO_MUCH = ("With this cell the notebook had put out more than is allowed, so that nothing after "
            "it counts. Show less, and hand in again.")
NOT_RUN = "This cell could not be run: a cell before it stopped the notebook."
NOT_BEGUN = ("This cell could not be run: Python ended, or did not answer, before the notebook's "
             "first cell.")


def keep_as_released(assignment: str, student: str, notebooks: list[str], **_: Any) -> None:
    """A hook for nbgrader's generate_assignment: keep what exercises looked like at first.

    nbgrader calls it in the course's root.
    """
    from .folder import coursedir

    here = coursedir(Path.cwd())
    keep_released(Path(here.format_path(here.release_directory, ".", assignment)))


class Execute(StockExecute):
    """nbgrader's Execute, for notebooks that end their kernel or print without end."""

    most_output = Integer(
        2_000_000, help="Characters of output that one cell may leave; the rest is dropped."
    ).tag(config=True)
    most_in_all = Integer(
        10_000_000, help="Characters of output, with the states of widgets, that a whole notebook "
        "may leave; with more it is stopped."
    ).tag(config=True)
    _running: int | None = None     # the cell; None before the first one
    _kept = 0                       # characters so far
    _full: int | None = None        # the cell with which it was too much

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None):
        """Run the notebook; the player whose work it is stands in the kernel's environment."""
        player = player_of(resources["nbgrader"]["student"], course_of(self))
        self._running, self._kept, self._full = None, 0, None
        # The kernel knows who is graded from the grader, not from where it happens to run.
        with setenv(**{STUDENT: player}):
            try:
                nb, resources = super().preprocess(nb, resources, km)
                told = TOO_MUCH if self._full is not None else None
            except DeadKernelError:
                told = ENDED
            except CellTimeoutError:
                # Interrupted after its time, and still no end: nbgrader would drop the submission.
                told = ENDLESS
        if told is not None:
            last = self._running if self._full is None else self._full
            _stopped(nb, last, self.why(resources, told))
        return nb, resources

    def too_much(self) -> None:
        """What is done about a notebook that has put out too much; what it still says is dropped.
        """

    def why(self, resources: Any, told: str) -> str:
        """What the student is told of a notebook that came to no end."""
        return told

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int):
        """Run one cell, and remember which."""
        self._running = index
        return super().preprocess_cell(cell, resources, index)

    def process_message(self, msg: Any, cell: NotebookNode, cell_index: int) -> Any:
        """Take a message of the kernel, unless this cell has said enough."""
        if msg["msg_type"] == "stream":
            left = self.most_output - sum(len(out.get("text", "")) for out in cell.outputs)
            if left <= 0:
                return None
            if len(msg["content"]["text"]) > left:
                msg["content"]["text"] = (msg["content"]["text"][:left]
                                          + "\n(The rest of the output was dropped.)\n")
        elif msg["msg_type"] in ("display_data", "execute_result") and (
                len(repr(msg["content"]["data"])) > self.most_output):
            msg["content"]["data"] = {"text/plain": "(This output was too large and was dropped.)"}
        if msg["msg_type"] != "status" and self._no_room(msg, cell_index):
            return None
        return super().process_message(msg, cell, cell_index)

    def _no_room(self, msg: Any, cell_index: int) -> bool:
        """Count a message to what the notebook has put out; true if that is too much.

        No message is dropped without this: a dropped error would be taken for a passed test.
        """
        if self._full is None:
            self._kept += len(repr(msg["content"])) + sum(map(len, msg.get("buffers") or ()))
            if self._kept > self.most_in_all:
                self._full = cell_index
                self.too_much()
        return self._full is not None


def _stopped(nb: NotebookNode, last: int | None, told: str) -> None:
    """The notebook with a plain error in the cell that stopped it and in the tests after it.

    Where it stopped before its first cell, no cell was run and none is to blame.
    """
    if last is not None and nb.cells[last].cell_type == "code":
        overrule(nb.cells[last], told)
    after = NOT_RUN if last is not None else NOT_BEGUN
    for cell in nb.cells[0 if last is None else last + 1:]:
        if cell.cell_type == "code" and is_grade(cell):
            overrule(cell, after)


class OwnPlay(NbGraderPreprocessor):
    """Overrules test cells that rest on a play which is not this student's own.

    It reads the instructor's own ``assignment.yaml``, replays the transcripts here, where no code
    of the student runs, and puts the result in place of what the student's kernel said.
    """

    def preprocess(self, nb: NotebookNode, resources: Any):
        """The notebook, its test cells that rest on the play checked again."""
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        try:
            # The settings, and a case beside them, are the instructor's and not what came back.
            dirs = self.parent.parent.coursedir
            source = course_of(self) / dirs.format_path(
                dirs.source_directory, ".", resources["nbgrader"]["assignment"])
            assignment = read_assignment(source)
        except AssignmentError as error:
            self.log.warning("Own plays were not checked: %s", error)
            return nb, resources
        if assignment.cells:
            self._check(nb, assignment, folder,
                        player_of(resources["nbgrader"]["student"], course_of(self)))
        return nb, resources

    def _check(self, nb: NotebookNode, assignment: Assignment, folder: Path,
               player: str) -> None:
        cells = [cell for cell in nb.cells if grade_id(cell) in assignment.cells and is_grade(cell)]
        try:
            found = counted(assignment, player, folder)
        except CasebookError as error:
            self.log.warning("No play of their own (%s): %s", player, error)
            for cell in cells:
                overrule(cell, f"Not yet: {error}")
            return
        for cell in cells:
            _settle(cell, assignment.cells[grade_id(cell)], found, assignment)


def _settle(cell: NotebookNode, rests: str, found: Found, assignment: Assignment) -> None:
    """Put the points that replay gives in place of those that the kernel gave."""
    points = float(cell.metadata.nbgrader["points"])
    try:
        if rests == "finished":
            earned, told = finished_points(found, points)
        elif rests == "decisions":
            earned, told = decisions_points(found, assignment, points)
        else:
            return
    except CasebookError as error:
        overrule(cell, f"Not yet: {error}")
        return
    # A cell that could not run for another reason keeps its error; one that ran says this.
    cell.outputs = [
        NotebookNode(output_type="stream", name="stdout", text=lines(told) + "\n"),
        NotebookNode(output_type="execute_result", execution_count=cell.execution_count,
                     metadata={}, data={"text/plain": repr(earned)})]


def overrule(cell: NotebookNode, told: str) -> None:
    """Put a plain error with this text in place of what a cell has shown."""
    cell.outputs = [NotebookNode(output_type="error", ename="CheckFailed", evalue=told,
                                 traceback=[lines(told)])]


def course_of(part: Any) -> Path:
    """The root of the course that a preprocessor works in."""
    return Path(part.parent.parent.coursedir.root)
