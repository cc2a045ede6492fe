"""What a student handed in, ready for the desk: every notebook of the assignment, and the files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode

from casebook.grading.handedout import HandedOut

from .intake import read_submission
from .reasons import Reason


@dataclass(frozen=True)
class Handed:
    """Notebooks by name, other files by relative path, what was wrong, and when it came."""

    notebooks: dict[str, NotebookNode]
    files: dict[str, Path]
    reasons: tuple[Reason, ...] = ()
    timestamp: datetime | None = None


def read(folder: Path, released: HandedOut, names: tuple[str, ...]) -> Handed:
    """Read the notebooks with these names in a submission."""
    notebooks, files, reasons, timestamp = {}, {}, [], None
    for name in names:
        found = read_submission(folder, released, name)
        notebooks[name] = found.notebook
        files |= found.files
        reasons += found.reasons
        timestamp = found.timestamp
    return Handed(notebooks, files, tuple(dict.fromkeys(reasons)), timestamp)
