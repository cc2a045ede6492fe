"""An assignment as it was handed out: every cell of its notebooks, and its files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casebook.errors import CasebookError, Place

from .notebooks import Book, source


@dataclass(frozen=True)
class HandedOut:
    """What students received.

    Attributes
    ----------
    books : mapping of str to dict
        The notebooks by name without ``.ipynb``, as they stand in the release.
    files : frozenset of str
        All other files, relative, with ``/``.
    ignore : tuple of str
        Names that nbgrader does not copy (``CourseDirectory.ignore``).
    """

    assignment: str
    books: Mapping[str, Book]
    files: frozenset[str] = frozenset()
    ignore: tuple[str, ...] = ()

    def cells(self, notebook: str) -> list[dict]:
        """The cells of a notebook, the text of each in one piece."""
        return [{**cell, "source": source(cell)} for cell in self.books[notebook]["cells"]]


def read_handed_out(folder: Path, assignment: str, ignore: Sequence[str] = ()) -> HandedOut:
    """Read the release of an assignment.

    Raises
    ------
    CasebookError
        If it has not been released, or a notebook in the release cannot be read.
    """
    books = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            books[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CasebookError(f"The released notebook cannot be read: {error}.",
                                "Run `casebook release` again.", Place(str(path))) from None
    if not books:
        raise CasebookError(f"The assignment {assignment!r} has not been released.",
                            "Run `casebook release` in the course folder.", Place(str(folder)))
    files = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*")
                      if path.is_file() and path.suffix != ".ipynb")
    return HandedOut(assignment, books, files, tuple(ignore))
