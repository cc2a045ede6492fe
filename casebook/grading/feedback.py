"""What a student gets back: the graded notebook without the parts that only graders may see."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from .failed import AssignmentError, CheckFailed
from .notebooks import is_grade, is_solution
from .scrub import Hidden

#: Errors that show a sentence of their own and no line of a test.
PLAIN = (CheckFailed.__name__, AssignmentError.__name__)


class WithoutHiddenTests(NbGraderPreprocessor):
    """Takes hidden tests out of the feedback, and what an error would show of their lines.

    nbgrader puts hidden tests back when it grades, and its feedback has the graded notebook as it
    is, with the answers that the tests hold. Its ClearHiddenTests is made for an instructor's
    notebook: it stops where a student's cell has such a mark. This one looks at test cells only.
    What a student's code has read of a hidden test, and printed elsewhere, is taken out as well.
    """

    def preprocess(self, nb: NotebookNode, resources: Any):
        """The notebook as a student may see it."""
        marks = ClearHiddenTests(parent=self)
        hidden = []
        for cell in nb.cells:
            if not is_grade(cell) or is_solution(cell):
                continue
            shown = outside(cell.source, marks.begin_test_delimeter, marks.end_test_delimeter)
            if shown != cell.source:
                hidden.append(inside(cell.source, marks.begin_test_delimeter,
                                     marks.end_test_delimeter))
                cell.source = shown
                _quote_nothing(cell)
        if hidden:
            _scrub(nb, Hidden(hidden, [cell.source for cell in nb.cells]))
        return nb, resources


def _scrub(nb: NotebookNode, hidden: Hidden) -> None:
    """Take the text of hidden tests out of all outputs, and of what widgets show."""
    for cell in nb.cells:
        by_test = is_grade(cell) and not is_solution(cell)
        for output in cell.get("outputs", []):
            for part in ("text", "data", "metadata", "ename", "evalue", "traceback"):
                if part in output:
                    output[part] = hidden.scrub_all(output[part], by_test)
    if "widgets" in nb.metadata:
        nb.metadata["widgets"] = hidden.scrub_all(nb.metadata["widgets"])


def inside(source: str, begin: str, end: str) -> str:
    """The lines between marks; a mark without an end hides all that follows."""
    return _parted(source, begin, end)[True]


def outside(source: str, begin: str, end: str) -> str:
    """The lines outside marks; a mark without an end hides all that follows."""
    return _parted(source, begin, end)[False]


def _parted(source: str, begin: str, end: str) -> dict[bool, str]:
    """Lines by whether they are hidden."""
    kept: dict[bool, list[str]] = {True: [], False: []}
    hidden = False
    for line in source.split("\n"):
        if begin in line:
            hidden = True
        elif hidden and end in line:
            hidden = False
        else:
            kept[hidden].append(line)
    return {which: "\n".join(lines) for which, lines in kept.items()}


def _quote_nothing(cell: NotebookNode) -> None:
    """Keep what an error says, and drop the lines of code that Python shows with it."""
    for output in cell.get("outputs", []):
        if output.output_type == "error" and output.ename not in PLAIN:
            output.traceback = [f"{output.ename}: {output.evalue}"]
