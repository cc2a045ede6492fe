"""Every response of a case, tried from many states: does one beat its siblings whatever happens?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from casebook.case import Account, Case
from casebook.case.types import Incident, Phase
from casebook.engagement.crowd import Crowd, CrowdManager
from casebook.engagement.history import NONE
from casebook.engagement.scorecard import AREAS

from .game import AnyCrowd, AnyLuck, AnyManager, Together

LEVEL = 1e-6         # points by which a play has to be better to count as better
WHATEVER = 0.99      # share of the states that counts as whatever the state

Play = Callable[[AnyLuck, AnyManager], AnyCrowd]


@dataclass(frozen=True)
class Tried:
    """The responses to one incident, each tried from the same states; keys ``"incident/response"``.

    Attributes
    ----------
    states : mapping to int
        States from which it was tried.
    best : mapping to float
        Share of these in which it led to the best overall among its siblings; ties are shared.
    mean : mapping to float
        Mean points by which it was above the mean of its siblings and itself.
    beaten : mapping to str
        For a response that a sibling beats (nearly) whatever the state: that sibling. It is better
        overall and no worse in delivery, relationship, account and team.
    lengths : mapping to int
        Characters of what the student reads.
    """

    incident: str
    states: Mapping[str, int]
    best: Mapping[str, float]
    mean: Mapping[str, float]
    beaten: Mapping[str, str]
    lengths: Mapping[str, int]

    def enough(self, name: str, least: int) -> bool:
        """Whether a response was tried from at least so many states."""
        return self.states[name] >= least

    def favourite(self, least: int) -> str | None:
        """The response best on average, of those tried often enough; None if there are not two."""
        known = [name for name in self.mean if self.enough(name, least)]
        return max(known, key=self.mean.__getitem__) if len(known) > 1 else None


@dataclass(frozen=True)
class Forced:
    """A manager who gives one response to one incident, where it is on offer; else as ``other``."""

    other: CrowdManager
    incident: str
    response: int

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` the other's plans."""
        return self.other.plan(crowd, phase)

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` the response, or the other's choice."""
        picks = self.other.answer(crowd, incident, rows, offered)
        if incident.id != self.incident:
            return picks
        return np.where(offered[:, self.response], self.response, picks)


def forced(manager: AnyManager, incident: str, response: int) -> AnyManager:
    """The manager with one response forced, of a case or of an account."""
    if isinstance(manager, Together):
        return replace(manager, managers=tuple(
            Forced(one, incident, response) for one in manager.managers))
    return Forced(manager, incident, response)


def try_responses(case: Case | Account, everybody: tuple[AnyLuck, AnyManager], play: Play
                  ) -> tuple[Tried, ...]:
    """Try every response from every state in which managers of all kinds meet its incident.

    The engagements are the same but for this one response: same luck, same manager before and
    after.
    """
    luck, manager = everybody
    return tuple(_try(i, incident, luck, manager, play)
                 for i, incident in enumerate(case.incidents))


def _try(place: int, incident: Incident, luck: AnyLuck, manager: AnyManager,
         play: Play) -> Tried:
    names = [f"{incident.id}/{response.id}" for response in incident.responses]
    scores = []
    for j in range(len(names)):
        crowd = play(luck, forced(manager, incident.id, j))
        given, out = crowd.answers[:, place] == j, crowd.outcome
        points = np.stack([out.overall, *(out.scores[area] for area in AREAS)])
        scores.append(np.where(given, points, np.nan))
        met = crowd.answers[:, place] != NONE
    table = np.array(scores)[:, :, met]
    several = (~np.isnan(table[:, 0])).sum(axis=0) > 1
    return _summed(incident, names, table[:, :, several])


def _summed(incident: Incident, names: list[str], points: np.ndarray) -> Tried:
    """``points`` (r, 5, states): overall and areas after each response, nan if not on offer."""
    table = points[:, 0]
    known = ~np.isnan(table)
    states = known.sum(axis=1)
    if not table.size:
        nothing = dict.fromkeys(names, 0.0)
        return Tried(incident.id, dict.fromkeys(names, 0), nothing, nothing, {}, _lengths(
            incident, names))
    top = known & (table >= np.nanmax(table, axis=0) - LEVEL)
    shared = top / top.sum(axis=0)
    above = np.where(known, table - np.nanmean(table, axis=0), 0.0)
    beaten = {name: names[k] for j, name in enumerate(names) for k in range(len(names))
              if j != k and _beats(points[k], points[j])}
    count = np.maximum(states, 1)
    return Tried(
        incident.id, dict(zip(names, states.tolist(), strict=True)),
        dict(zip(names, (shared.sum(axis=1) / count).tolist(), strict=True)),
        dict(zip(names, (above.sum(axis=1) / count).tolist(), strict=True)), beaten,
        _lengths(incident, names))


def _beats(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether one response is better overall and no worse in any area, whatever the state."""
    both = ~np.isnan(one[0]) & ~np.isnan(other[0])
    apart = (one - other)[:, both]
    better = (apart[0] > LEVEL) & (apart[1:] >= -LEVEL).all(axis=0)
    return bool(both.any()) and bool(better.mean() >= WHATEVER)


def _lengths(incident: Incident, names: list[str]) -> dict[str, int]:
    return {name: len(r.say) for name, r in zip(names, incident.responses, strict=True)}
