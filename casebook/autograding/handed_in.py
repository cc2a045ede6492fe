"""What a student handed in, ready for the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import find_all_files

from .desk import Desk
from .outcome import Reason


@dataclass
class Handed:
    """Notebooks by name, other files by relative path, and what was wrong."""

    notebooks: dict[str, NotebookNode]
    files: dict[str, Path]
    reasons: list[Reason] = field(default_factory=list)


def read(desk: Desk, student: str) -> Handed:
    folder = desk.submitted(student)
    notebooks = {name: nbformat.read(folder / f"{name}.ipynb", as_version=4) for name in desk.notebooks if (folder / f"{name}.ipynb").exists()}
    files = {str(Path(p).relative_to(folder)): Path(p) for p in find_all_files(str(folder), ["*.ipynb"])}
    return Handed(notebooks, files)
