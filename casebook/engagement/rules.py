"""The rules of a play, for one engagement and for many at once: what happens when, what is on
offer, what an answer does, which promises fall due.

Each rule takes a *course*, anything that holds ``n`` engagements of one case as arrays: an
:class:`~casebook.engagement.Engagement` is a course of one, a
:class:`~casebook.engagement.crowd.Crowd` one of many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import numpy as np

from casebook.case.conditions import holds
from casebook.case.types import Case, Incident, Phase
from casebook.model import (
    Ledger,
    Luck,
    NoLedger,
    Parameters,
    Setting,
    State,
    pick,
    play_week,
    respond,
    settle_promise,
)

from .history import NONE, History
from .status import Facts


class Course(Protocol):
    """``n`` engagements of a case under way; a frozen dataclass with these fields."""

    case: Case
    setting: Setting
    parameters: Parameters
    luck: Luck
    state: State
    history: History


AnyCourse = TypeVar("AnyCourse", bound=Course)


@dataclass(frozen=True)
class Settled:
    """A promise that fell due in the engagements ``rows``, and whether each was ``kept``.

    ``vow`` is its place among the promises of the case.
    """

    vow: int
    rows: np.ndarray
    kept: np.ndarray


def phase_of(case: Case, week: int) -> Phase:
    """The phase to which a week belongs."""
    return next(phase for phase in case.phases if phase.weeks[0] <= week <= phase.weeks[1])


def truths(condition: Mapping[str, Any], facts: Mapping[str, Any], n: int) -> np.ndarray:
    """``(n,)`` whether a condition holds, also where it asks for what is the same in all."""
    return np.broadcast_to(np.asarray(holds(condition, facts), dtype=bool), (n,))


def due_incident(course: Course, facts: Mapping[str, Any]) -> np.ndarray:
    """``(n,)`` place of the incident that happens now, or ``NONE``.

    One a week, or more where a window is closing.
    """
    week, history = course.state.week, course.history
    found = np.full(history.n, NONE)
    busy = history.busy(week)
    for i, incident in enumerate(course.case.incidents):
        first, last = incident.weeks
        if not first <= week <= last:
            continue
        can = (found == NONE) & (history.answers[:, i] == NONE) & ~(busy & (week < last))
        if incident.when and can.any():
            can = can & truths(incident.when, facts, history.n)
        found[can] = i
    return found


def offered(incident: Incident, facts: Mapping[str, Any], rows: np.ndarray, n: int) -> np.ndarray:
    """``(m, r)`` which responses are on offer to the engagements ``rows`` (m,)."""
    on_offer = np.ones((len(rows), len(incident.responses)), dtype=bool)
    for j, response in enumerate(incident.responses):
        if response.when:
            on_offer[:, j] = truths(response.when, facts, n)[rows]
    return on_offer


def answer(course: AnyCourse, incident: int, rows: np.ndarray, picks: np.ndarray,
           ledger: Ledger | NoLedger | None = None) -> AnyCourse:
    """The course once the engagements ``rows`` have given the responses ``picks``.

    Parameters
    ----------
    incident : place of the incident in the case
    rows : ndarray, (m,), ascending
    picks : ndarray, (m,), places of the responses
    ledger : Ledger, optional
        Collects causes; only where ``rows`` are all the engagements there are.
    """
    state, history = course.state, course.history
    move = pick(history.options.moves(incident), picks)
    before = _some(state, rows, history.n)
    taking = course.luck.taking[rows, state.week - course.setting.first_week]
    after = respond(before, move, taking, course.setting, course.parameters, ledger)
    return replace(course, state=_back(state, rows, before, after),
                   history=history.answered(state.week, incident, rows, picks))


def work_week(course: AnyCourse, attention: np.ndarray,
              ledger: Ledger | NoLedger | None = None) -> tuple[AnyCourse, list[Settled]]:
    """A week is worked with ``attention`` (n, 6); promises due at its end are settled."""
    week = course.state.week
    state = play_week(course.state, attention, course.luck, course.setting, course.parameters,
                      ledger)
    return _settle_promises(replace(course, state=state), week, ledger or NoLedger())


def _settle_promises(course: AnyCourse, week: int,
                     ledger: Ledger | NoLedger) -> tuple[AnyCourse, list[Settled]]:
    """Settle what falls due, in each engagement one by one in the order in which it was promised.

    One promise can move what another hangs on, so the order counts.
    """
    due = [v for v, vow in enumerate(course.history.options.vows) if vow.promise.due <= week]
    settled: list[Settled] = []
    while due := [v for v in due if course.history.open(v).any()]:
        first = _first_open(course.history, due)
        facts = Facts(course)
        for v in due:
            rows = np.flatnonzero(first == v)
            if len(rows):
                course, one = _settle(course, v, rows, facts, ledger)
                settled.append(one)
    return course, settled


def _first_open(history: History, due: list[int]) -> np.ndarray:
    """``(n,)`` the promise among ``due`` that each engagement made first and has open."""
    vows = history.options.vows
    never = np.iinfo(int).max
    # Promises of one response are settled in the case's order, in which they are numbered.
    when = np.stack([
        np.where(history.open(v), history.turns[:, vows[v].incident].astype(int) * len(vows) + v,
                 never) for v in due])
    return np.where(when.min(axis=0) < never, np.array(due)[when.argmin(axis=0)], NONE)


def _settle(course: AnyCourse, v: int, rows: np.ndarray, facts: Facts,
            ledger: Ledger | NoLedger) -> tuple[AnyCourse, Settled]:
    """One promise falls due in the engagements ``rows``."""
    state, history = course.state, course.history
    vow = history.options.vows[v]
    kept = truths(vow.promise.kept_when, facts, history.n)[rows]
    before = _some(state, rows, history.n)
    part = settle_promise(before, vow.contact, kept, course.parameters)
    after = replace(course, state=_back(state, rows, before, part),
                    history=history.settled(v, rows, kept))
    ledger.note("promise_kept" if kept.all() else "promise_broken", after.state)
    return after, Settled(v, rows, kept)


def _some(state: State, rows: np.ndarray, n: int) -> State:
    return state if len(rows) == n else pick(state, rows)


def _back(state: State, rows: np.ndarray, before: State, after: State) -> State:
    """The state in which the engagements ``rows``, taken out as ``before``, are as in ``after``.

    Arrays that a step passed on untouched are the same objects, and need no copy.
    """
    if before is state:
        return after
    changes = {}
    for name, value in vars(after).items():
        if value is not getattr(before, name):
            changes[name] = getattr(state, name).copy(order="K")
            changes[name][rows] = value
    return state.but(**changes)
