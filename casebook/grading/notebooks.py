"""Notebooks as plain data: the cells that nbgrader knows, read and written without nbformat.

Importing nbformat takes a second, and these functions run in every student's notebook.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from .failed import CheckFailed

Book = dict[str, Any]


def load(path: Path) -> Book:
    """A notebook of format 4 (CheckFailed if it is none)."""
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _no_notebook(path, str(error)) from None
    if not is_notebook(book):
        raise _no_notebook(path, "it holds other data, or is of an older format")
    return book


def is_notebook(data: Any) -> bool:
    """Whether data is a notebook of format 4, as far as anything here looks at it."""
    return (isinstance(data, dict) and data.get("nbformat") == 4
            and isinstance(data.get("cells"), list) and all(map(_is_cell, data["cells"])))


def _is_cell(cell: Any) -> bool:
    return (isinstance(cell, dict) and cell.get("cell_type") in ("code", "markdown", "raw")
            and isinstance(cell.get("metadata", {}), dict)
            and isinstance(cell.get("source", ""), str | list))


def _no_notebook(path: Path, reason: str) -> CheckFailed:
    return CheckFailed(f"{path.name} cannot be read as a notebook: {reason}.",
                       "Open it in JupyterLab and save it again.")


def save(book: Book, path: Path) -> None:
    """Write a notebook so that either the old or the new one is there, whatever happens."""
    text = json.dumps(book, ensure_ascii=False, indent=1) + "\n"
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode if path.exists() else 0o644)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def known(cell: Any) -> dict[str, Any]:
    """What nbgrader knows of a cell; empty for an ordinary one."""
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def grade_id(cell: Any) -> str | None:
    """The cell's id in the gradebook."""
    return known(cell).get("grade_id")


def is_solution(cell: Any) -> bool:
    """Whether a student writes in the cell."""
    return bool(known(cell).get("solution"))


def is_grade(cell: Any) -> bool:
    """Whether the cell earns points."""
    return bool(known(cell).get("grade"))


def source(cell: Any) -> str:
    """The text of a cell."""
    text = cell.get("source", "")
    return "".join(text) if isinstance(text, list) else str(text)


def has_exercises(path: Path) -> bool:
    """Whether a file is a notebook with cells that nbgrader knows."""
    try:
        return any(grade_id(cell) for cell in load(path)["cells"])
    except CheckFailed:
        return False


def put_back(book: Book, original: Any) -> bool:
    """Put the text of a cell back as it was; says whether the cell was found."""
    for cell in book["cells"]:
        if grade_id(cell) == grade_id(original):
            cell["source"] = source(original)
            if cell.get("cell_type") == "code":
                cell["outputs"], cell["execution_count"] = [], None
            return True
    return False
