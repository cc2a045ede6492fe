"""What a check finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casebook.errors import Place


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a case: where, what, and what to do about it.

    ``severity`` is ``error`` (the case cannot be played) or ``warning``; ``check`` names the
    check that found it.
    """

    severity: str
    place: Place
    wrong: str
    mend: str
    check: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.wrong} {self.mend}".rstrip()


class Collector:
    """Collects findings.

    ``translations`` says whether translations are looked at too: an author wants to know what is
    wrong with them, and a player plays the original all the same.
    """

    def __init__(self, translations: bool = False) -> None:
        self.translations = translations
        self._found: list[Finding] = []

    def error(self, place: Place, check: str, wrong: str, mend: str = "") -> None:
        """Add an error."""
        self._found.append(Finding("error", place, wrong, mend, check))

    def warn(self, place: Place, check: str, wrong: str, mend: str = "") -> None:
        """Add a warning."""
        self._found.append(Finding("warning", place, wrong, mend, check))

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(finding.severity == "error" for finding in self._found)

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._found, key=lambda f: (
            f.place.file, f.place.line or 0, f.severity, f.wrong)))
