"""What the files of an LMS have in common: people, identifiers, columns of assignments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from casebook.errors import CasebookError

from .lms_match import column_of
from .table_file import Table


@dataclass(frozen=True)
class Target:
    """The column for an assignment.

    Attributes
    ----------
    column : int
        Its number, from 0.
    heading : str
        Its heading.
    points : decimal.Decimal or None
        The points that the LMS gives for it, where they are known.
    added : bool
        Whether the column was not in the file.
    """

    column: int
    heading: str
    points: Decimal | None
    added: bool = False


@dataclass
class Layout(ABC):
    """A file of an LMS, understood.

    Attributes
    ----------
    lms : str
        The kind of file in words.
    table : Table
        The file.
    people : dict of int to str
        The rows of people, and how the file calls them.
    identifiers : tuple of int
        The columns that may hold the identifier, the likeliest first.
    optional : frozenset of int
        Rows of people that need no student, such as a test student.
    notes : list of str
        What the instructor should know when importing.
    """

    lms: str
    table: Table
    people: dict[int, str]
    identifiers: tuple[int, ...]
    optional: frozenset[int] = frozenset()
    notes: list[str] = field(default_factory=list)

    def target(self, assignment: str, named: str | None) -> Target | None:
        """The column for an assignment, by its name or as named; None where there is none."""
        if named is not None:
            return self.checked(column_of(self.table, named, "--column"))
        found = [column for column in range(len(self.table.headings))
                 if self.is_for(column, assignment)]
        if len(found) > 1:
            heads = ", ".join(repr(self.table.headings[column]) for column in found)
            raise CasebookError(
                f"Several columns could be for {assignment}: {heads}.",
                f"Say which one with --column '{assignment}=HEADING'.", self.table.place)
        return self.checked(found[0]) if found else None

    @abstractmethod
    def is_for(self, column: int, assignment: str) -> bool:
        """Whether a column is for an assignment, by its heading."""

    @abstractmethod
    def checked(self, column: int) -> Target:
        """The column as a target; an error where the LMS would not take grades from it."""

    def add(self, assignment: str, points: Decimal) -> Target | None:
        """A new column for an assignment; None where the LMS takes none."""
        return None

    def closed(self, row: int, target: Target, points: Decimal) -> str | None:
        """Why the LMS would not take these points into this cell, or None."""
        return None


def columns(table: Table, headings: Iterable[str]) -> tuple[int, ...]:
    """The columns with these headings, in this order; a heading that is missing is left out."""
    heads = [head.casefold() for head in table.headings]
    return tuple(heads.index(name.casefold()) for name in headings if name.casefold() in heads)
