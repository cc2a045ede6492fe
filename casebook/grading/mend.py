"""``casebook course doctor --fix``: mend what can be mended without touching an answer.

Whatever is changed is copied first, to ``doctor-backups/`` in the course folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from casebook.errors import CasebookError, Place

from .cells import Cell, differences, graded, mended
from .doctor import Submission, Trouble, Ward, renamed
from .notebooks import known, save, source
from .submission import Handed, read_handed

BACKUPS = "doctor-backups"


def fix(course: Path, troubles: list[Trouble], now: datetime | None = None) -> list[Trouble]:
    """Mend the submissions that these troubles are about; gives those that were mended.

    Raises
    ------
    CasebookError
        If a backup or a notebook cannot be written; what was not copied is not changed.
    """
    ward = Ward(course)
    kept = course / BACKUPS / (now or datetime.now()).strftime("%Y-%m-%d-%H%M%S")
    todo = {(one.assignment, one.student) for one in troubles if one.fixable}
    for assignment in sorted({name for name, _ in todo}):
        original = ward.released(assignment)
        for one in ward.submissions(assignment):
            if (assignment, one.student) in todo:
                _mend(one, original, kept / one.student / assignment)
    return [one for one in troubles if one.fixable]


def _mend(one: Submission, original: Mapping[str, list[Cell]], kept: Path) -> None:
    for name, cells in original.items():
        path = one.folder / name
        if not path.is_file() or path.is_symlink():
            other = renamed(one.folder, original)
            if other is None:
                continue
            try:
                other.rename(path)
            except OSError as error:
                raise _cannot(path, error) from None
        handed = read_handed(path)
        if handed.kind or differences(handed.book, cells):
            book = _mended(handed, name, cells)
            _back_up(path, kept)
            try:
                save(book, path)
            except OSError as error:
                raise _cannot(path, error) from None


def _mended(handed: Handed, name: str, cells: list[Cell]) -> dict[str, Any]:
    if handed.book is None:
        return _in_its_place(handed, name, cells)
    book = mended(handed.book, cells)
    if handed.kind == "large":
        for cell in book["cells"]:
            if cell.get("cell_type") == "code":
                cell |= {"outputs": [], "execution_count": None}
    return book


def _in_its_place(handed: Handed, name: str, cells: list[Cell]) -> dict[str, Any]:
    """What is graded instead of a file that is no notebook: the exercises, none of them answered.

    Its first cell tells the student why.
    """
    told = (f"**The file {name} that was handed in could not be graded.** {handed.trouble} It is "
            "kept, and your instructor has it. If you have a good copy, ask whether you may hand "
            "it in.")
    fresh = [{"cell_type": cell["cell_type"], "metadata": {"nbgrader": dict(known(cell))},
              "source": source(cell),
              **({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})}
             for cell in graded(cells).values()]
    return {"cells": [{"cell_type": "markdown", "metadata": {}, "source": told}, *fresh],
            "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)",
                                        "language": "python", "name": "python3"}},
            "nbformat": 4, "nbformat_minor": 4}


def _back_up(path: Path, kept: Path) -> None:
    try:
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, kept / path.name)
    except OSError as error:
        raise CasebookError(f"No backup could be made: {error.strerror or error}. Nothing was "
                            "changed.", "Make room on the disk and try again.",
                            Place(str(path))) from None


def _cannot(path: Path, error: OSError) -> CasebookError:
    return CasebookError(f"It could not be written: {error.strerror or error}.",
                         "See that the folder may be written to.", Place(str(path)))
