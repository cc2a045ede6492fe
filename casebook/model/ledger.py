"""Why a contact's trust, satisfaction or commitment moved: named causes that add up.

The model is run step by step; after each step the ledger notes how far every measure has
moved since the last note, under the step's name. The notes therefore sum to the whole change
exactly, whatever the steps do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .parameters import Parameters
from .state import State
from .trust import beliefs, mixed, two_kinds

# What the measures are made of: while none of these arrays was replaced, nothing has moved.
MADE_OF = ("pros", "cons", "citizenship", "satisfaction", "commitment", "conflict")
MEASURES = ("ability", "benevolence", "integrity", "cognitive_trust", "affective_trust",
            "trust", "satisfaction", "commitment", "conflict")


def measures(state: State, p: Parameters) -> dict[str, np.ndarray]:
    """Every measure of every contact, ``(n, c)`` each, in [0, 1]."""
    belief = beliefs(state, p)
    cognitive, affective = two_kinds(state, belief, p)
    return {
        "ability": belief[:, :, 0],
        "benevolence": belief[:, :, 1],
        "integrity": belief[:, :, 2],
        "cognitive_trust": cognitive,
        "affective_trust": affective,
        "trust": mixed(state, cognitive, affective, p),
        "satisfaction": state.satisfaction,
        "commitment": state.commitment,
        "conflict": state.conflict,
    }


@dataclass
class Ledger:
    """Collects causes. ``entries[cause][measure]`` is an ``(n, c)`` change."""

    parameters: Parameters
    entries: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    _state: State | None = None
    _last: dict[str, np.ndarray] | None = None

    def open(self, state: State) -> State:
        """Begin from this state."""
        self._state, self._last = state, measures(state, self.parameters)
        return state

    def note(self, cause: str, state: State) -> State:
        """Book what moved since the last note under ``cause``; returns the state unchanged."""
        if all(getattr(state, name) is getattr(self._state, name) for name in MADE_OF):
            return state
        now = measures(state, self.parameters)
        entry = self.entries.setdefault(cause, {})
        for name, value in now.items():
            entry[name] = entry.get(name, 0) + (value - self._last[name])
        self._state, self._last = state, now
        return state


class NoLedger:
    """Stands in where nobody asks why: a study of many engagements."""

    def open(self, state: State) -> State:
        """Nothing to begin."""
        return state

    def note(self, cause: str, state: State) -> State:
        """Nothing to book."""
        return state
