"""Many plays of an account at once, by the rules of a single :class:`~.account.AccountPlay`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from casebook.case.account import Account
from casebook.case.types import Phase
from casebook.errors import MoveError
from casebook.model import Luck, NoLedger, Parameters

from .crowd import Crowd, CrowdManager, answer_incidents, planned
from .history import Options
from .rules import phase_of, work_week
from .together import (
    AccountOutcomes,
    conclude_account,
    hold_talks,
    loads,
    opinions,
    shared_facts,
)


class AccountManager(Protocol):
    """Who decides for all plays of an account at once."""

    def divide(self, crowd: AccountCrowd, phase: Phase) -> np.ndarray:
        """``(n, parts)`` whole percents of the week for each engagement; rows add up to 100."""

    def manager(self, part: int) -> CrowdManager:
        """Who plans and answers in the engagement at this place."""


@dataclass(frozen=True)
class AccountCrowd:
    """``n`` plays of an account under way. :func:`play_account_crowd` plays them to their end.

    Attributes
    ----------
    parts : tuple of Crowd
        The engagements, each of all the plays.
    divisions : ndarray, (n, phases, parts)
        The week over the engagements in whole percents; zeros for a phase that has not begun.
    outcome : AccountOutcomes or None
    """

    case: Account
    parts: tuple[Crowd, ...]
    told: tuple[np.ndarray, ...]
    divisions: np.ndarray
    outcome: AccountOutcomes | None = None

    @property
    def n(self) -> int:
        """Number of plays."""
        return self.parts[0].n

    @property
    def week(self) -> int:
        """The week about to be worked."""
        return self.parts[0].state.week

    @property
    def answers(self) -> np.ndarray:
        """``(n, i)`` places of the responses chosen, or -1, over the account's incidents."""
        return np.concatenate([part.history.answers for part in self.parts], axis=1)


def play_account_crowd(case: Account, lucks: Sequence[Luck], manager: AccountManager,
                       p: Parameters | None = None,
                       options: Sequence[Options] | None = None) -> AccountCrowd:
    """Play an account to its end, many times at once.

    Parameters
    ----------
    case : Account
    lucks : sequence of Luck
        For each engagement, the luck of all ``n`` plays.
    manager : AccountManager
        Decides.
    p : Parameters, optional
    options : sequence of Options, optional
        Of an earlier crowd of the account.

    Returns
    -------
    AccountCrowd
        With ``outcome``.

    Raises
    ------
    MoveError
        If the manager decides what is not on offer.
    """
    known = options or [None] * len(case.parts)
    parts = tuple(Crowd.start(part.case, luck, p, one) for part, luck, one in zip(
        case.parts, lucks, known, strict=True))
    divisions = np.zeros((parts[0].n, len(case.phases), len(parts)), dtype=np.int16)
    crowd = AccountCrowd(case, parts, opinions(parts), divisions)
    while crowd.week <= parts[0].setting.last_week:
        number = next(k for k, phase in enumerate(case.phases) if crowd.week <= phase.weeks[1])
        if crowd.week == max(case.phases[number].weeks[0], parts[0].setting.first_week):
            crowd = _divided(crowd, number, manager)
        crowd = _work_week(_answer(crowd, manager), number)
    return replace(crowd, outcome=conclude_account(case, crowd.parts))


def _divided(crowd: AccountCrowd, number: int, manager: AccountManager) -> AccountCrowd:
    """The crowd once its manager has divided the week and planned each engagement."""
    phase = crowd.case.phases[number]
    shares = np.asarray(manager.divide(crowd, phase))
    if shares.shape != (crowd.n, len(crowd.parts)) or shares.dtype.kind not in "iu" or (
            shares < 0).any() or (shares.sum(axis=1) != 100).any():
        raise MoveError(f"The divisions for the phase {phase.id!r} are not divisions.",
                        f"Give whole percents, ({crowd.n}, {len(crowd.parts)}), 100 in each row.")
    divisions = crowd.divisions.copy()
    divisions[:, number] = shares
    parts = tuple(planned(part, phase_of(part.case, crowd.week), number, manager.manager(k))
                  for k, part in enumerate(crowd.parts))
    return replace(crowd, divisions=divisions, parts=parts)


def _answer(crowd: AccountCrowd, manager: AccountManager) -> AccountCrowd:
    """Work through this week's incidents; an answer here can make one happen there.

    In each play the engagements are asked in the account's order, one incident after the other,
    as in a single play, because a condition may look at what has just been answered elsewhere.
    """
    while True:
        before = crowd
        waiting = np.ones(crowd.n, dtype=bool)
        for k in range(len(crowd.parts)):
            facts = shared_facts(crowd.case, crowd.parts)[k]
            part, asked = answer_incidents(crowd.parts[k], manager.manager(k), facts, waiting)
            waiting = waiting & ~asked
            crowd = replace(crowd, parts=(*crowd.parts[:k], part, *crowd.parts[k + 1:]))
        if not (~waiting).any():
            return before


def _work_week(crowd: AccountCrowd, number: int) -> AccountCrowd:
    """All engagements work the week, each with what it gets of the manager; then people talk."""
    load = loads(crowd.case, crowd.divisions[:, number])
    parts = []
    for k, part in enumerate(crowd.parts):
        attention = np.asfortranarray(part.plans[:, number] / 100 * load[:, k, None])
        parts.append(work_week(part, attention)[0])
    after, told = hold_talks(crowd.case, parts, crowd.told, [NoLedger()] * len(parts))
    return replace(crowd, parts=after, told=told)
