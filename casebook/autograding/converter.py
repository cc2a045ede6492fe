"""nbgrader's converter for a course, ready for use part by part."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.writers import FilesWriter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config


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
