"""What the model works on: the setting of a case, its state, and a move, all as arrays.

Axes: ``n`` engagements, ``c`` contacts, 3 dimensions of trustworthiness (ability, benevolence,
integrity), 6 roles in the order of :data:`casebook.roles.ROLE_IDS`. Nothing here is changed in
place: a step returns a new :class:`State`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import numpy as np

Array = np.ndarray
Rows = TypeVar("Rows")

ABILITY, BENEVOLENCE, INTEGRITY = 0, 1, 2
IMPLEMENTER, COACH, ENTREPRENEUR, POLITICIAN, FRIEND, MARKETER = range(6)
SCHEDULE, BUDGET, QUALITY, USERS, STANDING = range(5)
DISTRIBUTIVE, PROCEDURAL, INTERACTIONAL = 0, 1, 2
COMPETENCE, HONESTY = 0, 1
NO_REPAIR, APOLOGISE, EXPLAIN, DENY, COMPENSATE, PENANCE = -1, 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Setting:
    """A case as the model sees it: what does not change in a play.

    Attributes
    ----------
    first_week, last_week, go_live : int
        Project weeks.
    plan : ndarray, (last_week + 1,)
        Planned progress at the end of each week, fraction of scope.
    milestones : ndarray, (last_week + 1,)
        Progress that is due at the end of a week, or nan.
    done, hidden : float
        Fraction of scope that is right, and that counts as done but is wrong, at the start.
    budget, spent, weekly_cost : float
        Thousands.
    error_share, volatility : float
        Fractions. Volatility scales what chance does to the project: 1 for projects at large.
    variety : float
        How far people differ from what the case says of them: 0 not at all, 1 as people at large.
    skill_variety : float
        The same for the skill of managers; 0 in a play, where the skill is the student's own.
    influence, propensity, orientation, start : ndarray, (c,)
        Weight in the renewal decision (sums to 1); steps from -2 to 2; relational orientation
        from 0.25 to 0.75; steps of history from -2 to 2.
    cares : ndarray, (c, 5)
        Weights of schedule, budget, quality, users, standing; each row sums to 1.
    condition : ndarray, (5,)
        How far capability, morale, alignment, readiness and coverage are from ordinary when the
        play begins, in their own units.
    """

    first_week: int
    last_week: int
    go_live: int
    plan: Array
    milestones: Array
    done: float
    hidden: float
    budget: float
    spent: float
    weekly_cost: float
    error_share: float
    volatility: float
    variety: float
    skill_variety: float
    influence: Array
    propensity: Array
    orientation: Array
    start: Array
    cares: Array
    condition: Array = field(default_factory=lambda: np.zeros(5))

    @property
    def weeks(self) -> int:
        """Number of weeks played."""
        return self.last_week - self.first_week + 1

    @property
    def contacts(self) -> int:
        """Number of contacts."""
        return len(self.influence)


@dataclass(frozen=True)
class State:
    """Everything that changes. Beliefs, trust, satisfaction and the like are in [0, 1]."""

    week: int                  # the week about to be played
    # the project, (n,)
    done: Array                # work that is right, fraction of the original scope
    hidden: Array              # undiscovered rework, same unit
    known: Array               # rework found in the last week, same unit
    scope: Array               # all work, same unit
    cost: Array                # actual cost, thousands
    capability: Array          # multiple of ordinary
    morale: Array              # of the team, 0 to 1
    alignment: Array           # agreement among the client's people, 0 to 1
    readiness: Array           # of users to take over, 0 to 1
    coverage: Array            # of tests, 0 to 1
    pressure: Array            # of time on the team, steps
    tested: Array              # 1 if reports count only work that passed its tests, else 0
    go_live: Array             # the agreed week
    announced: Array           # weeks of slip that were announced without moving the date
    live: Array                # the week in which the system went live, or nan
    difficulty: Array          # multiple of the work
    staff: Array               # multiple of the team, of its pace and its cost
    skill: Array               # of the manager, multiple of ordinary
    familiar: Array            # gap of reports to the plan that people are used to
    # who the contacts are: drawn once, then constant
    cares: Array               # (n, c, 5) weights of the concerns
    relational: Array          # (n, c) weight of affect-based trust, 0 to 1
    similarity: Array          # (n, c) to the manager, standard units
    outside: Array             # (n, c) what else pleases or annoys them, satisfaction
    ties: Array                # (n, c) what else holds them or pulls them away, commitment
    busy: Array                # (n, c) what else asks for their time, cooperation
    # how the contacts see things
    prior: Array               # (n, c, 3) first impression
    pros: Array                # (n, c, 3) evidence for, units
    cons: Array                # (n, c, 3) evidence against, units
    citizenship: Array         # (n, c) citizenship behaviour as felt
    expectation: Array         # (n, c) of performance
    performance: Array         # (n, c) of the project, as experienced
    satisfaction: Array        # (n, c) with the project now
    memory: Array              # (n, c) satisfaction as remembered
    memory_weight: Array       # (n, c) how much is remembered, in weeks of ordinary note
    fairness: Array            # (n, c, 3) distributive, procedural, interactional
    commitment: Array          # (n, c) wish to keep the relationship going
    conflict: Array            # (n, c) open, with the manager
    cooperation: Array         # (n, c) how far their side does its own part on time
    harm: Array                # (n, c, 2) open harm: competence, integrity; units
    failures: Array            # (n, c, 2) number of failures so far
    denied: Array              # (n, c) harm denied and not yet disproved, units
    insight: Array             # (n, c) how well the manager knows what they think
    # the account, (n,)
    firm_trust: Array          # trust in the firm, as distinct from the manager
    opportunities: Array       # openings found
    qualified: Array           # openings turned into plans

    def but(self, **changes: Any) -> State:
        """A copy with some arrays replaced; like ``dataclasses.replace``, and ten times faster."""
        other = object.__new__(State)
        other.__dict__.update(self.__dict__, **changes)
        if len(other.__dict__) != len(self.__dict__):
            unknown = changes.keys() - self.__dict__.keys()
            raise TypeError(f"a State has no {sorted(unknown)[0]!r}")
        return other


@dataclass(frozen=True)
class Move:
    """One response for each of ``n`` engagements, as arrays.

    ``signals`` (n, c, 3) and ``fairness`` (n, c, 3) are in steps; ``citizenship`` (n, c) counts
    acts; ``steps`` (n, 6) are testing, pressure, morale, capability, alignment, readiness;
    ``project`` (n, 6) are scope, cost, rework, go-live, announced weeks, opportunities;
    ``reporting`` (n,) is 0, 1 or -1 for unchanged; ``pitch``, ``side_for`` and ``side_against``
    (n, c) are 0 or 1; ``repair`` (n, c, 2) is a repair by violation, or ``NO_REPAIR``;
    ``amount`` (n, c) is what a compensation offers, as a share of the loss; ``promised`` (n, c)
    counts promises made.
    """

    weight: Array
    signals: Array
    fairness: Array
    citizenship: Array
    steps: Array
    project: Array
    reporting: Array
    pitch: Array
    side_for: Array
    side_against: Array
    repair: Array
    amount: Array
    promised: Array


def pick(whole: Rows, rows: Array) -> Rows:
    """Some engagements of a State, a Move or a Luck: ``rows`` are indices or a mask over ``n``.

    Arrays keep the engagement as the axis that runs fastest in memory (see :func:`along_n`).
    """
    cut = {}
    for one in fields(whole):
        value = getattr(whole, one.name)
        cut[one.name] = along_n(value, rows) if isinstance(value, np.ndarray) else value
    return type(whole)(**cut)


def put(whole: State, rows: Array, part: State) -> State:
    """The state in which the engagements at the indices ``rows`` are as in ``part``.

    ``part`` came from ``pick(whole, rows)`` and is in the same week; an array that it still
    shares in value costs a copy all the same.
    """
    changes = {}
    for one in fields(whole):
        value = getattr(whole, one.name)
        if isinstance(value, np.ndarray):
            out = value.copy(order="K")
            out[rows] = getattr(part, one.name)
            changes[one.name] = out
    return whole.but(**changes)


def along_n(array: Array, rows: Array) -> Array:
    """``array[rows]`` with the first axis contiguous in memory.

    numpy works along the axis that is contiguous. A batch has many engagements and few contacts,
    so keeping engagements contiguous makes every step several times faster, and changes no value.
    """
    return np.asfortranarray(array[rows])


def filled(value: float, *shape: int) -> Array:
    """An array of this shape full of one value, engagements contiguous in memory."""
    return np.full(shape, float(value), order="F")


def with_part(array: Array, index: int, values: Array) -> Array:
    """A copy of an ``(n, c, k)`` array in which ``[:, :, index]`` is ``values``."""
    out = array.copy(order="K")
    out[:, :, index] = values
    return out


def plus(array: Array, part: slice, values: Array) -> Array:
    """An ``(n, c, k)`` array with ``values`` added to ``[:, :, part]``, in one pass over each."""
    out = np.empty_like(array)
    out[:, :, :part.start] = array[:, :, :part.start]
    np.add(array[:, :, part], values, out=out[:, :, part])
    out[:, :, part.stop:] = array[:, :, part.stop:]
    return out


def plus_part(array: Array, index: int, values: Array) -> Array:
    """The same, with ``values`` (n, c) added to ``[:, :, index]``."""
    return plus(array, slice(index, index + 1), values[:, :, None])


def weighed(array: Array, weights: Array) -> Array:
    """``(n, c)`` weighted sum over the last axis of an ``(n, c, k)`` array.

    Like ``array @ weights``, but it keeps engagements contiguous, and adds in the same order for
    one engagement as for many.
    """
    total = array[:, :, 0] * weights[0]
    for index in range(1, len(weights)):
        total += array[:, :, index] * weights[index]
    return total


def by_influence(values: Array, setting: Setting) -> Array:
    """``(n,)`` mean of an ``(n, c)`` array, weighted by influence."""
    return np.add.reduce(values * setting.influence, axis=1)
