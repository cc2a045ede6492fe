"""Named managers: how each plans attention and answers incidents, from what a student could see.

A policy sees the case and the play as it stands, never the signals' effect on the model's state
nor the luck to come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from casebook.case.types import Response
from casebook.engagement import Answer, Decision, Engagement, Plan, PlanAsk
from casebook.errors import PlayerError
from casebook.model.luck import uniforms
from casebook.roles import ROLE_IDS

Chooser = Callable[[Engagement], Decision]


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

    def __call__(self, play: Engagement) -> Decision:
        """The decision this manager takes now."""
        if isinstance(play.ask, PlanAsk):
            return Plan(play.ask.phase.id, self.shares)
        best = max(play.ask.responses, key=lambda r: (self.liking(play, r), r.id))
        return Answer(play.ask.incident.id, best.id)

    def liking(self, play: Engagement, response: Response) -> float:
        """How much this manager likes a response."""
        influence = {c.id: c.influence for c in play.case.contacts}
        total = sum(influence.values())
        liked = sum(self.roles.get(role, 0) * weight for role, weight in response.roles.items())
        for contact, signals in response.signals.items():
            for dimension, value in signals.items():
                liked += (self.dimensions.get(dimension, 0) * value
                          * influence[contact] / total * len(influence))
        liked += self.pitches * (response.effects.pitch is not None)
        return liked


def at_random(play: Engagement) -> Decision:
    """Any plan and any response, alike for the same play."""
    key = (play.case.id, play.case.version, play.player, play.attempt, "policy",
           len(play.turns))
    if isinstance(play.ask, PlanAsk):
        # Cutting 100 at five random places gives every division the same chance.
        cuts = sorted(int(u * 101) for u in uniforms(key, 5))
        edges = [0, *cuts, 100]
        return Plan(play.ask.phase.id, tuple(b - a for a, b in zip(edges, edges[1:], strict=False)))
    pick = int(float(uniforms(key, 1)[0]) * len(play.ask.responses))
    return Answer(play.ask.incident.id, play.ask.responses[pick].id)


def _single(role: str) -> Manager:
    """A manager who plays one role above all: 70 % of the week, and responses in that role."""
    rest = 30 // (len(ROLE_IDS) - 1)
    return Manager(tuple(70 if id == role else rest for id in ROLE_IDS), {role: 1.0})


POLICIES: Mapping[str, Chooser] = {
    "random": at_random,
    "balanced": Manager((40, 15, 10, 15, 12, 8), {"implementer": 0.3},
                        {"ability": 1.0, "benevolence": 1.0, "integrity": 1.0}),
    **{role: _single(role) for role in ROLE_IDS},
    "trust-first": Manager((42, 18, 5, 17, 14, 4), {"coach": 0.2, "friend": 0.2},
                           {"ability": 0.6, "benevolence": 1.2, "integrity": 1.6}, -3.0),
    "sell-first": Manager((30, 5, 20, 10, 10, 25), {"marketer": 1.0, "entrepreneur": 0.5},
                          {"ability": 0.4}, 4.0),
}


def policy(name: str) -> Chooser:
    """The policy of this name (PlayerError if there is none)."""
    if name not in POLICIES:
        raise PlayerError(f"There is no policy {name!r}.",
                          f"The policies are: {', '.join(POLICIES)}.")
    return POLICIES[name]
