"""An account: several engagements at one client, played side by side with one attention budget.

Each engagement is an ordinary :class:`~casebook.case.types.Case`. The account adds what they
share: your week, people who talk across engagements, and one renewal decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .build import frozen, person
from .document import Document
from .types import Case, Contact, Ending, Exhibit, Firm, Incident, Person, Phase

READING_ID = "reading"


@dataclass(frozen=True)
class Part:
    """One engagement of an account.

    ``need`` is the share of the manager's week, in percent, for which the engagement was planned;
    ``weight``, from 1 to 5, what its people's votes count in the decision about the account.
    """

    case: Case
    need: int
    weight: int

    @property
    def id(self) -> str:
        """The engagement's id."""
        return self.case.id


@dataclass(frozen=True)
class Talk:
    """Somebody who speaks of you at another engagement: ``share`` percent of it gets across."""

    speaker: str
    listeners: tuple[str, ...]
    share: int


@dataclass(frozen=True)
class Account:
    """A whole account, read and checked. Ids are unique over all its engagements."""

    id: str
    version: str
    title: str
    summary: str
    concepts: tuple[str, ...]
    minutes: int
    difficulty: str
    firm: Firm
    client: Firm
    you: Person
    phases: tuple[Phase, ...]
    parts: tuple[Part, ...]
    talks: tuple[Talk, ...]
    own_side: tuple[Person, ...]
    endings: tuple[Ending, ...]
    documents: tuple[Exhibit, ...]
    reading: str
    digest: str
    focal_role: str = ""
    language: str = "en"

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Everybody on the client's side, engagement by engagement."""
        return tuple(contact for part in self.parts for contact in part.case.contacts)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Every incident, engagement by engagement."""
        return tuple(incident for part in self.parts for incident in part.case.incidents)

    @property
    def colleagues(self) -> tuple[Person, ...]:
        """Everybody on your own side."""
        return (*self.own_side, *(one for part in self.parts for one in part.case.colleagues))

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The account's documents, then each engagement's reading and its exhibits."""
        out = list(self.documents)
        for part in self.parts:
            title = f"{part.case.title}: the engagement"
            out += [Exhibit(f"{part.id}-{READING_ID}", title, "report", "reading.md",
                            part.case.reading), *part.case.exhibits]
        return tuple(out)

    def contact(self, id: str) -> Contact:
        """The contact with this id (KeyError if there is none)."""
        return _named(id, self.contacts)

    def incident(self, id: str) -> Incident:
        """The incident with this id (KeyError if there is none)."""
        return _named(id, self.incidents)

    def place(self, id: str) -> int:
        """The place of an engagement (KeyError if there is none)."""
        for k, part in enumerate(self.parts):
            if part.id == id:
                return k
        raise KeyError(id)


def _named(id: str, those: tuple) -> Any:
    """The one of these that has this id."""
    for one in those:
        if one.id == id:
            return one
    raise KeyError(id)


def build_account(document: Document, parts: Mapping[str, Case], reading: str,
                  exhibits: Mapping[str, str], digest: str, language: str) -> Account:
    """The account in a document that has the right shape; ``parts`` are its engagements by id."""
    data: dict[str, Any] = document.data
    plain = ("id", "version", "title", "summary", "minutes", "difficulty")
    return Account(
        **{key: data[key] for key in plain}, concepts=tuple(data["concepts"]),
        firm=Firm(data["firm"]["name"], data["firm"]["about"]),
        client=Firm(data["client"]["name"], data["client"]["about"], data["client"]["industry"]),
        you=person({"id": "you", **data["you"]}),
        phases=tuple(Phase(p["id"], p["title"], tuple(p["weeks"]), p["brief"])
                     for p in data["phases"]),
        parts=tuple(Part(parts[e["id"]], e["need"], e["weight"]) for e in data["engagements"]),
        talks=tuple(Talk(t["from"], tuple(t["to"]), t["share"]) for t in data.get("talks", ())),
        own_side=tuple(person(entry) for entry in data.get("colleagues", ())),
        endings=tuple(Ending(e["id"], e["title"], e["text"], frozen(e.get("when", {})))
                      for e in data["endings"]),
        documents=tuple(Exhibit(**entry, text=exhibits[entry["id"]])
                        for entry in data.get("exhibits", ())),
        reading=reading, digest=digest, language=language)
