"""What is asked of the student, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from casebook.case.types import Ending, Incident, Phase, Response

from .decisions import Decision

Entries = Mapping[str, Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class PlanAsk:
    """An attention plan is asked for; ``shares`` are those of the last one, in percent.

    ``engagement`` names the engagement of an account; it is empty where there is one only.
    """

    phase: Phase
    week: int
    shares: tuple[int, ...]
    engagement: str = ""


@dataclass(frozen=True)
class DivisionAsk:
    """Your week over the engagements of an account is asked for; ``shares`` are the last ones."""

    phase: Phase
    week: int
    shares: tuple[int, ...]


@dataclass(frozen=True)
class IncidentAsk:
    """A response is asked for. ``responses`` are those on offer, in this player's order."""

    incident: Incident
    week: int
    responses: tuple[Response, ...]
    engagement: str = ""


@dataclass(frozen=True)
class Undertaking:
    """A promise made in this play. ``kept`` is None while it is open."""

    to: str
    what: str
    due: int
    kept_when: Mapping
    made: str
    kept: bool | None = None


@dataclass(frozen=True)
class News:
    """Something that came out between two decisions. ``tone`` is good, bad or plain."""

    week: int
    kind: str
    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Reaction:
    """What a contact answers, and in which of the three bands."""

    contact: str
    band: str
    line: str


@dataclass(frozen=True)
class Turn:
    """One decision and all that followed until the next one was asked for.

    ``before``, ``responded`` and ``after`` hold every measure of every contact, ``(c,)`` each:
    before the decision, when contacts had taken the response in, and when the next decision was
    asked for. ``at_once`` and ``meanwhile`` hold the causes of the two changes; for each
    measure they add up to the change exactly. ``engagement`` names the one that the decision was
    about, in an account; it is empty for a division of the week, and where there is one only.
    ``offered`` are the ids of the responses that were on offer, in the order in which they stood.
    """

    number: int
    decision: Decision
    week: int
    phase: str
    title: str
    you: str
    reactions: tuple[Reaction, ...]
    why: str | None
    findings: tuple[str, ...]
    before: Mapping[str, np.ndarray]
    responded: Mapping[str, np.ndarray]
    after: Mapping[str, np.ndarray]
    at_once: Entries
    meanwhile: Entries = field(default_factory=dict)
    news: tuple[News, ...] = ()
    engagement: str = ""
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How it ended. ``scores`` and ``lines`` are points from 0 to 100.

    ``support`` is what the contacts say to renewal, by influence, and ``rival`` what another firm
    would win; both 0 to 1. ``parts`` has the ending of each engagement of an account by id.
    """

    ending: Ending
    renewed: bool
    follow_on: bool
    reference: bool
    delivered: bool
    scores: Mapping[str, float]
    lines: Mapping[str, Mapping[str, tuple[float, float]]]
    overall: float
    support: float
    rival: float
    parts: Mapping[str, Ending] = field(default_factory=dict)
