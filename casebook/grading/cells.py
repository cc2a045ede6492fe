"""The cells of a notebook that was handed in, compared with those that were handed out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .notebooks import grade_id, is_grade, is_solution, known, source

Cell = dict[str, Any]
ELSEWHERE = "# The answer stands in another cell."
_NAMES = re.compile(r"^(\w+)\s*=[^=]", re.MULTILINE)
#: What nbgrader has to find in a cell exactly as it was handed out.
FIXED = ("grade", "solution", "locked", "task", "schema_version", "points")


@dataclass(frozen=True)
class Difference:
    """One cell that is not as it should be.

    ``kind`` is ``copied``, ``deleted``, ``stripped`` (there, but no longer known to nbgrader),
    ``beside`` (a text in a new cell, its own left empty), ``edited`` (a test or a locked cell),
    ``altered`` (what nbgrader knows of it) or ``foreign`` (a cell of another assignment). ``cell``
    is its ``grade_id``, ``number`` its place in the notebook from 1, or None where it is gone.
    """

    kind: str
    cell: str
    number: int | None
    text: str


def differences(book: Mapping[str, Any], original: Sequence[Cell]) -> list[Difference]:
    """Everything in which the graded cells of a notebook differ from what was handed out.

    ``original`` holds all cells as handed out, the ordinary ones too.
    """
    released = graded(original)
    places: dict[str, list[int]] = {}
    for number, cell in enumerate(book["cells"], start=1):
        if grade_id(cell) is not None:
            places.setdefault(str(grade_id(cell)), []).append(number)
    found = []
    for id, numbers in places.items():
        cells = [book["cells"][number - 1] for number in numbers]
        if id not in released:
            found.append(Difference("foreign", id, numbers[0], f"The cell {id!r} is not part of "
                                    "this assignment."))
            continue
        if len(numbers) > 1:
            found.append(Difference("copied", id, numbers[1], f"The cell {id!r} stands "
                                    f"{len(numbers)} times: as cells {_listed(numbers)}."))
        kept = kept_copy(cells, released[id])
        found += _changed(id, numbers[kept], cells[kept], released[id])
    found += [_missing(book, original, id) for id in released if id not in places]
    return found + [
        Difference("beside", id, place + 1, f"The cell {id!r} is as it was handed out, and a new "
                   "text stands beside it.")
        for id in released if (place := beside(book["cells"], original, id)) is not None]


def beside(cells: Sequence[Cell], original: Sequence[Cell], id: str) -> int | None:
    """Where a text stands that was written into a new cell next to its own, left as handed out."""
    own = graded(original)[id]
    if not (is_solution(own) and is_grade(own) and own["cell_type"] == "markdown"):
        return None
    there = [cell for cell in cells if grade_id(cell) == id]
    if len(there) != 1 or source(there[0]).strip() not in ("", source(own).strip()):
        return None
    return stripped(cells, original, id)


def graded(original: Sequence[Cell]) -> dict[str, Cell]:
    """The cells that nbgrader knows, by ``grade_id``, in order."""
    return {str(grade_id(cell)): cell for cell in original if grade_id(cell) is not None}


def _missing(book: Mapping[str, Any], original: Sequence[Cell], id: str) -> Difference:
    place = stripped(book["cells"], original, id)
    if place is None:
        return Difference("deleted", id, None, f"The cell {id!r} is gone.")
    return Difference("stripped", id, place + 1, f"This seems to be the cell {id!r}, which has "
                      "lost what nbgrader knows it by.")


def stripped(cells: Sequence[Cell], original: Sequence[Cell], id: str) -> int | None:
    """Where an answer stands whose cell was typed anew or lost its metadata; None if nowhere.

    It lies between the cells before and after it, and it gives the same variable a value, or, in a
    text, says what was not handed out. A cell in which nobody answers is known by its whole text.
    """
    released = graded(original)
    order, here = list(released), {str(grade_id(cell)): place for place, cell in enumerate(cells)
                                   if grade_id(cell) is not None}
    at = order.index(id)
    first = max((here[name] for name in order[:at] if name in here), default=-1)
    last = min((here[name] for name in order[at + 1:] if name in here), default=len(cells))
    texts = {source(cell).strip() for cell in original}
    ordinary = {source(cell).strip() for cell in original if grade_id(cell) is None}
    names = set(_NAMES.findall(source(released[id])))
    for place in range(first + 1, last):
        cell, text = cells[place], source(cells[place]).strip()
        if cell.get("cell_type") != released[id]["cell_type"] or grade_id(cell) is not None:
            continue
        if not is_solution(released[id]):
            said = text == source(released[id]).strip() and text not in ordinary
        elif cell["cell_type"] == "code":
            said = bool(names & set(_NAMES.findall(text)))
        else:
            said = bool(text) and text not in texts
        if said:
            return place
    return None


def kept_copy(copies: Sequence[Cell], original: Cell) -> int:
    """Which of several copies is the student's: the last that is worked on, else the last.

    The last is what nbgrader keeps, and what a variable holds in the end. But a cell that is copied
    to try something leaves one copy as it was handed out, most often.
    """
    last = len(copies) - 1
    if is_solution(original):
        for place in range(last, -1, -1):
            if source(copies[place]).strip() != source(original).strip():
                return place
    return last


def _changed(id: str, number: int, cell: Cell, original: Cell) -> list[Difference]:
    found = []
    if not is_solution(original) and source(cell) != source(original):
        what = "test" if is_grade(original) else "given"
        found.append(Difference("edited", id, number, f"The {what} cell {id!r} was changed."))
    now, was = known(cell), known(original)
    altered = [key for key in FIXED if key in was and now.get(key) != was[key]]
    if cell.get("cell_type") != original.get("cell_type"):
        altered.append("cell_type")
    if altered:
        found.append(Difference("altered", id, number, f"What nbgrader knows of the cell {id!r} "
                                f"was changed: {', '.join(altered)}."))
    return found


def mended(book: Mapping[str, Any], original: Sequence[Cell]) -> dict[str, Any]:
    """The notebook with every graded cell once, in place, and known as it was handed out.

    No answer is changed: a copy stays as an ordinary cell, an answer that nbgrader no longer knows
    is made known again, a cell that is gone comes back as it was handed out.
    """
    released = graded(original)
    gone = missing(book["cells"], original)
    cells = each_once(book["cells"], original)
    for id in released:
        if (place := beside(cells, original, id)) is not None:
            # The text goes where it is marked; the cell that it was written into stays as well.
            own = next(at for at, cell in enumerate(cells) if grade_id(cell) == id)
            cells[own] = {**cells[own], "source": source(cells[place])}
    return {**book, "cells": brought_back(cells, original, gone)}


def missing(cells: Sequence[Cell], original: Sequence[Cell]) -> list[str]:
    """The graded cells, by ``grade_id``, that a notebook no longer knows."""
    there = {str(grade_id(cell)) for cell in cells if grade_id(cell) is not None}
    return [id for id in graded(original) if id not in there]


def each_once(cells: Sequence[Cell], original: Sequence[Cell]) -> list[Cell]:
    """The cells, each graded one known once and as it was handed out, others not at all."""
    released, cells = graded(original), [dict(cell) for cell in cells]
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        if grade_id(cell) is not None:
            places.setdefault(str(grade_id(cell)), []).append(place)
    for id, copies in places.items():
        keep = copies[kept_copy([cells[place] for place in copies], released[id])] if (
            id in released) else None
        for place in copies:
            cells[place] = _as_released(cells[place], released[id]) if place == keep else (
                _ordinary(cells[place], released.get(id)))
    return cells


def brought_back(cells: Sequence[Cell], original: Sequence[Cell], ids: Sequence[str]) -> list[Cell]:
    """The cells with these ones, which are gone, known again or put back as handed out."""
    released, cells = graded(original), list(cells)
    for id in ids:
        if id in missing(cells, original) and (
                (place := stripped(cells, original, id)) is not None):
            cells[place] = _as_released(cells[place], released[id])
    _put_back(cells, list(released.values()), set(ids))
    return cells


def _as_released(cell: Cell, original: Cell) -> Cell:
    """The cell, known to nbgrader as it was handed out; the text of a locked one as well."""
    fixed = {**cell, "metadata": {**cell.get("metadata", {}), "nbgrader": dict(known(original))}}
    if not is_solution(original):
        fixed["source"] = source(original)
    if fixed.get("cell_type") != original["cell_type"]:
        fixed["cell_type"] = original["cell_type"]
        if original["cell_type"] == "code":
            fixed |= {"outputs": [], "execution_count": None}
        else:
            fixed.pop("outputs", None)
            fixed.pop("execution_count", None)
    return fixed


def _ordinary(cell: Cell, original: Cell | None) -> Cell:
    """The cell, unknown to nbgrader; a copy that nobody worked on is not run any more.

    Left as code it would put the three dots in place of the answer again.
    """
    if original and cell.get("cell_type") == "code" and is_solution(original) and (
            source(cell).strip() == source(original).strip()):
        cell = {key: value for key, value in cell.items()
                if key not in ("outputs", "execution_count")} | {"cell_type": "raw"}
    return {**cell, "metadata": {key: value for key, value in cell.get("metadata", {}).items()
                                 if key != "nbgrader"}}


def _put_back(cells: list[Cell], original: Sequence[Cell], ids: set[str]) -> None:
    """Put each cell that is gone after the one that came before it when it was handed out."""
    after = -1
    for cell in original:
        at = next((place for place, one in enumerate(cells)
                   if grade_id(one) == grade_id(cell)), None)
        if at is None:
            if grade_id(cell) not in ids:
                continue
            at = after + 1
            cells.insert(at, _fresh(cell, cells))
        after = at


def _fresh(original: Cell, cells: Sequence[Cell]) -> Cell:
    """The cell as handed out; without its three dots where the answer stands in another cell."""
    names = set(_NAMES.findall(source(original)))
    answered = is_solution(original) and any(
        names & set(_NAMES.findall(source(cell))) for cell in cells
        if cell.get("cell_type") == "code")
    cell = {"cell_type": original["cell_type"], "metadata": {"nbgrader": dict(known(original))},
            "source": ELSEWHERE if answered else source(original)}
    if original["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    if "id" in original:
        cell["id"] = original["id"]
    return cell


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}"
