"""One notebook that was handed in, read whatever state it is in. No code of it is run."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .notebooks import is_notebook

LARGE = 20_000_000        # bytes; notebooks of text are far below
MOST = 600_000_000        # bytes; above it is not even opened
#: Encodings that a mark at the beginning of a file announces.
MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Handed:
    """A notebook as handed in.

    Attributes
    ----------
    book : dict or None
        The notebook as version 4; None where it is none.
    trouble : str
        Why it is none, or what had to be done to read it; empty where all is well.
    kind : str
        ``encoding``, ``large``, ``version``, ``unreadable``, or empty.
    """

    path: Path
    book: dict[str, Any] | None
    kind: str = ""
    trouble: str = ""


def read_handed(path: Path) -> Handed:
    """Read a notebook; damage is described, never raised."""
    try:
        size = path.stat().st_size
        if size > MOST:
            return Handed(path, None, "unreadable", f"The file has {size / 1e6:.0f} MB, too many "
                          "to be opened.")
        raw = path.read_bytes()
    except OSError as error:
        return Handed(path, None, "unreadable", f"The file cannot be read: {error.strerror}.")
    if not raw.strip():
        return Handed(path, None, "unreadable", "The file is empty.")
    text, told = decoded(raw)
    book, reason = _parsed(text)
    if book is None:
        return Handed(path, None, "unreadable", reason)
    if told:
        return Handed(path, book, "encoding", told)
    if reason:
        return Handed(path, book, "version", reason)
    if size > LARGE:
        return Handed(path, book, "large", f"The file has {size / 1e6:.0f} MB, nearly all of it "
                      "output of cells.")
    return Handed(path, book)


def decoded(raw: bytes) -> tuple[str, str]:
    """The text of a file, and what had to be assumed to read it; empty where it is UTF-8."""
    for mark, encoding in MARKED:
        if raw.startswith(mark):
            return (raw.decode(encoding, "replace" if encoding == "utf-16" else "casebook-cp1252"),
                    f"The file is saved as {encoding.upper()} with a mark.")
    unmarked = json.detect_encoding(raw)
    if unmarked.startswith(("utf-16", "utf-32")):
        return raw.decode(unmarked, "replace"), f"The file is saved as {unmarked.upper()}."
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError:
        return raw.decode("utf-8", "casebook-cp1252"), (
            "The file is not UTF-8; what is not was read as Windows-1252.")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """The bytes that are no UTF-8, as Windows has them: every one means something there.

    Only these: a file with one damaged byte keeps all its other letters.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start:error.end].decode("cp1252", "replace"), error.end


codecs.register_error("casebook-cp1252", _as_windows)


def _parsed(text: str) -> tuple[dict[str, Any] | None, str]:
    try:
        data = json.loads(text)
    except RecursionError:
        return None, "The file is nested too deeply to be a notebook."
    except ValueError as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its text"
        cut = " It looks cut off at its end." if _cut_off(text) else ""
        return None, f"The file is not a notebook: it is not JSON ({where}).{cut}"
    if not isinstance(data, dict) or "nbformat" not in data:
        return None, "The file is not a notebook: it holds other data."
    return _as_version_4(data)


def _as_version_4(data: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    version = data.get("nbformat")
    if version == 4:
        if not is_notebook(data):
            return None, "The file is not a notebook: its cells are not as they should be."
        return _completed(data)
    import nbformat

    try:
        return json.loads(nbformat.writes(nbformat.convert(
            nbformat.reads(json.dumps(data), as_version=nbformat.NO_CONVERT), 4))), (
            f"The notebook is saved in format {version}, not 4.")
    except Exception as error:
        return None, f"The notebook is saved in format {version!r}, which cannot be read: {error}."


def _completed(book: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The notebook with the fields that its format demands, and a word where some were missing."""
    missing = 0
    cells = []
    for cell in book["cells"]:
        wanted = {"metadata": {}, "source": ""} | (
            {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})
        missing += any(key not in cell for key in wanted)
        cells.append({**wanted, **cell})
    if not missing:
        return book, ""
    return ({**book, "metadata": book.get("metadata") or {}, "cells": cells},
            f"{missing} cells lack fields that a notebook must have.")


def _cut_off(text: str) -> bool:
    return not text.rstrip().endswith("}")
