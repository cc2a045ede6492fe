"""What was handed in, made ready to be graded; no code of a student runs, and nothing is changed.

A notebook without damage comes out as nbgrader would read it. A damaged one is repaired as far as
its answers can be told, and its first cell says what was wrong.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from casebook.grading.cells import graded
from casebook.grading.handedout import HandedOut
from casebook.grading.notebooks import grade_id, is_solution, source

from .reading import Read, read_file
from .reasons import LOST, NOTE, PROBLEM, Reason, about, shown
from .repair import acceptable, answers_only, as_node, repair
from .screen import SHADOWED, FileLimits, Screened, opened, screen

MOST_CANDIDATES = 20      # files looked at where the notebook has not its own name
STAMP = "timestamp.txt"
_ABOUT = "casebook-about"


@dataclass(frozen=True)
class Intake:
    """A submission, ready to be graded.

    Attributes
    ----------
    notebook : NotebookNode
        What nbgrader's preprocessors take from here.
    files : mapping of str to Path
        The files that may go along, by relative path; the notebook is not among them.
    reasons : tuple of Reason
        What was wrong; empty where nothing was.
    taken : str
        The file that the notebook was read from; empty where none could be.
    timestamp : datetime or None
        When it was handed in, in UTC, by ``timestamp.txt``.
    """

    notebook: NotebookNode
    files: Mapping[str, Path]
    reasons: tuple[Reason, ...]
    taken: str = ""
    timestamp: datetime | None = None

    @property
    def worst(self) -> str:
        """The gravest severity among the reasons; empty where there is none."""
        found = {one.severity for one in self.reasons}
        return next((one for one in (LOST, PROBLEM, NOTE) if one in found), "")


def read_submission(folder: Path, assignment: HandedOut, notebook: str, *,
                    limits: FileLimits | None = None,
                    shadowed: frozenset[str] = SHADOWED) -> Intake:
    """Read one notebook of a submission, and the files that go along.

    Parameters
    ----------
    folder : Path
        ``submitted/STUDENT/ASSIGNMENT``.
    assignment : HandedOut
        What students received.
    notebook : str
        The notebook's name without ``.ipynb``, one of ``assignment.books``.
    limits : FileLimits, optional
        How many and how large files may be.
    shadowed : frozenset of str
        Modules that no file beside the notebook may stand for.
    """
    if folder.is_symlink() or not folder.is_dir():
        kind = "link" if folder.is_symlink() else "missing-notebook"
        what = "is a link and was not followed" if kind == "link" else "is not there"
        reason = Reason(kind, LOST, f"The folder of the submission {what}.")
        return Intake(_untouched(assignment, notebook, [reason]), {}, (reason,))
    seen = screen(folder, assignment, limits or FileLimits(), shadowed)
    stamp, odd = _timestamp(seen)
    reasons = [*seen.reasons, *odd]
    files = dict(seen.files)
    try:
        taken, read = _read(seen, assignment, notebook, reasons)
        files.pop(taken, None)
        node, more = _graded(read, assignment, notebook, bool(about(reasons)))
    except Exception as error:   # one student's file must never end the run for the others
        logging.getLogger(__name__).debug("intake", exc_info=True)
        taken, node, more = "", None, [Reason(
            "unreadable", LOST, "The notebook could not be read "
            f"({type(error).__name__}). Save it in JupyterLab and hand it in again.")]
    reasons += more
    if node is None:
        node, taken = _untouched(assignment, notebook, reasons), ""
    elif told := about(reasons):
        node.cells.insert(0, _first(node, told))
    return Intake(node, files, tuple(dict.fromkeys(reasons)), taken, stamp)


def _timestamp(seen: Screened) -> tuple[datetime | None, list[Reason]]:
    """When it was handed in; nbgrader stops at a time that is none."""
    path = seen.files.get(STAMP)
    if path is None:
        return None, []
    try:
        with open(opened(path), "rb") as file:
            text = file.read(200).decode("utf-8").strip()
        return (parse_utc(text) if text else None), []
    except (OSError, ValueError, OverflowError, TypeError, AttributeError):
        return None, [Reason("timestamp", NOTE, f"{STAMP} holds no time: it is not known when this "
                             "was handed in, and it was not counted as late.", file=STAMP)]


def _read(seen: Screened, out: HandedOut, notebook: str,
          reasons: list[Reason]) -> tuple[str, Read]:
    """The notebook's own file; where that is missing or lost, the one that fits best."""
    own = f"{notebook}.ipynb"
    read = read_file(seen.notebooks[own]) if own in seen.notebooks else Read()
    others = [name for name in seen.notebooks if "/" not in name and name.endswith(".ipynb")
              and name.removesuffix(".ipynb") not in out.books]
    taken = own if own in seen.notebooks else ""
    if read.book is None:
        other, found = _best(seen, out, notebook)
        if other:
            said = "could not be read" if taken else "was not handed in"
            reasons.append(Reason("renamed", PROBLEM, f"'{own}' {said}; '{shown(other)}' was "
                                  "graded in its place. Keep the notebook's name.",
                                  file=shown(other)))
            # That the notebook itself is lost is no longer so, for its answers are here.
            taken, read = other, Read(found.book, found.text, found.broken, [
                *(Reason(one.kind, NOTE, one.text) for one in read.reasons), *found.reasons])
        elif not taken:
            read.add("missing-notebook", LOST, f"'{own}' was not handed in. Hand it in under this "
                     "name.")
    reasons += [Reason("unknown-notebook", NOTE, f"'{shown(name)}' is no notebook of this "
                       "assignment and was not graded.", file=shown(name))
                for name in others if name != taken]
    return taken, read


def _best(seen: Screened, out: HandedOut, notebook: str) -> tuple[str, Read]:
    """The file that holds most of a notebook's cells, if it fits no missing one better."""
    given = {f"{name}.ipynb" for name in out.books}
    names = [name for name in (*seen.notebooks, *seen.files) if name not in given
             and (".ipynb" in name.lower() or name.lower().endswith((".json", ".txt")))]
    best: tuple[tuple[int, int, int], str, Read] = ((0, 0, 0), "", Read())
    for name in sorted(names, key=lambda one: (one not in seen.notebooks, one.count("/"), one)
                       )[:MOST_CANDIDATES]:
        read = read_file((seen.notebooks | seen.files)[name])
        if read.book is None:
            continue
        fits = {one: _fit(read, out.cells(one)) for one in out.books
                if one == notebook or f"{one}.ipynb" not in seen.notebooks}
        worth = (*fits[notebook], -name.count("/"))
        if fits[notebook][0] and fits[notebook] == max(fits.values()) and worth > best[0]:
            best = (worth, name, read)
    return best[1], best[2]


def _fit(read: Read, original: list[dict]) -> tuple[int, int]:
    """How many cells of a notebook a file holds, and how many of them were worked on."""
    released = graded(original)
    cells = {str(grade_id(cell)): cell for cell in read.book["cells"] if isinstance(cell, dict)
             and isinstance(cell.get("metadata"), dict) and grade_id(cell) in released}
    worked = sum(source(cell).strip() != source(released[id]).strip()
                 for id, cell in cells.items() if is_solution(released[id]))
    if cells:
        return len(cells), worked
    # A program that drops what it does not know leaves the texts.
    texts = {source(cell).strip() for cell in read.book["cells"] if isinstance(cell, dict)}
    return sum(source(cell).strip() in texts for cell in released.values()
               if not is_solution(cell)), 0


def _graded(read: Read, out: HandedOut, notebook: str,
            told: bool) -> tuple[NotebookNode | None, list[Reason]]:
    """The notebook as it is graded; None where none of it could be read."""
    if read.book is None:
        return None, read.reasons
    original, given = out.cells(notebook), out.books[notebook]
    done = repair(read.book, original, given["metadata"], read.broken)
    reasons = [*read.reasons, *done.reasons]
    if not done.changed and read.text:
        node = _as_stock_reads(read.text)
        if node is not None:
            return node, reasons
        reasons.append(Reason("format", NOTE, "Some of the notebook was not as the format of "
                              "notebooks demands, and was set right."))
    for book in (done.book, answers_only(done.book, given)):
        node = as_node(book)
        if acceptable(node, original):
            return node, reasons
    return None, [*reasons, Reason("unreadable", LOST, "The notebook could not be made one that "
                                   "can be graded. Hand it in again.")]


def _as_stock_reads(text: str) -> NotebookNode | None:
    """The notebook as nbgrader reads it; None where that stumbles."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.reads(text, as_version=nbformat.current_nbformat)
    except Exception:             # nbformat raises whatever a wrong type leads to
        return None


def _untouched(out: HandedOut, notebook: str, reasons: list[Reason]) -> NotebookNode:
    """What was handed out, with the reasons in its first cell: every cell has its score."""
    node = as_node({"metadata": out.books[notebook]["metadata"], "cells": out.cells(notebook)})
    node.cells.insert(0, _first(node, about(reasons)))
    return node


def _first(node: NotebookNode, told: str) -> NotebookNode:
    cell = {"cell_type": "markdown", "metadata": {}, "source": told}
    if node.get("nbformat_minor", 0) >= 5:
        cell["id"] = _ABOUT
    return nbformat.from_dict(cell)
