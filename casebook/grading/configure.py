"""What the casebook sets in nbgrader's configuration, for ``nbgrader_config.py`` to call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)

from .feedback import WithoutHiddenTests
from .handin import BACKUPS
from .plugins import Execute, OwnPlay, keep_as_released
from .tools import find_tools

CODE_STUB = "# Replace the three dots."
TEXT_STUB = "*Write here, in place of this line.*"
NOTE = "teaching-note.md"      # of a case of one's own beside the notebook: never for students
MARKING = Path(__file__).with_name("pages") / "marking.html.j2"
LAST_WORDS = 20  # seconds
SECONDS = 60      # for one cell; a replayed play takes well under one


def configure(c: Any) -> None:
    """Set what a course with casebook assignments needs; call it first, then change what you like.

    Parameters
    ----------
    c : traitlets Config
        What ``get_config()`` gives in ``nbgrader_config.py``.
    """
    find_tools()
    # Students fill in one line; no word of programming in the stub, and no error in their face.
    c.ClearSolutions.code_stub = {"python": CODE_STUB}
    c.ClearSolutions.text_stub = TEXT_STUB
    # Exercises can be reset, and are known to be empty, by what they were at first.
    c.GenerateAssignment.post_convert_hook = keep_as_released
    # nbgrader's own order; Execute is ours, and OwnPlay has the last word before grades are saved.
    c.Autograde.autograde_preprocessors = [
        Execute, OwnPlay, IgnorePattern, ClearMetadataPreprocessor, LimitOutput, SaveAutoGrades,
        AssignLatePenalties, CheckCellMetadata]
    c.Execute.timeout = SECONDS
    # nbgrader waits 4 seconds for the last output of a cell; a busy machine may need more.
    c.Execute.iopub_timeout = LAST_WORDS
    # A test cell that a student deleted comes back, so that its points are told and not missing.
    c.OverwriteCells.add_missing_cells = True
    # nbgrader's own order; hidden tests hold answers, and the students receive this.
    c.GenerateFeedback.preprocessors = [GetGrades, WithoutHiddenTests, CSSHTMLHeaderPreprocessor]
    # Formgrader and feedback work offline, and show the rubric's lines.
    c.HTMLExporter.template_file = str(MARKING)
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", BACKUPS, NOTE]
