"""What an export to an LMS did and what it left to the instructor."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

WORRIES = (
    ("conflicts", "The cell holds another value (left as it is; --overwrite replaces it)"),
    ("closed", "The LMS would not take the grade (left out)"),
    ("unfinished", "Still to be marked by hand (left out; --include-unfinished takes them)"),
    ("ambiguous", "The identifier stands for several people (left out)"),
    ("unmatched_here", "In the gradebook, not in the file"),
    ("unmatched_there", "In the file, not in the gradebook"),
    ("points", "The LMS gives other points than the gradebook"),
    ("no_column", "No column for the assignment (left out)"),
)


@dataclass
class Report:
    """What was done, in lists of sentences.

    Attributes
    ----------
    lms, file, matched_by : str
        The kind of file, the file, and the heading of the column with the identifier.
    out : pathlib.Path or None
        The file that was written; None where nothing was filled in, or for a trial run.
    columns : list of str
        Which assignment goes to which column.
    added : list of str
        Columns that were added.
    filled, unchanged : list of str
        Cells that were filled in, and cells that held the grade already.
    replaced : list of str
        Those of the filled cells that held another value, with that value.
    missing : list of str
        Students without a submission, whose cells are left as they are.
    conflicts, closed, unfinished, ambiguous, unmatched_here, unmatched_there, points, \
no_column : list of str
        What the instructor should look at: the title in ``WORRIES`` says how.
    notes : list of str
        What to know for the import.
    """

    lms: str
    file: str
    matched_by: str
    out: Path | None = None
    columns: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    unmatched_here: list[str] = field(default_factory=list)
    unmatched_there: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    no_column: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether there is nothing that the instructor must look at."""
        return not any(getattr(self, name) for name, _ in WORRIES)

    def __str__(self) -> str:
        lines = [f"{self.lms} {self.file}: students are matched by {self.matched_by!r}.",
                 *(f"  {each}" for each in self.columns),
                 f"{len(self.filled)} filled in, {len(self.unchanged)} already there, "
                 f"{len(self.missing)} without a submission."]
        lines += _section("Columns added, for which the LMS will make an assignment", self.added)
        lines += _section("Values replaced, as you asked with --overwrite", self.replaced)
        lines += _section("No submission (cells left as they are; --missing-as-zero writes 0)",
                          self.missing)
        for name, title in WORRIES:
            lines += _section(title, getattr(self, name))
        lines += [f"Note: {each}" for each in self.notes]
        return "\n".join(lines)


def _section(title: str, found: list[str]) -> list[str]:
    return [f"{title}: {len(found)}", *(f"  {each}" for each in found)] if found else []
