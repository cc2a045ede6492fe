"""Why a contact's trust, satisfaction or commitment moved: named causes that add up.

The model is run step by step; after each step the ledger notes the state under the step's name.
How far every measure moved from one note to the next is worked out from that, so the notes sum to
the whole change exactly, whatever the steps do.
"""

from __future__ import annotations

import numpy as np

from .parameters import Parameters
from .state import State
from .trust import beliefs, mixed, two_kinds

# What the measures are made of: while none of these arrays was replaced, nothing has moved.
MADE_OF = ("pros", "cons", "citizenship", "satisfaction", "commitment", "conflict")
# What else they rest on, which never changes.
GIVEN = ("prior", "relational")
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


class Ledger:
    """Collects causes: states as they come, and what moved between them once somebody asks.

    Measuring all states in one go costs little more than measuring one, so a play that keeps a
    ledger is nearly as quick as one that does not.
    """

    def __init__(self, parameters: Parameters):
        self.parameters = parameters
        self._states: list[State] = []
        self._causes: list[str] = []

    def open(self, state: State) -> State:
        """Begin from this state; what was booked before is forgotten."""
        self._states, self._causes = [state], []
        return state

    def note(self, cause: str, state: State) -> State:
        """Book what moved since the last note under ``cause``; returns the state unchanged."""
        last = self._states[-1]
        if all(getattr(state, name) is getattr(last, name) for name in MADE_OF):
            return state
        self._states.append(state)
        self._causes.append(cause)
        return state

    @property
    def entries(self) -> dict[str, dict[str, np.ndarray]]:
        """``entries[cause][measure]``: the ``(n, c)`` change that a cause made in all."""
        if not self._causes:
            return {}
        first, shape = self._states[0], (len(self._states), *self._states[0].conflict.shape)
        together = first.but(**{name: np.concatenate([getattr(s, name) for s in self._states])
                                for name in (*MADE_OF, *GIVEN)})
        measured = measures(together, self.parameters)
        steps = np.diff([values.reshape(shape) for values in measured.values()], axis=1)
        notes: dict[str, list[int]] = {}
        for index, cause in enumerate(self._causes):
            notes.setdefault(cause, []).append(index)
        return {cause: dict(zip(measured, steps[:, indices].sum(axis=1), strict=True))
                for cause, indices in notes.items()}


class NoLedger:
    """Stands in where nobody asks why: a study of many engagements."""

    def open(self, state: State) -> State:
        """Nothing to begin."""
        return state

    def note(self, cause: str, state: State) -> State:
        """Nothing to book."""
        return state
