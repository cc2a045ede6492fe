"""A table of comma-separated values of which nothing changes but the cells that are set.

Each cell keeps the text it has in the file, with its quotes, and each row its line end. So
encoding, delimiter, quoting and line ends of the file come back byte by byte.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from casebook.errors import CasebookError, Place

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"))
BOM = "\ufeff"
QUOTED = re.compile(r'"((?:[^"]|"")*+)"(.*)', re.DOTALL)


class UnclosedQuote(ValueError):
    """A quoted cell that never ends. Its argument is the line where it starts."""


@dataclass
class Row:
    """One row: its cells as they stand in the file, its line end, and the line it starts on."""

    cells: list[str]
    end: str
    line: int

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)


@dataclass
class Table:
    """A table read from a file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    encoding : str
        ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``cp1252`` or the one that was asked for.
    bom : str
        The byte order mark at the start of the text, or nothing.
    delimiter : str
        ``,``, ``;`` or a tab.
    rows : list of Row
        All rows, the headings first.
    """

    path: Path
    encoding: str
    bom: str
    delimiter: str
    rows: list[Row] = field(repr=False)

    @property
    def headings(self) -> list[str]:
        """The headings, without spaces around them."""
        return [value(cell).strip() for cell in self.rows[0].cells]

    @property
    def place(self) -> Place:
        """The file, for messages."""
        return Place(str(self.path))

    def cell(self, row: int, column: int) -> str:
        """The value of a cell, without spaces around it; nothing where the row is too short."""
        cells = self.rows[row].cells
        return value(cells[column]).strip() if column < len(cells) else ""

    def set(self, row: int, column: int, text: str) -> None:
        """Set a cell. A row that is too short is made long enough."""
        cells = self.rows[row].cells
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = quoted(text, self.delimiter, like=cells[column])

    def add_column(self, heading: str) -> int:
        """Add an empty column after the last one and return its number, from 0."""
        column = len(self.rows[0].cells)
        for row in self.rows:
            if not row.blank:
                row.cells.extend([""] * (column + 1 - len(row.cells)))
        self.set(0, column, heading)
        return column

    def bytes(self) -> bytes:
        """The file as it is now.

        Raises
        ------
        CasebookError
            If the encoding of the file does not have a character that was set.
        """
        text = self.bom + "".join(self.delimiter.join(row.cells) + row.end for row in self.rows)
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise CasebookError(
                f"The file is in {self.encoding}, which has no {text[error.start]!r}.",
                "Name the column with --column, or export the file as UTF-8.", self.place
            ) from error


def value(cell: str) -> str:
    """What a cell says, without its quotes."""
    found = QUOTED.fullmatch(cell)
    return found[1].replace('""', '"') + found[2] if found else cell


def quoted(text: str, delimiter: str, like: str = "") -> str:
    """A cell that says the text, in quotes where it needs them or the earlier cell had them."""
    if like.startswith('"') or any(mark in text for mark in (delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def read(path: str | Path, known: Sequence[str] = (), encoding: str | None = None) -> Table:
    """Read a table.

    Parameters
    ----------
    path : str or pathlib.Path
        The file.
    known : sequence of str
        Headings that the file may have. They tell the delimiter.
    encoding : str, optional
        The encoding. By default a byte order mark, valid UTF-8 or else cp1252 decides.

    Returns
    -------
    Table

    Raises
    ------
    CasebookError
        If the file is not there, holds no table, or cannot be read without loss.
    """
    path = Path(path)
    place = Place(str(path))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CasebookError(f"The file cannot be read: {error.strerror}.",
                            "Give the file that you exported from the LMS.", place) from error
    if raw.startswith(b"PK"):
        raise CasebookError("This is a workbook, not a CSV file.",
                            "Export the grades as CSV (Moodle: plain text file).", place)
    name, text = _decoded(raw, encoding, place)
    bom, text = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    delimiter, rows = _best_rows(text, known, place)
    table = Table(path, name, bom, delimiter, rows)
    if not rows or rows[0].blank:
        raise CasebookError("The file has no headings in its first line.",
                            "Give the file as the LMS exported it.", place)
    _refuse_long_rows(table)
    return table


def _decoded(raw: bytes, encoding: str | None, place: Place) -> tuple[str, str]:
    names = [encoding] if encoding else _likely(raw)
    for name in names:
        with contextlib.suppress(UnicodeError, LookupError):
            text = raw.decode(name)
            if text.encode(name) == raw:
                return name, text
    raise CasebookError(f"The file is not in {' or '.join(names)}.",
                        "Say which encoding it has with --encoding NAME.", place)


def _likely(raw: bytes) -> list[str]:
    for bom, name in BOMS:
        if raw.startswith(bom):
            return [name]
    if b"\0" in raw[:200]:
        return ["utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"]
    return ["utf-8", "cp1252"]


def _best_rows(text: str, known: Sequence[str], place: Place) -> tuple[str, list[Row]]:
    """The rows by the delimiter that gives the most known headings, then the most headings."""
    known = {heading.casefold() for heading in known}
    found, unclosed = [], []
    for delimiter in DELIMITERS:
        try:
            rows = split(text, delimiter)
        except UnclosedQuote as error:
            unclosed.append(error.args[0])
            continue
        heads = [value(cell).strip().casefold() for cell in rows[0].cells] if rows else []
        found.append((sum(head in known for head in heads), len(heads), delimiter, rows))
    if not found:
        raise CasebookError("A quote is opened here and never closed.",
                            "Export the file again from the LMS.",
                            Place(place.file, unclosed[0]))
    _, _, delimiter, rows = max(found, key=lambda each: each[:2])
    return delimiter, rows


def split(text: str, delimiter: str) -> list[Row]:
    """The rows of a text, each cell as it stands there.

    Raises
    ------
    UnclosedQuote
        If a quoted cell does not end.
    """
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?:"(?:[^"]|"")*+")?(?!")[^{mark}\r\n]*')
    end = re.compile(rf"{mark}|\r\n|\r|\n|\Z")
    rows, cells, at, line, start = [], [], 0, 1, 1
    while at < len(text) or cells:
        found = cell.match(text, at)
        if found is None:
            raise UnclosedQuote(line)
        stop = end.match(text, found.end())
        cells.append(found.group())
        line += len(re.findall(r"\r\n|\r|\n", found.group()))
        at = stop.end()
        if stop.group() != delimiter:
            rows.append(Row(cells, stop.group(), start))
            cells, line = [], line + 1
            start = line
    return rows


def _refuse_long_rows(table: Table) -> None:
    width = len(table.rows[0].cells)
    for row in table.rows:
        if len(row.cells) > width and any(value(cell).strip() for cell in row.cells[width:]):
            raise CasebookError(
                f"This row has {len(row.cells)} cells, but there are {width} headings.",
                "Export the file again from the LMS.", Place(str(table.path), row.line))


def write_new(path: str | Path, content: bytes) -> None:
    """Write a file that was not there, whole or not at all.

    Raises
    ------
    CasebookError
        If there is a file of this name, or none can be written.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _give_name(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except FileExistsError:
        raise taken(path) from None
    except OSError as error:
        raise CasebookError(f"The file cannot be written: {error.strerror}.",
                            "Choose another one with -o FILE.", Place(str(path))) from error


def taken(path: Path) -> CasebookError:
    """The error for a file that must not be written over."""
    return CasebookError("There is a file of this name, and it is left as it is.",
                         "Move it away, or choose another name with -o FILE.", Place(str(path)))


def _give_name(name: Path, path: Path) -> None:
    """Name a finished file; where the file system has no links, take the name if it is free."""
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        os.rename(name, path)

