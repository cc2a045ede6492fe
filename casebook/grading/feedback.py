"""What a student gets back: the graded notebook without the parts that only graders may see."""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from .failed import AssignmentError, CheckFailed
from .notebooks import is_grade, is_solution

#: Errors that show a sentence of their own and no line of a test.
PLAIN = (CheckFailed.__name__, AssignmentError.__name__)


class WithoutHiddenTests(NbGraderPreprocessor):
    """Takes hidden tests out of the feedback, and what an error would show of their lines.

    nbgrader puts hidden tests back when it grades, and its feedback has the graded notebook as it
    is, with the answers that the tests hold. Its ClearHiddenTests is made for an instructor's
    notebook: it stops where a student's cell has such a mark. This one looks at test cells only.
    """

    def preprocess(self, nb: NotebookNode, resources: Any):
        """The notebook as a student may see it."""
        marks = ClearHiddenTests(parent=self)
        hidden = re.compile(
            rf"^.*{re.escape(marks.begin_test_delimeter)}.*?"
            rf"(^.*{re.escape(marks.end_test_delimeter)}[^\n]*|\Z)", re.DOTALL | re.MULTILINE)
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell) and hidden.search(cell.source):
                cell.source = hidden.sub("", cell.source).strip()
                for output in cell.get("outputs", []):
                    if output.output_type == "error" and output.ename not in PLAIN:
                        output.traceback = [f"{output.ename}: {output.evalue}"]
        return nb, resources
