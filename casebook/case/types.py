"""What a case is, as frozen objects. The reader makes them; nothing changes them after.

Numbers keep the units in which an author writes them (``docs/case-format.md``): percent of
the original scope, thousands of the contract's currency, project weeks, whole steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

DIMENSIONS = ("ability", "benevolence", "integrity")
BANDS = ("warm", "wary", "cold")
PARTS = ("sponsor", "user lead", "technical lead", "procurement", "executive")
CONCERNS = ("schedule", "budget", "quality", "users", "standing")
CITIZENSHIP = ("information", "ideas", "standing")
FAIRNESS = ("distributive", "procedural", "interactional")
REPAIRS = ("apologise", "explain", "deny", "compensate", "penance")
VIOLATIONS = ("competence", "integrity")
CONDITION = ("capability", "morale", "alignment", "readiness", "coverage")
STEPS = ("testing", "pressure", "morale", "capability", "alignment", "readiness")
REPORTING = ("dashboard", "tested")
DIFFICULTIES = ("introductory", "intermediate", "advanced")


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Person:
    """Someone with a name and a drawn portrait who is not simulated: you, a colleague."""

    id: str
    name: str
    title: str
    about: str = ""
    portrait: Mapping[str, Any] = field(default_factory=_empty)


@dataclass(frozen=True)
class Contact:
    """Someone on the client's side whose beliefs the model keeps.

    ``influence``, ``propensity``, ``orientation`` and ``trust`` are whole numbers from 1 to 5,
    ``cares`` from 0 to 5 for each concern.
    """

    id: str
    name: str
    title: str
    part: str
    influence: int
    propensity: int
    orientation: int
    trust: int
    cares: Mapping[str, int]
    about: str
    unsaid: str
    says: Mapping[str, tuple[str, ...]]
    portrait: Mapping[str, Any] = field(default_factory=_empty)


@dataclass(frozen=True)
class Firm:
    """The IT-services firm, or the client."""

    name: str
    about: str
    industry: str = ""


@dataclass(frozen=True)
class Project:
    """The contract and the plan. Money in thousands, progress in percent, time in weeks.

    ``start`` says how the team and the client stand when the play begins, 1 to 5 for any of
    :data:`CONDITION`; 3 is ordinary.
    """

    contract: str
    value: int
    currency: str
    first_week: int
    last_week: int
    go_live: int
    budget: int
    spent: int
    weekly_cost: int
    done: int
    hidden: int
    plan: Mapping[int, int]
    error_share: int
    volatility: int
    start: Mapping[str, int] = field(default_factory=_empty)


@dataclass(frozen=True)
class Milestone:
    """A date on which the client sees what is really there."""

    title: str
    week: int
    percent: int


@dataclass(frozen=True)
class Phase:
    """A stretch of weeks with one attention plan. ``weeks`` are first and last, both included."""

    id: str
    title: str
    weeks: tuple[int, int]
    brief: str
    milestone: Milestone | None = None


@dataclass(frozen=True)
class Promise:
    """An undertaking: kept when ``kept_when`` holds at the end of week ``due``."""

    to: str
    what: str
    due: int
    kept_when: Mapping[str, Any]


@dataclass(frozen=True)
class Repair:
    """How a response answers an earlier violation in one contact's eyes.

    ``amount`` is what a compensation offers, in percent of the loss.
    """

    to: str
    violation: str
    by: str
    amount: int = 100


@dataclass(frozen=True)
class Effects:
    """What a response does to the project. Steps are whole numbers from -3 to +3."""

    steps: Mapping[str, int] = field(default_factory=_empty)
    scope: int = 0
    cost: int = 0
    rework: int = 0
    go_live: int = 0
    announce: int = 0
    reporting: str | None = None
    pitch: str | None = None
    opportunities: int = 0
    sides: tuple[str, str] | None = None


@dataclass(frozen=True)
class Response:
    """One way to answer an incident.

    ``signals`` maps a contact to whole numbers from -3 to +3 for ability, benevolence and
    integrity; ``reaction`` maps a contact to the lines said in each band.
    """

    id: str
    say: str
    roles: Mapping[str, int]
    signals: Mapping[str, Mapping[str, int]]
    reaction: Mapping[str, Mapping[str, tuple[str, ...]]]
    why: str
    findings: tuple[str, ...] = ()
    citizenship: Mapping[str, tuple[str, ...]] = field(default_factory=_empty)
    fairness: Mapping[str, Mapping[str, int]] = field(default_factory=_empty)
    promises: tuple[Promise, ...] = ()
    repair: tuple[Repair, ...] = ()
    effects: Effects = field(default_factory=Effects)
    sets: tuple[str, ...] = ()
    when: Mapping[str, Any] = field(default_factory=_empty)


@dataclass(frozen=True)
class Incident:
    """Something happens. ``weeks`` is the window in which it can; ``when`` the condition.

    ``hints`` are three, or none where the casebook is to make them.
    """

    id: str
    title: str
    weeks: tuple[int, int]
    source: str
    scene: str
    responses: tuple[Response, ...]
    weight: int = 2
    when: Mapping[str, Any] = field(default_factory=_empty)
    line: int | None = None
    hints: tuple[str, ...] = ()

    def response(self, id: str) -> Response:
        """The response with this id (KeyError if there is none)."""
        for response in self.responses:
            if response.id == id:
                return response
        raise KeyError(id)


@dataclass(frozen=True)
class Exhibit:
    """A document of the case: a CSV table or a Markdown page."""

    id: str
    title: str
    kind: str
    file: str
    text: str


@dataclass(frozen=True)
class Ending:
    """How the story can end. The first one whose condition holds is told."""

    id: str
    title: str
    text: str
    when: Mapping[str, Any] = field(default_factory=_empty)


@dataclass(frozen=True)
class Case:
    """A whole case, read and checked. ``digest`` names its content, byte for byte.

    ``language`` is that of the texts; the digest is that of the case as it was written.
    """

    id: str
    version: str
    title: str
    summary: str
    focal_role: str
    concepts: tuple[str, ...]
    minutes: int
    difficulty: str
    firm: Firm
    client: Firm
    you: Person
    project: Project
    phases: tuple[Phase, ...]
    contacts: tuple[Contact, ...]
    colleagues: tuple[Person, ...]
    incidents: tuple[Incident, ...]
    endings: tuple[Ending, ...]
    exhibits: tuple[Exhibit, ...]
    reading: str
    digest: str
    language: str = "en"

    def contact(self, id: str) -> Contact:
        """The contact with this id (KeyError if there is none)."""
        for contact in self.contacts:
            if contact.id == id:
                return contact
        raise KeyError(id)

    def incident(self, id: str) -> Incident:
        """The incident with this id (KeyError if there is none)."""
        for incident in self.incidents:
            if incident.id == id:
                return incident
        raise KeyError(id)
