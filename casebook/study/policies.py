"""Named managers: how each plans attention and answers incidents, from what a student could see.

A policy sees the case and the play as it stands, never the signals' effect on the model's state
nor the luck to come. It plays one engagement (``policy(name)(play)``) or a whole crowd
(``policy(name).for_crowd(...)``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from casebook.case.types import Case, Incident, Phase, Response
from casebook.engagement import Answer, Decision, Division, DivisionAsk, Plan, PlanAsk, Play
from casebook.engagement.account import AccountPlay
from casebook.engagement.crowd import Crowd, CrowdManager
from casebook.engagement.together import even_division
from casebook.errors import PlayerError
from casebook.model.luck import stream, uniforms
from casebook.roles import ROLE_IDS


class Policy(Protocol):
    """A way to manage one engagement, or many."""

    def __call__(self, play: Play) -> Decision:
        """The decision taken now."""

    def for_crowd(self, case: Case, n: int, key: tuple[str | int, ...],
                  block: int) -> CrowdManager:
        """Who manages ``n`` engagements of a case.

        ``key`` and ``block`` name the chance that the policy may use, alike for the same two.
        """


@dataclass(frozen=True)
class Manager:
    """A manager with fixed habits.

    Parameters
    ----------
    shares : attention in percent, in the order of the roles
    roles : how much a response counts for each role that it plays
    dimensions : how much a signal of ability, benevolence, integrity counts
    pitches : how much proposing further work counts
    """

    shares: tuple[int, ...]
    roles: Mapping[str, float] = field(default_factory=dict)
    dimensions: Mapping[str, float] = field(default_factory=dict)
    pitches: float = 0.0

    def __call__(self, play: Play) -> Decision:
        """The decision this manager takes now."""
        if isinstance(play.ask, DivisionAsk):
            return divided(play, even_division(play.case))
        if isinstance(play.ask, PlanAsk):
            return Plan(play.ask.phase.id, self.shares, play.ask.engagement)
        # In an account only the people of this engagement count, as in a crowd.
        case = asked_about(play)
        best = max(play.ask.responses, key=lambda r: (self.liking(case, r), r.id))
        return Answer(play.ask.incident.id, best.id)

    def for_crowd(self, case: Case, n: int, key: tuple[str | int, ...], block: int) -> Manager:
        """The manager: habits need no chance."""
        return self

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` the same shares for all."""
        return np.tile(np.array(self.shares), (crowd.n, 1))

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` place of the response liked best of those on offer."""
        order = sorted(range(len(incident.responses)), key=lambda j: (
            self.liking(crowd.case, incident.responses[j]), incident.responses[j].id))
        ranks = np.empty(len(order), dtype=int)
        ranks[order] = np.arange(len(order))
        return np.where(offered, ranks, -1).argmax(axis=1)

    def liking(self, case: Case, response: Response) -> float:
        """How much this manager likes a response."""
        influence = {c.id: c.influence for c in case.contacts}
        total = sum(influence.values())
        liked = sum(self.roles.get(role, 0) * weight for role, weight in response.roles.items())
        for contact, signals in response.signals.items():
            for dimension, value in signals.items():
                liked += (self.dimensions.get(dimension, 0) * value
                          * influence[contact] / total * len(influence))
        liked += self.pitches * (response.effects.pitch is not None)
        return liked


@dataclass(frozen=True)
class AtRandom:
    """Any plan and any response, alike for the same play."""

    def __call__(self, play: Play) -> Decision:
        """The decision taken now."""
        key = (play.case.id, play.case.version, play.player, play.attempt, "policy",
               len(play.turns))
        if isinstance(play.ask, DivisionAsk):
            chances = uniforms(key, len(play.case.parts) - 1)
            return divided(play, tuple(divide(np.array([chances]))[0].tolist()))
        if isinstance(play.ask, PlanAsk):
            shares = divide(np.array([uniforms(key, CUTS)]))[0]
            return Plan(play.ask.phase.id, tuple(shares.tolist()), play.ask.engagement)
        pick = int(float(uniforms(key, 1)[0]) * len(play.ask.responses))
        return Answer(play.ask.incident.id, play.ask.responses[pick].id)

    def by_chance(self, key: tuple[str | int, ...], block: int) -> np.random.Generator:
        """The generator from which other choices of this policy are drawn."""
        return np.random.Generator(stream(*key, "policy", block))

    def for_crowd(self, case: Case, n: int, key: tuple[str | int, ...], block: int) -> Chance:
        """A manager whose every choice is drawn beforehand, from a generator of its own."""
        generator = np.random.Generator(stream(*key, "policy", block))
        plans = {phase.id: divide(generator.random((CUTS, n)).T) for phase in case.phases}
        return Chance(plans, {one.id: generator.random(n) for one in case.incidents})


@dataclass(frozen=True)
class Chance:
    """Choices drawn beforehand: what one engagement is asked changes nothing for another.

    ``plans`` (n, 6) by phase; ``picks`` (n,) by incident, uniform on [0, 1): the share of the
    responses on offer, in the case's order, that are passed over.
    """

    plans: Mapping[str, np.ndarray]
    picks: Mapping[str, np.ndarray]

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` the plans drawn for this phase."""
        return self.plans[phase.id]

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` place of any response on offer."""
        nth = (self.picks[incident.id][rows] * offered.sum(axis=1)).astype(int)
        return (offered & (offered.cumsum(axis=1) == nth[:, None] + 1)).argmax(axis=1)


CUTS = len(ROLE_IDS) - 1


def asked_about(play: Play) -> Case:
    """The case of the engagement that an incident belongs to."""
    if isinstance(play, AccountPlay):
        return play.parts[play.case.place(play.ask.engagement)].case
    return play.case


def divided(play: AccountPlay, shares: tuple[int, ...]) -> Division:
    """A division of the week over the engagements of an account, percent."""
    return Division(play.ask.phase.id, tuple(part.id for part in play.case.parts), shares)


def divide(chances: np.ndarray) -> np.ndarray:
    """``(n, k)`` whole percents from ``(n, k - 1)`` uniforms.

    Cutting 100 at five random places gives every division the same chance.
    """
    cuts = np.sort((chances * 101).astype(int), axis=1)
    return np.diff(cuts, axis=1, prepend=0, append=100)


@dataclass(frozen=True)
class Several:
    """Managers side by side in one crowd: ``whose`` (n,) is the place of each one's manager."""

    managers: Sequence[CrowdManager]
    whose: np.ndarray

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` from each engagement's own manager."""
        plans = np.stack([manager.plan(crowd, phase) for manager in self.managers])
        return plans[self.whose, np.arange(crowd.n)]

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` from each engagement's own manager."""
        picks = np.stack([manager.answer(crowd, incident, rows, offered)
                          for manager in self.managers])
        return picks[self.whose[rows], np.arange(len(rows))]


def _single(role: str) -> Manager:
    """A manager who plays one role above all: 70 % of the week, and responses in that role."""
    rest = 30 // (len(ROLE_IDS) - 1)
    return Manager(tuple(70 if id == role else rest for id in ROLE_IDS), {role: 1.0})


POLICIES: Mapping[str, Policy] = {
    "random": AtRandom(),
    "balanced": Manager((40, 15, 10, 15, 12, 8), {"implementer": 0.3},
                        {"ability": 1.0, "benevolence": 1.0, "integrity": 1.0}),
    **{role: _single(role) for role in ROLE_IDS},
    "trust-first": Manager((42, 18, 5, 17, 14, 4), {"coach": 0.2, "friend": 0.2},
                           {"ability": 0.6, "benevolence": 1.2, "integrity": 1.6}, -3.0),
    "sell-first": Manager((30, 5, 20, 10, 10, 25), {"marketer": 1.0, "entrepreneur": 0.5},
                          {"ability": 0.4}, 4.0),
}

#: The managers to compare with: all policies that leave nothing to chance.
BENCHMARKS: Mapping[str, Manager] = {
    name: one for name, one in POLICIES.items() if isinstance(one, Manager)}


def policy(name: str) -> Policy:
    """The policy of this name (PlayerError if there is none)."""
    if name not in POLICIES:
        raise PlayerError(f"There is no policy {name!r}.",
                          f"The policies are: {', '.join(POLICIES)}.")
    return POLICIES[name]
