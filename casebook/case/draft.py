"""A case that is being checked, and the names that its conditions can use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .document import Document
from .document import Path as Where
from .findings import Collector


@dataclass(frozen=True)
class Names:
    """What conditions can name, by kind: of one case, or of all the engagements of an account."""

    contacts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    engagements: tuple[str, ...] = ()

    def __add__(self, other: Names) -> Names:
        return Names(*(a + b for a, b in zip(
            vars(self).values(), vars(other).values(), strict=True)))

    @classmethod
    def of(cls, data: dict) -> Names:
        """The names in a ``case.yaml`` whose shape is right."""
        answers = [(i, r) for i in data["incidents"] for r in i["responses"]]
        return cls(
            tuple(entry["id"] for entry in data["contacts"]),
            tuple(sorted({flag for _, r in answers for flag in r.get("sets", ())})),
            tuple(entry["id"] for entry in data["incidents"]),
            tuple(f"{i['id']}/{r['id']}" for i, r in answers))


@dataclass(frozen=True)
class Draft:
    """A case that is being checked.

    ``sisters`` are the names of the other engagements, where the case is one of an account;
    ``all_known`` is False where one of these could not be read, so that its names are missing.
    """

    document: Document
    reading: str
    exhibits: dict[str, str]
    findings: frozenset[str]
    found: Collector
    sisters: Names | None = None
    all_known: bool = True

    @property
    def names(self) -> Names:
        """What conditions can name: the case's own, and those of its sisters."""
        return Names.of(self.data) + (self.sisters or Names())

    @property
    def data(self) -> dict:
        """The document's plain values."""
        return self.document.data

    def error(self, path: Where, check: str, wrong: str, mend: str = "") -> None:
        """Report an error at a path of the document."""
        self.found.error(self.document.place(path), check, wrong, mend)

    def warn(self, path: Where, check: str, wrong: str, mend: str = "") -> None:
        """Report a warning at a path of the document."""
        self.found.warn(self.document.place(path), check, wrong, mend)

    def contacts(self) -> list[str]:
        """Ids of the contacts."""
        return [entry["id"] for entry in self.data["contacts"]]

    def responses(self) -> Iterable[tuple[Where, dict, dict]]:
        """Every response: its path, its incident, itself."""
        for i, incident in enumerate(self.data["incidents"]):
            for j, response in enumerate(incident["responses"]):
                yield ("incidents", i, "responses", j), incident, response

    def conditions(self) -> Iterable[tuple[Where, dict]]:
        """Every condition with its path."""
        for i, incident in enumerate(self.data["incidents"]):
            if "when" in incident:
                yield ("incidents", i, "when"), incident["when"]
        for path, _, response in self.responses():
            if "when" in response:
                yield (*path, "when"), response["when"]
            for k, promise in enumerate(response.get("promises", ())):
                yield (*path, "promises", k, "kept_when"), promise["kept_when"]
        for i, ending in enumerate(self.data["endings"]):
            if "when" in ending:
                yield ("endings", i, "when"), ending["when"]
