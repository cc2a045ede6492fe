"""What was decided so far in ``n`` engagements of one case, and what promises came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from casebook.case.types import Case, Promise
from casebook.model import Move

from . import translate

NONE = -1            # no answer yet; a promise that is open or was never made
BROKEN, KEPT = 0, 1


@dataclass(frozen=True)
class Vow:
    """A promise that a response makes: places of incident, response and contact in the case."""

    incident: int
    response: int
    contact: int
    promise: Promise


@dataclass(frozen=True)
class Options:
    """What can be decided in a case, by place: worked out once, shared by all its plays.

    Attributes
    ----------
    chosen : mapping from "incident/response" to places
    flags : mapping from a flag to the places of the responses that set it
    vows : every promise of the case, in the case's order
    """

    case: Case
    chosen: Mapping[str, tuple[int, int]]
    flags: Mapping[str, tuple[tuple[int, int], ...]]
    vows: tuple[Vow, ...]
    _moves: dict[int, Move] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, case: Case) -> Options:
        """The options of a case."""
        chosen, flags, vows = {}, {}, []
        contacts = {contact.id: place for place, contact in enumerate(case.contacts)}
        for i, incident in enumerate(case.incidents):
            for j, response in enumerate(incident.responses):
                chosen[f"{incident.id}/{response.id}"] = (i, j)
                for flag in response.sets:
                    flags[flag] = (*flags.get(flag, ()), (i, j))
                vows += [Vow(i, j, contacts[promise.to], promise)
                         for promise in response.promises]
        return cls(case, chosen, flags, tuple(vows))

    def moves(self, incident: int) -> Move:
        """Every response to an incident as one move, a row for each."""
        if incident not in self._moves:
            self._moves[incident] = translate.moves(self.case, self.case.incidents[incident])
        return self._moves[incident]


@dataclass(frozen=True)
class History:
    """Decisions and promises of ``n`` engagements; ``i`` incidents, ``v`` promises of the case.

    Attributes
    ----------
    answers : ndarray, (n, i)
        Place of the response chosen, or ``NONE``.
    weeks : ndarray, (n, i)
        The week in which it was chosen, or 0.
    turns : ndarray, (n, i)
        0 for the first incident that an engagement answered, 1 for the second, or ``NONE``.
    kept : ndarray, (n, v)
        ``KEPT``, ``BROKEN``, or ``NONE`` for a promise that is open or was never made.
    """

    options: Options
    answers: np.ndarray
    weeks: np.ndarray
    turns: np.ndarray
    kept: np.ndarray

    @classmethod
    def begin(cls, options: Options, n: int) -> History:
        """Nothing has been decided yet."""
        incidents = len(options.case.incidents)

        def table(columns: int, value: int, kind: type) -> np.ndarray:
            return np.full((n, columns), value, dtype=kind, order="F")

        return cls(options, table(incidents, NONE, np.int8), table(incidents, 0, np.int16),
                   table(incidents, NONE, np.int16), table(len(options.vows), NONE, np.int8))

    @property
    def n(self) -> int:
        """Number of engagements."""
        return len(self.answers)

    def answered(self, week: int, incident: int, rows: np.ndarray,
                 picks: np.ndarray) -> History:
        """The history once the engagements ``rows`` have chosen the responses ``picks``."""
        answers, weeks, turns = (x.copy(order="K") for x in (
            self.answers, self.weeks, self.turns))
        turns[rows, incident] = (self.answers[rows] != NONE).sum(axis=1)
        answers[rows, incident] = picks
        weeks[rows, incident] = week
        return replace(self, answers=answers, weeks=weeks, turns=turns)

    def settled(self, vow: int, rows: np.ndarray, kept: np.ndarray) -> History:
        """The history once a promise of the engagements ``rows`` was ``kept`` (bool) or not."""
        table = self.kept.copy(order="K")
        table[rows, vow] = np.where(kept, KEPT, BROKEN)
        return replace(self, kept=table)

    def busy(self, week: int) -> np.ndarray:
        """``(n,)`` whether an incident was answered in this week."""
        return (self.weeks == week).any(axis=1)

    def chose(self, place: tuple[int, int]) -> np.ndarray:
        """``(n,)`` whether this response to this incident was chosen."""
        incident, response = place
        return self.answers[:, incident] == response

    def open(self, vow: int) -> np.ndarray:
        """``(n,)`` whether this promise was made and has not fallen due."""
        made = self.options.vows[vow]
        return self.chose((made.incident, made.response)) & (self.kept[:, vow] == NONE)

    def open_promises(self) -> np.ndarray:
        """``(n,)`` number of promises that are open."""
        return sum((self.open(vow).astype(int) for vow in range(len(self.options.vows))),
                   np.zeros(self.n, dtype=int))

    def fallen_due(self, came_to: int) -> np.ndarray:
        """``(n,)`` number of promises that were ``KEPT``, or that were ``BROKEN``."""
        return (self.kept == came_to).sum(axis=1)

    def facts(self) -> dict[str, Mapping[str, np.ndarray]]:
        """Names that conditions ask for, each with ``(n,)`` of bool."""
        places = {incident.id: i for i, incident in enumerate(self.options.case.incidents)}
        contacts = [contact.id for contact in self.options.case.contacts]
        return {
            "flags": Named(self.options.flags, self._flag),
            "chosen": Named(self.options.chosen, lambda n: self.chose(self.options.chosen[n])),
            "seen": Named(places, lambda name: self.answers[:, places[name]] != NONE),
            "kept": Named(contacts, lambda name: self._promised(name, KEPT)),
            "broken": Named(contacts, lambda name: self._promised(name, BROKEN)),
        }

    def _flag(self, name: str) -> np.ndarray:
        return np.any([self.chose(place) for place in self.options.flags[name]], axis=0)

    def _promised(self, contact: str, came_to: int) -> np.ndarray:
        vows = [v for v, vow in enumerate(self.options.vows) if vow.promise.to == contact]
        return (self.kept[:, vows] == came_to).any(axis=1)


class Named(Mapping):
    """Names with a truth for each engagement, worked out when asked for."""

    def __init__(self, names: Any, truth: Callable[[str], np.ndarray]):
        self._names = tuple(names)
        self._truth = truth

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._names:
            raise KeyError(name)
        return self._truth(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
