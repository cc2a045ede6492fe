"""The cells of an assignment as they were handed out, kept beside the notebook.

An exercise can be reset, and told to be still empty, only by what it looked like at first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casebook.errors import Place

from .failed import AssignmentError

RELEASED = "as-released.json"


def released_cells(folder: Path, notebook: str) -> list[dict[str, Any]]:
    """The cells of a notebook as handed out: a list of cells with source and metadata.

    Raises
    ------
    AssignmentError
        If the file is missing or does not hold this notebook.
    """
    path = folder / RELEASED
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept["notebooks"][notebook]
    except FileNotFoundError:
        raise AssignmentError(f"{RELEASED} is not in this folder.", "Fetch the assignment again, "
                              "and copy the file from there.", Place(str(path))) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise AssignmentError(f"{RELEASED} does not say how {notebook}.ipynb was handed out.",
                              "Fetch the assignment again, and copy the file from there.",
                              Place(str(path))) from None


def keep_released(folder: Path) -> None:
    """Write ``as-released.json`` for the released notebooks in a folder."""
    books = {}
    for path in sorted(folder.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        books[path.stem] = [
            {"cell_type": cell["cell_type"], "metadata": {"nbgrader": cell["metadata"]["nbgrader"]},
             "source": "".join(cell["source"])}
            for cell in cells if cell["metadata"].get("nbgrader")]
    text = json.dumps({"format": 1, "notebooks": books}, ensure_ascii=False, indent=1)
    (folder / RELEASED).write_text(text + "\n", encoding="utf-8")
