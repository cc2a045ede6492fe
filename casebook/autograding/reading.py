"""A notebook's file, read in whatever state it is in."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casebook.grading.submission import MARKED, decoded

from .reasons import LOST, NOTE, PROBLEM, Reason, shown
from .salvage import read_json, whole_cells, without_outputs
from .screen import opened

MOST_MB = 200             # a larger file is not opened
LARGE_MB = 20             # above it outputs, which are made again anyway, are never even decoded
#: What a file is that is no notebook, by how it begins.
OTHERS = ((b"PK\x03\x04", "a zip archive or an Office document"), (b"%PDF", "a PDF"),
          (b"<!doctype", "a web page"), (b"<html", "a web page"), (b"\x1f\x8b", "an archive"),
          (b"\x89png", "a picture"), (b"version https://git-lfs", "a pointer of Git LFS"))
AGAIN = ("Save the notebook in JupyterLab, and ask your instructor whether you may hand it in "
         "again.")


@dataclass
class Read:
    """What came out of a file.

    Attributes
    ----------
    book : dict or None
        A notebook with a list of cells, which may still be anything; None where no cell could be
        read.
    text : str
        The file as nbformat can read it; empty where it is not to be read so.
    broken : bool
        Whether cells may be gone that the student had.
    """

    book: dict[str, Any] | None = None
    text: str = ""
    broken: bool = False
    reasons: list[Reason] = field(default_factory=list)

    def add(self, kind: str, severity: str, text: str) -> Read:
        """The same, with one more reason."""
        self.reasons.append(Reason(kind, severity, text))
        return self


def read_file(path: Path) -> Read:
    """Read a notebook's file; damage is told, never raised."""
    read, name = Read(), shown(path.name)
    try:
        with open(opened(path), "rb") as file:
            size = os.fstat(file.fileno()).st_size / 1e6
            if size > MOST_MB:
                return read.add("too-large", LOST, f"'{name}' has {size:.0f} MB and was not "
                                f"opened. Clear its outputs (Edit, Clear Outputs of All Cells). "
                                f"{AGAIN}")
            raw = file.read()
    except OSError as error:
        return read.add("unreadable", LOST, f"'{name}' cannot be read: "
                        f"{error.strerror or error}. {AGAIN}")
    if not raw.strip(b"\0 \t\r\n"):
        what = "holds nothing but zeros" if raw.strip() else "is empty"
        return read.add("empty", LOST, f"'{name}' {what}. {AGAIN}")
    if size > LARGE_MB:
        raw = without_outputs(raw) or b""
        if not 0 < len(raw) / 1e6 <= LARGE_MB * 2:
            return read.add("too-large", LOST, f"'{name}' has {size:.0f} MB, too much to be read. "
                            f"Clear its outputs (Edit, Clear Outputs of All Cells). {AGAIN}")
        read.add("too-large", PROBLEM, f"'{name}' has {size:.0f} MB, nearly all of it output of "
                 "cells. The outputs were left out and made again; the answers were kept.")
    return _from_bytes(read, name, raw)


def _from_bytes(read: Read, name: str, raw: bytes) -> Read:
    text, assumed = decoded(raw)
    strict = True
    try:
        data, halves = read_json(text)
    except (ValueError, RecursionError):
        (data, halves), strict = _loose(text), False
    if data is None and not strict:
        return _salvaged(read, name, raw, text)
    if assumed:
        bom = raw.startswith(MARKED[0][0])
        read.add("bom" if bom else "encoding", PROBLEM, f"'{name}' was not saved as plain UTF-8: "
                 f"{assumed} The answers were kept. {AGAIN}")
    if not strict:
        read.add("not-json", PROBLEM, f"'{name}' was not written as notebooks are: it has line "
                 f"breaks or tabs where they have \\n and \\t. The answers were kept. {AGAIN}")
    if halves:
        read.add("encoding", NOTE, f"'{name}' holds characters that are none; each was replaced.")
    read.text = text if strict and not halves else ""
    return _as_notebook(read, name, data)


def _loose(text: str) -> tuple[Any, bool]:
    """JSON with line breaks in its strings; None if it is not even that."""
    try:
        return read_json(text, strict=False)
    except (ValueError, RecursionError):
        return None, False


def _salvaged(read: Read, name: str, raw: bytes, text: str) -> Read:
    """The whole cells of a file that is not JSON."""
    cells = whole_cells(text)
    begins = raw[:200].lstrip().lower()
    other = next((what for mark, what in OTHERS if begins.startswith(mark.lower())), "")
    if not cells:
        what = f"is {other} and no notebook" if other else "is no notebook"
        return read.add("not-json", LOST, f"'{name}' {what}: nothing in it could be read. {AGAIN}")
    cut = not text.rstrip("\0 \t\r\n").endswith("}")
    how = "is cut off at its end" if cut else "is damaged"
    read.add("truncated" if cut else "not-json", PROBLEM, f"'{name}' {how}. The {len(cells)} cells "
             f"that are whole were graded; the others are as they were handed out. {AGAIN}")
    read.book, read.broken = {"nbformat": 4, "cells": cells}, True
    return read


def _as_notebook(read: Read, name: str, data: Any) -> Read:
    """Data as a notebook of format 4, as far as it is one."""
    if not isinstance(data, dict):
        return read.add("not-notebook", LOST, f"'{name}' is no notebook: it holds other data. "
                        f"{AGAIN}")
    version = data.get("nbformat")
    if version in (1, 2, 3) and not isinstance(data.get("cells"), list):
        return _converted(read, name)
    cells = data.get("cells")
    if not isinstance(cells, list):
        return read.add("not-notebook", LOST, f"'{name}' is no notebook: it has no list of cells. "
                        f"{AGAIN}")
    if not _is_whole(version) or version != 4 or not _is_whole(data.get("nbformat_minor")):
        read.text = ""
        newer = _is_whole(version) and version > 4
        told = "a newer format" if newer else "an unknown format"
        read.add("newer-format" if newer else "format", NOTE if version == 4 else PROBLEM,
                 f"'{name}' says that it is in {told} of notebooks; it was read as one of format "
                 f"4. {AGAIN}")
    read.book = {"nbformat_minor": 5, **data, "nbformat": 4}
    return read


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100


def _converted(read: Read, name: str) -> Read:
    """A notebook of an old format, converted as nbgrader does."""
    import nbformat

    try:
        read.text = nbformat.writes(nbformat.reads(read.text, as_version=4))
        read.book = read_json(read.text)[0]
    except Exception as error:    # old converters raise whatever they stumble over
        read.text = ""
        return read.add("old-format", LOST, f"'{name}' is in an old format of notebooks and cannot "
                        f"be read ({type(error).__name__}). {AGAIN}")
    read.reasons.append(Reason("old-format", NOTE, f"'{name}' is in an old format of notebooks "
                               "and was converted."))
    return read
