"""A play as a script: all its decisions, to be played again by many, each with a change of its own.

What a script does not provide for, the manager called ``balanced`` decides: incidents that the
play did not meet, and incidents where what it chose is not on offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from casebook.case.types import Case, Incident, Phase
from casebook.engagement import Answer, Decision, Division, Plan, Play
from casebook.engagement.crowd import Crowd, CrowdManager
from casebook.engagement.history import NONE
from casebook.roles import ROLE_IDS

from .game import AnyManager, Together
from .policies import policy

#: Who decides what a script does not provide for.
STAND_IN = "balanced"


@dataclass(frozen=True)
class Script:
    """Every decision of a play, as arrays.

    Attributes
    ----------
    cases : tuple of Case
        The engagements; one, or those of an account.
    plans : tuple of ndarray, (phases, 6)
        Whole percents, for each engagement.
    wishes : tuple of ndarray, (incidents,)
        Place of the response chosen, or ``NONE`` for an incident that was not met.
    divisions : ndarray, (phases, engagements)
        The week over the engagements, whole percents.
    """

    cases: tuple[Case, ...]
    plans: tuple[np.ndarray, ...]
    wishes: tuple[np.ndarray, ...]
    divisions: np.ndarray

    @classmethod
    def of(cls, play: Play) -> Script:
        """The script of what was decided in a play."""
        cases = tuple(part.case for part in play.parts)
        script = cls(
            cases, tuple(np.zeros((len(c.phases), len(ROLE_IDS)), dtype=int) for c in cases),
            tuple(np.full(len(c.incidents), NONE) for c in cases),
            np.zeros((len(play.case.phases), len(cases)), dtype=int))
        phases = [phase.id for phase in play.case.phases]
        for turn in play.turns:
            script = script.with_decision(turn.decision, phases.index(turn.phase))
        return script

    def with_decision(self, made: Decision, phase: int) -> Script:
        """The same, but for one decision, taken in the phase at this place."""
        if isinstance(made, Division):
            return replace(self, divisions=_with(self.divisions, phase, made.shares))
        if isinstance(made, Plan):
            k = self._engagement(made.engagement)
            place = [one.id for one in self.cases[k].phases].index(made.phase)
            return replace(self, plans=_swapped(
                self.plans, k, _with(self.plans[k], place, made.shares)))
        k, i, j = self._places(made)
        return replace(self, wishes=_swapped(self.wishes, k, _with(self.wishes[k], i, j)))

    def _engagement(self, id: str) -> int:
        return [case.id for case in self.cases].index(id) if id else 0

    def _places(self, made: Answer) -> tuple[int, int, int]:
        """Places of the engagement, the incident and the response of an answer."""
        for k, case in enumerate(self.cases):
            for i, incident in enumerate(case.incidents):
                if incident.id == made.incident:
                    return k, i, [one.id for one in incident.responses].index(made.response)
        raise KeyError(made.incident)


@dataclass(frozen=True)
class Retelling:
    """A crowd's manager who keeps to scripts: ``plans`` (n, phases, 6), ``wishes`` (n, incidents).

    ``other`` answers what a script does not provide for.
    """

    plans: np.ndarray
    wishes: np.ndarray
    other: CrowdManager

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` the scripts' plans."""
        return self.plans[:, crowd.case.phases.index(phase)]

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` the scripts' responses where they are on offer, else the other's."""
        wish = self.wishes[rows, crowd.case.incidents.index(incident)]
        can = (wish != NONE) & offered[np.arange(len(rows)), np.maximum(wish, 0)]
        return np.where(can, wish, self.other.answer(crowd, incident, rows, offered))


def retelling(play: Play, scripts: Sequence[Script], whose: np.ndarray) -> AnyManager:
    """Who plays scripts in a crowd: ``whose`` (n,) is the place of each one's script."""
    first = scripts[0]
    each = tuple(
        Retelling(np.stack([one.plans[k] for one in scripts])[whose],
                  np.stack([one.wishes[k] for one in scripts])[whose],
                  policy(STAND_IN).for_crowd(case, len(whose), (), 0))
        for k, case in enumerate(first.cases))
    if play.parts == (play,):
        return each[0]
    return Together(play.case, np.stack([one.divisions for one in scripts])[whose], each)


def _with(array: np.ndarray, place: int, value: object) -> np.ndarray:
    out = array.copy()
    out[place] = value
    return out


def _swapped(those: tuple, place: int, new: object) -> tuple:
    return (*those[:place], new, *those[place + 1:])
