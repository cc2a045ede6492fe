"""A damaged notebook made one that nbgrader grades: no answer is changed, no score left out.

What nbgrader itself can deal with is left to it, so that its results stay as they are.
"""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from casebook.grading.cells import (
    Cell,
    Difference,
    brought_back,
    differences,
    each_once,
    graded,
    missing,
)
from casebook.grading.notebooks import grade_id, is_grade, is_solution, known, source

from .reasons import NOTE, PROBLEM, Reason

DEEPEST = 80              # containers in one another; copying a notebook fails at some 300
MOST_CELLS = 3_000
SKIP = "skip-execution"   # with this tag nbclient runs no cell, and a test that did not run passes
TYPES = ("code", "markdown", "raw")
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
#: What a difference is called here, how much it matters, and what is done about it.
TOLD = {
    "copied": ("duplicate-cell", PROBLEM, "One of them is graded: the last that was worked on. "
               "Delete the others next time."),
    "deleted": ("missing-cell", PROBLEM, "Cells that need it cannot pass. Do not delete cells."),
    "stripped": ("stripped-cell", NOTE, "It ran in its place."),
    "beside": ("beside", PROBLEM, "The marked cell counts, and that is empty: tell your "
               "instructor."),
    "edited": ("changed-test", NOTE, "The original was put in its place."),
    "altered": ("changed-metadata", PROBLEM, "It was set back, and the answer was kept. Do not "
                "edit what nbgrader notes in cells."),
    "foreign": ("unknown-cell", PROBLEM, "It stays in the notebook, and earns no points."),
}


@dataclass
class Repaired:
    """A notebook's cells on their way, and what was done to them."""

    book: dict[str, Any]
    changed: bool = False
    reasons: list[Reason] = field(default_factory=list)

    def add(self, kind: str, severity: str, text: str, cell: str = "") -> None:
        """Note a reason."""
        self.reasons.append(Reason(kind, severity, text, cell))


def repair(book: dict[str, Any], original: Sequence[Cell], metadata: dict[str, Any],
           broken: bool = False) -> Repaired:
    """The notebook with every scored cell once and known to nbgrader as it was handed out.

    Parameters
    ----------
    book : dict
        A notebook with a list of cells, which may be anything.
    original, metadata
        The cells of the notebook that was handed out, and its metadata.
    broken : bool
        Whether cells are gone without the student's doing: then all of them come back.
    """
    done = Repaired(book)
    released = graded(original)
    _formed(done, metadata, released)
    cells = done.book["cells"]
    found = [] if broken else differences(done.book, original)
    gone = missing(cells, original)
    _schemas(done, [one for one in found if one.kind == "altered"], released)
    _tell(done, found, released)
    odd = any(grade_id(one) is not None and not _as_known(one, released) for one in cells)
    back = [id for id in gone if broken or _scored(released[id])]
    if odd or back or broken or any(one.kind in ("copied", "foreign") for one in found):
        cells = each_once(cells, original)
        if broken:
            cells = _with_end(cells, original)
        done.book = {**done.book, "cells": brought_back(cells, original, back)}
        done.changed = True
    if odd and not found and not broken:
        done.add("changed-metadata", NOTE, "What nbgrader notes in some cells was not as it should "
                 "be, and was set back.")
    _unskipped(done, released)
    return done


def _scored(cell: Cell) -> bool:
    return is_grade(cell) or bool(known(cell).get("task"))


def _tell(done: Repaired, found: Sequence[Difference], released: dict[str, Cell]) -> None:
    """Say what is different; what was put back is told by what it was."""
    for one in found:
        kind, severity, what = TOLD[one.kind]
        cell = released.get(one.cell)
        scored = cell is not None and _scored(cell)
        if one.kind == "edited" and not is_grade(cell):
            kind = "changed-cell"
        elif one.kind == "altered" and "schema_version" in one.text:
            continue
        elif one.kind == "stripped" and scored:
            kind, severity = "missing-test" if not is_solution(cell) else "missing-answer", PROBLEM
            what = "It was made known again."
        elif one.kind == "deleted" and scored:
            kind = "missing-test" if not is_solution(cell) else "missing-answer"
            what = "It was put back as it was handed out. Do not delete cells."
        done.add(kind, severity, f"{one.text} {what}", one.cell)


def _schemas(done: Repaired, found: Sequence[Difference], released: dict[str, Cell]) -> None:
    """One reason for all cells that another version of nbgrader wrote."""
    ids = {one.cell for one in found if "schema_version" in one.text}
    if not ids:
        return
    newest = max((version for one in done.book["cells"] if grade_id(one) in ids
                  if isinstance(version := known(one).get("schema_version"), int)), default=0)
    new = newest > max(known(released[id]).get("schema_version", 0) for id in ids)
    done.add("newer-schema" if new else "older-schema", PROBLEM, f"{_counted(len(ids))} written by "
             f"{'a newer' if new else 'another'} version of nbgrader, or marked so. That was set "
             "back, and the answers were kept. Work in the notebook that you were given.")


def _counted(number: int) -> str:
    return "One cell was" if number == 1 else f"{number} cells were"


def _as_known(cell: Cell, released: dict[str, Cell]) -> bool:
    """Whether nbgrader's notes on a cell are those it was handed out with, in kind as well."""
    was = released.get(str(grade_id(cell)))
    if was is None or cell["cell_type"] != was["cell_type"]:
        return False
    now, was = ({key: value for key, value in known(one).items() if key != "checksum"}
                for one in (cell, was))
    # JupyterLab writes 2.0 as 2; but nbgrader refuses 1 for true.
    return now.keys() == was.keys() and all(
        now[key] == value and isinstance(now[key], bool) == isinstance(value, bool)
        for key, value in was.items())


def _unskipped(done: Repaired, released: dict[str, Cell]) -> None:
    for cell in done.book["cells"]:
        was = released.get(str(grade_id(cell)))
        tags = cell["metadata"].get("tags")
        if was is None or is_solution(was) or not tags or SKIP not in tags or (
                tags == was["metadata"].get("tags")):
            continue
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key != "tags"}
        done.changed = True
        done.add("changed-metadata", PROBLEM, f"The cell {grade_id(cell)!r} had the tag {SKIP!r}, "
                 "with which it would not run. The tag was taken out.", str(grade_id(cell)))


def _with_end(cells: list[Cell], original: Sequence[Cell]) -> list[Cell]:
    """The cells, and all that was handed out after the last of them."""
    there = {grade_id(cell) for cell in cells} - {None}
    texts = {source(cell).strip() for cell in cells if grade_id(cell) is None}
    last = max((at for at, cell in enumerate(original) if grade_id(cell) in there), default=-1)
    return cells + [copy.deepcopy(cell) for cell in original[last + 1:]
                    if grade_id(cell) is not None or source(cell).strip() not in texts]


def _formed(done: Repaired, metadata: dict[str, Any], released: dict[str, Cell]) -> None:
    """The notebook in the form that the format demands, as far as anything trips over it."""
    cells, given = done.book["cells"], done.book.get("metadata")
    formed = [_cell(cell) for cell in cells if isinstance(cell, dict)]
    wrong = len(cells) - sum(one is cell for one, cell in zip(
        formed, (cell for cell in cells if isinstance(cell, dict)), strict=True))
    if len(formed) > MOST_CELLS:
        done.add("too-many-cells", PROBLEM, f"The notebook has {len(formed)} cells. After the "
                 f"first {MOST_CELLS}, only those of the assignment were kept.")
        last = {grade_id(one): at for at, one in enumerate(formed) if grade_id(one) in released}
        formed = [one for at, one in enumerate(formed)
                  if at < MOST_CELLS or last.get(grade_id(one)) == at]
        done.changed = True
    notes = given if isinstance(given, dict) and not deeper_than(given) and all(
        isinstance(given.get(key, {}), dict) for key in ("kernelspec", "language_info", "widgets")
    ) else dict(metadata)
    if wrong:
        done.add("format", NOTE, f"{_counted(wrong)} not as the format of notebooks demands, and "
                 "set right.")
    if notes is not given and "nbformat_minor" in done.book:
        done.add("format", NOTE, "What the notebook says of itself, such as its kernel, was not "
                 "as it should be; it was taken from what was handed out.")
    done.changed |= bool(wrong) or notes is not given
    done.book = {**done.book, "cells": formed, "metadata": notes}


def _cell(cell: Cell) -> Cell:
    """The cell itself if it is well formed, else one that is, with the same text."""
    kind, text, notes = cell.get("cell_type"), cell.get("source"), cell.get("metadata")
    sound = (kind in TYPES and isinstance(notes, dict) and _text(text)
             and _notes(notes) and (kind != "code" or isinstance(cell.get("outputs"), list))
             and ("id" not in cell or _fit(cell["id"])) and _attached(cell.get("attachments", {}))
             and not deeper_than(cell))
    if sound:
        return cell
    notes = {key: value for key, value in (notes if isinstance(notes, dict) else {}).items()
             if not deeper_than(value) and (key != "tags" or isinstance(value, list))}
    if not _notes(notes):
        notes.pop("nbgrader", None)
    if not isinstance(text, str):
        text = "".join(one for one in text if isinstance(one, str)) if isinstance(text, list) else (
            "")
    made = {"cell_type": kind if kind in TYPES else "markdown" if kind == "heading" else "raw",
            "metadata": notes, "source": text}
    if made["cell_type"] == "code":
        made |= {"outputs": [], "execution_count": None}
    return made | {key: cell[key] for key, fit in (("id", _fit), ("attachments", _attached))
                   if key in cell and fit(cell[key])}


def _text(text: Any) -> bool:
    return isinstance(text, str) or (
        isinstance(text, list) and all(isinstance(one, str) for one in text))


def _notes(notes: Cell) -> bool:
    """Whether nbgrader finds a name where it has noted anything, and tags are a list."""
    own = notes.get("nbgrader", {"grade_id": "none"})
    return (isinstance(own, dict) and isinstance(own.get("grade_id"), str)
            and isinstance(notes.get("tags", []), list))


def _fit(id: Any) -> bool:
    return isinstance(id, str) and _ID.fullmatch(id) is not None


def _attached(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, dict) for one in value.values()) and (
        not deeper_than(value))


def deeper_than(value: Any, most: int = DEEPEST) -> bool:
    """Whether containers lie in one another more than so deep."""
    level = [value]
    for _ in range(most):
        level = [inner for one in level if isinstance(one, dict | list)
                 for inner in (one.values() if isinstance(one, dict) else one)
                 if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def as_node(book: dict[str, Any]) -> NotebookNode:
    """A repaired notebook for nbgrader, in the current format."""
    cells, taken = [], set()
    for number, cell in enumerate(book["cells"], start=1):
        id = cell.get("id")
        if not _fit(id) or id in taken:
            id = next(name for name in (f"cell-{number}", *(f"cell-{number}-{more}" for more in
                                                            range(len(book["cells"]) + 1)))
                      if name not in taken)
        taken.add(id)
        cells.append({**cell, "id": id, "source": source(cell)} | (
            {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}))
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": book["metadata"],
                               "cells": cells})


def acceptable(node: NotebookNode, original: Sequence[Cell]) -> bool:
    """Whether nbgrader takes the notebook, as far as it looks before it runs it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            MetadataValidator().validate_nb(node)
            nbformat.writes(copy.deepcopy(node)).encode("utf-8")
    except Exception:         # whatever it stumbles over, it would stumble over it there as well
        return False
    ids = [str(grade_id(cell)) for cell in node.cells if grade_id(cell) is not None]
    scored = {id for id, cell in graded(original).items() if _scored(cell)}
    return len(ids) == len(set(ids)) and scored <= set(ids)


def answers_only(book: dict[str, Any], out: dict[str, Any]) -> dict[str, Any]:
    """What was handed out, with the student's text in the cells that are theirs; the last way."""
    texts = {str(grade_id(cell)): source(cell) for cell in book["cells"]
             if isinstance(cell, dict) and isinstance(cell.get("metadata"), dict)
             and grade_id(cell) is not None and _text(cell.get("source"))}
    cells = [{**cell, "source": texts.get(str(grade_id(cell)), source(cell))
              if is_solution(cell) else source(cell)} for cell in copy.deepcopy(out["cells"])]
    return {"metadata": out["metadata"], "cells": cells}
