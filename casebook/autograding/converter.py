"""nbgrader's converter for a course, ready for use part by part."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import ExecutePreprocessor
from nbconvert.writers import FilesWriter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.preprocessors import Execute as StockExecute
from traitlets import import_item
from traitlets.config import Config

from casebook.errors import CasebookError
from casebook.grading.plugins import Execute

#: What runs notebooks and has a place in a box.
BOXED = (Execute, StockExecute)
#: nbgrader's preprocessors that need the gradebook: from the first of them on, they run in the one
#: process that has it.
WITH_GRADEBOOK = (SaveAutoGrades, AssignLatePenalties)


def converter_of(dirs: CourseDirectory, config: Config) -> Autograde:
    """nbgrader's Autograde with the course's configuration, its writer ready."""
    made = Autograde(coursedir=dirs, config=config)
    made.log = dirs.log
    made.writer = FilesWriter(parent=made, config=made.config)
    return made


def exporter_of(converter: Autograde, preprocessors: list[Any]) -> NotebookExporter:
    """An exporter of notebooks through these preprocessors, configured as nbgrader does."""
    made = converter.exporter_class(parent=converter, config=converter.config)
    made._preprocessors = []
    for one in preprocessors:
        made.register_preprocessor(one)
    return made


def forget(exporter: NotebookExporter) -> None:
    """Let go of what an exporter keeps of each notebook: its widgets' states may be large."""
    exporter._nb_metadata.clear()


def after_the_run(converter: Autograde) -> list[type]:
    """The part of the course's preprocessors that needs the gradebook, in its order."""
    found = _preprocessors(converter)
    return found[len(for_the_run(converter)):]


def for_the_run(converter: Autograde) -> list[type]:
    """The part of the course's preprocessors that a worker runs, in its order.

    Raises
    ------
    CasebookError
        If the course runs notebooks with an Execute of its own, which would not be shut in.
    """
    found = []
    for one in _preprocessors(converter):
        if issubclass(one, WITH_GRADEBOOK):
            break
        if issubclass(one, ExecutePreprocessor) and one not in BOXED:
            raise CasebookError(
                f"The course runs notebooks with {one.__module__}.{one.__qualname__} "
                "(c.Autograde.autograde_preprocessors), which cannot be shut in.",
                "Take casebook.grading.plugins.Execute, or grade with nbgrader autograde, which "
                "runs students' code with your own rights.")
        found.append(one)
    return found


def _preprocessors(converter: Autograde) -> list[type]:
    """nbgrader takes classes and names of classes."""
    return [import_item(one) if isinstance(one, str) else one
            for one in converter.autograde_preprocessors]


def resources_for(dirs: CourseDirectory, student: str, notebook: str,
                  folder: Path) -> ResourcesDict:
    """What nbgrader and nbconvert tell preprocessors about a notebook."""
    found = ResourcesDict()
    found["unique_key"] = notebook
    found["output_files_dir"] = f"{notebook}_files"
    found["nbgrader"] = {"student": student, "assignment": dirs.assignment_id,
                         "notebook": notebook, "db_url": dirs.db_url}
    found["metadata"] = ResourcesDict(
        name=notebook, path=str(folder),
        modified_date=time.strftime("%B %d, %Y").replace(" 0", " "))
    return found
